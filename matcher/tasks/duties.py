"""What is done at set times: each duty becomes one job per period, so two workers never do it twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.applications import actions as applications
from matcher.kit import outbox
from matcher.organizations import actions as organizations
from matcher.organizations.models import Hub
from matcher.outcomes import actions as outcomes
from matcher.papers import actions as papers
from matcher.placements import actions as placements
from matcher.roles import actions as roles
from matcher.tasks import audits, models, night
from matcher.tasks.runner import Outside
from matcher.training import actions as training

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


def expire_roles(session: Session, at: datetime) -> None:
    """Let roles go whose last day is over; hourly, because midnight comes at another time in each hub."""
    roles.expire_postings(session, at)


def chase_answers(session: Session, at: datetime) -> None:
    """Remind, escalate and close applications that nobody answers (invariant 12)."""
    applications.chase(session, at)


def follow_hires(session: Session, at: datetime) -> None:
    """Ask the retention checks whose day has come, and set aside those nobody answered."""
    placements.ask_checks(session, at)
    placements.give_up_checks(session, at)


def expire_endorsements(session: Session, at: datetime) -> None:
    """Let endorsements end on their day."""
    training.expire_endorsements(session, at)


def forget_papers(session: Session, at: datetime) -> None:
    """Delete résumés and ads that were handed in a day ago, used or not."""
    papers.forget_old(session, at)


def publish_headlines(session: Session, at: datetime) -> None:
    """Keep each hub's headline as of the last day of the month before."""
    last = at.date().replace(day=1) - timedelta(days=1)
    for hub in session.scalars(select(Hub).order_by(Hub.id)).all():
        outcomes.publish_snapshot(session, hub, as_of=last, at=at)


DUTIES: list[Duty] = [
    Duty("roles.expire", every=HOUR, run=expire_roles),
    Duty("papers.forget_old", every=HOUR, run=forget_papers),
    Duty("applications.chase", every=DAY, after=timedelta(hours=11), run=chase_answers),
    Duty("placements.follow", every=DAY, after=timedelta(hours=10), run=follow_hires),
    Duty("training.expire_endorsements", every=DAY, after=timedelta(hours=8), run=expire_endorsements),
    Duty("outcomes.publish", every=DAY, after=timedelta(hours=13), run=publish_headlines),
    Duty("models.learn", every=DAY, after=timedelta(hours=7), run=models.promise),
    Duty("matches.night", every=DAY, after=timedelta(hours=6), run=night.promise),
    Duty("outcomes.audit", every=DAY, after=timedelta(hours=14), run=audits.monthly),
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
