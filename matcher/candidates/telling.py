"""Tells a person once when a provider endorsed several of their skills."""

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.candidates.models import Candidate
from matcher.kit import outbox
from matcher.training import grids
from matcher.training.models import Enrollment


def on_endorsed_together(session: Session, enrollment: Enrollment, count: int, at: datetime) -> None:
    """One notice for the whole grid, with how many skills."""
    person = session.get_one(Candidate, enrollment.candidate_id)
    outbox.notify(session, person_id=person.person_id, kind="endorsed", at=at, hub_id=enrollment.hub_id,
                  params={"organization_id": enrollment.organization_id, "candidate_id": person.id, "count": count},
                  key=f"endorsed:{enrollment.id}:{at.isoformat()}")


grids.ON_ENDORSED_TOGETHER.append(on_endorsed_together)
