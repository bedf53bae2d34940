"""A hub with an employer, its people and roles in any stage, each reached by taking the steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from matcher.kit.actor import SYSTEM, Actor
from matcher.organizations import actions as organizations
from matcher.organizations.models import Commitment, Hub, Organization, Partnership
from matcher.people.models import Person
from matcher.roles import actions
from matcher.roles.models import Posting
from matcher.skills.models import Occupation, OccupationSkill, OccupationTitle, Skill, SkillKind
from tests.factories.people import acting, person

_number = count(1)
SKILLS = ("own:help-desk", "own:windows", "own:networking", "own:customer-service")
OCCUPATION = "15-1232.00"
FACTS: dict[str, Any] = {
    "title": "IT support technician", "occupation_code": OCCUPATION,
    "summary": "You answer calls and set up laptops. We show you how.", "pay_min_cents": 2200, "pay_max_cents": 2600,
    "pay_period": "hour", "schedules": ["days"], "workplace": "onsite", "degree": "none",
    "progression": "Network technician after 12 to 18 months",
}
REQUIREMENTS = [(SKILLS[0], 2, True, 3), (SKILLS[1], 3, True, 2), (SKILLS[2], 2, False, 1)]


def taxonomy(session: Session) -> None:
    """The few skills and the occupation that these roles use."""
    if session.get(Occupation, OCCUPATION) is None:
        session.add(Occupation(code=OCCUPATION, title="Computer User Support Specialists", soc="15-1232"))
    for id in SKILLS:
        if session.get(Skill, id) is None:
            session.add(Skill(id=id, kind=SkillKind.OWN, name=id.removeprefix("own:").replace("-", " ").capitalize()))
    if session.get(OccupationTitle, (OCCUPATION, "IT support technician")) is None:
        session.flush()
        session.add_all([OccupationTitle(occupation_code=OCCUPATION, title="IT support technician", reported=True),
                         OccupationSkill(occupation_code=OCCUPATION, skill_id=SKILLS[3], importance=4.0, level=3)])
    session.flush()


@dataclass
class Town:
    """A hub, an employer that is its partner, and the people who act."""

    session: Session
    at: datetime
    hub: Hub
    organization: Organization
    partnership: Partnership
    owner_person: Person
    operator_person: Person
    owner: Actor
    operator: Actor
    outsider: Actor
    commitment: Commitment | None = None

    @classmethod
    def found(cls, session: Session, at: datetime, *, name: str = "Harbor Credit Union", commit: bool = True) -> Town:
        """The town with an active partner; with `commit`, its commitment to consider is in force."""
        taxonomy(session)
        number = next(_number)
        hub = organizations.found_hub(session, f"river-{number}", "Riverbend", "Riverbend", 41.5, -90.5, "", at=at)
        owner, boss, other = (person(session, at, name=who) for who in ("Ona Owner", "Opal Operator", "Otto Other"))
        organizations.appoint(session, hub, boss, "operator", at=at)
        company = organizations.found_organization(
            session, actor=acting(session, owner, at), kind="employer", name=name, place_label="12 Dock Street", at=at)
        session.flush()
        mine, theirs = acting(session, owner, at), acting(session, boss, at)
        joined = organizations.ask_to_join(session, company, hub, actor=mine, at=at)
        for step in ("confirm", "activate"):
            organizations.advance_partnership(session, joined, step, actor=theirs, at=at)
        town = cls(session, at, hub, company, joined, owner, boss, mine, theirs, acting(session, other, at))
        if commit:
            town.commit()
        return town

    def commit(self, expires_on: date = date(2027, 6, 30)) -> Commitment:
        """Sign and accept a commitment to consider."""
        self.commitment = organizations.sign_commitment(
            self.session, self.organization, self.hub, kind="consider", signed_name="Ona Owner",
            signed_title="Director", starts_on=self.at.date(), expires_on=expires_on, actor=self.owner, at=self.at,
        )
        organizations.advance_commitment(self.session, self.commitment, "accept", actor=self.operator, at=self.at)
        return self.commitment

    def draft(self, requirements: Sequence[Any] = tuple(REQUIREMENTS), **facts: Any) -> Posting:
        """A role that nobody sent in yet."""
        return actions.draft_posting(self.session, self.organization, self.hub, **{**FACTS, **facts},
                                     requirements=requirements, actor=self.owner, at=self.at)

    def role(self, state: str = "live", **facts: Any) -> Posting:
        """A role in that state."""
        posting = self.draft(**facts)
        for step in PATHS[state]:
            self.take(posting, step)
        return posting

    def take(self, posting: Posting, step: str) -> None:
        """Take one step as whoever may."""
        by = posting.__life__.step(step).by
        who = self.owner if "employer" in by else self.operator if "operator" in by else SYSTEM
        actions.advance_posting(self.session, posting, step, actor=who, at=self.at, reason="It is time.")


PATHS: dict[str, tuple[str, ...]] = {
    "draft": (), "submitted": ("submit",), "changes_requested": ("submit", "request_changes"),
    "approved": ("submit", "approve"), "live": ("submit", "approve", "open"),
    "paused": ("submit", "approve", "open", "pause"), "filled": ("submit", "approve", "open", "fill"),
    "closed": ("submit", "approve", "open", "close"), "expired": ("submit", "approve", "open", "expire"),
    "withdrawn": ("withdraw",), "archived": ("withdraw", "archive"),
}
