"""What the protected room gives out and gives up: a person's own answers in their export, and their erasure."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matcher.demographics.models import DemographicAnswer
from matcher.kit import audit
from matcher.kit.base import Base
from matcher.people.actions import ON_CLOSE
from matcher.people.export import source
from matcher.people.models import Person


def _profile_ids(session: Session, person_id: str) -> list[str]:
    # Profiles live on a higher floor, so they are found by the name of their table, as the foreign key does.
    profiles = Base.metadata.tables["candidates"]
    return list(session.scalars(select(profiles.c.id).where(profiles.c.person_id == person_id)))


@source("voluntary_answers")
def own_answers(session: Session, person: Person) -> list[dict[str, Any]]:
    """The person's answers as they stand."""
    rows = session.scalars(
        select(DemographicAnswer).where(DemographicAnswer.candidate_id.in_(_profile_ids(session, person.id)))
        .order_by(DemographicAnswer.candidate_id, DemographicAnswer.question)
    )
    return [{"question": row.question, "status": row.status, "answer": row.value, "at": row.answered_at}
            for row in rows]


def erase_answers(session: Session, person: Person, at: datetime, reason: str) -> None:
    """Delete every answer; the trail says that it happened, not what they were."""
    for candidate_id in _profile_ids(session, person.id):
        session.execute(delete(DemographicAnswer).where(DemographicAnswer.candidate_id == candidate_id))
        audit.record(session, at=at, actor_id=person.id, action="demographics.erase",
                     subject=("candidates", candidate_id))


ON_CLOSE.append(erase_answers)
