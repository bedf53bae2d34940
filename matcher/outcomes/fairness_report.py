"""What a fairness audit of a hub says, as it may be shown and kept: figures by group, small cells hidden, no person."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, TypeVar

from matcher.ranking.audit import Group, GroupRow, Method, StageTable, Verdict, gravest
from matcher.ranking.audit_calibration import Calibration
from matcher.ranking.audit_gate import Check, Gate
from matcher.ranking.audit_lists import Congestion, GroupSkew, Skew
from matcher.ranking.audit_proxy import Proxy
from matcher.ranking.audit_search import Record, Tried

DEFINITION = "audit-1"
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Answered:
    """How many people of the audit have a known group by one factor; None where either number is too small to show."""

    factor: Group
    known: int | None
    unknown: int | None


@dataclass(frozen=True, slots=True)
class Open:
    """People at a stage who count neither way: still undecided, or left by their own choice; None: too few to show."""

    stage: str
    undecided: int | None
    left: int | None


@dataclass(frozen=True, slots=True)
class FairnessReport:
    """One audit. `stages` by stage and factor; `within` and `raw` are the Local Law 144 tables for scores.

    `shown_by` tells where the stage shown comes from: "journal" (lists that employers opened in the period) or
    "today" (the lists as they are now). `calibrations` is empty for stage 0, whose score is not a chance. `congestion`
    is of the lists as they are shown, `uncapped` of the same lists without the cap on how many one person may top.
    `searches` is the record of other models tried on the hub's own decisions, by factor; empty where few roles decided.
    """

    definition: str
    starts_on: date
    as_of: date
    model_hash: str
    shown_by: str
    lists: int
    stages: tuple[StageTable, ...]
    open: tuple[Open, ...]
    within: tuple[StageTable, ...]
    raw: tuple[StageTable, ...]
    answered: tuple[Answered, ...]
    skews: tuple[Skew, ...]
    proxies: tuple[Proxy, ...]
    calibrations: tuple[Calibration, ...]
    congestion: Congestion | None
    uncapped: Congestion | None
    searches: tuple[Record, ...]
    gate: Gate

    @property
    def verdict(self) -> Verdict:
        """The gravest word of any stage."""
        return gravest(one.verdict for one in self.stages)

    @property
    def adverse(self) -> list[tuple[str, Group, Group]]:
        """(stage, factor, group) of every adverse finding, in the order of the stages."""
        return [(one.stage, one.factor, row.group) for one in self.stages for row in one.rows
                if row.verdict is Verdict.ADVERSE]

    def of_stage(self, stage: str) -> list[StageTable]:
        """The tables of one stage, in the order of the factors."""
        return [one for one in self.stages if one.stage == stage]


def as_json(report: FairnessReport) -> dict[str, Any]:
    """Plain values that a JSON column takes."""
    return {**asdict(report), "starts_on": report.starts_on.isoformat(), "as_of": report.as_of.isoformat()}


def from_json(values: Mapping[str, Any]) -> FairnessReport:
    """The report that `as_json` wrote; KeyError or TypeError for anything else."""
    made = dict(values)
    for name in ("starts_on", "as_of"):
        made[name] = date.fromisoformat(made[name])
    for name in ("stages", "within", "raw"):
        made[name] = tuple(_table(one) for one in made[name])
    made["open"] = tuple(Open(**one) for one in made["open"])
    made["answered"] = _each(Answered, made["answered"])
    made["skews"] = tuple(_of(Skew, {**one, "rows": _each(GroupSkew, one["rows"])}) for one in made["skews"])
    made["proxies"] = _each(Proxy, made["proxies"])
    made["calibrations"] = _each(Calibration, made["calibrations"])
    for name in ("congestion", "uncapped"):
        made[name] = Congestion(**made[name]) if made[name] else None
    made["searches"] = tuple(_of(Record, {**one, "tried": _each(Tried, one["tried"])}) for one in made["searches"])
    made["gate"] = Gate(_each(Check, made["gate"]["checks"]))
    return FairnessReport(**made)


def _table(values: Mapping[str, Any]) -> StageTable:
    rows = tuple(_row(one) for one in values["rows"])
    return StageTable(values["stage"], tuple(values["factor"]), rows, _row(values["unknown"]), _row(values["total"]))


def _row(values: Mapping[str, Any]) -> GroupRow:
    word, test = values["verdict"], values["test"]
    return _of(GroupRow, {**values, "verdict": Verdict(word) if word else None, "test": Method(test) if test else None})


def _each(kind: type[_Made], many: Sequence[Mapping[str, Any]]) -> tuple[_Made, ...]:
    return tuple(_of(kind, values) for values in many)


def _of(kind: type[_Made], values: Mapping[str, Any]) -> _Made:
    """A dataclass from plain values, with lists of names as tuples again."""
    known = {one.name for one in fields(kind)}  # type: ignore[arg-type]
    if set(values) != known:
        raise TypeError(f"{kind.__name__} does not have {sorted(set(values) ^ known)}")
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})
