"""Ranking works for a database role that cannot read the voluntary answers: it never needed them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

import matcher.tables  # noqa: F401 - rows point to each other across areas
from matcher import wiring
from matcher.candidates.models import Candidate
from matcher.kit import clock, crypto, migrate, outbox
from matcher.kit.outbox import OutboxJob
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.matches import lists
from matcher.matches.models import RankerModel, RankingWatch
from matcher.matches.pools import Pools
from matcher.organizations.models import Hub
from matcher.roles.models import Posting
from matcher.tasks import model_judge, models, night, runner
from matcher.tasks.handlers import HANDLERS
from tests.factories import town
from tests.services import PostgreSQL

ROOM = "demographic_answers"


@pytest.fixture
def ranker(postgresql: PostgreSQL, tmp_path: object) -> Iterator[tuple[Engine, town.Town]]:
    """The small town on PostgreSQL, opened by a role that may read everything but one table."""
    url = postgresql.create("isolation")
    crypto.configure(Settings.from_env({"FIRST_RUNG_MODE": "development", "FIRST_RUNG_DATA": str(tmp_path)}))
    wiring.connect()
    engine = make_engine(url)
    migrate.upgrade(engine)
    told = town.tell(session_factory(engine), clock.now())
    with engine.begin() as db:
        db.execute(text("CREATE ROLE ranker LOGIN"))
        db.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO ranker"))
        db.execute(text("GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ranker"))
        db.execute(text("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ranker"))
        db.execute(text(f"REVOKE ALL ON {ROOM} FROM ranker"))
    engine.dispose()
    limited = make_engine(url.replace("tester@", "ranker@"))
    yield limited, told
    limited.dispose()
    postgresql.drop("isolation")
    postgresql.run("DROP ROLE ranker")


def test_invariant_4_ranking_works_where_answers_cannot_be_read(ranker: tuple[Engine, town.Town]) -> None:
    """Both ways, with the reasons; and the room is really closed to that role."""
    engine, told = ranker
    ids, make = told.worlds["own"].ids, session_factory(engine, read_only=True)
    with make() as session, pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text(f"SELECT count(*) FROM {ROOM}"))
    with make() as session:
        people = shown(session, lists.candidates_for(
            session, session.get_one(Posting, ids["posting_live1"]), viewer_id=None, at=clock.now(), pools=Pools()))
        roles = shown(session, lists.roles_for(
            session, session.get_one(Candidate, ids["candidate"]), viewer_id=None, at=clock.now(), pools=Pools()))
    assert ids["candidate"] in people
    assert ids["posting_live1"] in roles


def test_invariant_4_the_workers_ranking_tasks_run_where_answers_cannot_be_read(
    ranker: tuple[Engine, town.Town]
) -> None:
    """Lists of the night, lessons and drift are done by that role; the release gate measures groups, and is refused."""
    engine, told = ranker
    make, at = session_factory(engine), clock.now()
    with make() as session:
        models.promise(session, at)
        night.promise(session, at)
        session.commit()
    jobs = {kind: handler for kind, handler in HANDLERS.items() if kind != models.JUDGE}
    while runner.run_due(make, at, jobs):
        pass
    with make() as session:
        assert outbox.dead_letters(session) == []
        waiting = session.scalars(select(OutboxJob.last_error).where(OutboxJob.kind.in_(jobs))).all()
        assert waiting
        assert set(waiting) == {""}
        hubs = session.scalars(select(Hub).order_by(Hub.id)).all()
        assert {row.hub_id for row in session.scalars(select(RankingWatch))} == {hub.id for hub in hubs}
        model = session.get_one(RankerModel, told.worlds["own"].ids["model"])
        with pytest.raises(ProgrammingError, match="permission denied"):
            model_judge.measure(session, model, at)


def shown(_session: Session, listing: lists.Listing) -> list[str]:
    """Who or what stands in a list, all of it with a score."""
    assert all(line.score is not None for line in listing.ranking.lines)
    return [line.id for line in listing.ranking.lines]
