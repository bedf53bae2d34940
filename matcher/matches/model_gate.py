"""The release gate: what a new model must show before it ranks for anybody, each with its figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from matcher.ranking.audit_gate import Gate
from matcher.ranking.calibration import ISOTONIC_FROM

TOLERANCE = 0.005  # of nDCG@10: less than what one pair of a role changes
LIMIT = 0.05  # of the calibration error
ENOUGH = ISOTONIC_FROM  # labels from which chance no longer hides behind the limit


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: passed, failed, or None where it is only kept, or cannot be told yet."""

    code: str
    passed: bool | None
    figures: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        return {"code": self.code, "passed": self.passed, "figures": dict(self.figures)}


def failed(checks: Iterable[Mapping[str, Any]]) -> list[str]:
    """The codes of the checks that were not passed; a model goes live only when there is none."""
    return [str(check["code"]) for check in checks if check["passed"] is False]


def of_gate(gate: Gate) -> list[dict[str, Any]]:
    """The conditions of the fairness gate as they are stored beside the others."""
    return [Check(one.code, one.passes, {"value": one.value, "limit": one.limit, "about": one.about}).plain()
            for one in gate.checks]


def not_worse(compared: Mapping[str, Any]) -> Check:
    """On roles left out the new model orders no worse than the one that runs.

    It fails where the interval of the difference lies below nothing: then it is worse. Where the mean is lower and
    the interval holds both, nobody can tell, and the test says so instead of guessing (see the rule of promotion,
    which no model passes that ranks roles left out worse than the fixed weights).
    """
    figures = {name: compared[name] for name in ("running", "new", "gain", "p", "roles", "between")}
    no_lower = compared["gain"] >= -TOLERANCE
    return Check("not_worse", True if no_lower else False if compared["between"]["high"] < 0.0 else None, figures)


def calibrated(measured: Mapping[str, Any], labels: int, code: str = "calibrated") -> Check:
    """Whether chances mean what they say: from ENOUGH labels by the bare figure, with fewer by its interval.

    Few labels show an error where there is none: there it passes when the figure and its whole interval keep the limit,
    fails when none of the interval does, and cannot be told in between.
    """
    between = measured["between"]
    kept, broken = max(measured["ece"], between["high"]) <= LIMIT, between["low"] > LIMIT
    passed = measured["ece"] <= LIMIT if labels >= ENOUGH else True if kept else False if broken else None
    figures = {"ece": measured["ece"], "brier": measured["brier"], "between": between, "limit": LIMIT, "labels": labels}
    return Check(code, passed, figures)
