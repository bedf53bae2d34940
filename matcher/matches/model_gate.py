"""The release gate: what a new model must show before it ranks for anybody, each with its figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from matcher.ranking.audit_gate import Gate

TOLERANCE = 0.005  # of nDCG@10: less than what one pair of a role changes


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
    """On roles left out the new model orders no worse than the one that runs."""
    figures = {name: compared[name] for name in ("running", "new", "gain", "p", "roles")}
    return Check("not_worse", compared["gain"] >= -TOLERANCE, figures)
