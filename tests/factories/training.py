"""A provider with a program, a cohort and people in any state, each reached by taking the real steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from matcher import wiring
from matcher.candidates import actions as candidates
from matcher.candidates.models import Candidate
from matcher.kit.actor import Actor
from matcher.organizations.models import Hub, Organization
from matcher.people.models import Person
from matcher.skills.models import Skill, SkillKind
from matcher.training import actions
from matcher.training.models import Cohort, Delivery, EndorsementBasis, Enrollment, EtplStatus, Program
from tests.factories import organizations as make
from tests.factories.people import acting, person

wiring.connect()
_number = count(1)
TAUGHT = (("own:help-desk", 3), ("own:windows", 2), ("own:networking", 1))
UNTAUGHT = "own:customer-service"
PATHS: dict[str, tuple[str, ...]] = {
    "intent_recorded": (), "enrolled": ("enroll",), "completed": ("complete",), "withdrew": ("withdraw",),
    "transferred": ("transfer",),
}
PROGRAM_PATHS: dict[str, tuple[str, ...]] = {"draft": (), "listed": ("list",), "retired": ("list", "retire")}
REASON = "It is time."


def facts(**changed: Any) -> dict[str, Any]:
    """The plain columns of a program."""
    return {"name": "IT support certificate", "about": "Fix computers.", "cip_code": "11.1006",
            "occupation_code": None, "weeks": 8, "hours_per_week": 12, "cost_cents": 0, "funding": "Free",
            "delivery": Delivery.HYBRID, "place_label": "Northside", "etpl_status": EtplStatus.LISTED, **changed}


@dataclass
class School:
    """A hub, a provider that is its active partner, one program and one cohort that is over."""

    session: Session
    at: datetime
    hub: Hub
    organization: Organization
    owner: Person
    actor: Actor
    program: Program
    cohort: Cohort
    people: list[Person] = field(default_factory=list)

    @classmethod
    def found(cls, session: Session, at: datetime, *, hub: Hub | None = None, active: bool = True) -> School:
        """The school; its program is a draft."""
        for skill in (*(skill for skill, _ in TAUGHT), UNTAUGHT):
            if session.get(Skill, skill) is None:
                session.add(Skill(id=skill, kind=SkillKind.OWN, name=skill.removeprefix("own:").capitalize()))
        hub = hub or make.hub(session, at)
        organization, owner = make.organization(session, hub, at, kind="training_provider", active=active)
        session.flush()
        actor = acting(session, owner)
        program = actions.add_program(session, organization, hub, facts=facts(), skills=TAUGHT, actor=actor, at=at)
        today = at.date()
        cohort = actions.add_cohort(session, program, name="Spring", starts_on=today - timedelta(days=90),
                                    ends_on=today - timedelta(days=10), seats=20, actor=actor, at=at)
        return cls(session, at, hub, organization, owner, actor, program, cohort)

    def candidate(self, name: str = "") -> Candidate:
        """Somebody with a profile in the hub."""
        who = person(self.session, self.at, name=name or f"Student {next(_number)}")
        self.people.append(who)
        return candidates.start_profile(self.session, self.hub, person_id=who.id, at=self.at,
                                        actor=Actor(person_id=who.id))

    def enroll(self, state: str = "intent_recorded", *, name: str = "", cohort: Cohort | None = None) -> Enrollment:
        """A new person of the cohort in that state."""
        enrollment = actions.enroll(self.session, cohort or self.cohort, self.candidate(name).id, actor=self.actor,
                                    at=self.at)
        for step in PATHS[state]:
            actions.advance_enrollment(self.session, enrollment, step, actor=self.actor, at=self.at, reason=REASON,
                                       completed_on=self.day)
        return enrollment

    @property
    def day(self) -> date:
        """The last day of the cohort."""
        return self.cohort.ends_on

    def endorse(self, enrollment: Enrollment, skill: str = TAUGHT[0][0], level: int = 2,
                basis: EndorsementBasis = EndorsementBasis.TAUGHT) -> Any:
        """Endorse one skill."""
        return actions.endorse(self.session, enrollment, skill_id=skill, level=level, basis=basis, actor=self.actor,
                               at=self.at)
