"""Everything that changes a hub's models: keeping a new one, letting it live, holding, releasing and rolling back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.kit import audit, lifecycle, outbox
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.errors import ConflictError, DomainError, NotAllowedError
from matcher.kit.words import N_
from matcher.matches import model_gate, model_queries
from matcher.matches.model_blob import code_version, pack
from matcher.matches.model_training import Draft
from matcher.matches.models import ModelHold, RankerModel, RankingWatch
from matcher.matches.training_data import Lessons
from matcher.organizations import queries as organizations
from matcher.ranking import features
from matcher.ranking.two_sides import TwoSided


def keep(session: Session, hub_id: str, draft: Draft, lessons: Lessons, *, at: datetime) -> RankerModel:
    """Store a trained model as a candidate with what it learned from; it ranks for nobody until it is settled."""
    before = model_queries.running(session, hub_id)
    start, end = lessons.span
    facts = {"judged": lessons.judged, "roles": len(lessons.judgments), "answers": lessons.answered,
             "sides": 2 if isinstance(draft.ranker, TwoSided) else 1, "from": start and start.isoformat(),
             "to": end and end.isoformat(), "figures": dict(draft.metrics.get("figures", {})), "code": code_version()}
    packed = pack(draft.ranker, facts)
    row = RankerModel(
        created_at=at, hub_id=hub_id, number=model_queries.next_number(session, hub_id), stage=draft.ranker.stage,
        hash=draft.ranker.fingerprint(), outcome=draft.outcome, feature_schema=str(features.SCHEMA),
        data_digest=lessons.digest(), data_from=start, data_to=end, judged=lessons.judged,
        roles=len(lessons.judgments), before_id=before.id if before else None, metrics=dict(draft.metrics),
        changes=dict(draft.changes), gate=[check.plain() for check in draft.checks], alternatives=[],
        code_version=code_version(), manifest=packed.manifest, sha256=packed.sha256, blob=packed.blob,
    )
    session.add(row)
    session.flush()
    audit.record(session, at=at, actor_id=None, action="ranker_model.train", subject=row, hub_id=hub_id,
                 after={"number": row.number, "hash": row.hash, "stage": row.stage, "judged": row.judged})
    return row


def settle(
    session: Session, row: RankerModel, *, at: datetime, checks: Sequence[Mapping[str, Any]] = (),
    alternatives: Sequence[Any] = (),
) -> str:
    """The release gate: refuse, keep back while the hub holds releases, or go live. Tells the operators; new state.

    `checks` are added to those made at training; `alternatives` is the record of other models that were compared.
    """
    row.gate, row.alternatives = [*row.gate, *(dict(check) for check in checks)], list(alternatives)
    if broken := model_gate.failed(row.gate):
        lifecycle.advance(session, row, "refuse", actor=SYSTEM, at=at, reason=", ".join(broken))
        _tell(session, row, "model_refused", at)
    elif model_queries.hold(session, row.hub_id) is not None:
        older = model_queries.held(session, row.hub_id)
        if older is not None:
            lifecycle.advance(session, older, "supersede", actor=SYSTEM, at=at)
        lifecycle.advance(session, row, "keep_back", actor=SYSTEM, at=at, reason="the hub holds releases")
        _tell(session, row, "model_held", at)
    else:
        _go_live(session, row, "go_live", actor=SYSTEM, at=at)
        _tell(session, row, "model_live", at)
    session.flush()
    return str(row.state)


def hold(session: Session, hub_id: str, *, actor: Actor, at: datetime, reason: str) -> ModelHold:
    """Let no new model go live until `release`; the one in use stays. DomainError without a reason."""
    _operates(actor, hub_id)
    if model_queries.hold(session, hub_id) is not None:
        raise ConflictError(N_("Releases are held already."))
    return _begin_hold(session, hub_id, actor=actor, at=at, reason=_said(reason))


def release(session: Session, hub_id: str, *, actor: Actor, at: datetime, reason: str) -> RankerModel | None:
    """End the hold; the newest model that was kept back goes live. Returns it, or None when none waits."""
    _operates(actor, hub_id)
    reason, open_hold = _said(reason), model_queries.hold(session, hub_id)
    if open_hold is None:
        raise ConflictError(N_("Nothing is held."))
    open_hold.ended_at, open_hold.ended_by_id, open_hold.ended_reason = at, actor.person_id, reason
    audit.record(session, at=at, actor_id=actor.person_id, action="model_hold.end", subject=open_hold, hub_id=hub_id,
                 reason=reason)
    waiting = model_queries.held(session, hub_id)
    if waiting is not None:
        _go_live(session, waiting, "release", actor=actor, at=at, reason=reason)
        _tell(session, waiting, "model_live", at)
    session.flush()
    return waiting


def roll_back(session: Session, hub_id: str, *, actor: Actor, at: datetime, reason: str) -> RankerModel | None:
    """Use the model from before again, in one step; returns it, or None when that is the fixed weights of stage 0.

    Releases are held from then on: else the next night would bring back much the same model.
    """
    _operates(actor, hub_id)
    reason, now = _said(reason), model_queries.running(session, hub_id)
    if now is None:
        raise ConflictError(N_("The fixed weights are in use; there is nothing before them."))
    before = session.get(RankerModel, now.before_id) if now.before_id else None
    lifecycle.advance(session, now, "roll_back", actor=actor, at=at, reason=reason)
    session.flush()
    if before is not None and str(before.state) == "retired":
        lifecycle.advance(session, before, "restore", actor=actor, at=at, reason=reason)
    else:
        before = None
    if model_queries.hold(session, hub_id) is None:
        _begin_hold(session, hub_id, actor=actor, at=at, reason=reason)
    _tell(session, now, "model_rolled_back", at)
    session.flush()
    return before


def distrust(session: Session, row: RankerModel, *, at: datetime, why: str) -> RankerModel | None:
    """Take out a running model whose file is not the one that was trained; the one before it runs again, if any."""
    before = session.get(RankerModel, row.before_id) if row.before_id else None
    lifecycle.advance(session, row, "distrust", actor=SYSTEM, at=at, reason=why)
    session.flush()
    if before is not None and str(before.state) == "retired":
        lifecycle.advance(session, before, "restore", actor=SYSTEM, at=at, reason=why)
    else:
        before = None
    _tell(session, row, "model_distrusted", at)
    session.flush()
    return before


def note_watch(session: Session, hub_id: str, figures: Mapping[str, Any], *, at: datetime) -> RankingWatch:
    """Keep what the watch found today, once a day; a second one on the same day takes its place."""
    row = model_queries.watched(session, hub_id)
    if row is None or row.day != at.date():
        row = RankingWatch(created_at=at, hub_id=hub_id, day=at.date(), figures=dict(figures))
        session.add(row)
    else:
        row.figures = dict(figures)
    session.flush()
    return row


def _go_live(
    session: Session, row: RankerModel, step: str, *, actor: Actor, at: datetime, reason: str = ""
) -> None:
    now = model_queries.running(session, row.hub_id)
    if now is not None:
        lifecycle.advance(session, now, "replace", actor=SYSTEM, at=at)
        session.flush()  # one model runs for a hub: the old one must be out before the new one is in
    row.before_id = now.id if now else None
    lifecycle.advance(session, row, step, actor=actor, at=at, reason=reason)
    session.flush()


def _begin_hold(session: Session, hub_id: str, *, actor: Actor, at: datetime, reason: str) -> ModelHold:
    row = ModelHold(created_at=at, hub_id=hub_id, reason=reason, person_id=actor.person_id)
    session.add(row)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="model_hold.begin", subject=row, hub_id=hub_id,
                 reason=reason)
    return row


def _operates(actor: Actor, hub_id: str) -> None:
    if not actor.operates(hub_id):
        raise NotAllowedError(N_("Only the hub decides about its models."))


def _said(reason: str) -> str:
    if not reason.strip():
        raise DomainError(N_("Say why. It is kept in the trail."), field="reason")
    return reason.strip()


def _tell(session: Session, row: RankerModel, kind: str, at: datetime) -> None:
    for person_id in organizations.operators(session, row.hub_id):
        outbox.notify(session, person_id=person_id, kind=kind, at=at, hub_id=row.hub_id,
                      params={"model_id": row.id, "number": row.number}, key=f"{row.id}:{kind}:{row.version}")
