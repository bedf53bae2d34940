"""Does the jobs that are due, each in its own transaction, so that the effect and the tick stand or fall together."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from matcher.kit import log, outbox

Inside = Callable[[Session], None]
Outside = Callable[[], Inside | None]
Handler = Callable[[Session, Mapping[str, Any], datetime], Outside | None]
"""Does one kind of job: `handler(session, payload, at)`.

Most handlers write through the session and return None: their writes and the tick commit together, once.
Slow work (mail, a model fit) must not hold the database: such a handler gathers what it needs and returns a function
that is called after its transaction is committed. That function may return another one, `(session) -> None`, whose
writes commit with the tick. Everything before the tick may happen twice after a crash, so it needs to be harmless
when repeated.
"""
Sessions = Callable[[], Session]
Clock = Callable[[], datetime]


class UnknownKindError(Exception):
    """No handler is registered for this kind of job."""


def owner_name() -> str:
    """Name of this worker thread, as seen in `lease_owner`."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{threading.get_native_id()}"


def run_due(
    make_session: Sessions, at: datetime | Clock, handlers: Mapping[str, Handler], *, owner: str | None = None,
    limit: int = 1000, lease: timedelta = outbox.LEASE, stop: Callable[[], bool] = lambda: False,
) -> int:
    """Do the jobs that are due, one after the other, and return how many were tried.

    `at` is a moment, or a clock where real time passes between jobs. Stops early when `stop()` is true.
    A job that fails is put back by `outbox.fail`; it never stops the others.
    """
    clock: Clock = at if callable(at) else lambda: at
    owner = owner or owner_name()
    for tried in range(limit):
        if stop():
            return tried
        # One at a time: a lease taken early would run out while the jobs before it are done.
        with make_session() as session:
            claims = outbox.claim(session, owner, clock(), 1, lease)
            session.commit()
        if not claims:
            return tried
        run_one(make_session, clock, handlers, claims[0])
    return limit


def run_one(make_session: Sessions, clock: Clock, handlers: Mapping[str, Handler], claimed: outbox.Claim) -> None:
    """Do one job on lease and mark it done or failed."""
    logger = log.get(__name__).bind(job_id=claimed.id, kind=claimed.kind, attempt=claimed.attempts)
    try:
        _do(make_session, clock, handlers, claimed)
    except outbox.LeaseLostError:
        logger.warning("job.lease_lost")
    except Exception as error:
        logger.exception("job.failed")
        with make_session() as session:
            state = outbox.fail(session, claimed, clock(), log.describe(error))
            session.commit()
        if state is outbox.JobState.DEAD:
            logger.error("job.dead")
    else:
        logger.info("job.done")


def _do(make_session: Sessions, clock: Clock, handlers: Mapping[str, Handler], claimed: outbox.Claim) -> None:
    handler = handlers.get(claimed.kind)
    if handler is None:
        raise UnknownKindError(claimed.kind)
    with make_session() as session:
        outside = handler(session, claimed.payload, clock())
        if outside is None:
            outbox.finish(session, claimed, clock())
        session.commit()
        if outside is None:
            return
    inside = outside()
    with make_session() as session:
        if inside is not None:
            inside(session)
        outbox.finish(session, claimed, clock())
        session.commit()


def sweep(make_session: Sessions, at: datetime) -> int:
    """Return jobs whose worker died to the queue; returns how many."""
    with make_session() as session:
        returned = outbox.sweep(session, at)
        session.commit()
    if returned:
        log.get(__name__).warning("jobs.swept", count=returned)
    return returned
