"""Plays the whole year into an empty database: chapters on a calendar, duties every day, one commit a day."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from matcher import wiring
from matcher.applications import actions as applications
from matcher.kit import ids
from matcher.kit.outbox_models import JobState, Notice, OutboxJob
from matcher.organizations import actions as organizations
from matcher.organizations.models import Hub
from matcher.placements import actions as placements
from matcher.tasks import duties
from matcher.training import actions as training
from seeds.demo import accounts, founding
from seeds.demo.crowd import Crowd
from seeds.demo.learning import Learning
from seeds.demo.market import Market
from seeds.demo.stage import DAYS, Stage

SEED = 20_261
FRESH_DAYS = 2


def told(session: Session) -> bool:
    """Is there a hub already?"""
    return session.scalar(select(Hub.id).limit(1)) is not None


def tell(
    make_session: sessionmaker[Session], now: datetime, *, days: int = DAYS, seed: int = SEED,
    progress: Callable[[int, int], None] | None = None,
) -> list[accounts.Account]:
    """Tell the story up to `now`; returns the accounts that can sign in. The same seed and day tell the same story."""
    wiring.connect()
    with ids.from_seed(seed), few_collections(), make_session() as session:
        stage = Stage(session, now, seed)
        founding.found(stage)
        founding.invite_partners(stage)
        crowd = Crowd(stage)
        crowd.plan()
        learning = Learning(stage)
        Market(stage, crowd, learning).plan()
        learning.plan()
        session.commit()
        for day in range(1, days + 1):
            stage.play_day(day)
            _daily(session, stage.at)
            session.commit()
            if progress:
                progress(day, days)
        stage.at = now
        made = accounts.open_doors(stage, crowd)
        _deliver_old_mail(session, now)
        _read_old_notices(session, now)
        session.commit()
    return made


@contextmanager
def few_collections() -> Iterator[None]:
    """Let Python look for unreachable rows seldom: a year keeps nearly all of them, and looking takes a tenth of it."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _daily(session: Session, at: datetime) -> None:
    """What the worker would have done that day."""
    applications.chase(session, at)
    placements.ask_checks(session, at)
    placements.give_up_checks(session, at)
    if at.day == 1:
        training.expire_endorsements(session, at)
        duties.publish_headlines(session, at)
    organizations.expire_commitments(session, at)
    duties.expire_roles(session, at)


def _deliver_old_mail(session: Session, now: datetime) -> None:
    """Mail of the past counts as sent when it was written; the worker sends that of the last days for real."""
    session.flush()
    session.execute(
        update(OutboxJob).where(OutboxJob.due_at < now - timedelta(days=FRESH_DAYS), OutboxJob.state == "waiting")
        .values(state=JobState.DONE, done_at=OutboxJob.due_at)
    )


def _read_old_notices(session: Session, now: datetime) -> None:
    """People have read what they were told more than a week ago."""
    old = now - timedelta(days=7)
    session.execute(update(Notice).where(Notice.at < old, Notice.read_at.is_(None)).values(read_at=Notice.at))
