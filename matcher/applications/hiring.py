"""Interviews and offers: proposing times, choosing one, offering terms, and the candidate's answer."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from matcher.applications import queries
from matcher.applications.actions import advance
from matcher.applications.models import Application, Interview, Offer
from matcher.applications.notices import tell_candidate, tell_employer
from matcher.kit import audit, lifecycle
from matcher.kit.actor import Actor
from matcher.kit.errors import ConflictError, DomainError
from matcher.kit.words import N_
from matcher.organizations.rules import local_day
from matcher.roles.models import PayPeriod
from matcher.roles.rules import annual_cents

MOST_TIMES = 3


def propose_interview(
    session: Session, application: Application, *, options: list[datetime], minutes: int, place: str, actor: Actor,
    at: datetime,
) -> Interview:
    """Offer one to three times; moves the application to interviewing. Raises DomainError by field."""
    if not 1 <= len(options) <= MOST_TIMES or len(set(options)) != len(options):
        raise DomainError(N_("Offer one to three different times."), field="options")
    if min(options) <= at:
        raise DomainError(N_("Offer times that are still ahead."), field="options")
    if not place.strip():
        raise DomainError(N_("Say where you will meet: an address, a phone number or a video link."), field="place")
    if queries.current_interview(session, application.id):
        raise ConflictError(N_("An interview is already on the way. Cancel it before you offer other times."))
    if str(application.state) != "interviewing":
        advance(session, application, "interview", actor=actor, at=at)
    interview = Interview(
        created_at=at, hub_id=application.hub_id, application_id=application.id,
        organization_id=application.organization_id, candidate_id=application.candidate_id,
        options=[t.astimezone(UTC).isoformat() for t in sorted(options)], minutes=minutes, place=place.strip(),
    )
    session.add(interview)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="interview.propose", subject=interview,
                 hub_id=interview.hub_id, after={"times": len(options)})
    tell_candidate(session, application, "interview_proposed", at)
    return interview


def choose_time(session: Session, interview: Interview, chosen: str, *, actor: Actor, at: datetime) -> None:
    """The candidate chooses one of the times (its ISO text)."""
    if chosen not in interview.options:
        raise DomainError(N_("Choose one of the times."), field="chosen")
    interview.starts_at = datetime.fromisoformat(chosen)
    advance_interview(session, interview, "agree", actor=actor, at=at)


def advance_interview(
    session: Session, interview: Interview, step: str, *, actor: Actor, at: datetime, reason: str = "",
) -> None:
    """Take a step of the interview's life and tell the other side."""
    if step in {"hold", "miss"} and interview.starts_at is not None and interview.starts_at > at:
        raise DomainError(N_("That interview is still ahead."))
    taken = lifecycle.advance(session, interview, step, actor=actor, at=at, reason=reason)
    session.flush()
    if taken.notice:
        by_candidate = actor.is_candidate(interview.candidate_id)
        tell = tell_employer if by_candidate else tell_candidate
        tell(session, interview.application, taken.notice, at)


def make_offer(
    session: Session, application: Application, *, pay_cents: int, pay_period: PayPeriod, starts_on: date,
    answer_by: date, terms: str, actor: Actor, at: datetime,
) -> Offer:
    """Offer the job on these terms. Pay below the posting's stated range is refused: what was promised holds."""
    posting = application.posting
    if pay_cents <= 0:
        raise DomainError(N_("State the pay."), field="pay")
    least = annual_cents(posting.pay_min_cents, str(posting.pay_period))
    if least is not None and (annual_cents(pay_cents, str(pay_period)) or 0) < least:
        raise DomainError(N_("This is below the pay that the role was posted with."), field="pay")
    today = local_day(at, posting.hub.time_zone)
    if starts_on < today:
        raise DomainError(N_("The start is in the past."), field="starts_on")
    if answer_by < today:
        raise DomainError(N_("Give at least until today."), field="answer_by")
    if posting.filled >= posting.positions:
        raise ConflictError(N_("Every position of this role is filled."))
    offer = Offer(
        created_at=at, hub_id=application.hub_id, application_id=application.id,
        organization_id=application.organization_id, candidate_id=application.candidate_id, pay_cents=pay_cents,
        pay_period=pay_period, starts_on=starts_on, answer_by=answer_by, terms=terms.strip(),
    )
    session.add(offer)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="offer.make", subject=offer, hub_id=offer.hub_id)
    advance(session, application, "offer", actor=actor, at=at)
    return offer


def take_back_offer(session: Session, offer: Offer, *, actor: Actor, at: datetime, reason: str) -> None:
    """The employer takes an unanswered offer back, with a reason that the person reads; talks go on."""
    lifecycle.advance(session, offer, "take_back", actor=actor, at=at, reason=reason)
    session.flush()
    advance(session, offer.application, "rethink", actor=actor, at=at, reason=reason)


def decline_offer(session: Session, offer: Offer, *, actor: Actor, at: datetime) -> None:
    """The candidate says no to the offer; the application ends."""
    lifecycle.advance(session, offer, "decline", actor=actor, at=at)
    advance(session, offer.application, "decline", actor=actor, at=at)
