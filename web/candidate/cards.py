"""Roles as a candidate meets them: how each requirement stands, who teaches what is short, how far, how soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from matcher.applications.models import Application
from matcher.applications.pace import Pace, pace_of
from matcher.candidates.models import Candidate, Preferences
from matcher.candidates.rules import km_between
from matcher.matches import lists
from matcher.matches.lists import Listing
from matcher.matches.models import SavedPosting
from matcher.ranking.explain import Explanation, Finding
from matcher.roles.models import Posting
from matcher.training import queries as training
from matcher.training.models import Program
from web.candidate.desk import namer
from web.kit import db, reasons
from web.kit.reasons import Namer
from web.kit.words import money

KM_PER_MILE = 1.609344
PACE_DAYS = timedelta(days=365)


@dataclass(frozen=True)
class Rung:
    """One requirement as a ladder."""

    name: str
    held: int
    asked: int
    tier: str
    must: bool
    status: str
    words: str


@dataclass(frozen=True)
class Card:
    """One role with everything its card says."""

    posting: Posting
    explanation: Explanation
    rungs: list[Rung]
    met: int
    musts: int
    claimed: int
    gap: str
    program: Program | None
    reach: str
    miles: str
    pace: Pace | None
    saved: bool
    application: Application | None


def postings_by_id(ids: Sequence[str]) -> dict[str, Posting]:
    """Postings with organization, hub and skills, in a fixed number of statements."""
    rows = db.session().scalars(
        select(Posting).where(Posting.id.in_(ids))
        .options(joinedload(Posting.organization), joinedload(Posting.hub), selectinload(Posting.requirements))
    )
    return {row.id: row for row in rows}


def saved_ids(candidate: Candidate) -> set[str]:
    """The roles this person keeps for later."""
    return set(db.session().scalars(select(SavedPosting.posting_id).where(SavedPosting.candidate_id == candidate.id)))


def cards_of(candidate: Candidate, listing: Listing, postings: Sequence[Posting]) -> list[Card]:
    """Cards for these roles of a list, in their order; a fixed number of statements whatever their number."""
    return build(candidate, [(p, lists.explain_line(db.session(), listing, p.id, pools=db.pools())) for p in postings])


def build(candidate: Candidate, pairs: Sequence[tuple[Posting, Explanation]]) -> list[Card]:
    """Cards for roles with their reasons."""
    name = namer(reasons.skills_of(f for _, e in pairs for f in e.findings))
    short = {f.skill for _, e in pairs for f in e.missing()}
    teaching = training.teaching(db.session(), candidate.hub_id, short)
    pace = pace_of(db.session(), (p.organization_id for p, _ in pairs), since=g.at - PACE_DAYS)
    saved = saved_ids(candidate)
    sent = _sent(candidate, [p.id for p, _ in pairs])
    return [_card(candidate, p, e, name, teaching, pace.get(p.organization_id), p.id in saved, sent.get(p.id))
            for p, e in pairs]


def _sent(candidate: Candidate, ids: Sequence[str]) -> dict[str, Application]:
    rows = db.session().scalars(
        select(Application).where(Application.candidate_id == candidate.id, Application.posting_id.in_(ids),
                                  Application.state != "draft").order_by(Application.is_open, Application.created_at)
    )
    return {row.posting_id: row for row in rows}


def _card(
    candidate: Candidate, posting: Posting, explanation: Explanation, name: Namer, teaching: dict[str, Any],
    pace: Pace | None, saved: bool, application: Application | None,
) -> Card:
    order = {row.skill_id: (not row.must, row.position) for row in posting.requirements}
    findings = sorted(explanation.findings, key=lambda f: order.get(f.skill, (not f.must, 99)))
    met, musts = reasons.musts(explanation)
    gap = _gap(explanation, teaching)
    program, reach = _teacher(gap, teaching.get(gap.skill, [])) if gap else (None, "")
    return Card(
        posting, explanation, [_rung(f, name) for f in findings], met, musts,
        sum(f.status == "claimed" for f in findings if f.must), reasons.finding_words(gap, name) if gap else "",
        program, reach, miles_words(candidate.preferences, posting), pace, saved, application,
    )


def _gap(explanation: Explanation, teaching: dict[str, Any]) -> Finding | None:
    """What to name as short: a must before a nice-to-have, and of those one that somebody here teaches."""
    order = sorted(explanation.missing(), key=lambda f: (not f.must, not teaching.get(f.skill)))
    return order[0] if order else None


def _rung(finding: Finding, name: Namer) -> Rung:
    return Rung(name(finding.skill), finding.held, finding.asked, reasons.tier_of(finding), finding.must,
                finding.status, reasons.finding_words(finding, name))


def _teacher(finding: Finding, teaching: Sequence[tuple[Program, int]]) -> tuple[Program | None, str]:
    """The shortest local program that reaches the level, else the one that comes nearest."""
    enough = [row for row in teaching if row[1] >= finding.asked]
    if enough:
        program = min(enough, key=lambda row: (row[0].weeks, row[0].cost_cents, row[0].id))[0]
        return program, _("%(terms)s, gets you there.", terms=terms_of(program))
    nearer = [row for row in teaching if row[1] > finding.held]
    if not nearer:
        return None, ""
    program, level = nearer[0]
    return program, _("%(terms)s, takes you to level %(level)s.", terms=terms_of(program), level=level)


def terms_of(program: Program) -> str:
    """How long a program takes and what it costs."""
    weeks = ngettext("%(num)s week", "%(num)s weeks", program.weeks)
    return _("%(weeks)s, %(cost)s", weeks=weeks, cost=money(program.cost_cents) if program.cost_cents else _("free"))


def miles_words(wishes: Preferences | None, posting: Posting) -> str:
    """How far the workplace is, in whole miles; empty where either place is not known or the work is done at home."""
    if wishes is None or None in (wishes.latitude, wishes.longitude, posting.latitude, posting.longitude) \
            or str(posting.workplace) == "remote":
        return ""
    km = km_between((wishes.latitude, wishes.longitude), (posting.latitude, posting.longitude))  # type: ignore[arg-type]
    miles = round(km / KM_PER_MILE)
    return ngettext("%(num)s mile away", "%(num)s miles away", miles) if miles else _("less than a mile away")
