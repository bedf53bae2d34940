"""Everything that changes programs, cohorts, enrollments and endorsements."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit import audit, lifecycle
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.errors import ConflictError, DomainError, NotAllowedError
from matcher.kit.words import N_
from matcher.organizations import queries as organizations
from matcher.organizations.models import Hub, Organization
from matcher.training import queries, rules
from matcher.training.models import Cohort, Endorsement, EndorsementBasis, Enrollment, Program, ProgramSkill

# Candidates live on a higher floor: they register here what a completion or an endorsement does to a profile.
ON_COMPLETED: list[Callable[[Session, Enrollment, Program, datetime], None]] = []
ON_COMPLETION_UNDONE: list[Callable[[Session, Enrollment, datetime], None]] = []
ON_ENDORSED: list[Callable[[Session, Endorsement, datetime], None]] = []
ON_ENDORSEMENT_ENDED: list[Callable[[Session, Endorsement, datetime, str], None]] = []


def add_program(
    session: Session, organization: Organization, hub: Hub, *, facts: dict[str, Any],
    skills: Sequence[tuple[str, int]], actor: Actor, at: datetime,
) -> Program:
    """Add a draft program to a hub that the provider has asked to join.

    `facts`: the plain columns (name, about, cip_code, occupation_code, weeks, hours_per_week, cost_cents,
    funding, delivery, place_label, etpl_status); `skills`: (skill id, level taught).
    """
    if organizations.partnership(session, organization.id, hub.id) is None:
        raise DomainError(N_("Ask the hub to join it first."))
    program = Program(created_at=at, hub_id=hub.id, organization_id=organization.id, **facts)
    session.add(program)
    session.flush()
    _put_skills(session, program, skills, at)
    audit.record(session, at=at, actor_id=actor.person_id, action="program.add", subject=program, hub_id=hub.id)
    return program


def edit_program(
    session: Session, program: Program, *, facts: dict[str, Any], skills: Sequence[tuple[str, int]], version: int,
    actor: Actor, at: datetime,
) -> None:
    """Change a program; ConflictError when somebody else changed it since `version` was read."""
    if program.version != version:
        raise ConflictError(N_("Somebody else changed this program. Reload the page to see what it says now."))
    for name, value in facts.items():
        setattr(program, name, value)
    _put_skills(session, program, skills, at)
    audit.record(session, at=at, actor_id=actor.person_id, action="program.edit", subject=program,
                 hub_id=program.hub_id, details={"skills": len(skills)})


def _put_skills(session: Session, program: Program, skills: Sequence[tuple[str, int]], at: datetime) -> None:
    if len({skill for skill, _ in skills}) != len(skills):
        raise DomainError(N_("A skill is listed twice."), field="skills")
    if len(skills) > rules.MOST_SKILLS:
        raise DomainError(N_("List at most %(most)d skills."), field="skills", params={"most": rules.MOST_SKILLS})
    wanted = {skill: (level, place) for place, (skill, level) in enumerate(skills)}
    for taught in list(program.skills):
        if taught.skill_id not in wanted:
            program.skills.remove(taught)
            continue
        taught.level, taught.position = wanted.pop(taught.skill_id)
    for skill, (level, place) in wanted.items():
        program.skills.append(ProgramSkill(created_at=at, skill_id=skill, level=level, position=place))
    session.flush()


def advance_program(
    session: Session, program: Program, step: str, *, actor: Actor, at: datetime, reason: str = ""
) -> None:
    """List or retire a program; a listed one says what it teaches, and its provider was vetted by the hub."""
    if step == "list" and not program.skills:
        raise DomainError(N_("Say which skills the program teaches before you list it."))
    if step == "list":
        check_vetted(session, program.organization_id, program.hub_id)
    lifecycle.advance(session, program, step, actor=actor, at=at, reason=reason)


def check_vetted(session: Session, organization_id: str, hub_id: str) -> None:
    """Raise DomainError unless the hub made the provider an active partner: nobody else vouches for people."""
    if not organizations.active_partner(session, organization_id, hub_id):
        raise DomainError(N_("The hub has not made you an active partner yet. This opens when it has."))


def add_cohort(
    session: Session, program: Program, *, name: str, starts_on: date, ends_on: date, seats: int, actor: Actor,
    at: datetime,
) -> Cohort:
    """Add a group with its dates and its number of seats."""
    _check_cohort(name, starts_on, ends_on, seats)
    cohort = Cohort(created_at=at, hub_id=program.hub_id, program_id=program.id, name=name, starts_on=starts_on,
                    ends_on=ends_on, seats=seats)
    session.add(cohort)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="cohort.add", subject=cohort, hub_id=cohort.hub_id)
    return cohort


def edit_cohort(
    session: Session, cohort: Cohort, *, name: str, starts_on: date, ends_on: date, seats: int, actor: Actor,
    at: datetime,
) -> None:
    """Change the name, dates or seats of a group; the trail keeps what they were."""
    _check_cohort(name, starts_on, ends_on, seats)
    before = {"starts_on": cohort.starts_on, "ends_on": cohort.ends_on, "seats": cohort.seats}
    cohort.name, cohort.starts_on, cohort.ends_on, cohort.seats = name, starts_on, ends_on, seats
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="cohort.edit", subject=cohort, hub_id=cohort.hub_id,
                 before=before, after={"starts_on": starts_on, "ends_on": ends_on, "seats": seats})


def _check_cohort(name: str, starts_on: date, ends_on: date, seats: int) -> None:
    if not name.strip():
        raise DomainError(N_("Give the group a name."), field="name")
    if ends_on <= starts_on:
        raise DomainError(N_("The end comes before the start."), field="ends_on")
    if not 1 <= seats <= rules.MOST_SEATS:
        raise DomainError(N_("Give a number from 1 to %(most)d."), field="seats", params={"most": rules.MOST_SEATS})


def enroll(session: Session, cohort: Cohort, candidate_id: str, *, actor: Actor, at: datetime) -> Enrollment:
    """Put a candidate into a cohort (they signed up by an invitation, or the provider added them). Repeatable."""
    found = session.scalar(select(Enrollment).where(
        Enrollment.cohort_id == cohort.id, Enrollment.candidate_id == candidate_id
    ))
    if found is not None:
        return found
    enrollment = Enrollment(created_at=at, hub_id=cohort.hub_id, cohort_id=cohort.id, candidate_id=candidate_id,
                            organization_id=cohort.program.organization_id)
    session.add(enrollment)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="enrollment.add", subject=enrollment,
                 hub_id=cohort.hub_id)
    return enrollment


def advance_enrollment(
    session: Session, enrollment: Enrollment, step: str, *, actor: Actor, at: datetime, reason: str = "",
    completed_on: date | None = None,
) -> None:
    """Take a step; a confirmed completion puts the program's skills into the profile, an undone one takes them out."""
    if step == "complete":
        check_vetted(session, enrollment.organization_id, enrollment.hub_id)
        day = completed_on or at.date()
        rules.check_completion(day, starts_on=enrollment.cohort.starts_on, today=at.date())
        enrollment.completed_on, enrollment.confirmed_by = day, actor.person_id
    if step == "correct":
        _take_back_all(session, enrollment, actor=actor, at=at, reason=reason)
    lifecycle.advance(session, enrollment, step, actor=actor, at=at, reason=reason)
    if step == "correct":
        enrollment.completed_on = None
        for undo in ON_COMPLETION_UNDONE:
            undo(session, enrollment, at)
    session.flush()
    if step == "complete":
        for tell in ON_COMPLETED:
            tell(session, enrollment, enrollment.cohort.program, at)


