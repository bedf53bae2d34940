"""The nightly jobs over all lists: each share is made outside of the job's transaction, then the cap is found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matcher.kit.session import session_factory
from matcher.matches import crowding, nightly
from matcher.matches.pools import Pools
from matcher.tasks.runner import Inside, Outside

POOLS = Pools()  # this process reads a hub once for all of its shares


def promise(session: Session, at: datetime) -> None:
    """The duty: promise the shares of tonight."""
    nightly.plan(session, at=at)


def share(session: Session, payload: Mapping[str, Any], at: datetime) -> Outside | None:
    """Make one share of a hub's lists; the database is only read meanwhile, and a share done twice is done once."""
    mine, engine = nightly.Share.read(payload), session.get_bind()
    assert isinstance(engine, Engine)

    def outside() -> Inside:
        with session_factory(engine, read_only=True)() as reading:
            made = nightly.make(reading, mine, pools=POOLS)
        return lambda writing: _keep(writing, mine, made, at)

    return outside


def _keep(session: Session, mine: nightly.Share, made: nightly.Made, at: datetime) -> None:
    nightly.keep(session, mine, made, at=at)
    POOLS.note(session, mine.hub_id)


def cap(session: Session, payload: Mapping[str, Any], at: datetime) -> Outside | None:
    """Find the cap on how many lists one person may top, from the lists of the night that is over."""
    hub_id, day, engine = str(payload["hub_id"]), date.fromisoformat(payload["day"]), session.get_bind()
    assert isinstance(engine, Engine)

    def outside() -> Inside:
        with session_factory(engine, read_only=True)() as reading:
            found = nightly.find_cap(reading, hub_id, day)

        def inside(writing: Session) -> None:
            if found is not None:
                crowding.keep(writing, hub_id, found, at=at)

        return inside

    return outside
