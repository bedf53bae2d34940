"""Asking that a person looks at a match, a list or an answer: the request, its answer, and its end."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from matcher.candidates.models import Candidate
from matcher.kit import audit, lifecycle, outbox
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.errors import DomainError, NotAllowedError
from matcher.kit.words import N_
from matcher.matches.models import LookRequest
from matcher.organizations import queries as organizations
from matcher.people.actions import ON_CLOSE
from matcher.people.export import source
from matcher.people.models import Person
from matcher.roles.models import Posting

ANSWER_WITHIN = timedelta(days=14)
LEAST_WORDS = 20
MOST_OPEN = 5
FINDINGS: Mapping[str, str] = {
    "stands": N_("We looked, and it stands"), "mended": N_("Something was wrong, and it is mended"),
    "passed_on": N_("We asked the employer to look again"), "facts": N_("The profile or the role needs a change"),
}


def ask(
    session: Session, candidate: Candidate, *, words: str, posting: Posting | None, actor: Actor, at: datetime,
) -> LookRequest:
    """Ask the hub to look, about one role or in general. DomainError by field, and while one about it is open."""
    if not actor.is_candidate(candidate.id):
        raise NotAllowedError(N_("Only the person themself can ask."))
    if len(words.strip()) < LEAST_WORDS:
        raise DomainError(N_("Say in a sentence what seems wrong (at least %(least)s characters)."), field="words",
                          params={"least": LEAST_WORDS})
    if posting is not None and posting.hub_id != candidate.hub_id:
        raise DomainError(N_("This role is in another hub."), field="posting")
    open_ones = session.scalars(select(LookRequest.posting_id).where(
        LookRequest.candidate_id == candidate.id, LookRequest.state == "asked")).all()
    if (posting.id if posting else None) in open_ones:
        raise DomainError(N_("You have asked about this already. The hub is looking."), field="posting")
    if len(open_ones) >= MOST_OPEN:
        raise DomainError(N_("The hub is looking at %(most)s requests of yours. Wait for an answer first."),
                          params={"most": MOST_OPEN})
    row = LookRequest(created_at=at, hub_id=candidate.hub_id, candidate_id=candidate.id,
                      posting_id=posting.id if posting else None, words=words.strip(),
                      due_on=(at + ANSWER_WITHIN).date())
    session.add(row)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="look.ask", subject=row, hub_id=row.hub_id)
    for person_id in organizations.operators(session, row.hub_id):
        outbox.notify(session, person_id=person_id, kind="look_asked", at=at, hub_id=row.hub_id,
                      params={"look_id": row.id}, key=row.id)
    return row


def answer(
    session: Session, look: LookRequest, *, finding: str, words: str, actor: Actor, at: datetime
) -> LookRequest:
    """The hub's answer, by a person and in words; the one who asked is told."""
    if finding not in FINDINGS:
        raise DomainError(N_("Choose what you found."), field="finding")
    if len(words.strip()) < LEAST_WORDS:
        raise DomainError(N_("Say what you looked at and what you found (at least %(least)s characters)."),
                          field="words", params={"least": LEAST_WORDS})
    taken = lifecycle.advance(session, look, "answer", actor=actor, at=at)
    look.finding, look.answer_words = finding, words.strip()
    look.answered_by, look.answered_at = actor.person_id, at
    session.flush()
    candidate = session.get_one(Candidate, look.candidate_id)
    outbox.notify(session, person_id=candidate.person_id, kind=taken.notice or "", at=at, hub_id=look.hub_id,
                  params={"look_id": look.id, "candidate_id": candidate.id}, key=look.id)
    return look


def of_hub(hub_id: str, *, state: str = "") -> Select[LookRequest]:
    """A hub's requests: those that wait first, the oldest of them at the top."""
    query = select(LookRequest).where(LookRequest.hub_id == hub_id)
    if state:
        query = query.where(LookRequest.state == state)
    return query.order_by((LookRequest.state == "asked").desc(), LookRequest.due_on, LookRequest.id)


def of_candidate(session: Session, candidate_id: str) -> list[LookRequest]:
    """A person's requests, newest first."""
    return list(session.scalars(
        select(LookRequest).where(LookRequest.candidate_id == candidate_id)
        .order_by(LookRequest.created_at.desc(), LookRequest.id)))


def _mine(session: Session, person: Person) -> list[LookRequest]:
    ids = select(Candidate.id).where(Candidate.person_id == person.id)
    return list(session.scalars(select(LookRequest).where(LookRequest.candidate_id.in_(ids))
                                .order_by(LookRequest.created_at, LookRequest.id)))


@source("looks_asked_for")
def exported(session: Session, person: Person) -> list[dict[str, Any]]:
    """What the person asked and what they were answered."""
    return [{"asked_at": row.created_at, "role": row.posting_id, "words": row.words, "state": str(row.state),
             "finding": row.finding, "answer": row.answer_words, "answered_at": row.answered_at}
            for row in _mine(session, person)]


def erase(session: Session, person: Person, at: datetime, reason: str) -> None:
    """With the account the words go, and open requests end."""
    rows = _mine(session, person)
    for row in rows:
        if str(row.state) == "asked":
            lifecycle.advance(session, row, "withdraw_closed", actor=SYSTEM, at=at)
    session.flush()
    session.execute(update(LookRequest).where(LookRequest.id.in_([row.id for row in rows]))
                    .values(words="", answer_words="").execution_options(synchronize_session="fetch"))


ON_CLOSE.append(erase)
