"""What applications keep about a person, and what becomes of them when that person leaves."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matcher.applications import actions, queries
from matcher.applications.models import Application
from matcher.candidates.models import Candidate
from matcher.kit.actor import Actor
from matcher.people.actions import ON_CLOSE
from matcher.people.export import source
from matcher.people.models import Person
from matcher.roles.models import Posting

_KEPT = ("code", "on", "skills")


def withdraw_open(session: Session, candidate: Candidate, *, actor: Actor, at: datetime, reason: str = "") -> int:
    """Withdraw every open application of a profile, each with its notice; returns how many."""
    found = queries.open_of_candidate(session, candidate.id)
    for application in found:
        actions.advance(session, application, "withdraw", actor=actor, at=at, reason=reason)
    return len(found)


@source("applications")
def applications_of(session: Session, person: Person) -> list[dict[str, Any]]:
    """Every application with what was sent and what was answered; an employer's own notes are not the person's."""
    return [
        {"role": row.posting.title, "employer": row.posting.organization.name, "state": row.state,
         "sent": row.submitted_at, "words": row.words, "profile": row.snapshot, "answer": row.answer_code,
         "answer_words": row.answer_words, "answer_next": row.answer_next, "answered": row.answered_at}
        for row in _of_person(session, person.id)
    ]


def _of_person(session: Session, person_id: str) -> list[Application]:
    return list(session.scalars(
        select(Application).join(Candidate, Candidate.id == Application.candidate_id)
        .where(Candidate.person_id == person_id)
        .options(joinedload(Application.posting).joinedload(Posting.organization))
        .order_by(Application.created_at, Application.id)
    ))


def erase_words(session: Session, person: Person, at: datetime, reason: str) -> None:
    """Withdraw what is open, and empty what the person wrote or what describes them; the decision itself stays."""
    for row in _of_person(session, person.id):
        if row.is_open:
            own = Actor(person_id=person.id, candidates=frozenset({row.candidate_id}))
            actions.advance(session, row, "withdraw", actor=own, at=at, reason="the person closed the account")
        row.words = row.answer_words = row.answer_next = row.internal_words = ""
        row.snapshot = _skills_only(row.snapshot)
        for interview in row.interviews:
            interview.internal_words = ""
    session.flush()


def _skills_only(snapshot: dict[str, Any] | None) -> dict[str, Any] | None:
    """The snapshot without free words: which skills, at which level, with which kind of evidence."""
    if snapshot is None:
        return None
    skills = [{key: row[key] for key in ("skill", "level", "evidence")} for row in snapshot.get("skills", ())]
    return {**{key: snapshot[key] for key in _KEPT if key in snapshot}, "skills": skills, "erased": True}


ON_CLOSE.append(erase_words)
