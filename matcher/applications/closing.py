"""Applications that end because something else did: the role is over, or the person excluded the employer."""

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.applications import actions, queries
from matcher.candidates.actions import ON_EXCLUDED
from matcher.candidates.models import Candidate
from matcher.kit.actor import Actor
from matcher.roles.actions import ON_POSTING_END
from matcher.roles.models import Posting

CODES = {"fill": "filled", "close": "closed", "withdraw": "closed"}
"""A role past its date is not in here: those who applied in time are still read, and answered like all others."""


def close_with_role(session: Session, posting: Posting, step: str, actor: Actor, at: datetime) -> None:
    """Filled roles say so; the other ends say that the employer closed the role (invariant 2)."""
    if step in CODES:
        actions.close_for_posting(session, posting, at=at, code=CODES[step])


def withdraw_from(session: Session, candidate: Candidate, organization_id: str, actor: Actor, at: datetime) -> None:
    """Withdraw what the person had sent to an employer that must not see them any more (invariant 10)."""
    for application in queries.open_of_candidate(session, candidate.id):
        if application.organization_id == organization_id:
            actions.advance(session, application, "withdraw", actor=actor, at=at)


ON_POSTING_END.append(close_with_role)
ON_EXCLUDED.append(withdraw_from)
