"""The counter that tells match lists what changed: one per hub, raised with every fact that ranking may know."""

from typing import Any

from sqlalchemy import Table, event, insert, update
from sqlalchemy.orm import Session

from matcher.organizations.models import FactsClock

_TABLE: Table = FactsClock.metadata.tables[FactsClock.__tablename__]
_RAISED = "facts_clock.raised"


def tick(session: Session, hub_id: str) -> int:
    """Raise the hub's counter and return it. The row lock makes versions visible in the order they are given.

    Changes of one transaction share one version, until somebody reads lists in it (see `seen`).
    """
    raised: dict[str, int] = session.info.setdefault(_RAISED, {})
    if hub_id not in raised:
        raised[hub_id] = _raise(session, hub_id)
    return raised[hub_id]


def _raise(session: Session, hub_id: str) -> int:
    raised = update(_TABLE).where(_TABLE.c.hub_id == hub_id).values(value=_TABLE.c.value + 1).returning(_TABLE.c.value)
    value = session.connection().execute(raised).scalar()
    if value is None:
        session.connection().execute(insert(_TABLE).values(hub_id=hub_id, value=1))
        return 1
    return int(value)


def seen(session: Session) -> None:
    """A list was brought up to date in this transaction: what changes after it needs a version of its own."""
    session.info.pop(_RAISED, None)


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, *_: Any) -> None:
    seen(session)
