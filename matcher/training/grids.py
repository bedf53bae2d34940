"""A whole cohort in one go: completions confirmed and skills endorsed together, or nothing with every error named."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matcher.kit.actor import Actor
from matcher.kit.errors import DomainError
from matcher.kit.words import N_
from matcher.training import actions, queries, rules
from matcher.training.models import Cohort, Endorsement, EndorsementBasis, Enrollment, Program

Cell = tuple[str, str]  # (enrollment id, skill id)

#: Called once for each person whom a grid endorsed, with how many skills: later areas tell them.
ON_ENDORSED_TOGETHER: list[Callable[[Session, Enrollment, int, datetime], None]] = []


@dataclass(frozen=True, slots=True)
class Wish:
    """What a provider wants to say about one person's skill."""

    level: int
    basis: EndorsementBasis = EndorsementBasis.TAUGHT


def confirm_completions(
    session: Session, cohort: Cohort, days: Mapping[str, date | None], *, actor: Actor, at: datetime
) -> dict[str, DomainError]:
    """Confirm that these people (enrollment id to the day) completed. All of them, or none.

    Returns the errors by enrollment id; when there are any, nothing was written.
    """
    people = {row.id: row for row in queries.enrollments_of_cohort(session, cohort.id)}
    actions.check_vetted(session, cohort.organization_id, cohort.hub_id)
    errors = {id: error for id, day in days.items() if (error := _fault(people.get(id), day, cohort, at))}
    if not errors:
        for id, day in days.items():
            actions.advance_enrollment(session, people[id], "complete", actor=actor, at=at, completed_on=day)
    return errors


def _fault(person: Enrollment | None, day: date | None, cohort: Cohort, at: datetime) -> DomainError | None:
    if person is None:
        return DomainError(N_("This person is not in the cohort."))
    if str(person.state) not in Enrollment.__life__.step("complete").source:
        return DomainError(N_("This is now “%(state)s”."), params={"state": person.state_label})
    if day is None:
        return DomainError(N_("Give the day of completion."), field="completed_on")
    try:
        rules.check_completion(day, starts_on=cohort.starts_on, today=at.date())
    except DomainError as error:
        return error
    return None


def endorse_cohort(
    session: Session, cohort: Cohort, wishes: Mapping[Cell, Wish], *, actor: Actor, at: datetime
) -> tuple[list[Endorsement], dict[Cell, DomainError]]:
    """Endorse many people's skills together (invariant 9 for each cell). All of them, or none.

    Returns what was given and the errors by (enrollment id, skill id); with errors nothing was written. A cell that
    says what stands already changes nothing.
    """
    people = {row.id: row for row in session.scalars(
        select(Enrollment).where(Enrollment.cohort_id == cohort.id)
        .options(joinedload(Enrollment.cohort).joinedload(Cohort.program).selectinload(Program.skills))
    )}
    taught = {row.skill_id: row.level for row in cohort.program.skills}
    standing = queries.standing_levels(session, cohort.organization_id, [row.candidate_id for row in people.values()])
    new = {(id, skill): wish for (id, skill), wish in wishes.items()
           if id not in people or standing.get((people[id].candidate_id, skill)) != wish.level}
    errors = {cell: error for cell, wish in new.items()
              if (error := _refusal(people.get(cell[0]), cell[1], wish, taught))}
    if errors:
        return [], errors
    given = [actions.endorse(session, people[id], skill_id=skill, level=wish.level, basis=wish.basis, actor=actor,
                             at=at) for (id, skill), wish in new.items()]
    _tell(session, [people[id] for id, _ in new], at)
    return given, {}


def _refusal(person: Enrollment | None, skill_id: str, wish: Wish, taught: Mapping[str, int]) -> DomainError | None:
    if person is None:
        return DomainError(N_("This person is not in the cohort."))
    try:
        rules.check_endorsement(completed=str(person.state) == "completed", taught=taught, skill_id=skill_id,
                                level=wish.level, assessed=wish.basis is EndorsementBasis.ASSESSED)
    except DomainError as error:
        return error
    return None


def _tell(session: Session, people: Sequence[Enrollment], at: datetime) -> None:
    for person in dict.fromkeys(people):
        for tell in ON_ENDORSED_TOGETHER:
            tell(session, person, people.count(person), at)


__all__ = ["ON_ENDORSED_TOGETHER", "Cell", "Wish", "confirm_completions", "endorse_cohort"]
