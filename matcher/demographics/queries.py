"""Reads one person's own voluntary answers."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.demographics.models import DemographicAnswer


def of_candidate(session: Session, candidate_id: str) -> dict[str, DemographicAnswer]:
    """Question to the standing answer; a question without a row was never asked."""
    rows = session.scalars(select(DemographicAnswer).where(DemographicAnswer.candidate_id == candidate_id))
    return {str(row.question): row for row in rows}
