"""The nightly cap on how many lists one person may top: every list of every hub is made, then the cap is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher.kit.session import session_factory
from matcher.matches import crowding
from matcher.matches.pools import Pools
from matcher.organizations.models import Hub
from matcher.tasks.runner import Inside, Outside


def nightly(session: Session, at: datetime) -> Outside | None:
    """Making the lists takes seconds, and must not hold the only writer's place: it has a session of its own."""
    engine = session.get_bind()
    hubs = session.scalars(select(Hub.id).order_by(Hub.id)).all()
    if not hubs or not isinstance(engine, Engine):
        return None

    def outside() -> Inside:
        pools = Pools()
        with session_factory(engine, read_only=True)() as reading:
            found = [(hub_id, crowding.find_cap(reading, hub_id, at=at, pools=pools)) for hub_id in hubs]

        def inside(writing: Session) -> None:
            for hub_id, cap in found:
                if cap is not None:
                    crowding.keep(writing, hub_id, cap, at=at)

        return inside

    return outside
