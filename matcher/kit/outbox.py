"""Promises kept after the commit: jobs with a lease, and notices that tell people what changed.

A job and a notice are written in the transaction of the change itself. Both carry a key, and a second call with the
same key gives back the first row. A worker takes a job on lease; if the worker dies the lease runs out and `sweep`
returns the job to the queue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, Select, and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matcher.kit import crypto
from matcher.kit.ids import new_id
from matcher.kit.outbox_models import JobState, Notice, OutboxJob

__all__ = ["JobState", "Notice", "OutboxJob", "claim", "enqueue", "fail", "finish", "notify", "retry_dead", "sweep"]

MAIL_KIND = "mail.notice"
LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=30)
MAX_ATTEMPTS = 8
KEPT = timedelta(days=90)
KEY_LENGTH = 255
Keyed = TypeVar("Keyed", OutboxJob, Notice)


class LeaseLostError(Exception):
    """The job is no longer on lease to this worker: its work must be rolled back."""


NEW_WORK = "outbox.new_work"  # set in session.info, so that whoever commits can ring the worker's bell


def enqueue(
    session: Session, *, kind: str, payload: Mapping[str, Any], at: datetime, key: str, due: datetime | None = None,
    hub_id: str | None = None, lease_seconds: int | None = None, urgent: bool = False,
) -> str:
    """Promise a job and return its id; the payload holds ids and plain facts only. The same key twice is one job.

    An `urgent` one is done before those that are due longer: somebody waits for it in front of a page.
    """
    return _once(session, OutboxJob, {
        "id": new_id(), "key": key, "kind": kind, "payload": dict(payload),
        "created_at": at, "due_at": due or at, "hub_id": hub_id, "urgent": urgent,
        "lease_seconds": lease_seconds, "state": JobState.WAITING, "attempts": 0, "last_error": "",
    })


def notify(
    session: Session, *, person_id: str | None, kind: str, at: datetime, hub_id: str | None = None,
    params: Mapping[str, Any] | None = None, key: str, to: str | None = None, locale: str | None = None,
    mail: bool = True,
) -> str:
    """Tell a person something, on their notices page and (unless `mail` is False) by mail; returns the notice's id.

    `to` is the address of somebody without an account; it is sealed. `key` needs to be unique per kind and receiver:
    the same one twice tells the person once. Raises ValueError without a receiver.
    """
    if not person_id and not to:
        raise ValueError("a notice needs a person or an address")
    receiver = person_id or crypto.blind_index("notices.address", to or "")
    row_id = new_id()
    notice_id = _once(session, Notice, {
        "id": row_id, "key": f"{kind}:{receiver}:{key}", "person_id": person_id,
        "kind": kind, "params": dict(params or {}), "hub_id": hub_id,
        "at": at, "created_at": at, "locale": locale,
        "address_sealed": crypto.seal("notices", row_id, "address_sealed", to) if to else None,
    })
    if mail:
        enqueue(session, kind=MAIL_KIND, payload={"notice_id": notice_id}, at=at, key=f"mail:{notice_id}",
                hub_id=hub_id)
    return notice_id


def _once(session: Session, model: type[Keyed], values: dict[str, Any]) -> str:
    key = values["key"]
    if not key or len(key) > KEY_LENGTH:
        raise ValueError(f"a key has 1 to {KEY_LENGTH} characters, this one has {len(key)}")
    session.flush()  # rows that this one points to must be there first
    # Two transactions may get here at once: the loser waits, inserts nothing and reads the winner's row.
    made = session.connection().execute(_insert_once(session.get_bind().dialect.name, model), values).scalar()
    session.info[NEW_WORK] = True
    return str(made if made is not None else session.scalars(select(model.id).where(model.key == key)).one())


@cache
def _insert_once(dialect: str, model: type[Keyed]) -> Any:
    # Built once: notices are the commonest rows, and building this statement takes longer than running it.
    table = model.metadata.tables[model.__tablename__]
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing(index_elements=["key"]).returning(table.c.id)


@dataclass(frozen=True)
class Claim:
    """A job on lease: what a worker needs to do it and to say that it did."""

    id: str
    kind: str
    payload: dict[str, Any]
    attempts: int
    owner: str


def claim(
    session: Session, owner: str, at: datetime, limit: int = 1, lease: timedelta = LEASE
) -> list[Claim]:
    """Take up to `limit` due jobs on lease, urgent ones first, then the oldest. Commit before the work starts.

    Two workers never get the same job: PostgreSQL skips rows that another one has locked, SQLite lets one transaction
    write at a time.
    """
    due = (
        select(OutboxJob)
        .where(OutboxJob.state == JobState.WAITING, OutboxJob.due_at <= at)
        .order_by(OutboxJob.urgent.desc(), OutboxJob.due_at, OutboxJob.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    claims = []
    for job in session.scalars(due).all():
        seconds = timedelta(seconds=job.lease_seconds) if job.lease_seconds else lease
        _move(session, OutboxJob.id == job.id, JobState.LEASED, lease_owner=owner, lease_until=at + seconds,
              attempts=job.attempts + 1)
        claims.append(Claim(job.id, job.kind, dict(job.payload), job.attempts + 1, owner))
    return claims


def finish(session: Session, claimed: Claim, at: datetime) -> None:
    """Mark a job done in the transaction that holds its effects.

    Raises `LeaseLostError` when the job was taken back meanwhile; the caller rolls everything back.
    """
    if not _move(session, _held(claimed), JobState.DONE, done_at=at, lease_until=None, last_error=""):
        raise LeaseLostError(claimed.id)


def fail(session: Session, claimed: Claim, at: datetime, error: str) -> JobState | None:
    """Put a job back after a failure: wait 30 s, then twice as long each time; dead after 8 attempts.

    `error` names the fault without personal data. Returns the new state, or None when the lease was lost.
    """
    dead = claimed.attempts >= MAX_ATTEMPTS
    state = JobState.DEAD if dead else JobState.WAITING
    due = {} if dead else {"due_at": at + pause(claimed.attempts)}
    moved = _move(session, _held(claimed), state, lease_owner=None, lease_until=None, last_error=error, **due)
    return state if moved else None


def pause(attempts: int) -> timedelta:
    """Wait after the n-th failed attempt: 30 s · 2^(n-1)."""
    return FIRST_PAUSE * int(2 ** (attempts - 1))


def sweep(session: Session, at: datetime) -> int:
    """Return jobs whose lease ran out to the queue; one that has used up its attempts is dead. Returns how many."""
    lost = and_(OutboxJob.state == JobState.LEASED, OutboxJob.lease_until <= at)
    gone = {"lease_owner": None, "lease_until": None, "last_error": "the worker stopped in the middle"}
    dead = _move(session, and_(lost, OutboxJob.attempts >= MAX_ATTEMPTS), JobState.DEAD, **gone)
    return dead + _move(session, lost, JobState.WAITING, due_at=at, **gone)


def _held(claimed: Claim) -> Any:
    return and_(
        OutboxJob.id == claimed.id, OutboxJob.state == JobState.LEASED, OutboxJob.lease_owner == claimed.owner,
        OutboxJob.attempts == claimed.attempts,
    )


def _move(session: Session, which: Any, state: JobState, **values: Any) -> int:
    # One statement with its condition inside, because several workers move the same rows.
    statement = update(OutboxJob).where(which).values(state=state, **values)
    return _count(session, statement)


def _count(session: Session, statement: Any) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], result).rowcount


def dead_letters(session: Session, limit: int = 100) -> Sequence[OutboxJob]:
    """Jobs that were given up, newest first."""
    dead = select(OutboxJob).where(OutboxJob.state == JobState.DEAD)
    return session.scalars(dead.order_by(OutboxJob.due_at.desc(), OutboxJob.id).limit(limit)).all()


def retry_dead(session: Session, at: datetime, job_id: str | None = None) -> int:
    """Give one dead job, or all of them, a fresh set of attempts; returns how many."""
    which = and_(OutboxJob.state == JobState.DEAD, OutboxJob.id == job_id if job_id else OutboxJob.id.is_not(None))
    return _move(session, which, JobState.WAITING, attempts=0, due_at=at)


@dataclass(frozen=True)
class Backlog:
    """How far the worker is behind: for the health page and the metrics."""

    waiting: int
    leased: int
    dead: int
    oldest_seconds: float


def backlog(session: Session, at: datetime) -> Backlog:
    """Jobs due, on lease and dead, and how long the oldest due job has waited, in seconds."""
    due = or_(OutboxJob.state != JobState.WAITING, OutboxJob.due_at <= at)
    rows = session.execute(select(OutboxJob.state, func.count()).where(due).group_by(OutboxJob.state)).all()
    counts = {row[0]: int(row[1]) for row in rows}
    oldest = session.scalar(select(func.min(OutboxJob.due_at)).where(OutboxJob.state == JobState.WAITING))
    return Backlog(
        waiting=counts.get(JobState.WAITING, 0),
        leased=counts.get(JobState.LEASED, 0),
        dead=counts.get(JobState.DEAD, 0),
        oldest_seconds=max(0.0, (at - oldest).total_seconds()) if oldest else 0.0,
    )


def of_person(person_id: str) -> Select[Notice]:
    """What a person was told, newest first, for a page of it."""
    return select(Notice).where(Notice.person_id == person_id).order_by(Notice.at.desc(), Notice.id)


def notices_for(session: Session, person_id: str, *, limit: int = 50, unread: bool = False) -> Sequence[Notice]:
    """What a person was told, newest first."""
    own = select(Notice).where(Notice.person_id == person_id)
    if unread:
        own = own.where(Notice.read_at.is_(None))
    return session.scalars(own.order_by(Notice.at.desc(), Notice.id).limit(limit)).all()


def unread_count(session: Session, person_id: str) -> int:
    """Number of notices a person has not opened."""
    unread = select(func.count()).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    return session.scalar(unread) or 0


def mark_read(session: Session, person_id: str, at: datetime, notice_id: str | None = None) -> int:
    """Mark one or all of a person's own notices as read; returns how many changed."""
    own = update(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None)).values(read_at=at)
    return _count(session, own.where(Notice.id == notice_id) if notice_id else own)


def forget_old(session: Session, at: datetime) -> int:
    """Delete finished jobs, and notices to people without an account, after 90 days; returns how many."""
    before = at - KEPT
    jobs = delete(OutboxJob).where(OutboxJob.state == JobState.DONE, OutboxJob.done_at < before)
    strangers = delete(Notice).where(Notice.person_id.is_(None), Notice.at < before)
    return _count(session, jobs) + _count(session, strangers)


def forget_person(session: Session, person_id: str) -> int:
    """Delete every notice of a person who is erased; mail still waiting for them then has nothing to send."""
    return _count(session, delete(Notice).where(Notice.person_id == person_id))
