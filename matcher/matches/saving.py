"""Roles that a candidate keeps for later."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.candidates.models import Candidate
from matcher.kit import audit
from matcher.kit.actor import Actor
from matcher.matches.models import SavedPosting
from matcher.roles.models import Posting


def toggle(session: Session, candidate: Candidate, posting: Posting, *, actor: Actor, at: datetime) -> bool:
    """Keep the role, or keep it no longer when it is kept; returns whether it is kept now."""
    found = session.scalar(select(SavedPosting).where(
        SavedPosting.candidate_id == candidate.id, SavedPosting.posting_id == posting.id
    ))
    row = found or SavedPosting(created_at=at, hub_id=candidate.hub_id, candidate_id=candidate.id,
                                posting_id=posting.id)
    audit.record(session, at=at, actor_id=actor.person_id, subject=row, hub_id=candidate.hub_id,
                 action="saved_posting.drop" if found else "saved_posting.keep")
    if found:
        session.delete(found)
    else:
        session.add(row)
    session.flush()
    return found is None
