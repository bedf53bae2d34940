"""Scores to an order: near-ties by a seeded hash, yet nobody below a person they match or beat in everything."""

import hashlib
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.index_jit import compiled
from matcher.ranking.logistics import Floats

Draws = NDArray[np.uint64]
Draw = Callable[[int], int] | Draws  # the tie hash of a row, or those of all rows

Z95 = 1.96
GROUP_LIMIT = 256  # a group is compared pair by pair
PROPENSITY_FLOOR = 0.1  # the inverse weight is clipped at 10


@dataclass(frozen=True, slots=True)
class Order:
    """Rows in order and the near-tie group, 1 upward, of each."""

    rows: NDArray[np.intp]
    groups: NDArray[np.intp]


def tie_hash(role: str, candidate: str, day: int, seed: int) -> int:
    """A 64-bit draw for a pair on a day: the same for all who look, another tomorrow."""
    text = _pair(role, day, seed) + candidate
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def tie_hashes(role: str, candidates: Iterable[bytes], day: int, seed: int) -> Draws:
    """The draws of several people (n), ids in UTF-8, for one role."""
    pair, blake2b = _pair(role, day, seed).encode(), hashlib.blake2b
    drawn = b"".join([blake2b(pair + name, digest_size=8).digest() for name in candidates])
    return np.frombuffer(drawn, dtype=">u8").astype(np.uint64)


def _pair(role: str, day: int, seed: int) -> str:
    return f"{seed}:{day}:{len(role)}:{role}:"


@lru_cache(maxsize=1024)
def propensity(rank: int) -> float:
    """Chance that someone looks at this place in a list: 1/log2(1+rank), at least 0.1.

    A prior, the discount of nDCG (Järvelin and Kekäläinen 2002), until examination has been measured.
    """
    return max(1.0 / math.log2(1 + rank), PROPENSITY_FLOOR)


def margin(standard_error: float) -> float:
    """Two scores closer than this cannot be told apart at 95 %: 1.96 x sqrt(2) x SE."""
    return Z95 * math.sqrt(2.0) * standard_error


def arrange(scores: Floats, columns: Floats, draw: Draw, width: float, top: int | None = None) -> Order:
    """The first `top` rows (all when None) in order.

    `scores` (n,), `columns` (d, n) higher is better, `draw` the tie hashes, `width` the near-tie margin.
    Groups are cut from the best score down: a group holds those within `width` of its first, at most GROUP_LIMIT.
    Raising a row's columns never moves it down, because width is one number for the list.
    """
    rows = _contenders(scores, top)
    line = _fall(scores, columns, _drawn(draw, rows), rows)
    sorted_rows: list[NDArray[np.intp]] = []
    groups: list[NDArray[np.intp]] = []
    start = 0
    while start < len(line.rows) and (top is None or start < top):
        end = _group_end(line.scores, start, width)
        sorted_rows.append(line.rows[start:end][_shuffled(line, columns, start, end)])
        groups.append(np.full(end - start, len(groups) + 1, dtype=np.intp))
        start = end
    if not sorted_rows:
        return Order(np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp))
    return Order(np.concatenate(sorted_rows)[:top], np.concatenate(groups)[:top])


def _drawn(draw: Draw, rows: NDArray[np.intp]) -> Draws:
    if isinstance(draw, np.ndarray):
        return draw[rows]
    return np.array([draw(row) for row in rows.tolist()], dtype=np.uint64)


def warm() -> None:
    """Load what is compiled here, before somebody waits for a list."""
    arrange(np.zeros(1), np.zeros((1, 1)), np.zeros(1, dtype=np.uint64), 0.0)


def place(scores: Floats, columns: Floats, draws: Draws, width: float, row: int) -> int:
    """The rank, 1 upward, that `arrange` gives to one row, without arranging the others; `draws` (n,) tie hashes."""
    line = _fall(scores, columns, draws, np.arange(len(scores), dtype=np.intp))
    spot, start = int(np.flatnonzero(line.rows == row)[0]), 0
    while (end := _group_end(line.scores, start, width)) <= spot:
        start = end
    inner = line.rows[start:end][_shuffled(line, columns, start, end)]
    return start + 1 + int(np.flatnonzero(inner == row)[0])


def least_needed(scores: Floats, width: float, top: int) -> float:
    """The lowest score that can stand in the first `top` places: that of the last group that begins before them.

    `arrange` of the rows from there up gives the same list; `scores` (n,) must hold at least the best top + GROUP_LIMIT
    with their ties, or everyone.
    """
    falling, end = -np.sort(-scores), 0
    while end < min(top, len(falling)):
        end = _group_end(falling, end, width)
    return float(falling[min(end, len(falling)) - 1]) if end else -math.inf


@dataclass(frozen=True, slots=True)
class _Fall:
    """Rows from the best score down, with their draws and the sum of their columns."""

    rows: NDArray[np.intp]
    scores: Floats
    draws: Draws
    total: Floats


def _fall(scores: Floats, columns: Floats, draws: Draws, rows: NDArray[np.intp]) -> _Fall:
    total = np.zeros(len(rows))
    for column in columns:
        total = total + column[rows]
    order = np.lexsort((draws, -total, -scores[rows]))
    rows = rows[order]
    return _Fall(rows, scores[rows], draws[order], total[order])


def _contenders(scores: Floats, top: int | None) -> NDArray[np.intp]:
    """Rows that can reach the first `top` places, with all exact ties of the last of them."""
    if top is None or len(scores) <= top + GROUP_LIMIT:
        return np.arange(len(scores), dtype=np.intp)
    last = np.partition(-scores, top + GROUP_LIMIT - 1)[top + GROUP_LIMIT - 1]
    return np.flatnonzero(-scores <= last)


def _group_end(falling: Floats, start: int, width: float) -> int:
    reach = falling[start] - width
    end = int(np.searchsorted(-falling, -reach, side="right"))
    return min(max(end, start + 1), start + GROUP_LIMIT)


def _shuffled(line: _Fall, columns: Floats, start: int, end: int) -> NDArray[np.intp]:
    """Order of a group by hash, where each row takes the best hash among the rows it is nowhere worse than."""
    rows, draws = line.rows[start:end], line.draws[start:end]
    best = _best_draws(np.ascontiguousarray(columns[:, rows].T), draws, np.argsort(draws))
    return np.lexsort((draws, -line.total[start:end], -line.scores[start:end], best))


@compiled
def _best_draws(table, draws, first):  # type: ignore[no-untyped-def]
    """For each row of table (n, d) the best draw among the rows it is nowhere worse than; `first` (n) orders draws."""
    best = np.empty_like(draws)
    for row in range(len(table)):
        best[row] = draws[first[0]]
        for other in first:
            column = 0
            while column < table.shape[1] and table[row, column] >= table[other, column]:
                column += 1
            if column == table.shape[1]:
                best[row] = draws[other]
                break
    return best
