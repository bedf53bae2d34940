"""The counter that tells match lists what changed: one per hub, raised with every fact that ranking may know."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matcher.organizations.models import FactsClock


def tick(session: Session, hub_id: str) -> int:
    """Raise the hub's counter and return it. The row lock makes versions visible in the order they are given."""
    session.execute(update(FactsClock).where(FactsClock.hub_id == hub_id).values(value=FactsClock.value + 1))
    value = session.scalar(select(FactsClock.value).where(FactsClock.hub_id == hub_id))
    if value is None:
        session.add(FactsClock(hub_id=hub_id, value=1))
        session.flush()
        return 1
    return value
