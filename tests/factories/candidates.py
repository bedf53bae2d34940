"""Profiles for tests, and their way through training, applications and jobs, each stage reached by taking the steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from matcher import wiring
from matcher.applications import actions as applications
from matcher.applications import hiring
from matcher.applications.models import Application, Interview, Offer
from matcher.candidates import actions, rules
from matcher.candidates.models import Candidate, RemoteWish
from matcher.kit.actor import Actor
from matcher.organizations.models import Hub
from matcher.organizations.rules import local_day
from matcher.people.models import Person
from matcher.placements import actions as placements
from matcher.placements.models import Placement
from matcher.roles.models import PayPeriod, Posting
from matcher.training import actions as training
from matcher.training import queries as trained
from matcher.training.models import Cohort, Delivery, EtplStatus, Program
from tests.factories import organizations
from tests.factories.people import acting, person
from tests.factories.roles import OCCUPATION, SKILLS, Town

wiring.connect()
_number = count(1)
LEVELS: Mapping[str, int] = {SKILLS[0]: 3, SKILLS[1]: 2, SKILLS[3]: 4}
WISHES: Mapping[str, Any] = {
    "place_label": "Riverbend", "latitude": 41.5, "longitude": -90.5, "max_km": 40, "remote": RemoteWish.ANY,
    "schedules": ["days"],
}


def profile(
    session: Session, hub: Hub, at: datetime, *, skills: Mapping[str, int] = LEVELS, who: Person | None = None,
    active: bool = True, **wishes: Any,
) -> tuple[Candidate, Actor, Person]:
    """A profile in the hub with these skills (id to level); shown to employers unless told otherwise."""
    who = who or person(session, at, name=f"Candy Date {next(_number)}")
    candidate = actions.start_profile(session, hub, person_id=who.id, actor=acting(session, who), at=at)
    actor = acting(session, who)
    for skill_id, level in skills.items():
        actions.put_skill(session, candidate, skill_id=skill_id, level=level, last_used_on=at.date(), actor=actor,
                          at=at)
    actions.put_preferences(session, candidate, facts={**WISHES, **wishes}, actor=actor, at=at)
    if active:
        actions.advance(session, candidate, "activate", actor=actor, at=at)
    return candidate, actor, who


def apply(
    session: Session, posting: Posting, candidate: Candidate, actor: Actor, at: datetime, **more: Any
) -> Application:
    """An application with the profile as it is now."""
    done = trained.completed_programs(session, candidate.id)
    facts = {"snapshot": rules.snapshot(candidate, done, today=at.date()), "words": "I like helping people.",
             "consented": True, **more}
    return applications.apply(session, posting, candidate, actor=actor, at=at, **facts)


def interview(session: Session, town: Town, application: Application, at: datetime) -> Interview:
    """Shortlisted, with two times offered."""
    applications.advance(session, application, "shortlist", actor=town.owner, at=at)
    times = [at + timedelta(days=3), at + timedelta(days=4)]
    return hiring.propose_interview(session, application, options=times, minutes=30, place="12 Dock Street",
                                    actor=town.owner, at=at)


def offer(session: Session, town: Town, application: Application, at: datetime) -> Offer:
    """Shortlisted and offered the job."""
    if str(application.state) in {"submitted", "in_review"}:
        applications.advance(session, application, "shortlist", actor=town.owner, at=at)
    return hiring.make_offer(session, application, pay_cents=2300, pay_period=PayPeriod.HOUR, actor=town.owner, at=at,
                             starts_on=at.date() + timedelta(days=7), answer_by=at.date() + timedelta(days=5),
                             terms="Days, with paid training.")


def hire(session: Session, town: Town, candidate: Candidate, actor: Actor, at: datetime) -> Placement:
    """Hired and at work since today."""
    sent = apply(session, town.role(), candidate, actor, at)
    made = placements.hire(session, offer(session, town, sent, at), actor=actor, at=at)
    placements.confirm_start(session, made, starts_on=local_day(at, town.hub.time_zone), actor=town.owner, at=at)
    return made


def course(
    session: Session, hub: Hub, at: datetime, *, skills: Mapping[str, int] | None = None
) -> tuple[Program, Cohort, Actor]:
    """A listed program with a cohort that began a while ago, and its provider's owner as actor."""
    provider, owner = organizations.organization(session, hub, at, kind="training_provider", name="Northside Tech")
    actor = acting(session, owner)
    facts = {"name": "Network basics", "about": "Evenings.", "occupation_code": OCCUPATION, "weeks": 4, "cost_cents": 0,
             "hours_per_week": 6, "delivery": Delivery.IN_PERSON, "etpl_status": EtplStatus.UNKNOWN}
    taught = skills or {SKILLS[1]: 3, SKILLS[2]: 2}
    program = training.add_program(session, provider, hub, facts=facts, skills=list(taught.items()), actor=actor, at=at)
    training.advance_program(session, program, "list", actor=actor, at=at)
    cohort = training.add_cohort(session, program, name="Fall", starts_on=date(2026, 8, 1), ends_on=date(2026, 10, 1),
                                 seats=12, actor=actor, at=at)
    return program, cohort, actor
