"""Every live list of every hub, made at night in shares that any number of worker processes take one by one."""

import threading
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from matcher.kit import outbox
from matcher.matches import crowding
from matcher.matches.models import NightList, NightShard
from matcher.matches.pools import Kept, Pools
from matcher.organizations.models import Hub
from matcher.ranking import congestion
from matcher.ranking.facts import CandidateFacts
from matcher.ranking.index_pool import IndexedPool
from matcher.ranking.pool import CandidatePool
from matcher.ranking.ranker import role_needs
from matcher.roles.models import Posting

KIND = "matches.night"
CAP_KIND = "matches.night_cap"
SHARE = 250  # live roles in one share: some seconds of work in a big hub
LEASE_SECONDS = 300
Line = tuple[str, float]


@dataclass(frozen=True)
class Share:
    """One share of a hub's night: the live roles whose id falls on `shard` of `shards`."""

    hub_id: str
    day: date
    shard: int
    shards: int

    def takes(self, posting_id: str) -> bool:
        """Whether a role is in this share; it does not depend on which others are live."""
        return zlib.crc32(posting_id.encode()) % self.shards == self.shard

    def payload(self) -> dict[str, Any]:
        """As a job carries it."""
        return {"hub_id": self.hub_id, "day": self.day.isoformat(), "shard": self.shard, "shards": self.shards}

    @classmethod
    def read(cls, payload: Any) -> "Share":
        """From a job."""
        return cls(str(payload["hub_id"]), date.fromisoformat(payload["day"]), int(payload["shard"]),
                   int(payload["shards"]))


@dataclass(frozen=True)
class Made:
    """The lists of one share and the model that made them."""

    lists: dict[str, list[Line]]
    people: int
    model_hash: str


def plan(session: Session, *, at: datetime) -> int:
    """Promise the shares of tonight for every hub with a live role, and forget nights before; returns how many.

    A night that is promised is not promised again.
    """
    live = select(Posting.hub_id, func.count()).where(Posting.state == "live").group_by(Posting.hub_id)
    shares = 0
    for hub_id, roles in session.execute(live.order_by(Posting.hub_id)).all():
        first = f"{KIND}:{hub_id}:{at.date()}:0"
        if session.scalar(select(outbox.OutboxJob.id).where(outbox.OutboxJob.key == first)):
            continue  # another number of shares would cut the same roles another way
        count = -(-roles // SHARE)
        for shard in range(count):
            share = Share(hub_id, at.date(), shard, count)
            outbox.enqueue(session, kind=KIND, payload=share.payload(), at=at, hub_id=hub_id,
                           lease_seconds=LEASE_SECONDS, key=f"{KIND}:{hub_id}:{at.date()}:{shard}")
        shares += count
    session.execute(delete(NightShard).where(NightShard.day < at.date()))
    gone = select(Posting.id).where(Posting.state != "live")
    session.execute(delete(NightList).where(NightList.posting_id.in_(gone)))
    return shares


def make(session: Session, share: Share, *, pools: Pools) -> Made:
    """The lists of one share, from the hub as it is now; reads alone."""
    people = pools.fresh(session, "candidates", share.hub_id, share.day)
    roles = pools.fresh(session, "roles", share.hub_id, share.day)
    used = pools.in_use(session, share.hub_id)
    with roles.lock:
        mine = sorted((role for role in roles.pool.facts() if share.takes(role.id)), key=lambda role: role.id)
    index = _indexed(people)
    lists: dict[str, list[Line]] = {}
    for role in mine:
        if not isinstance(role, CandidateFacts) and not role_needs(role):
            ranking = index.rank_for(role, ranker=used.ranker, day=share.day, seed=crowding.SEED, top=congestion.DEPTH)
            lists[role.id] = [(line.id, line.score) for line in ranking.lines if line.score is not None]
    return Made(lists, len(index), used.hash)


def keep(session: Session, share: Share, made: Made, *, at: datetime) -> bool:
    """Keep the lists of a share in place of older ones; True when it was the last of the hub's night.

    Doing it twice changes nothing. The last share promises the job that finds the cap.
    """
    # Shares of one hub come in one after the other here, so that one of them surely is the last.
    session.execute(select(Hub.id).where(Hub.id == share.hub_id).with_for_update()).all()
    names = sorted(made.lists)
    for some in _some(names):
        session.execute(delete(NightList).where(NightList.posting_id.in_(some)))
        session.execute(insert(NightList), [
            {"posting_id": name, "hub_id": share.hub_id, "day": share.day, "model_hash": made.model_hash,
             "lines": [list(line) for line in made.lists[name]]} for name in some
        ])
    mine = (NightShard.hub_id == share.hub_id, NightShard.day == share.day)
    session.execute(delete(NightShard).where(*mine, NightShard.shard == share.shard))
    session.execute(insert(NightShard).values(
        hub_id=share.hub_id, day=share.day, shard=share.shard, shards=share.shards, lists=len(names),
        people=made.people, done_at=at))
    last = session.scalar(select(func.count()).where(*mine)) == share.shards
    if last:
        outbox.enqueue(session, kind=CAP_KIND, payload={"hub_id": share.hub_id, "day": share.day.isoformat()}, at=at,
                       hub_id=share.hub_id, key=f"{CAP_KIND}:{share.hub_id}:{share.day}")
    return last


def lists_of(session: Session, hub_id: str, day: date | None = None) -> dict[str, list[Line]]:
    """Posting id to its kept lines, of one night or the newest of each."""
    rows = select(NightList.posting_id, NightList.lines).where(NightList.hub_id == hub_id)
    if day is not None:
        rows = rows.where(NightList.day == day)
    return {name: [(person, score) for person, score in lines]
            for name, lines in session.execute(rows.order_by(NightList.posting_id))}


def lists_topped(session: Session, hub_id: str, *, places: int = congestion.PLACES) -> dict[str, int]:
    """For each person in the first `places` of any live list, as the last night found them, in how many."""
    held: Counter[str] = Counter()
    for lines in lists_of(session, hub_id).values():
        held.update(person for person, _ in lines[:places])
    return dict(held)


def find_cap(session: Session, hub_id: str, day: date) -> congestion.Cap | None:
    """The congestion cap over the lists of a night that is over; None where there are none."""
    lists = {name: lines for name, lines in lists_of(session, hub_id, day).items() if lines}
    return congestion.smallest_cap(lists) if lists else None


_INDEXES: dict[int, tuple[Kept, int, date | None, CandidatePool]] = {}
_LOCK = threading.Lock()


def _indexed(people: Kept) -> CandidatePool:
    """The hub's people as an index, made once for all shares that this process takes of one night."""
    with _LOCK, people.lock:
        held = _INDEXES.get(id(people))
        if held is None or held[0] is not people or held[1:3] != (people.version, people.day):
            if held is None:
                _INDEXES.clear()  # one hub at a time: a big one takes room
            held = _INDEXES[id(people)] = (people, people.version, people.day, _apart(people))
        return held[3]


def _apart(people: Kept) -> IndexedPool:
    """An index of its own, so that the pool is free for others while lists are made."""
    if isinstance(people.pool, IndexedPool):
        return people.pool.snapshot()
    return IndexedPool(item for item in people.pool.facts() if isinstance(item, CandidateFacts))


def _some(names: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    return (names[start:start + size] for start in range(0, len(names), size))
