"""The figures of finding for the ranking report: ratios to other ways, the whole answer, growth, and the night."""

from __future__ import annotations

from typing import NamedTuple

import numba

from tests.bench.index import EXPLAINED, GOALS, OURS, measure
from tests.bench.index_peers import PEERS

MILLION = 1_000_000
GOAL_MS = {MILLION: 25.0, 20_000: 5.0}


class Figure(NamedTuple):
    """One line of the report: what, its value, what is aimed at, and the same from other ways."""

    name: str
    value: float
    target: float
    baselines: dict[str, float]


def figures(candidates: int = 20_000, *, roles: int = 20, answers: int = 100, seed: int = 1) -> list[Figure]:
    """Ratios and milliseconds for so many people; a million takes some minutes and about 3 GB."""
    numba.set_num_threads(1)
    report = measure(candidates, roles, 50, seed, set(PEERS), answers)
    found = [Figure(f"exact top 50 of {candidates:,}, filters on: ours / {name}", report.ratio[name], goal, report.ms)
             for name, goal in GOALS.items() if name in report.ratio]
    answer = f"whole answer of {candidates:,} with {EXPLAINED} explained, processor p99, ms"
    goal_ms = GOAL_MS[MILLION if candidates > 20_000 else 20_000]
    found.append(Figure(answer, report.whole["p99"], goal_ms, {"p50": report.whole["p50"]}))
    found.append(Figure(f"a change is in the next list of {candidates:,}, ms with the list", report.change_ms, 1000.0,
                        {OURS: report.ms[OURS]}))
    return found
