"""Everything that changes an application before interviews: sending, reading, shortlisting, answering, closing."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.applications import queries, rules
from matcher.applications.models import Application, Interview, Offer, Sender
from matcher.applications.notices import tell_candidate, tell_employer, tell_operators
from matcher.candidates.models import Candidate
from matcher.kit import audit, lifecycle
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.errors import ConflictError, DomainError
from matcher.kit.lifecycle import Step
from matcher.kit.words import N_
from matcher.organizations.rules import local_day
from matcher.roles.models import Posting

TO_EMPLOYER = frozenset({"submit", "withdraw", "accept", "decline", "elsewhere"})
ANSWERING = frozenset({"shortlist", "offer", "not_select"})


def apply(
    session: Session, posting: Posting, candidate: Candidate, *, snapshot: dict[str, Any], words: str, consented: bool,
    actor: Actor, at: datetime, sender: Sender = Sender.SELF, sender_organization_id: str | None = None,
) -> Application:
    """Send an application with the profile as it is now (`snapshot`, from candidates.rules).

    Raises DomainError when the role or the profile is not open, the employer is excluded, consent is missing, or an
    application to the same role is open (invariant 2).
    """
    _may_apply(session, posting, candidate, consented)
    application = Application(
        created_at=at, hub_id=posting.hub_id, posting_id=posting.id, candidate_id=candidate.id,
        organization_id=posting.organization_id, sender=sender, sender_organization_id=sender_organization_id,
        words=words, snapshot=snapshot, consented_at=at, is_open=True,
    )
    session.add(application)
    session.flush()
    application.submitted_at = at
    application.answer_due_on = _answer_due(posting, at)
    advance(session, application, "submit", actor=actor, at=at)
    tell_candidate(session, application, "application_sent", at)
    return application


def _answer_due(posting: Posting, at: datetime) -> date:
    """The promised day of an answer, on the hub's own calendar."""
    return rules.answer_due(local_day(at, posting.hub.time_zone), posting.hub.answer_days)


def _may_apply(session: Session, posting: Posting, candidate: Candidate, consented: bool) -> None:
    if str(posting.state) != "live" or posting.hub_id != candidate.hub_id:
        raise DomainError(N_("This role no longer takes applications."))
    if str(candidate.state) not in {"active", "paused"}:
        raise DomainError(N_("Finish your profile first, then apply."))
    if queries.excluded(session, candidate.id, posting.organization_id):
        raise DomainError(
            N_("You asked that this employer never sees you. Change that in your privacy settings first."))
    if not consented:
        raise DomainError(N_("Say that this employer may read your profile."), field="consent")
    if queries.find_open(session, posting.id, candidate.id):
        raise ConflictError(N_("You already have an open application for this role."))


def advance(
    session: Session, application: Application, step: str, *, actor: Actor, at: datetime, reason: str = "",
) -> Step:
    """Take a step of the application's life; marks what it opens or closes and tells the other side."""
    if step == "reopen":
        _may_reopen(session, application)
    taken = lifecycle.advance(session, application, step, actor=actor, at=at, reason=reason)
    application.is_open = str(application.state) in rules.OPEN_STATES
    if step == "reopen":
        # The person waits anew, so the promise of an answer begins anew too.
        application.answer_due_on = _answer_due(application.posting, at)
        application.reminded_at, application.escalated_at = None, None
    if step in ANSWERING and application.answered_at is None:
        application.answered_at = at
    if rules.name_shows(str(application.state), False) and application.revealed_at is None:
        application.revealed_at = at
    if not application.is_open:
        _end_talks(session, application, at)
    session.flush()
    if taken.notice:
        tell = tell_employer if step in TO_EMPLOYER else tell_candidate
        tell(session, application, taken.notice, at)
    return taken


def _may_reopen(session: Session, application: Application) -> None:
    posting, state = application.posting, str(application.candidate.state)
    if str(posting.state) not in {"live", "paused", "expired"} or posting.filled >= posting.positions:
        raise DomainError(N_("The role is over, so nobody can be hired for it."))
    gone = queries.excluded(session, application.candidate_id, posting.organization_id)
    if gone or state not in {"active", "paused"}:
        raise DomainError(N_("This person is no longer looking."))
    if queries.find_open(session, posting.id, application.candidate_id):
        raise ConflictError(N_("This person has applied again since. Answer the new application."))


