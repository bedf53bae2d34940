"""What is done at set times: each duty becomes one job per period, so two workers never do it twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from matcher.kit import outbox
from matcher.organizations import actions as organizations
from matcher.tasks.runner import Outside

KIND = "duty"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Duty:
    """`run(session, at)` once per period of length `every`, starting `after` into it (UTC); safe to repeat.

    `run` may return slow work like any job handler does (see `matcher.tasks.runner.Handler`).
    """

    name: str
    every: timedelta
    run: Callable[[Session, datetime], Outside | None]
    after: timedelta = timedelta()
    lease_seconds: int = 900

    def period(self, at: datetime) -> datetime:
        """Start of the newest period that has begun at that moment."""
        return at - (at - _EPOCH - self.after) % self.every


def forget_old(session: Session, at: datetime) -> None:
    """Delete finished jobs and notices to strangers that are no longer needed."""
    outbox.forget_old(session, at)


def expire_commitments(session: Session, at: datetime) -> None:
    """Let commitments go after their last day, and remind owners before it."""
    organizations.expire_commitments(session, at)


DUTIES: list[Duty] = [
    Duty("outbox.forget_old", every=DAY, after=timedelta(hours=9), run=forget_old),
    Duty("organizations.expire_commitments", every=DAY, after=timedelta(hours=12), run=expire_commitments),
]


def schedule(session: Session, at: datetime, duties: Sequence[Duty]) -> None:
    """Promise a job for the present period of each duty, unless it is there already."""
    for duty in duties:
        period = duty.period(at)
        outbox.enqueue(
            session, kind=KIND, payload={"duty": duty.name}, at=at, due=period,
            key=f"duty:{duty.name}:{period.isoformat()}", lease_seconds=duty.lease_seconds,
        )


def handler(duties: Sequence[Duty]) -> Callable[[Session, Mapping[str, Any], datetime], Outside | None]:
    """The job handler that runs a duty by its name; a duty that no longer exists is done at once."""
    by_name = {duty.name: duty for duty in duties}

    def run(session: Session, payload: Mapping[str, Any], at: datetime) -> Outside | None:
        duty = by_name.get(payload["duty"])
        return duty.run(session, at) if duty else None

    return run
