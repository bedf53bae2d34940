"""On the real taxonomy: what people type is understood, facts are found, one hub's words stay its own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit.actor import Actor
from matcher.kit.audit import AuditEvent, write_pending
from matcher.kit.errors import ConflictError, DomainError, NotFoundError
from matcher.organizations.models import Hub
from matcher.skills import actions, facts, queries
from matcher.skills.models import DecisionBasis, HubOccupation, ProposalKind, ProposalState, SkillKind

AT = datetime(2026, 11, 16, 15, 30, tzinfo=UTC)
METRO = "Minneapolis-St. Paul-Bloomington, MN-WI"
SKILL, OCCUPATION = ProposalKind.SKILL, ProposalKind.OCCUPATION
NOBODY = Actor(person_id=None)


@pytest.fixture
def session(taxonomy_session: Session) -> Session:
    """A session on the loaded taxonomy."""
    return taxonomy_session


def make_hub(session: Session, slug: str) -> Hub:
    """A hub with nothing in it."""
    hub = Hub(slug=slug, name=slug, place_label="", latitude=0.0, longitude=0.0, wage_area=METRO, created_at=AT)
    session.add(hub)
    session.flush()
    return hub


# ------------------------------------------------------------------------------------------------ understanding
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgress", "tech:postgresql"),
        ("js", "tech:javascript"),
        ("k8s", "tech:kubernetes"),
        ("help desk", "own:help-desk-support"),
        ("excel", "tech:microsoft-excel"),
        ("AD", "tech:active-directory"),
        ("microsft exel", "tech:microsoft-excel"),
        ("customer servise", "onet:2.C.1.e"),
        ("C", "tech:c"),
        ("c++", "tech:c-plus-plus"),
        ("español", "own:spanish"),
        ("Atención al cliente", "onet:2.C.1.e"),
        ("atencion al cliente", "onet:2.C.1.e"),
        ("servicio al cliente", "onet:2.C.1.e"),
        ("manejo de montacargas", "own:forklift"),
        ("hojas de calculo", "tech:spreadsheet-software"),
        ("matemáticas", "onet:2.C.4.a"),
        ("tableu", "tech:tableau"),
        ("fast typing", "own:typing"),
        ("GCP", "tech:google-cloud"),
        ("CompTIA Security+", "own:security-fundamentals"),
    ],
)
def test_skills_that_are_understood(session: Session, text: str, expected: str) -> None:
    understood = queries.understand(session, text, SKILL)
    assert (understood.outcome, understood.best and understood.best.id) == ("sure", expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("soc analyst", "15-1212.00"),
        ("cashier", "41-2011.00"),
        ("software enginer", "15-1252.00"),
        ("it support technician", "15-1231.00"),
        ("Web Developers", "15-1254.00"),
        ("help desk technician", "15-1232.00"),
        ("fork lift driver", "53-7051.00"),
        ("Técnico de soporte", "15-1232.00"),
        ("tecnico de soporte", "15-1232.00"),
        ("ayudante de cocina", "35-2021.00"),
        ("cajera", "41-2011.00"),
        ("operador de montacargas", "53-7051.00"),
    ],
)
def test_titles_that_are_understood(session: Session, text: str, expected: str) -> None:
    understood = queries.understand(session, text, OCCUPATION)
    assert (understood.outcome, understood.best and understood.best.id) == ("sure", expected)


@pytest.mark.parametrize(("text", "kind"), [("rugby", SKILL), ("data analist", OCCUPATION), ("nurse", OCCUPATION)])
def test_what_could_be_several_things_is_asked_back(session: Session, text: str, kind: ProposalKind) -> None:
    assert queries.understand(session, text, kind).outcome == "did_you_mean"


@pytest.mark.parametrize("text", ["zzqx", "", "?!", "asdfgh"])
@pytest.mark.parametrize("kind", [SKILL, OCCUPATION])
def test_nonsense_is_unknown(session: Session, text: str, kind: ProposalKind) -> None:
    assert queries.understand(session, text, kind).outcome == "unknown"


def test_suggestions_come_in_the_language_of_the_reader_first(session: Session) -> None:
    """Spanish names crowd no English list; a reader of Spanish sees them before English ones, products in both."""
    def typed(text: str, language: str, kind: ProposalKind = SKILL) -> list[str]:
        return [hit.matched for hit in queries.suggest(session, text, kind, language=language)]

    assert not any(name.casefold().startswith("análisis") for name in typed("ana", "en"))
    assert typed("ana", "es")[0].startswith("Análisis")
    assert typed("excel", "en")[0] == typed("excel", "es")[0] == "Excel"
    assert all("técnic" in name for name in typed("tec", "es", OCCUPATION))
    assert not any("técnic" in name for name in typed("tec", "en", OCCUPATION))
    assert typed("montac", "en")[0].casefold().startswith("montac")  # nothing English begins so


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("jav", SKILL, "tech:javascript"),
        ("exc", SKILL, "tech:microsoft-excel"),
        ("javscr", SKILL, "tech:javascript"),
        ("phyton", SKILL, "tech:python"),
        ("web dev", OCCUPATION, "15-1254.00"),
        ("help d", OCCUPATION, "15-1232.00"),
    ],
)
def test_suggestions_while_typing(session: Session, text: str, kind: ProposalKind, expected: str) -> None:
    assert expected in [hit.id for hit in queries.suggest(session, text, kind)[:3]]


def test_suggestions_are_few_and_distinct(session: Session) -> None:
    ids = [hit.id for hit in queries.suggest(session, "m", SKILL, limit=5)]
    assert len(ids) == len(set(ids)) == 5


def test_a_near_skill_is_a_neighbor(session: Session) -> None:
    near = dict(queries.neighbors(session)["tech:postgresql"])
    assert near["tech:mysql"] > 0.5
    assert all(0 < value <= 1 for value in near.values())
    assert len(near) <= 12


# -------------------------------------------------------------------------------------------------------- facts
def test_facts_of_an_area_and_of_the_nation(session: Session) -> None:
    here = queries.occupation_facts(session, "15-1232.00", METRO)
    assert here.wages is not None
    assert here.nation_wages is not None
    assert here.wages_area == METRO
    assert here.wages.median_annual_cents != here.nation_wages.median_annual_cents
    assert here.local_openings == pytest.approx(637, abs=1)
    elsewhere = queries.occupation_facts(session, "15-1232.00", "Atlantis")
    assert elsewhere.wages_area == facts.NATION
    assert elsewhere.local_openings is None


def test_a_broader_group_stands_in(session: Session) -> None:
    buyers = queries.occupation_facts(session, "13-1021.00")
    assert buyers.projection is not None
    assert buyers.projection.soc == "13-1020"


def test_an_unknown_occupation_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError):
        queries.occupation_facts(session, "99-9999.00")


def test_typical_skills_begin_with_what_employers_ask_for(session: Session) -> None:
    rows = queries.typical_skills(session, "15-1254.00", 20)
    assert rows[0].in_demand
    assert "tech:javascript" in {row.skill_id for row in rows}


def test_a_field_of_study_leads_to_occupations(session: Session) -> None:
    assert "15-1231.00" in {row.code for row in queries.occupations_for_cip(session, "11.0901")}


def test_every_source_is_named_with_its_licence() -> None:
    sources = {source.id: source for source in queries.attributions()}
    assert {"onet", "bls-oews", "bls-projections", "cip-soc", "linguist", "simple-icons"} <= sources.keys()
    assert "modified" in sources["onet"].credit
    assert sources["onet"].licence == "CC BY 4.0"


# ---------------------------------------------------------------------------------------------- a hub's decisions
def test_the_default_list_of_a_metropolitan_hub(session: Session) -> None:
    hub = make_hub(session, "a")
    assert actions.decide_defaults(session, hub.id, METRO, AT) == 1016
    counting = {row.occupation_code for row in queries.hub_occupations(session, hub.id, counting=True)}
    assert {"15-1231.00", "15-1232.00", "15-1252.00", "15-1253.00", "15-1254.00"} <= counting
    assert not {"15-1212.00", "15-1244.00", "15-1251.00", "15-1221.00", "15-2051.01", "41-2011.00"} & counting
    assert actions.decide_defaults(session, hub.id, METRO, AT) == 0


def test_a_decision_of_the_hub_stays_and_is_in_the_trail(session: Session) -> None:
    hub = make_hub(session, "a")
    actions.decide_defaults(session, hub.id, METRO, AT)
    row = queries.find_hub_occupation(session, hub.id, "15-1212.00")
    assert row is not None
    assert not row.counts
    yes = {"in_demand": True, "entry_level": True, "career_path": True}
    with pytest.raises(DomainError):
        actions.decide(session, row, **yes, actor=NOBODY, at=AT, reason=" ")
    actions.decide(session, row, **yes, actor=NOBODY, at=AT, reason="Three employers hire juniors")
    assert row.counts
    assert row.basis is DecisionBasis.HUB_DECISION
    actions.decide_defaults(session, hub.id, METRO, AT)
    assert row.counts
    write_pending(session)
    event = session.scalar(select(AuditEvent).where(AuditEvent.action == "occupation.decide"))
    assert event is not None
    assert event.reason == "Three employers hire juniors"
    assert event.before is not None
    assert event.before["entry_level"] is False
    actions.return_to_default(session, row, area=METRO, actor=NOBODY, at=AT)
    assert not row.counts
    assert row.basis is DecisionBasis.DEFAULT_RULE


def test_decisions_do_not_cross_hubs(session: Session) -> None:
    one, other = make_hub(session, "a"), make_hub(session, "b")
    actions.decide_defaults(session, one.id, METRO, AT)
    assert not queries.hub_occupations(session, other.id)
    assert session.scalar(select(HubOccupation).where(HubOccupation.hub_id == other.id)) is None


# ---------------------------------------------------------------------------------------------------- proposals
def test_a_new_word_becomes_a_skill_of_its_hub_only(session: Session) -> None:
    one, other = make_hub(session, "a"), make_hub(session, "b")
    proposal = actions.propose(session, hub_id=one.id, text=" Zzqx  welding ", kind=SKILL, actor=NOBODY, at=AT)
    again = actions.propose(session, hub_id=one.id, text="zzqx welding", kind=SKILL, actor=NOBODY, at=AT)
    assert again is proposal
    assert [row.id for row in queries.open_proposals(session, one.id)] == [proposal.id]
    actions.accept(session, proposal, actor=NOBODY, at=AT)
    here = queries.understand(session, "zzqx welding", SKILL, one.id)
    assert here.outcome == "sure"
    assert here.best is not None
    assert here.best.label == "Zzqx welding"
    assert queries.get_skill(session, here.best.id).kind is SkillKind.HUB
    assert here.best.id not in {hit.id for hit in queries.suggest(session, "zzqx", SKILL, other.id)}
    there = queries.understand(session, "zzqx welding", SKILL, other.id)
    assert there.best is None or there.best.id != here.best.id


def test_a_word_may_turn_out_to_be_another_name(session: Session) -> None:
    hub = make_hub(session, "a")
    skill = actions.propose(session, hub_id=hub.id, text="zzqx", kind=SKILL, actor=NOBODY, at=AT)
    actions.accept(session, skill, actor=NOBODY, at=AT, means="tech:python")
    title = actions.propose(session, hub_id=hub.id, text="zzqx", kind=OCCUPATION, actor=NOBODY, at=AT)
    with pytest.raises(DomainError):
        actions.accept(session, title, actor=NOBODY, at=AT)
    actions.accept(session, title, actor=NOBODY, at=AT, means="15-1232.00")
    for kind, expected in ((SKILL, "tech:python"), (OCCUPATION, "15-1232.00")):
        understood = queries.understand(session, "ZZQX", kind, hub.id)
        assert understood.best is not None
        assert understood.best.id == expected


def test_an_answer_is_given_once_and_with_a_reason(session: Session) -> None:
    hub = make_hub(session, "a")
    proposal = actions.propose(session, hub_id=hub.id, text="zzqx", kind=SKILL, actor=NOBODY, at=AT)
    with pytest.raises(DomainError):
        actions.reject(session, proposal, actor=NOBODY, at=AT, reason="")
    actions.reject(session, proposal, actor=NOBODY, at=AT, reason="Not a skill")
    assert proposal.state is ProposalState.REJECTED
    with pytest.raises(ConflictError):
        actions.accept(session, proposal, actor=NOBODY, at=AT)
    assert queries.understand(session, "zzqx", SKILL, hub.id).outcome == "unknown"


@pytest.mark.parametrize("text", ["", " ?! ", "x" * 161])
def test_an_unreadable_word_is_refused(session: Session, text: str) -> None:
    with pytest.raises(DomainError):
        actions.propose(session, hub_id=make_hub(session, "a").id, text=text, kind=SKILL, actor=NOBODY, at=AT)
