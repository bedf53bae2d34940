"""What people answered when an employer asked them on, as yes or no to learn from; silence is no answer."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.applications.models import Application, Interview, Offer
from matcher.kit.audit import AuditEvent

OFFER_ANSWERS = {"accepted": True, "declined": False}


@dataclass(frozen=True, slots=True)
class Answer:
    """A person's last word to an employer that asked them on, and when it was given."""

    posting_id: str
    candidate_id: str
    accepted: bool
    answered_at: datetime

    @property
    def key(self) -> tuple[str, str]:
        """(posting, candidate)."""
        return self.posting_id, self.candidate_id


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of an application in which the person was asked: `answers` to times and offers, oldest first.

    `left_at` is when the person withdrew (None: they did not), `elsewhere` that another employer was faster.
    """

    answers: tuple[tuple[datetime, bool], ...]
    left_at: datetime | None = None
    elsewhere: bool = False


def last_word(asked: Asked) -> tuple[datetime, bool] | None:
    """The answer that counts: leaving after having been asked is a no; else the newest yes or no; None for silence.

    A time that was chosen is a yes until an offer is answered. An interview that was called off is no answer: people
    fall ill, and roles close.
    """
    if asked.left_at is not None:
        return asked.left_at, False
    return max(asked.answers, default=None)


def answers_in(session: Session, hub_id: str, at: datetime) -> tuple[list[Answer], Counter[str]]:
    """The answers of a hub up to a moment, the newest of each pair; and why other invitations say nothing."""
    found: dict[tuple[str, str], Answer] = {}
    silent: Counter[str] = Counter()
    for posting_id, candidate_id, asked in _asked(session, hub_id, at):
        word = last_word(asked)
        if word is None:
            silent["elsewhere" if asked.elsewhere else "unanswered"] += 1
            continue
        held = found.get((posting_id, candidate_id))
        if held is None or held.answered_at <= word[0]:
            found[posting_id, candidate_id] = Answer(posting_id, candidate_id, word[1], word[0])
    return list(found.values()), silent


def _asked(session: Session, hub_id: str, at: datetime) -> list[tuple[str, str, Asked]]:
    """Every application in which times or terms were offered, in a fixed number of statements."""
    answers: defaultdict[str, list[tuple[datetime, bool]]] = defaultdict(list)
    offers = session.execute(
        select(Offer.application_id, Offer.state, Offer.state_at)
        .where(Offer.hub_id == hub_id, Offer.created_at <= at).order_by(Offer.created_at, Offer.id)
    )
    for application_id, state, moment in offers:
        own = answers[application_id]
        if str(state) in OFFER_ANSWERS and moment <= at:
            own.append((moment, OFFER_ANSWERS[str(state)]))
    chosen = {row.subject_id: row.at for row in session.execute(
        select(AuditEvent.subject_id, AuditEvent.at)
        .where(AuditEvent.chain == hub_id, AuditEvent.action == "interview.agree", AuditEvent.at <= at)
    )}
    talks = session.execute(
        select(Interview.id, Interview.application_id).where(Interview.hub_id == hub_id, Interview.created_at <= at)
        .order_by(Interview.created_at, Interview.id)
    )
    for interview_id, application_id in talks:
        own = answers[application_id]
        if interview_id in chosen:
            own.append((chosen[interview_id], True))
    return _with_ends(session, hub_id, at, answers)


def _with_ends(
    session: Session, hub_id: str, at: datetime, answers: dict[str, list[tuple[datetime, bool]]]
) -> list[tuple[str, str, Asked]]:
    rows = session.execute(
        select(Application.id, Application.posting_id, Application.candidate_id, Application.state,
               Application.state_at)
        .where(Application.hub_id == hub_id, Application.submitted_at.is_not(None), Application.submitted_at <= at)
        .order_by(Application.submitted_at, Application.id)
    )
    return [
        (row.posting_id, row.candidate_id, Asked(
            tuple(answers[row.id]), row.state_at if str(row.state) == "withdrawn" and row.state_at <= at else None,
            str(row.state) == "hired_elsewhere"))
        for row in rows if row.id in answers
    ]
