"""The rules the database keeps by itself: appended tables never change, and the open flag needs its grounds."""

from collections.abc import Iterable

APPENDED = ("audit_events", "retention_answers", "placement_feedback", "feedback_skills", "posting_reviews",
            "match_runs", "facts_versions", "profile_views", "audit_runs")


def append_only(dialect: str) -> Iterable[str]:
    """Statements that make UPDATE and DELETE fail on every appended table."""
    if dialect == "postgresql":
        yield ("CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
               "$$ BEGIN RAISE EXCEPTION '% is appended only', TG_TABLE_NAME; END $$")
    for table in APPENDED:
        if dialect == "postgresql":
            yield (f"CREATE TRIGGER keep_{table} BEFORE UPDATE OR DELETE ON {table} "
                   "FOR EACH ROW EXECUTE FUNCTION refuse_change()")
            continue
        for verb in ("UPDATE", "DELETE"):
            yield (f"CREATE TRIGGER keep_{table}_{verb.lower()} BEFORE {verb} ON {table} "
                   f"BEGIN SELECT RAISE(ABORT, '{table} is appended only'); END")


_COMMITTED = (
    "EXISTS (SELECT 1 FROM commitments c WHERE c.hub_id = {row}.hub_id AND c.organization_id = {row}.organization_id "
    "AND c.kind = 'consider' AND c.state IN ('active', 'at_risk'))"
)
_SKILLED = "(SELECT count(*) FROM required_skills s WHERE s.posting_id = {id}) {test}"
_STILL_OPEN = (
    "EXISTS (SELECT 1 FROM postings p WHERE p.open_nontraditional AND p.hub_id = OLD.hub_id "
    "AND p.organization_id = OLD.organization_id) AND NOT EXISTS (SELECT 1 FROM commitments c "
    "WHERE c.id <> OLD.id AND c.hub_id = OLD.hub_id AND c.organization_id = OLD.organization_id "
    "AND c.kind = 'consider' AND c.state IN ('active', 'at_risk'))"
)
OPEN_FLAG = "open to nontraditional candidates needs an active commitment and three skills"
_UNGROUNDED = (
    f"NEW.open_nontraditional AND NOT ({_COMMITTED.format(row='NEW')} "
    f"AND {_SKILLED.format(id='NEW.id', test='>= 3')})"
)
_RULES = (
    ("open_flag_insert", "AFTER INSERT ON postings",
     _UNGROUNDED),
    ("open_flag_update", "AFTER UPDATE ON postings",
     _UNGROUNDED),
    ("open_flag_skills", "AFTER DELETE ON required_skills",
     "EXISTS (SELECT 1 FROM postings p WHERE p.id = OLD.posting_id AND p.open_nontraditional) AND "
     + _SKILLED.format(id="OLD.posting_id", test="< 3")),  # nosec B608 - our own words, nothing typed by anyone
    ("open_flag_commitment", "AFTER UPDATE ON commitments",
     "OLD.kind = 'consider' AND OLD.state IN ('active', 'at_risk') AND NEW.state NOT IN ('active', 'at_risk') AND "
     + _STILL_OPEN),
)


def open_flag(dialect: str) -> Iterable[str]:
    """Statements for invariant 3; the plain column rules are CHECKs of the postings table."""
    for name, when, fault in _RULES:
        if dialect == "postgresql":
            yield (f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {fault} THEN "
                   f"RAISE EXCEPTION '{OPEN_FLAG}'; END IF; RETURN NULL; END $$")
            yield f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()"
        else:
            yield (f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{OPEN_FLAG}') WHERE {fault}; END")


def drop(dialect: str) -> Iterable[str]:
    """Statements that take all of it away again (for going back a migration)."""
    if dialect == "postgresql":
        for table in APPENDED:
            yield f"DROP TRIGGER keep_{table} ON {table}"
        yield "DROP FUNCTION refuse_change()"
        for name, when, _ in _RULES:
            yield f"DROP TRIGGER {name} ON {when.rsplit(' ', 1)[1]}"
            yield f"DROP FUNCTION {name}()"
        return
    for table in APPENDED:
        yield f"DROP TRIGGER keep_{table}_update"
        yield f"DROP TRIGGER keep_{table}_delete"
    for name, _, _ in _RULES:
        yield f"DROP TRIGGER {name}"
