"""What every test may ask for: settings, a database on either engine, private servers, and the time."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matcher.kit import ids, migrate
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from tests.services import MailSink, PostgreSQL, Redis, chromium
from tests.together import Together
from tests.town import Site, told

BACKENDS = ("sqlite", "postgresql")
TEMPLATE = "first_rung_template"
_number = count(1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """Share the tests out over the processes; see `tests.together`."""
    return Together(config, log)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that is marked `data` once on SQLite and once on PostgreSQL."""
    if "backend" in metafunc.fixturenames and metafunc.definition.get_closest_marker("data"):
        metafunc.parametrize("backend", BACKENDS, indirect=True)


@pytest.fixture(autouse=True)
def same_ids(request: pytest.FixtureRequest) -> Iterator[None]:
    """Ids are drawn from the test's name: draws among equals go by id, and would else fall anew in every run."""
    with ids.from_seed(zlib.crc32(request.node.nodeid.encode())):
        yield


@pytest.fixture
def at() -> datetime:
    """The moment in which most tests happen."""
    return datetime(2026, 11, 16, 15, 30, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of a development installation with a folder and a database of its own."""
    return Settings.from_env(
        {
            "FIRST_RUNG_MODE": "development",
            "FIRST_RUNG_DATA": str(tmp_path / "data"),
            "FIRST_RUNG_DATABASE_URL": database_url,
        }
    )


# ----------------------------------------------------------------------------------------------- databases
@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on: SQLite, and PostgreSQL too when the test is marked `data`."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest schema, made once by the migrations and copied for each test."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A private PostgreSQL cluster with a template database, made once by the migrations."""
    server = PostgreSQL.start()
    engine = make_engine(server.create(TEMPLATE))
    migrate.upgrade(engine)
    engine.dispose()
    yield server
    server.stop()


@pytest.fixture
def database_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a database of its own, at the newest schema and empty."""
    if backend == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copyfile(template, tmp_path / "first_rung.db")
        yield f"sqlite:///{tmp_path / 'first_rung.db'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    name = f"test_{next(_number)}"
    yield server.create(name, TEMPLATE)
    server.drop(name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a database of its own."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose changes are gone after the test unless the test commits them."""
    with session_factory(engine)() as session:
        yield session
        session.rollback()


# ------------------------------------------------------------------------------------------------- servers
@pytest.fixture(scope="session")
def redis_process() -> Iterator[Redis]:
    """A private Redis for all tests of this process."""
    server = Redis.start()
    yield server
    server.stop()


@pytest.fixture
def redis_server(redis_process: Redis) -> Redis:
    """The private Redis, empty."""
    redis_process.empty()
    return redis_process


@pytest.fixture
def mail_sink() -> Iterator[MailSink]:
    """A mail server that keeps every message it is given."""
    sink = MailSink()
    sink.controller.start()
    yield sink
    sink.controller.stop()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser of the system."""
    return chromium()


# ---------------------------------------------------------------------------------------------------- town
@pytest.fixture(scope="session")
def town_template(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The demo town, told once for all test processes. Read it, copy it, never write to it."""
    base = tmp_path_factory.getbasetemp()
    return told(base if worker_id == "master" else base.parent)


@pytest.fixture(scope="module")
def town_data(town_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo town for the tests of one file."""
    return Path(shutil.copytree(town_template, tmp_path_factory.mktemp("town") / "data"))


@pytest.fixture(scope="module")
def town_site(town_data: Path) -> Iterator[Site]:
    """The demo town served on a port of its own, with a worker, for the tests of one file."""
    site = Site(town_data)
    yield site
    site.stop()
