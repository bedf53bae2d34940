"""The counter that tells match lists what changed: one per hub, raised with every fact that ranking may know."""

from sqlalchemy import Table, insert, update
from sqlalchemy.orm import Session

from matcher.organizations.models import FactsClock

_TABLE: Table = FactsClock.metadata.tables[FactsClock.__tablename__]


def tick(session: Session, hub_id: str) -> int:
    """Raise the hub's counter and return it. The row lock makes versions visible in the order they are given."""
    raised = update(_TABLE).where(_TABLE.c.hub_id == hub_id).values(value=_TABLE.c.value + 1).returning(_TABLE.c.value)
    value = session.connection().execute(raised).scalar()
    if value is None:
        session.connection().execute(insert(_TABLE).values(hub_id=hub_id, value=1))
        return 1
    return int(value)
