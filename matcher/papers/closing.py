"""What papers keep about a person: shown in the person's own export, gone with the account."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit.actor import Actor
from matcher.papers.actions import forget, found_in
from matcher.papers.models import Paper
from matcher.people.actions import ON_CLOSE
from matcher.people.export import source
from matcher.people.models import Person


@source("papers")
def papers(session: Session, person: Person) -> list[dict[str, Any]]:
    """Papers that wait to be read or to be looked through, with what was found in them."""
    return [{"at": row.created_at, "for": row.purpose, "until": row.expires_at, "found": found_in(row)}
            for row in _of(session, person)]


def erase_papers(session: Session, person: Person, at: datetime, reason: str) -> None:
    """Delete every paper of the person."""
    for row in _of(session, person):
        forget(session, row, actor=Actor(person_id=person.id), at=at)


def _of(session: Session, person: Person) -> list[Paper]:
    return list(session.scalars(select(Paper).where(Paper.person_id == person.id).order_by(Paper.created_at, Paper.id)))


ON_CLOSE.append(erase_papers)
