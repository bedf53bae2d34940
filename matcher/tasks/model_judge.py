"""The release gate of a trained model: what its own lists would do to groups, then live, kept back or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matcher.kit.session import session_factory
from matcher.matches import model_actions, model_gate
from matcher.matches.model_blob import ModelRefused, unpack
from matcher.matches.models import RankerModel
from matcher.matches.pools import Pools
from matcher.organizations.models import Hub
from matcher.outcomes import fairness, fairness_actions
from matcher.tasks.runner import Inside, Outside


@dataclass(frozen=True)
class Verdict:
    """The conditions that were tried, and the record of the other models that were compared."""

    checks: Sequence[Mapping[str, Any]]
    alternatives: Sequence[Any] = ()


def judge(session: Session, payload: Mapping[str, Any], at: datetime) -> Outside | None:
    """The job handler: measures outside of the job's transaction; a model that was settled meanwhile is left alone."""
    engine, model_id = session.get_bind(), str(payload["model_id"])
    assert isinstance(engine, Engine)
    row = session.get(RankerModel, model_id)
    if row is None or str(row.state) != "candidate":
        return None

    def outside() -> Inside:
        with session_factory(engine, read_only=True)() as reader:
            found = measure(reader, reader.get_one(RankerModel, model_id), at)

        def inside(writer: Session) -> None:
            candidate = writer.get_one(RankerModel, model_id)
            if str(candidate.state) == "candidate":
                model_actions.settle(writer, candidate, at=at, checks=found.checks, alternatives=found.alternatives)

        return inside

    return outside


def judge_once(session: Session, row: RankerModel, at: datetime, *, pools: Pools | None = None) -> str:
    """Measure and settle in one session; the new state."""
    found = measure(session, row, at, pools=pools)
    return model_actions.settle(session, row, at=at, checks=found.checks, alternatives=found.alternatives)


def measure(session: Session, row: RankerModel, at: datetime, *, pools: Pools | None = None) -> Verdict:
    """Ask the fairness gate about a model; one that fails already, or whose file cannot be trusted, is not asked on."""
    if model_gate.failed(row.gate):
        return Verdict([])
    pools = pools or Pools()
    try:
        ranker = unpack(row, pools.models.similarity(session))
    except ModelRefused as error:
        return Verdict([model_gate.Check("file", False, {"why": str(error)}).plain()])
    gate = fairness.gate_for(session, session.get_one(Hub, row.hub_id), ranker, at=at, pools=pools)
    newest = fairness_actions.newest(session, row.hub_id)
    searches = fairness_actions.report_of(newest).searches if newest else ()
    return Verdict(model_gate.of_gate(gate), [record.as_json() for record in searches])
