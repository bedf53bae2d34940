"""Candidates and everything between an application and a year at work, each reached by taking the real steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from matcher import wiring
from matcher.applications import actions, hiring
from matcher.applications.models import Application, Interview, Offer
from matcher.candidates import actions as candidates
from matcher.candidates import evidence, rules
from matcher.candidates.models import Candidate, EvidenceTier
from matcher.candidates.queries import actor_for
from matcher.kit.actor import SYSTEM, Actor
from matcher.organizations.rules import local_day
from matcher.people.models import Person
from matcher.placements import actions as placements
from matcher.placements.models import Placement, StillThere
from matcher.roles.models import Posting
from tests.factories.people import person as someone
from tests.factories.roles import SKILLS, Town

wiring.connect()
LEVELS = {SKILLS[0]: 2, SKILLS[1]: 3, SKILLS[2]: 2}
OPEN_PATHS: Mapping[str, tuple[str, ...]] = {
    "submitted": (), "in_review": ("review",), "shortlisted": ("shortlist",),
    "interviewing": ("shortlist", "interview"), "offered": ("shortlist", "interview", "offer"),
}
PATHS: Mapping[str, tuple[str, ...]] = {
    **OPEN_PATHS, "accepted": (*OPEN_PATHS["offered"], "accept"), "declined": (*OPEN_PATHS["offered"], "decline"),
    "not_selected": ("not_select",), "withdrawn": ("withdraw",), "no_response": ("lapse",),
    "hired_elsewhere": ("elsewhere",), "posting_closed": ("close",),
}


@dataclass
class Seeker:
    """A candidate, the person behind it, and what that person may do."""

    candidate: Candidate
    person: Person
    actor: Actor


def seeker(
    town: Town, *, levels: Mapping[str, int] | None = None, shown: bool = False, name: str = "", active: bool = True,
    headline: str = "", at: datetime | None = None,
) -> Seeker:
    """Somebody with an active profile at the hub's own place; `shown` backs every skill with a project."""
    session, at = town.session, at or town.at
    person = someone(session, at, name=name)
    found = candidates.start_profile(session, town.hub, person_id=person.id, actor=actor_for(session, person), at=at)
    actor = actor_for(session, person)
    for skill_id, level in (LEVELS if levels is None else levels).items():
        skill = candidates.put_skill(session, found, skill_id=skill_id, level=level, last_used_on=at.date(),
                                     actor=actor, at=at)
        if shown:
            evidence.add_own(session, found, skill, tier=EvidenceTier.ARTIFACT, title="A network at home",
                             given_on=at.date(), actor=actor, at=at)
    candidates.put_preferences(session, found, facts={
        "place_label": town.hub.place_label, "latitude": town.hub.latitude, "longitude": town.hub.longitude,
    }, actor=actor, at=at)
    if headline:
        candidates.describe(session, found, headline=headline, story="", actor=actor, at=at)
    if active:
        candidates.advance(session, found, "activate", actor=actor, at=at)
    session.flush()
    return Seeker(found, person, actor)


def applied(
    town: Town, posting: Posting, who: Seeker | None = None, *, state: str = "submitted", at: datetime | None = None,
) -> Application:
    """An application in that state, by the steps of its life."""
    who, at = who or seeker(town), at or town.at
    row = actions.apply(
        town.session, posting, who.candidate, snapshot=rules.snapshot(who.candidate, [], today=at.date()),
        words="I would like to learn with you.", consented=True, actor=who.actor, at=at,
    )
    for step in PATHS[state]:
        by = row.__life__.step(step).by
        actor = town.owner if "employer" in by else who.actor if "candidate" in by else SYSTEM
        actions.advance(town.session, row, step, actor=actor, at=at, reason="other")
    town.session.flush()
    return row


def interview(town: Town, row: Application, *, at: datetime | None = None) -> Interview:
    """Two times offered, in three and four days."""
    at = at or town.at
    return hiring.propose_interview(
        town.session, row, options=[at + timedelta(days=3), at + timedelta(days=4)], minutes=45, place="12 Dock Street",
        actor=town.owner, at=at,
    )


def offer(town: Town, row: Application, *, at: datetime | None = None, **terms: Any) -> Offer:
    """An offer at the posted pay, to start in two weeks."""
    at = at or town.at
    facts: dict[str, Any] = {
        "pay_cents": row.posting.pay_min_cents, "pay_period": row.posting.pay_period, "terms": "Days, with training.",
        "starts_on": at.date() + timedelta(days=14), "answer_by": at.date() + timedelta(days=7),
    }
    return hiring.make_offer(town.session, row, **{**facts, **terms}, actor=town.owner, at=at)


def hired(town: Town, posting: Posting, who: Seeker | None = None, *, at: datetime | None = None) -> Placement:
    """Somebody who accepted an offer."""
    who, at = who or seeker(town), at or town.at
    row = applied(town, posting, who, state="shortlisted", at=at)
    return placements.hire(town.session, offer(town, row, at=at), actor=who.actor, at=at)


def started(
    town: Town, posting: Posting, who: Seeker | None = None, *, on: date | None = None, at: datetime | None = None,
) -> Placement:
    """A hire whose start the employer confirmed on the day."""
    at = at or town.at
    placement = hired(town, posting, who, at=at)
    day = on or local_day(at, town.hub.time_zone)
    placements.confirm_start(town.session, placement, starts_on=day, actor=town.owner, at=at)
    return placement


def answer(session: Session, placement: Placement, day: int, *, actor: Actor, at: datetime, **said: Any) -> Any:
    """An employer's answer to the check of that day."""
    check = next(row for row in placement.checks if row.day == day)
    return placements.answer_check(session, check, side="employer", actor=actor, at=at,
                                   **{"still_there": StillThere.YES, **said})
