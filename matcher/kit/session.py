"""Engines and sessions for SQLite and PostgreSQL with the settings that keep acknowledged writes."""

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.orm import Session, sessionmaker

from matcher.kit import audit


def make_engine(url: str, *, pool_size: int = 10) -> Engine:
    """Return an engine; SQLite gets WAL, foreign keys, FULL sync and immediate write transactions."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 5, "check_same_thread": False})
        event.listen(engine, "connect", _sqlite_settings)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    return create_engine(url, hide_parameters=True, pool_size=pool_size, max_overflow=5, pool_timeout=2,
                         pool_pre_ping=True, connect_args={"connect_timeout": 2})


def _sqlite_settings(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: see _sqlite_begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000",
                   "cache_size=-65536", "mmap_size=268435456"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    # A plain BEGIN that turns into a write later loses to other writers with "database is locked".
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def session_factory(engine: Engine, *, read_only: bool = False) -> sessionmaker[Session]:
    """Return a maker of sessions; a read-only one never takes SQLite's write lock."""
    bind = engine.execution_options(read_only=True) if read_only else engine
    maker = sessionmaker(bind, expire_on_commit=False)
    audit.watch(maker)
    return maker
