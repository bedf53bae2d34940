"""Everything that reads a hub's models: what runs, the history, whether releases are held, and what was watched."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.matches.models import ModelHold, RankerModel, RankingWatch


def running(session: Session, hub_id: str) -> RankerModel | None:
    """The model in use; None while the fixed weights rank."""
    return session.scalar(select(RankerModel).where(RankerModel.hub_id == hub_id, RankerModel.state == "running"))


def history(session: Session, hub_id: str) -> Sequence[RankerModel]:
    """Every model of a hub, newest first."""
    return session.scalars(
        select(RankerModel).where(RankerModel.hub_id == hub_id).order_by(RankerModel.number.desc())).all()


def numbered(session: Session, hub_id: str, number: int) -> RankerModel | None:
    """A hub's model by its number."""
    return session.scalar(select(RankerModel).where(RankerModel.hub_id == hub_id, RankerModel.number == number))


def next_number(session: Session, hub_id: str) -> int:
    """The number of the hub's next model, from 1."""
    return (session.scalar(select(func.max(RankerModel.number)).where(RankerModel.hub_id == hub_id)) or 0) + 1


def latest(session: Session, hub_id: str) -> RankerModel | None:
    """The model that was trained last, whatever became of it."""
    return session.scalars(select(RankerModel).where(RankerModel.hub_id == hub_id)
                           .order_by(RankerModel.number.desc()).limit(1)).first()


def held(session: Session, hub_id: str) -> RankerModel | None:
    """The model that waits for the hub to release it."""
    return session.scalars(
        select(RankerModel).where(RankerModel.hub_id == hub_id, RankerModel.state == "held")
        .order_by(RankerModel.number.desc()).limit(1)).first()


def hold(session: Session, hub_id: str) -> ModelHold | None:
    """The open hold of a hub: while there is one, no new model goes live."""
    return session.scalar(select(ModelHold).where(ModelHold.hub_id == hub_id, ModelHold.ended_at.is_(None)))


def holds(session: Session, hub_id: str) -> Sequence[ModelHold]:
    """All holds of a hub, newest first."""
    return session.scalars(
        select(ModelHold).where(ModelHold.hub_id == hub_id).order_by(ModelHold.created_at.desc(), ModelHold.id)).all()


def watched(session: Session, hub_id: str, until: date | None = None) -> RankingWatch | None:
    """What the newest nightly watch found."""
    rows = select(RankingWatch).where(RankingWatch.hub_id == hub_id)
    if until is not None:
        rows = rows.where(RankingWatch.day <= until)
    return session.scalars(rows.order_by(RankingWatch.day.desc()).limit(1)).first()
