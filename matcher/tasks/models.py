"""The nightly lesson of each hub's ranker: gather, train and keep a candidate; and the watch over drift.

Nothing here reads voluntary answers: a database role that cannot see them runs it. The release gate, which measures
groups, is a job of its own (`matcher.tasks.model_judge`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher.kit import outbox
from matcher.kit.session import session_factory
from matcher.matches import model_actions, model_drift, model_queries
from matcher.matches.model_blob import code_version
from matcher.matches.model_training import Draft, draft
from matcher.matches.models import RankerModel
from matcher.matches.models_in_use import InUse, Models
from matcher.matches.training_data import Lessons, gather
from matcher.organizations.models import Hub
from matcher.ranking.similarity import Similarity
from matcher.tasks.runner import Inside, Outside

KIND, JUDGE = "model.learn", "model.judge"
LEASE = 1800


@dataclass(frozen=True)
class Night:
    """Everything one night's lesson needs, read at once."""

    hub_id: str
    lessons: Lessons
    similarity: Similarity
    in_use: InUse
    drift: Sequence[Mapping[str, Any]]
    known: tuple[str, str] | None  # what the newest model learned from, and by which code


@dataclass(frozen=True)
class Learned:
    """What came of it: a draft (None: nothing new to learn from, or nothing learned) and what the watch keeps."""

    draft: Draft | None
    watch: Mapping[str, Any] = field(default_factory=dict)


def promise(session: Session, at: datetime) -> None:
    """One job for each hub, so that several workers share them and one that fails holds up no other."""
    for hub_id in session.scalars(select(Hub.id).order_by(Hub.position, Hub.id)).all():
        outbox.enqueue(session, kind=KIND, payload={"hub_id": hub_id}, at=at, hub_id=hub_id, lease_seconds=LEASE,
                       key=f"{KIND}:{hub_id}:{at.date().isoformat()}")


def learn(session: Session, payload: Mapping[str, Any], at: datetime) -> Outside:
    """The job handler: reads and trains outside of the job's transaction, so that nobody waits for it."""
    engine, hub_id = session.get_bind(), str(payload["hub_id"])
    assert isinstance(engine, Engine)

    def outside() -> Inside:
        with session_factory(engine, read_only=True)() as reader:
            night = read(reader, hub_id, at)
        found = study(night)

        def inside(writer: Session) -> None:
            row = write(writer, night, found, at)
            if row is not None:
                promise_judge(writer, row, at)

        return inside

    return outside


def promise_judge(session: Session, row: RankerModel, at: datetime) -> None:
    """The release gate of a candidate, as a job of its own."""
    outbox.enqueue(session, kind=JUDGE, payload={"model_id": row.id}, at=at, hub_id=row.hub_id,
                   key=f"{JUDGE}:{row.id}", lease_seconds=LEASE)


def learn_once(
    session: Session, hub_id: str, at: datetime, *, models: Models | None = None
) -> RankerModel | None:
    """The whole lesson in one session; the new candidate, if there is one."""
    night = read(session, hub_id, at, models)
    return write(session, night, study(night), at)


def read(session: Session, hub_id: str, at: datetime, models: Models | None = None) -> Night:
    """Lessons, near skills, what runs, and drift."""
    models = models or Models()
    similarity, newest = models.similarity(session), model_queries.latest(session, hub_id)
    return Night(
        hub_id, gather(session, hub_id, at), similarity, models.in_use(session, hub_id),
        model_drift.by_month(session, hub_id, similarity, at.date()), _taught(newest) if newest else None,
    )


def study(night: Night) -> Learned:
    """Train and measure; slow, without the database. Nothing where lessons and code are those of the newest model."""
    worst = model_drift.worst(night.drift)
    watch: dict[str, Any] = {
        "judged": night.lessons.judged, "roles": len(night.lessons.judgments), "model": night.in_use.hash,
        "grades": {str(grade): number for grade, number in night.lessons.grades.items()},
        "left_out": dict(night.lessons.left_out), "drift": list(night.drift), "worst": list(worst) if worst else None,
    }
    if night.known == (night.lessons.digest(), code_version()):
        return Learned(None, {**watch, "outcome": "nothing_new"})
    found = draft(night.lessons, night.similarity, night.in_use.ranker)
    figures = dict(found.metrics.get("figures", {}))
    watch |= {"outcome": found.outcome, "figures": figures, "answers": dict(found.metrics.get("answers", {}))}
    return Learned(found if found.learned else None, watch)


def write(session: Session, night: Night, found: Learned, at: datetime) -> RankerModel | None:
    """Keep the watch and the candidate; take out a running model whose file is not the one that was trained."""
    if night.in_use.refused is not None:
        broken = session.get_one(RankerModel, night.in_use.refused)
        if str(broken.state) == "running":
            model_actions.distrust(session, broken, at=at, why="the file is not the one that was trained")
    model_actions.note_watch(session, night.hub_id, found.watch, at=at)
    newest = model_queries.latest(session, night.hub_id)
    if found.draft is None or (newest is not None and _taught(newest) == (night.lessons.digest(), code_version())):
        return None  # another worker may have been faster
    return model_actions.keep(session, night.hub_id, found.draft, night.lessons, at=at)


def _taught(row: RankerModel) -> tuple[str, str]:
    return row.data_digest, row.code_version
