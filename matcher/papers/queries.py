"""Finds the paper that a person handed in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.papers.models import Paper, PaperPurpose


def latest(
    session: Session, person_id: str, purpose: PaperPurpose, *, candidate_id: str | None = None,
    organization_id: str | None = None,
) -> Paper | None:
    """The paper of this person that is still here, for this profile or organization."""
    return session.scalar(
        select(Paper).where(Paper.person_id == person_id, Paper.purpose == purpose, Paper.candidate_id == candidate_id,
                            Paper.organization_id == organization_id).order_by(Paper.created_at.desc()).limit(1)
    )
