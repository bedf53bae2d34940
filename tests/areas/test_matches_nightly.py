"""The nightly lists: shared out, the same as the lists people see, made again after a killed worker, kept once."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session, sessionmaker

import matcher.tables  # noqa: F401 - rows point to each other across areas
from matcher.kit import crypto
from matcher.kit.outbox import JobState, OutboxJob
from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.matches import crowding, lists, nightly
from matcher.matches import pools as pools_module
from matcher.matches.models import ListCap, NightList, NightShard
from matcher.matches.pools import Pools
from matcher.ranking.index_pool import IndexedPool
from matcher.roles.models import Posting
from matcher.tasks import night, runner
from tests.factories import applications as made
from tests.factories.roles import SKILLS, Town

pytestmark = pytest.mark.data
ROOT = Path(__file__).resolve().parents[2]
HANDLERS = {nightly.KIND: night.share, nightly.CAP_KIND: night.cap}
#: A worker that takes one share, makes its lists, and is still at work when it is killed.
DYING = """
import sys, time
from datetime import datetime
import matcher.tables
from matcher.kit.session import make_engine, session_factory
from matcher.matches import nightly
from matcher.tasks import night, runner
real = nightly.make
def slow(*args, **kwargs):
    found = real(*args, **kwargs)
    print("in the middle of", len(found.lists), flush=True)
    time.sleep(120)
nightly.make = slow
runner.run_due(session_factory(make_engine(sys.argv[1])), datetime.fromisoformat(sys.argv[2]),
               {nightly.KIND: night.share, nightly.CAP_KIND: night.cap}, limit=1)
"""


@pytest.fixture
def make_session(engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> sessionmaker[Session]:
    """A hub with five people and seven live roles, cut into shares of two roles."""
    crypto.configure(settings)
    monkeypatch.setattr(nightly, "SHARE", 2)
    monkeypatch.setattr(night, "POOLS", Pools())
    return session_factory(engine)


def told(make_session: sessionmaker[Session], at: datetime) -> str:
    """Fill the hub; its id."""
    with make_session.begin() as session:
        town = Town.found(session, at)
        for number in range(5):
            made.seeker(town, levels={skill: 1 + (number + place) % 4 for place, skill in enumerate(SKILLS)})
        for number in range(7):
            town.role(title=f"IT support technician {number}")
        session.execute(delete(OutboxJob))  # mail about all this is another test's
        nightly.plan(session, at=at)
        return town.hub.id


def kept(make_session: sessionmaker[Session], hub_id: str) -> dict[str, list[tuple[str, float]]]:
    """The kept lists of a hub."""
    with make_session() as session:
        return nightly.lists_of(session, hub_id)


def states(make_session: sessionmaker[Session], kind: str) -> Counter[JobState]:
    """How many jobs of a kind are in each state."""
    with make_session() as session:
        return Counter(session.scalars(select(OutboxJob.state).where(OutboxJob.kind == kind)))


def test_the_kept_lists_are_the_lists_that_people_see(make_session: sessionmaker[Session], at: datetime) -> None:
    hub_id = told(make_session, at)
    assert runner.run_due(make_session, at, HANDLERS) == 5  # four shares and the cap
    found = kept(make_session, hub_id)
    with make_session() as session:
        postings = session.scalars(select(Posting).where(Posting.hub_id == hub_id)).all()
        pools = Pools()
        assert found == {
            posting.id: [(line.id, line.score) for line in lists.candidates_for(
                session, posting, viewer_id=None, at=at, pools=pools).ranking.lines]
            for posting in postings
        }
        topped = nightly.lists_topped(session, hub_id, places=2)
        assert topped == Counter(person for lines in found.values() for person, _ in lines[:2])
        whole = crowding.find_cap(session, hub_id, at=at, pools=pools)
        assert whole == nightly.find_cap(session, hub_id, at.date())
        assert session.scalars(select(ListCap.cap)).all() == [whole.cap if whole else None]


def test_a_killed_worker_loses_no_list(
    make_session: sessionmaker[Session], at: datetime, database_url: str, settings: Settings
) -> None:
    hub_id = told(make_session, at)
    worker = subprocess.Popen([sys.executable, "-c", DYING, database_url, at.isoformat()], cwd=ROOT, text=True,  # noqa: S603
                              stdout=subprocess.PIPE)
    assert worker.stdout
    assert worker.stdout.readline().startswith("in the middle of")
    assert runner.run_due(make_session, at, HANDLERS) == 3  # the other shares go on; no cap while one is missing
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    worker.stdout.close()
    assert states(make_session, nightly.KIND) == {JobState.DONE: 3, JobState.LEASED: 1}
    later = at + timedelta(seconds=nightly.LEASE_SECONDS + 1)
    assert runner.sweep(make_session, later) == 1
    assert runner.run_due(make_session, later, HANDLERS) == 2
    assert len(kept(make_session, hub_id)) == 7
    assert states(make_session, nightly.KIND) == {JobState.DONE: 4}
    with make_session() as session:
        assert session.scalar(select(func.count()).select_from(NightShard)) == 4
        assert session.scalar(select(func.count()).select_from(ListCap)) == 1


def test_a_share_done_twice_is_kept_once(make_session: sessionmaker[Session], at: datetime) -> None:
    hub_id = told(make_session, at)
    runner.run_due(make_session, at, HANDLERS)
    before = kept(make_session, hub_id)
    with make_session.begin() as session:
        assert nightly.plan(session, at=at) == 0  # promised already
        for shard in range(4):
            share = nightly.Share(hub_id, at.date(), shard, 4)
            nightly.keep(session, share, nightly.make(session, share, pools=night.POOLS), at=at)
    assert kept(make_session, hub_id) == before
    assert states(make_session, nightly.CAP_KIND) == {JobState.DONE: 1}


def test_lists_of_closed_roles_are_forgotten_the_next_night(make_session: sessionmaker[Session], at: datetime) -> None:
    hub_id = told(make_session, at)
    runner.run_due(make_session, at, HANDLERS)
    tomorrow = at + timedelta(days=1)
    with make_session.begin() as session:
        town_roles = session.scalars(select(Posting).where(Posting.hub_id == hub_id).order_by(Posting.id)).all()
        session.execute(update(Posting).where(Posting.id == town_roles[0].id).values(state="closed"))
        nightly.plan(session, at=tomorrow)
        assert session.get(NightList, town_roles[0].id) is None
        assert session.scalar(select(func.count()).select_from(NightShard)) == 0
    assert len(kept(make_session, hub_id)) == 6


def test_a_big_hub_is_listed_from_the_index_with_the_same_lines(
    make_session: sessionmaker[Session], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub_id = told(make_session, at)
    with make_session() as session:
        posting = session.scalars(select(Posting).where(Posting.hub_id == hub_id).order_by(Posting.id)).first()
        assert posting
        small = lists.candidates_for(session, posting, viewer_id=None, at=at, pools=Pools())
        monkeypatch.setattr(pools_module, "BIG", 3)
        big = lists.candidates_for(session, posting, viewer_id=None, at=at, pools=Pools())
    assert isinstance(big.kept.pool, IndexedPool)
    assert big.ranking == small.ranking
    assert big.run.fingerprint == small.run.fingerprint
