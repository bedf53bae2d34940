"""Everything that changes placements: the hire, the start with its checks, answers, feedback, and the end."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.applications import actions as applications
from matcher.applications.models import Application, Offer
from matcher.candidates import evidence
from matcher.kit import audit, lifecycle, outbox
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.errors import DomainError, NotAllowedError
from matcher.kit.words import N_
from matcher.organizations import facts_clock
from matcher.organizations.models import Hub, Membership
from matcher.organizations.rules import local_day
from matcher.placements import queries, rules
from matcher.placements.models import (
    Confirmation,
    FeedbackSkill,
    Placement,
    PlacementFeedback,
    RetentionAnswer,
    RetentionCheck,
    StillThere,
)
from matcher.roles import actions as roles
from matcher.roles.models import Posting, RequiredSkill
from matcher.training import queries as training


def hire(session: Session, offer: Offer, *, actor: Actor, at: datetime) -> Placement:
    """The candidate accepts the offer: the placement begins, the seat is taken, other applications end with a reason.

    The posting's row is locked, so that two acceptances never share the last seat.
    """
    posting = session.scalars(
        select(Posting).where(Posting.id == offer.application.posting_id).with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    application: Application = offer.application
    lifecycle.advance(session, offer, "accept", actor=actor, at=at)
    applications.advance(session, application, "accept", actor=actor, at=at)
    last = roles.fill_seat(session, posting, actor=actor, at=at)
    posting.facts_version = facts_clock.tick(session, posting.hub_id)
    program = training.latest_completed_program(session, application.candidate_id)
    placement = Placement(
        created_at=at, hub_id=application.hub_id, application_id=application.id,
        candidate_id=application.candidate_id, organization_id=application.organization_id, posting_id=posting.id,
        occupation_code=posting.occupation_code, title=posting.title, pay_cents=offer.pay_cents,
        pay_period=offer.pay_period, starts_on=offer.starts_on, program_id=program.id if program else None,
        confirmation=Confirmation.SELF_REPORTED,
    )
    session.add(placement)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="placement.hire", subject=placement,
                 hub_id=placement.hub_id)
    _leave_the_market(session, application, at)
    if last:
        applications.close_for_posting(session, posting, at=at, code="filled")
    return placement


def _leave_the_market(session: Session, application: Application, at: datetime) -> None:
    candidate = application.candidate
    applications.close_for_hire(session, candidate.id, keep=application.id, at=at)
    if str(candidate.state) in {"incomplete", "active", "paused", "dormant"}:
        lifecycle.advance(session, candidate, "place", actor=SYSTEM, at=at)
        candidate.facts_version = facts_clock.tick(session, candidate.hub_id)


def today_of(session: Session, placement: Placement, at: datetime) -> date:
    """The day that it is where the placement's hub is: the figures count starts on that calendar."""
    return local_day(at, session.get_one(Hub, placement.hub_id).time_zone)


def confirm_start(
    session: Session, placement: Placement, *, starts_on: date, actor: Actor, at: datetime,
) -> None:
    """The employer (or the hub, from a document) confirms that the person started; the year's checks are made now."""
    if starts_on > today_of(session, placement, at):
        raise DomainError(N_("The start is still ahead. Confirm it on the day."), field="starts_on")
    placement.starts_on = starts_on
    placement.confirmation = Confirmation.EMPLOYER_CONFIRMED
    placement.confirmed_by, placement.confirmed_at = actor.person_id, at
    taken = lifecycle.advance(session, placement, "start", actor=actor, at=at)
    for day, due_on in rules.check_dates(starts_on).items():
        session.add(RetentionCheck(
            created_at=at, hub_id=placement.hub_id, placement_id=placement.id, day=day, due_on=due_on,
            organization_id=placement.organization_id, candidate_id=placement.candidate_id,
        ))
    session.flush()
    _tell(session, placement, taken.notice or "", at, f"{placement.id}:{placement.version}", candidate=True)


def end(session: Session, placement: Placement, *, ended_on: date, actor: Actor, at: datetime, reason: str) -> None:
    """Note that the job ended, when and why; what was recorded before stays."""
    if ended_on < placement.starts_on or ended_on > today_of(session, placement, at):
        raise DomainError(N_("Give a day between the start and today."), field="ended_on")
    taken = lifecycle.advance(session, placement, "end", actor=actor, at=at, reason=reason)
    placement.ended_on, placement.end_reason = ended_on, reason.strip()
    session.flush()
    _tell(session, placement, taken.notice or "", at, f"{placement.id}:{placement.version}", candidate=True)


