"""The small town for the tests of trust: told once for all test processes, and copied for each test."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from matcher import wiring
from matcher.kit import clock, crypto, migrate
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from tests.factories import town
from tests.trust.walker import Walk


def settings_in(folder: Path) -> Settings:
    """Settings of a development installation in a folder."""
    return Settings.from_env({"FIRST_RUNG_MODE": "development", "FIRST_RUNG_DATA": str(folder)})


@pytest.fixture(scope="session")
def small_town(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder with the small town's database, keys and facts. Copy it, never write to it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "small-town"
    with folder.with_suffix(".lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "town.json").exists():
            shutil.rmtree(folder, ignore_errors=True)
            settings = settings_in(folder)
            crypto.configure(settings)
            wiring.connect()
            engine = make_engine(settings.database_url)
            migrate.upgrade(engine)
            town.tell(session_factory(engine), clock.now()).keep(folder / "town.json")
            engine.dispose()
    return folder


@pytest.fixture
def walk(small_town: Path, tmp_path: Path) -> Iterator[Walk]:
    """The site on a copy of the small town, with a browser for each kind of visitor."""
    folder = Path(shutil.copytree(small_town, tmp_path / "town"))
    walk = Walk(settings_in(folder), small_town)
    yield walk
    walk.close()