def _take_back_all(session: Session, enrollment: Enrollment, *, actor: Actor, at: datetime, reason: str) -> None:
    standing = session.scalars(select(Endorsement).where(
        Endorsement.enrollment_id == enrollment.id, Endorsement.state == "active"
    ))
    for endorsement in standing.all():
        end_endorsement(session, endorsement, "revoke", actor=actor, at=at, reason=reason or "completion undone")


def endorse(
    session: Session, enrollment: Enrollment, *, skill_id: str, level: int, basis: EndorsementBasis, words: str = "",
    actor: Actor, at: datetime,
) -> Endorsement:
    """Endorse one skill (invariant 9). A standing endorsement at another level is taken back and given anew."""
    program = enrollment.cohort.program
    if not actor.belongs_to(enrollment.organization_id) or program.organization_id != enrollment.organization_id:
        raise NotAllowedError(N_("Only the provider of the program endorses."))
    check_vetted(session, enrollment.organization_id, enrollment.hub_id)
    rules.check_endorsement(
        completed=str(enrollment.state) == "completed", taught={s.skill_id: s.level for s in program.skills},
        skill_id=skill_id, level=level, assessed=basis is EndorsementBasis.ASSESSED,
    )
    standing = queries.find_active_endorsement(session, enrollment.candidate_id, skill_id, enrollment.organization_id)
    if standing is not None:
        if standing.level == level:
            return standing
        end_endorsement(session, standing, "revoke", actor=actor, at=at, reason="given again at another level")
    endorsement = Endorsement(
        created_at=at, hub_id=enrollment.hub_id, candidate_id=enrollment.candidate_id,
        organization_id=enrollment.organization_id, enrollment_id=enrollment.id, skill_id=skill_id, level=level,
        basis=basis, words=words.strip(), endorsed_by=actor.person_id or "", expires_on=rules.expires_on(at.date()),
    )
    session.add(endorsement)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="endorsement.give", subject=endorsement,
                 hub_id=endorsement.hub_id, after={"skill": skill_id, "level": level, "basis": basis})
    for tell in ON_ENDORSED:
        tell(session, endorsement, at)
    return endorsement


def end_endorsement(
    session: Session, endorsement: Endorsement, step: str, *, actor: Actor, at: datetime, reason: str = ""
) -> None:
    """Revoke or expire an endorsement: it stops counting at once (invariant 9)."""
    taken = lifecycle.advance(session, endorsement, step, actor=actor, at=at, reason=reason)
    if step == "revoke":
        endorsement.revoked_at = at
    session.flush()
    for tell in ON_ENDORSEMENT_ENDED:
        tell(session, endorsement, at, taken.notice or "")


def expire_endorsements(session: Session, at: datetime) -> int:
    """Let endorsements past their date expire; returns how many. Safe to repeat."""
    due = session.scalars(select(Endorsement).where(
        Endorsement.state == "active", Endorsement.expires_on <= at.date()
    ).order_by(Endorsement.expires_on, Endorsement.id)).all()
    for endorsement in due:
        end_endorsement(session, endorsement, "expire", actor=SYSTEM, at=at)
    return len(due)
