"""Which occupations are near which: a table of learned similarities, and the list of the nearest."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

from matcher.ranking.link_model import MODELS


@dataclass(frozen=True, slots=True)
class Near:
    """One near occupation. `score` is the chance (0..1) that O*NET would call the two related."""

    code: str
    score: float


@dataclass(frozen=True, slots=True)
class Related:
    """The nearest occupations of each O*NET-SOC code, best first."""

    table: dict[str, tuple[Near, ...]]

    @classmethod
    def load(cls, path: Path = MODELS / "related.tsv.gz") -> Related:
        """Read `code<TAB>near code<TAB>score` lines; ValueError with the line number for anything else."""
        found: dict[str, list[Near]] = {}
        for number, line in enumerate(gzip.decompress(path.read_bytes()).decode("utf-8").splitlines(), start=1):
            try:
                code, other, score = line.split("\t")
                found.setdefault(code, []).append(Near(other, float(score)))
            except ValueError as problem:
                raise ValueError(f"{path.name}, line {number}: expected code, near code and score") from problem
        return cls({code: tuple(sorted(near, key=lambda one: (-one.score, one.code))) for code, near in found.items()})

    def near(self, code: str, k: int = 10) -> tuple[Near, ...]:
        """The `k` nearest occupations (25 are known); an unknown code has none."""
        return self.table.get(code, ())[:k]

    def similarity(self, code: str, other: str) -> float:
        """1 for the same code, the higher score of the two directions, 0 if neither lists the other."""
        if code == other:
            return 1.0
        return max((one.score for one, wanted in
                    [*((near, other) for near in self.near(code, 25)), *((near, code) for near in self.near(other, 25))]
                    if one.code == wanted), default=0.0)
