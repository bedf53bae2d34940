"""Everything that reads placements, their checks and the feedback in them."""

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matcher.candidates.models import Candidate
from matcher.placements.models import FeedbackSkill, Placement, PlacementFeedback, RetentionCheck


def of_application(session: Session, application_id: str) -> Placement | None:
    """The placement that came of an application."""
    return session.scalar(select(Placement).where(Placement.application_id == application_id))


def check_with_all(session: Session, check_id: str) -> RetentionCheck | None:
    """A check with its answers, the placement, the person and the employer."""
    return session.scalar(select(RetentionCheck).where(RetentionCheck.id == check_id).options(
        joinedload(RetentionCheck.placement).options(
            joinedload(Placement.candidate).joinedload(Candidate.person), joinedload(Placement.organization)),
        selectinload(RetentionCheck.answers),
    ))


def feedback_of_placement(session: Session, placement_id: str) -> list[PlacementFeedback]:
    """What the employer said about one hire, newest first."""
    return list(session.scalars(
        select(PlacementFeedback).where(PlacementFeedback.placement_id == placement_id)
        .options(selectinload(PlacementFeedback.skills))
        .order_by(PlacementFeedback.created_at.desc(), PlacementFeedback.id)
    ))


def to_confirm(session: Session, organization_id: str, today: date) -> list[Placement]:
    """Hires whose first day has come and whose start nobody has confirmed, the longest wait first."""
    return list(session.scalars(
        _with_all().where(Placement.organization_id == organization_id, Placement.state == "offer_accepted",
                          Placement.starts_on <= today).order_by(Placement.starts_on, Placement.id)
    ))


def _with_all() -> Select[Placement]:
    return select(Placement).options(
        joinedload(Placement.candidate).joinedload(Candidate.person), joinedload(Placement.organization),
        selectinload(Placement.checks).selectinload(RetentionCheck.answers),
    )


def of_organization(organization_id: str) -> Select[Placement]:
    """An employer's hires, newest start first."""
    return _with_all().where(Placement.organization_id == organization_id).order_by(
        Placement.starts_on.desc(), Placement.id
    )


def of_candidate(session: Session, candidate_id: str) -> list[Placement]:
    """A person's placements, newest first."""
    return list(session.scalars(
        _with_all().where(Placement.candidate_id == candidate_id).order_by(Placement.starts_on.desc(), Placement.id)
    ))


def of_hub(hub_id: str) -> Select[Placement]:
    """A hub's placements, newest start first."""
    return _with_all().where(Placement.hub_id == hub_id).order_by(Placement.starts_on.desc(), Placement.id)


def of_programs(program_ids: list[str]) -> Select[Placement]:
    """Placements of graduates of these programs, newest start first."""
    return _with_all().where(Placement.program_id.in_(program_ids)).order_by(Placement.starts_on.desc(), Placement.id)


def checks_due(session: Session, today: date) -> list[RetentionCheck]:
    """Checks whose day has come and that nobody was asked yet; when a job has ended, nobody is asked any more."""
    return list(session.scalars(
        select(RetentionCheck).join(Placement, Placement.id == RetentionCheck.placement_id).where(
            RetentionCheck.state == "due", RetentionCheck.due_on <= today, RetentionCheck.asked_at.is_(None),
            Placement.state == "started",
        ).options(joinedload(RetentionCheck.placement)).order_by(RetentionCheck.due_on, RetentionCheck.id)
    ))


def checks_overdue(session: Session, due_before: date) -> list[RetentionCheck]:
    """Checks that were asked and stayed without an answer since before that day."""
    return list(session.scalars(
        select(RetentionCheck).where(RetentionCheck.state == "due", RetentionCheck.due_on <= due_before)
        .order_by(RetentionCheck.due_on, RetentionCheck.id)
    ))


def checks_of_organization(session: Session, organization_id: str, today: date) -> list[RetentionCheck]:
    """What an employer should answer now, the oldest first."""
    return list(session.scalars(
        select(RetentionCheck).join(Placement, Placement.id == RetentionCheck.placement_id).where(
            RetentionCheck.organization_id == organization_id, RetentionCheck.state == "due",
            RetentionCheck.due_on <= today, Placement.state == "started",
        ).options(joinedload(RetentionCheck.placement).joinedload(Placement.candidate).joinedload(Candidate.person))
        .order_by(RetentionCheck.due_on, RetentionCheck.id)
    ))


def feedback_of_programs(session: Session, program_ids: list[str]) -> list[tuple[PlacementFeedback, Placement]]:
    """What employers said about graduates of these programs, newest first; without names."""
    rows = session.execute(
        select(PlacementFeedback, Placement).join(Placement, Placement.id == PlacementFeedback.placement_id)
        .where(Placement.program_id.in_(program_ids)).options(selectinload(PlacementFeedback.skills))
        .order_by(PlacementFeedback.created_at.desc(), PlacementFeedback.id)
    )
    return [(row[0], row[1]) for row in rows]


def verdicts(session: Session, program_ids: list[str]) -> list[tuple[str, str]]:
    """Every (skill, verdict) that employers gave for graduates of these programs."""
    rows = session.execute(
        select(FeedbackSkill.skill_id, FeedbackSkill.verdict)
        .join(PlacementFeedback, PlacementFeedback.id == FeedbackSkill.feedback_id)
        .join(Placement, Placement.id == PlacementFeedback.placement_id)
        .where(Placement.program_id.in_(program_ids)).order_by(FeedbackSkill.skill_id)
    )
    return [(row[0], row[1]) for row in rows]
