"""When a role ends, its open applications end with a neutral reason, and the people hear of it (invariant 2)."""

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.applications import actions
from matcher.kit.actor import Actor
from matcher.roles.actions import ON_POSTING_END
from matcher.roles.models import Posting


def close_with_role(session: Session, posting: Posting, step: str, actor: Actor, at: datetime) -> None:
    """Filled roles say so; every other end says that the employer closed the role."""
    actions.close_for_posting(session, posting, at=at, code="filled" if step == "fill" else "closed")


ON_POSTING_END.append(close_with_role)
