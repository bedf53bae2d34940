"""A database that holds the shipped taxonomy, loaded once per test process and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from matcher.kit.session import make_engine, session_factory
from matcher.skills.load import load

LOADED_AT = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def taxonomy_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest schema with the whole taxonomy in it."""
    path = tmp_path_factory.mktemp("taxonomy") / "taxonomy.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    with session_factory(engine)() as session:
        load(session, LOADED_AT)
        session.commit()
    engine.dispose()  # closing the last connection brings the log into the file
    return path


@pytest.fixture
def taxonomy_session(taxonomy_file: Path, tmp_path: Path) -> Iterator[Session]:
    """A session on a copy of its own of the loaded database."""
    path = tmp_path / "taxonomy.db"
    shutil.copyfile(taxonomy_file, path)
    engine = make_engine(f"sqlite:///{path}")
    with session_factory(engine)() as session:
        yield session
        session.rollback()
    engine.dispose()
