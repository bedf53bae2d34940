"""Those who can be in a list: ids and exact columns, cut to who can stand in the first places, and put in order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ranking import filters
from matcher.ranking.features import COLUMNS
from matcher.ranking.logistics import Floats
from matcher.ranking.order import Draws, least_needed
from matcher.ranking.ranker import Ranker, Scored

PATTERNS = 64  # ways to be ruled out, as bits in the order of filters.CODES
_CODES = np.array([[pattern >> code & 1 for pattern in range(PATTERNS)] for code in range(len(filters.CODES))])


@dataclass
class Found:
    """Ids (n) as stored and columns (8, n), with their scores once they were asked for."""

    keys: list[bytes]
    columns: Floats
    scores: Floats | None = None

    @property
    def names(self) -> list[str]:
        """Ids."""
        return [key.decode() for key in self.keys]

    def scored(self, ranker: Ranker) -> Floats:
        """Scores (n); always by the same ranker."""
        if self.scores is None:
            self.scores = ranker.score(self.columns)
        return self.scores

    def from_score(self, ranker: Ranker, width: float, top: int) -> "Found":
        """Only those who can stand in the first `top` places."""
        scores = self.scored(ranker)
        rows = np.flatnonzero(scores >= least_needed(scores, width, top))
        return Found([self.keys[row] for row in rows.tolist()], self.columns[:, rows], scores[rows])

    def lines(self, ranker: Ranker, draws: Draws, width: float, top: int | None) -> tuple[Scored, ...]:
        """The list: `draws` (n) tie hashes."""
        return tuple(ranker.lines(self.columns, self.names, draws, width, top, self.scored(ranker)))


def gathered(keys: list[bytes], columns: Sequence[Floats]) -> Found:
    """Found in several parts."""
    empty = np.zeros((len(COLUMNS), 0))
    return Found(keys, columns[0] if len(columns) == 1 else np.concatenate([empty, *columns], axis=1))


def by_code(patterns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counts (64) of the ways to be ruled out as counts (6) of each filter."""
    found: NDArray[np.int64] = _CODES @ patterns
    return found


def named(counts: NDArray[np.int64]) -> dict[str, int]:
    """Counts (6) by the code of the filter, those above 0."""
    return {code: number for code, number in zip(filters.CODES, counts.tolist(), strict=True) if number}
