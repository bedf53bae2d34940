"""One database session for each request, committed in one place, with journals written beside reads."""

from collections.abc import Callable
from typing import Any, cast

from flask import Flask, current_app, g, request
from sqlalchemy.orm import Session, sessionmaker

from matcher.kit import crypto, outbox
from matcher.kit.base import Base
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.matches.pools import FOLDER, Pools
from matcher.tasks import queue

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
AfterCommit = Callable[[], Any]


def init(app: Flask, settings: Settings) -> None:
    """Make the engine and the two session makers, and close sessions after each request."""
    crypto.configure(settings)
    engine = make_engine(settings.database_url)
    app.extensions["engine"] = engine
    app.extensions["write_sessions"] = session_factory(engine)
    app.extensions["read_sessions"] = session_factory(engine, read_only=True)
    app.extensions["pools"] = Pools(settings.data_dir / FOLDER)
    app.teardown_appcontext(_close)


def maker(read_only: bool = False) -> sessionmaker[Session]:
    """The application's session maker."""
    return cast("sessionmaker[Session]", current_app.extensions["read_sessions" if read_only else "write_sessions"])


def session() -> Session:
    """The session of this request: read-only for safe methods, so that no page view takes a write lock."""
    if "db" not in g:
        g.db = maker(read_only=request.method in SAFE)()
    return cast(Session, g.db)


def pools() -> Pools:
    """This process's compiled pools."""
    return cast(Pools, current_app.extensions["pools"])


def journal(*rows: Base) -> None:
    """Hand in rows that note what was shown; written after a safe request in a transaction of their own."""
    g.setdefault("journal", []).extend(rows)


def journal_call(call: Callable[[Session], None]) -> None:
    """Hand in journal writing that decides for itself what is new; run in the same transaction as the rows."""
    g.setdefault("journal_calls", []).append(call)


def after_commit(call: AfterCommit) -> None:
    """Run something once the request's writes are safe (waking the worker, say)."""
    g.setdefault("after_commit", []).append(call)


def commit() -> None:
    """Commit the request's writes and its journal; called by the access decorator alone."""
    rows, calls = g.pop("journal", []), g.pop("journal_calls", [])
    if request.method in SAFE:
        if rows or calls:
            with maker().begin() as writer:
                _write_journal(writer, rows, calls)
        return
    db = session()
    _write_journal(db, rows, calls)
    db.commit()
    if db.info.pop(outbox.NEW_WORK, False):
        queue.wake(current_app.extensions["settings"])
    for call in g.pop("after_commit", []):
        call()


def _write_journal(db: Session, rows: list[Base], calls: list[Callable[[Session], None]]) -> None:
    db.add_all(rows)
    for call in calls:
        call(db)


def rollback() -> None:
    """Forget what this request did to the database."""
    if "db" in g:
        g.db.rollback()
    g.pop("journal", None)
    g.pop("journal_calls", None)


def _close(_error: BaseException | None) -> None:
    db = g.pop("db", None)
    if db is not None:
        db.close()
