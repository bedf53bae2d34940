"""The lives of programs, enrollments and endorsements: each state × role × step against the declaration."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matcher.kit import crypto
from matcher.kit.actor import NOBODY, SYSTEM, Actor
from matcher.kit.errors import ConflictError, DomainError, NotAllowedError
from matcher.kit.settings import Settings
from matcher.training import actions
from matcher.training.lifecycle import ENDORSEMENT, ENROLLMENT, PROGRAM
from matcher.training.models import Endorsement
from tests.factories import organizations as make
from tests.factories.people import acting, person
from tests.factories.training import PATHS, PROGRAM_PATHS, REASON, School

ROLES = ("provider", "candidate", "operator", "stranger", "other_provider", "system", "nobody")


@pytest.fixture
def school(session: Session, at: datetime, settings: Settings) -> School:
    """A vetted provider with a program and a cohort that is over."""
    crypto.configure(settings)
    return School.found(session, at)


def who(school: School, role: str, candidate_id: str = "") -> Actor:
    """Somebody in that role towards the school's rows."""
    session, at = school.session, school.at
    if role == "operator":
        return acting(session, make.operator(session, school.hub, at), at)
    if role == "other_provider":
        other, owner = make.organization(session, school.hub, at, kind="training_provider")
        assert other.id != school.organization.id
        return acting(session, owner)
    if role == "candidate":
        return Actor(person_id=school.people[0].id if school.people else None,
                     candidates=frozenset({candidate_id}) if candidate_id else frozenset())
    return {"provider": school.actor, "system": SYSTEM, "nobody": NOBODY,
            "stranger": acting(session, person(session, at))}[role]




@pytest.mark.parametrize("state", PROGRAM_PATHS)
def test_a_program_takes_declared_steps_only(school: School, state: str) -> None:
    """Anybody else is refused, any other state is a conflict, and nothing changes then."""
    for name in PROGRAM_PATHS[state]:
        actions.advance_program(school.session, school.program, name, actor=school.actor, at=school.at, reason=REASON)
    each_step_and_role(school, school.program, state, actions.advance_program)


@pytest.mark.parametrize("state", PATHS)
def test_an_enrollment_takes_declared_steps_only(school: School, state: str) -> None:
    """The same for a person's way through a cohort."""
    enrollment = school.enroll(state)
    each_step_and_role(school, enrollment, state, partial(actions.advance_enrollment, completed_on=school.day))


@pytest.mark.parametrize("state", ["active", "expired", "revoked"])
def test_an_endorsement_takes_declared_steps_only(school: School, state: str) -> None:
    """The same for a provider's word."""
    given: Endorsement = school.endorse(school.enroll("completed"))
    for name, actor in {"expired": (("expire", SYSTEM),), "revoked": (("revoke", school.actor),)}.get(state, ()):
        actions.end_endorsement(school.session, given, name, actor=actor, at=school.at, reason=REASON)
    each_step_and_role(school, given, state, actions.end_endorsement)


def each_step_and_role(school: School, row: Any, state: str, take: Callable[..., None]) -> None:
    """Every step by every role from here has the outcome that the declaration promises, and no other."""
    school.session.flush()
    for step in row.__life__.steps:
        for role in ROLES:
            beginning = school.session.begin_nested()
            actor = who(school, role, getattr(row, "candidate_id", ""))
            if role in step.by and state in step.source:
                take(school.session, row, step.name, actor=actor, at=school.at, reason=REASON)
                assert str(row.state) == step.target, (step.name, role)
            else:
                with pytest.raises(ConflictError if role in step.by else NotAllowedError):
                    take(school.session, row, step.name, actor=actor, at=school.at, reason=REASON)
                assert str(row.state) == state, (step.name, role)
            beginning.rollback()
            school.session.expire_all()


@pytest.mark.parametrize("life", [PROGRAM, ENROLLMENT, ENDORSEMENT], ids=lambda life: life.name)
def test_steps_that_take_something_away_need_a_reason(school: School, life: object) -> None:
    """Without one they are refused by the field."""
    enrollment = school.enroll("completed")
    given = school.endorse(enrollment)
    actions.advance_program(school.session, school.program, "list", actor=school.actor, at=school.at)
    row, advance, step = {
        "program": (school.program, actions.advance_program, "retire"),
        "enrollment": (enrollment, actions.advance_enrollment, "correct"),
        "endorsement": (given, actions.end_endorsement, "revoke"),
    }[life.name]  # type: ignore[attr-defined]
    with pytest.raises(DomainError) as refused:
        advance(school.session, row, step, actor=school.actor, at=school.at, reason="  ")  # type: ignore[operator]
    assert refused.value.field == "reason"
