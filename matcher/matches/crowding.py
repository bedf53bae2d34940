"""How crowded a hub's lists are: the cap on how many of them one person may top, found at night, read by each list."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.matches.models import ListCap
from matcher.matches.pools import Pools
from matcher.ranking import congestion
from matcher.ranking.congestion import Cap
from matcher.ranking.facts import RoleFacts
from matcher.ranking.pool import CandidatePool
from matcher.ranking.ranker import Ranker
from matcher.ranking.role_pool import RolePool
from matcher.roles.models import Posting

SEED = 7


def find_cap(session: Session, hub_id: str, *, at: datetime, pools: Pools) -> Cap | None:
    """The cap over the live lists of a hub as they are now; None where nothing is live. Slow: it makes every list."""
    people = pools.fresh(session, "candidates", hub_id, at.date())
    roles = pools.fresh(session, "roles", hub_id, at.date())
    ranker = pools.ranker(session, hub_id)
    with people.lock, roles.lock:
        assert isinstance(people.pool, CandidatePool)
        assert isinstance(roles.pool, RolePool)
        lists = _lists(people.pool, roles.pool.facts(), ranker, at)
    return congestion.smallest_cap(lists, places=congestion.PLACES) if lists else None


def keep(session: Session, hub_id: str, found: Cap, *, at: datetime) -> ListCap:
    """Keep what a night found, once a day: a second run of the same day replaces it."""
    row = session.scalar(select(ListCap).where(ListCap.hub_id == hub_id, ListCap.day == at.date()))
    if row is None:
        row = ListCap(created_at=at, hub_id=hub_id, day=at.date(), cap=found.cap, figures={}, more={})
        session.add(row)
    row.cap, row.figures = found.cap, figures(found)
    row.more = {name: list(people) for name, people in sorted(found.more.items())}
    session.flush()
    return row


def figures(found: Cap) -> dict[str, Any]:
    """The cost of the cap, and how the first places are shared out with and without it."""
    return {"loss": found.loss, "before": asdict(found.before), "after": asdict(found.after),
            "lists_changed": len(found.more), "moved": sum(map(len, found.more.values()))}


def under_more(session: Session, posting: Posting) -> tuple[str, ...]:
    """Who sits under "more" in the list of a role, as last night found; empty where nothing was found."""
    newest = (select(ListCap.more[posting.id]).where(ListCap.hub_id == posting.hub_id)
              .order_by(ListCap.day.desc()).limit(1))
    return tuple(session.scalar(newest) or ())


def latest(session: Session, hub_id: str) -> ListCap | None:
    """The newest cap of a hub, with its figures."""
    return session.scalar(select(ListCap).where(ListCap.hub_id == hub_id).order_by(ListCap.day.desc()).limit(1))


def _lists(pool: CandidatePool, roles: Iterable[RoleFacts], ranker: Ranker, at: datetime) -> congestion.Lists:
    how: dict[str, Any] = {"ranker": ranker, "day": at.date(), "seed": SEED, "top": congestion.DEPTH}
    found = {}
    for role in sorted(roles, key=lambda item: item.id):
        line = [(item.id, item.score) for item in pool.rank_for(role, **how).lines if item.score is not None]
        if line:
            found[role.id] = line
    return found
