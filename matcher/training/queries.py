"""Everything that reads programs, cohorts, enrollments and endorsements."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matcher.training.models import Cohort, Endorsement, Enrollment, Program, ProgramSkill


def _full() -> Select[Program]:
    return select(Program).options(
        joinedload(Program.organization), selectinload(Program.skills), selectinload(Program.cohorts)
    )


def of_provider(
    organization_id: str, *, hub_id: str | None = None, text: str = "", state: str = ""
) -> Select[Program]:
    """A provider's programs by name, those that say these words and are in that state."""
    query = _full().where(Program.organization_id == organization_id)
    if hub_id:
        query = query.where(Program.hub_id == hub_id)
    for word in text.split()[:6]:
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in (Program.name, Program.about))))
    if state:
        query = query.where(Program.state == state)
    return query.order_by(Program.name, Program.id)


def find_program(session: Session, program_id: str) -> Program | None:
    """A program with its provider, skills and cohorts."""
    return session.scalar(_full().where(Program.id == program_id))


def cohorts_of_provider(session: Session, organization_id: str, hub_id: str) -> list[Cohort]:
    """A provider's cohorts in a hub with their programs and skills, the one that ended last first."""
    return list(session.scalars(
        select(Cohort).join(Program, Program.id == Cohort.program_id)
        .where(Program.organization_id == organization_id, Cohort.hub_id == hub_id)
        .options(joinedload(Cohort.program).selectinload(Program.skills))
        .order_by(Cohort.ends_on.desc(), Cohort.id)
    ))


def standing_of_people(session: Session, organization_id: str, candidate_ids: Sequence[str]) -> list[Endorsement]:
    """A provider's endorsements of these people that stand now, from whichever of its cohorts they came."""
    return list(session.scalars(
        select(Endorsement).where(
            Endorsement.organization_id == organization_id, Endorsement.candidate_id.in_(candidate_ids),
            Endorsement.state == "active",
        ).order_by(Endorsement.created_at, Endorsement.id)
    ))


def standing_levels(
    session: Session, organization_id: str, candidate_ids: Sequence[str]
) -> dict[tuple[str, str], int]:
    """(candidate id, skill id) to the level that the provider's standing endorsement says."""
    return {(row.candidate_id, row.skill_id): row.level
            for row in standing_of_people(session, organization_id, candidate_ids)}


def endorsed_people(session: Session, cohort_ids: Sequence[str]) -> dict[str, int]:
    """Cohort id to how many who completed have at least one standing endorsement from it."""
    rows = session.execute(
        select(Enrollment.cohort_id, func.count(Enrollment.id.distinct()))
        .join(Endorsement, Endorsement.enrollment_id == Enrollment.id)
        .where(Enrollment.cohort_id.in_(cohort_ids), Enrollment.state == "completed", Endorsement.state == "active")
        .group_by(Enrollment.cohort_id)
    )
    return {cohort: int(count) for cohort, count in rows}


def highest_taught(session: Session, hub_id: str, organization_id: str | None = None) -> dict[str, int]:
    """Skill id to the highest level that a listed program of the hub teaches (one provider's programs, or all)."""
    query = (
        select(ProgramSkill.skill_id, func.max(ProgramSkill.level)).join(Program, Program.id == ProgramSkill.program_id)
        .where(Program.hub_id == hub_id, Program.state == "listed").group_by(ProgramSkill.skill_id)
    )
    if organization_id:
        query = query.where(Program.organization_id == organization_id)
    return {skill: int(level) for skill, level in session.execute(query)}


def listed(hub_id: str) -> Select[Program]:
    """The programs a hub shows to everybody, by name."""
    return _full().where(Program.hub_id == hub_id, Program.state == "listed").order_by(Program.name, Program.id)


def provider_of_program(session: Session, program_id: str) -> str:
    """The organization id behind a program."""
    return session.scalars(select(Program.organization_id).where(Program.id == program_id)).one()


def enrollments_of_cohort(session: Session, cohort_id: str) -> list[Enrollment]:
    """Everyone in a cohort, in a steady order."""
    return list(session.scalars(
        select(Enrollment).where(Enrollment.cohort_id == cohort_id).order_by(Enrollment.created_at, Enrollment.id)
    ))