def _end_talks(session: Session, application: Application, at: datetime) -> None:
    interview: Interview | None = queries.current_interview(session, application.id)
    if interview is not None:
        lifecycle.advance(session, interview, "cancel", actor=SYSTEM, at=at, reason="the application ended")
    offer: Offer | None = queries.standing_offer(session, application.id)
    if offer is not None and str(application.state) not in {"accepted", "declined"}:
        lifecycle.advance(session, offer, "take_back", actor=SYSTEM, at=at, reason="the application ended")


def say_no(
    session: Session, application: Application, *, code: str, words: str, next_step: str, internal_words: str = "",
    actor: Actor, at: datetime,
) -> None:
    """Answer no, with a reason, words and a next step; internal words stay with the employer.

    A person decides and gives the reason (invariant 15). Raises DomainError by field for what is missing.
    """
    if code not in rules.EMPLOYER_ANSWERS:
        raise DomainError(N_("Choose the reason."), field="code")
    if len(words.strip()) < rules.LEAST_WORDS:
        raise DomainError(N_("Write a sentence or two that helps the person (at least %(least)s characters)."),
                          field="words", params={"least": rules.LEAST_WORDS})
    if not next_step.strip():
        raise DomainError(N_("Name one thing the person could do next."), field="next_step")
    application.answer_code, application.answer_words = code, words.strip()
    application.answer_next = next_step.strip()
    application.internal_words = internal_words.strip() or application.internal_words
    advance(session, application, "not_select", actor=actor, at=at, reason=code)


def note(session: Session, application: Application, words: str, *, actor: Actor, at: datetime) -> None:
    """Keep a note that only the employer sees."""
    if not actor.belongs_to(application.organization_id):
        raise DomainError(N_("Only the employer keeps notes here."))
    application.internal_words = words.strip()
    audit.record(session, at=at, actor_id=actor.person_id, action="application.note", subject=application,
                 hub_id=application.hub_id)


def close_for_posting(session: Session, posting: Posting, *, at: datetime, code: str) -> int:
    """Close every open application of a role that is filled or closed, with a neutral reason; returns how many."""
    closed = 0
    for application in queries.open_of_posting(session, posting.id):
        application.answer_code = code
        advance(session, application, "close", actor=SYSTEM, at=at, reason=code)
        closed += 1
    return closed


def close_for_hire(session: Session, candidate_id: str, *, keep: str, at: datetime) -> int:
    """Close a hired person's other open applications as hired elsewhere; returns how many."""
    others = [a for a in queries.open_of_candidate(session, candidate_id) if a.id != keep]
    for application in others:
        advance(session, application, "elsewhere", actor=SYSTEM, at=at, reason="hired")
    return len(others)


def chase(session: Session, at: datetime) -> dict[str, int]:
    """Remind the employer, tell the hub too, and close as no_response on the deadline (invariant 12).

    Safe to repeat; returns counts.
    """
    counts = {"reminded": 0, "escalated": 0, "closed": 0}
    for application in queries.waiting(session):
        if application.submitted_at is None or application.answer_due_on is None:
            continue
        zone = application.posting.hub.time_zone
        today = local_day(at, zone)  # nobody is told that a day is over while it still lasts where they live
        sent, due = local_day(application.submitted_at, zone), application.answer_due_on
        if today >= due:
            advance(session, application, "lapse", actor=SYSTEM, at=at, reason="no answer by the deadline")
            counts["closed"] += 1
        elif today >= rules.escalate_on(sent, due) and application.escalated_at is None:
            application.escalated_at = at
            tell_employer(session, application, "application_overdue", at)
            tell_operators(session, application, "application_overdue", at)
            counts["escalated"] += 1
        elif today >= rules.remind_on(sent, due) and application.reminded_at is None:
            application.reminded_at = at
            tell_employer(session, application, "application_reminder", at)
            counts["reminded"] += 1
    return counts