def answer_check(
    session: Session, check: RetentionCheck, *, side: str, still_there: StillThere, actor: Actor, at: datetime,
    would_hire_again: StillThere = StillThere.UNKNOWN, strong: Iterable[str] = (), missing: Iterable[str] = (),
    words: str = "", pay_cents: int | None = None,
) -> RetentionAnswer:
    """Append an answer (side: employer or candidate). An employer's answer carries feedback on skills.

    Raises DomainError when asked too early (invariant 8). Earlier answers stay as they are.
    """
    may = actor.belongs_to(check.organization_id) if side == "employer" else actor.is_candidate(check.candidate_id)
    if not may and not actor.operates(check.hub_id):
        raise NotAllowedError(N_("Only the people concerned answer this."))
    strong, missing = frozenset(strong), frozenset(missing)
    if strong & missing:
        raise DomainError(N_("A skill cannot be both strong and missing."), field="missing")
    if not rules.may_answer(check.due_on, at.date()):
        raise DomainError(N_("This check opens on %(day)s."), params={"day": check.due_on.isoformat()})
    answer = RetentionAnswer(
        created_at=at, hub_id=check.hub_id, check_id=check.id, side=side, person_id=actor.person_id,
        still_there=still_there, pay_cents=pay_cents, words=words.strip(),
    )
    session.add(answer)
    session.flush()
    if str(check.state) in {"due", "unreachable"} and side == "employer":
        lifecycle.advance(session, check, "answer", actor=actor, at=at)
    audit.record(session, at=at, actor_id=actor.person_id, action="retention_check.appended", subject=answer,
                 hub_id=check.hub_id, details={"side": side, "still_there": still_there})
    if side == "employer":
        _tell_members(session, check.organization_id, check.placement, "check_answered", at, answer.id,
                      but=actor.person_id, check_id=check.id, day=check.day)
        give_feedback(session, check.placement, answer_id=answer.id, would_hire_again=would_hire_again, strong=strong,
                      missing=missing, words=words, actor=actor, at=at)
        if still_there is StillThere.NO and str(check.placement.state) == "started":
            today = today_of(session, check.placement, at)
            end(session, check.placement, ended_on=today, actor=actor, at=at, reason="check")
    return answer


def give_feedback(
    session: Session, placement: Placement, *, answer_id: str | None, would_hire_again: StillThere,
    strong: Iterable[str], missing: Iterable[str], words: str, actor: Actor, at: datetime,
) -> PlacementFeedback:
    """Append an employer's feedback on a hire; the provider sees it at once, without the name."""
    feedback = PlacementFeedback(
        created_at=at, hub_id=placement.hub_id, placement_id=placement.id, answer_id=answer_id,
        would_hire_again=would_hire_again, words=words.strip(),
    )
    session.add(feedback)
    session.flush()
    strong, missing = set(strong), set(missing)
    if strong & missing:
        raise DomainError(N_("A skill cannot be both strong and missing."), field="missing")
    for skill_id, verdict in [*((s, "strong") for s in sorted(strong)), *((s, "missing") for s in sorted(missing))]:
        session.add(FeedbackSkill(created_at=at, feedback_id=feedback.id, skill_id=skill_id, verdict=verdict))
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="placement.feedback", subject=feedback,
                 hub_id=placement.hub_id, details={"strong": len(strong), "missing": len(missing)})
    asked = session.execute(select(RequiredSkill.skill_id, RequiredSkill.level).where(
        RequiredSkill.posting_id == placement.posting_id, RequiredSkill.skill_id.in_(strong)
    ))
    seen = {row.skill_id: row.level for row in asked}
    if seen:
        evidence.confirm_by_employer(session, placement.candidate_id, skills=seen, placement_id=placement.id, at=at)
    if placement.program_id:
        provider_id = training.provider_of_program(session, placement.program_id)
        _tell_members(session, provider_id, placement, "feedback_arrived", at, feedback.id)
    return feedback


def ask_checks(session: Session, at: datetime) -> int:
    """Ask the employer and the person about every check whose day has come (mail with a signed link). Repeatable."""
    checks = queries.checks_due(session, at.date())
    for check in checks:
        check.asked_at = at
        _tell_members(session, check.organization_id, check.placement, "check_asked", at, check.id,
                      check_id=check.id, day=check.day)
        _tell(session, check.placement, "check_asked_person", at, check.id, candidate=True, check_id=check.id,
              day=check.day)
    return len(checks)


def give_up_checks(session: Session, at: datetime) -> int:
    """Set checks aside as unknown when nobody answered in time. Repeatable."""
    checks = queries.checks_overdue(session, at.date() - rules.ANSWER_WINDOW)
    for check in checks:
        lifecycle.advance(session, check, "give_up", actor=SYSTEM, at=at, reason="no answer within the window")
    return len(checks)


def _tell(
    session: Session, placement: Placement, kind: str, at: datetime, key: str, *, candidate: bool,
    **params: str | int,
) -> None:
    if kind and candidate:
        outbox.notify(session, person_id=placement.candidate.person_id, kind=kind, at=at, hub_id=placement.hub_id,
                      params={"placement_id": placement.id, "organization_id": placement.organization_id, **params},
                      key=f"{kind}:{key}:{placement.candidate.person_id}")


def _tell_members(
    session: Session, organization_id: str, placement: Placement, kind: str, at: datetime, key: str,
    *, but: str | None = None, **params: str | int,
) -> None:
    members = session.scalars(select(Membership.person_id).where(
        Membership.organization_id == organization_id, Membership.ended_at.is_(None)
    ).order_by(Membership.created_at, Membership.id))
    for person_id in members.all():
        if person_id == but:
            continue
        outbox.notify(session, person_id=person_id, kind=kind, at=at, hub_id=placement.hub_id,
                      params={"placement_id": placement.id, "organization_id": organization_id, **params},
                      key=f"{kind}:{key}:{person_id}")