def enrollments_of_candidate(session: Session, candidate_id: str) -> list[Enrollment]:
    """A person's way through programs, newest first."""
    return list(session.scalars(
        select(Enrollment).where(Enrollment.candidate_id == candidate_id)
        .options(joinedload(Enrollment.cohort).joinedload(Cohort.program).options(
            joinedload(Program.organization), selectinload(Program.skills)))
        .order_by(Enrollment.created_at.desc(), Enrollment.id)
    ))


def latest_completed_program(session: Session, candidate_id: str) -> Program | None:
    """The program that a person completed last."""
    return session.scalar(
        select(Program).join(Cohort, Cohort.program_id == Program.id)
        .join(Enrollment, Enrollment.cohort_id == Cohort.id)
        .where(Enrollment.candidate_id == candidate_id, Enrollment.state == "completed")
        .order_by(Enrollment.completed_on.desc(), Enrollment.id).limit(1)
    )


def completed_programs(session: Session, candidate_id: str) -> list[dict[str, Any]]:
    """Completed programs as {"name", "provider", "completed_on"}, newest first, for a profile's snapshot."""
    return [
        {"name": e.cohort.program.name, "provider": e.cohort.program.organization.name,
         "completed_on": e.completed_on.isoformat() if e.completed_on else None}
        for e in enrollments_of_candidate(session, candidate_id) if str(e.state) == "completed"
    ]


def endorsements_of_cohort(session: Session, cohort_id: str) -> list[Endorsement]:
    """Every endorsement given for a cohort's people, taken-back ones too."""
    return list(session.scalars(
        select(Endorsement).join(Enrollment, Enrollment.id == Endorsement.enrollment_id)
        .where(Enrollment.cohort_id == cohort_id).order_by(Endorsement.created_at, Endorsement.id)
    ))


def endorsements_of_candidate(session: Session, candidate_id: str) -> list[Endorsement]:
    """A person's endorsements, newest first."""
    return list(session.scalars(
        select(Endorsement).where(Endorsement.candidate_id == candidate_id)
        .options(joinedload(Endorsement.organization)).order_by(Endorsement.created_at.desc(), Endorsement.id)
    ))


def find_active_endorsement(
    session: Session, candidate_id: str, skill_id: str, organization_id: str
) -> Endorsement | None:
    """The standing endorsement of a skill by a provider."""
    return session.scalar(select(Endorsement).where(
        Endorsement.candidate_id == candidate_id, Endorsement.skill_id == skill_id,
        Endorsement.organization_id == organization_id, Endorsement.state == "active",
    ))


def teaching(session: Session, hub_id: str, skill_ids: Iterable[str]) -> dict[str, list[tuple[Program, int]]]:
    """Skill id to the listed programs that teach it, with the level taught: highest first, then shortest."""
    wanted = list(skill_ids)
    if not wanted:
        return {}
    rows = session.execute(
        select(ProgramSkill.skill_id, ProgramSkill.level, Program)
        .join(Program, Program.id == ProgramSkill.program_id)
        .where(Program.hub_id == hub_id, Program.state == "listed", ProgramSkill.skill_id.in_(wanted))
        .options(joinedload(Program.organization))
        .order_by(ProgramSkill.level.desc(), Program.weeks, Program.id)
    )
    found: dict[str, list[tuple[Program, int]]] = {}
    for skill_id, level, program in rows:
        found.setdefault(skill_id, []).append((program, level))
    return found


def completed_occupations(session: Session, candidate_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """Candidate id to the O*NET-SOC codes that their completed programs train for."""
    found: dict[str, set[str]] = {}
    rows = session.execute(
        select(Enrollment.candidate_id, Program.occupation_code).join(Cohort, Cohort.id == Enrollment.cohort_id)
        .join(Program, Program.id == Cohort.program_id)
        .where(Enrollment.candidate_id.in_(candidate_ids), Enrollment.state == "completed",
               Program.occupation_code.is_not(None))
    )
    for candidate_id, code in rows:
        found.setdefault(candidate_id, set()).add(str(code))
    return {candidate_id: frozenset(codes) for candidate_id, codes in found.items()}


def counts_by_state(session: Session, cohort_ids: Sequence[str]) -> dict[tuple[str, str], int]:
    """(cohort id, enrollment state) to how many."""
    rows = session.execute(
        select(Enrollment.cohort_id, Enrollment.state, func.count())
        .where(Enrollment.cohort_id.in_(cohort_ids)).group_by(Enrollment.cohort_id, Enrollment.state)
    )
    return {(cohort, str(state)): n for cohort, state, n in rows}
