"""A sum of steps over single columns and pairs of columns: what boosted trees say, as tables that add up exactly."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from matcher.ranking.features import COLUMNS
from matcher.ranking.logistics import Floats

WIDTH = len(COLUMNS)
PAIRS = tuple(combinations(range(WIDTH), 2))
GRAIN = 2.0**-36  # every number in a table is a multiple of this, so that sums of tables carry no rounding at all
_LARGEST = 2.0**16  # of all numbers together: then no sum needs more than the 53 bits there are
_LEAST_ROOM = 0.02


def grained(value: float) -> float:
    """The nearest multiple of GRAIN; keeps the order of any two numbers or makes them equal."""
    return float(np.round(value / GRAIN) * GRAIN)


@dataclass(frozen=True, slots=True)
class Steps:
    """`edges[i]`: rising cuts of column i; cell k of it is edges[k-1] < x <= edges[k].

    `single[i]` (cells of i,) and `double[p]` (cells of i, cells of j) for the p-th of PAIRS are added up.
    """

    edges: tuple[Floats, ...]
    single: tuple[Floats, ...]
    double: tuple[Floats, ...]
    quick: "_Plain" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "quick", _Plain(
            [edges.tolist() for edges in self.edges], [table.tolist() for table in self.single],
            [(i, j, table.tolist()) for (i, j), table in zip(PAIRS, self.double, strict=True) if table.any()],
        ))  # fmt: skip

    def __call__(self, columns: Floats) -> Floats:
        """The sum (n,) for columns (8, n); exact, so no bit depends on the order of adding or on the list."""
        cells = [np.searchsorted(edges, column, side="left") for edges, column in zip(self.edges, columns, strict=True)]
        total = np.zeros(columns.shape[1])
        for number, table in enumerate(self.single):
            if table.any():
                total = total + table[cells[number]]
        for (one, other), table in zip(PAIRS, self.double, strict=True):
            if table.any():
                total = total + table[cells[one], cells[other]]
        return total

    def shapley(self, column: Sequence[float], reference: Sequence[float]) -> list[float]:
        """What each column adds between two points (8): exact Shapley values of the game "who takes its own value".

        A table of two columns has two orders of taking, so the average is of two differences (Shapley 1953); values
        of a sum of games are sums of values. Adds up to the difference of the two sums.
        """
        here, there = self._cells(column), self._cells(reference)
        found = [table[a] - table[b] for table, a, b in zip(self.quick.single, here, there, strict=True)]
        for one, other, table in self.quick.double:
            i, j, k, m = here[one], here[other], there[one], there[other]
            if i != k or j != m:
                both, first, second, none = table[i][j], table[i][m], table[k][j], table[k][m]
                found[one] += (first - none + both - second) / 2.0
                found[other] += (second - none + both - first) / 2.0
        return found

    def at(self, point: Sequence[float]) -> float:
        """The sum for one point (8): the same bits as for that point among others."""
        cells = self._cells(point)
        total = sum(table[cell] for table, cell in zip(self.quick.single, cells, strict=True))
        return total + sum(table[cells[one]][cells[other]] for one, other, table in self.quick.double)

    def _cells(self, point: Sequence[float]) -> list[int]:
        return [bisect_left(edges, value) for edges, value in zip(self.quick.edges, point, strict=True)]

    def is_monotone(self) -> bool:
        """Whether no column can lower the sum anywhere: proved cell by cell, not tried.

        For a step of one column the tables it shares with the others vary separately, so the least change is the sum
        of each table's least change.
        """
        for number, single in enumerate(self.single):
            least = np.diff(single)
            for (one, other), table in zip(PAIRS, self.double, strict=True):
                if number in (one, other):
                    turned = table if number == one else table.T
                    least = least + np.diff(turned, axis=0).min(axis=1)
            if (least < 0.0).any():
                return False
        return True

    def apart_from_edges(self, point: Sequence[float]) -> tuple[float, ...]:
        """A point near this one (8) with each value in the middle of a cell that is not too narrow.

        So whoever stands in another cell differs by a share that can be divided by.
        """
        found = []
        for edges, value in zip(self.edges, point, strict=True):
            ends = np.concatenate(([0.0], edges[(edges > 0.0) & (edges < 1.0)], [1.0]))
            rooms, middles = np.diff(ends), (ends[1:] + ends[:-1]) / 2.0
            wide = rooms >= min(_LEAST_ROOM, float(rooms.max()))
            found.append(float(min(middles[wide].tolist(), key=lambda middle: abs(middle - value))))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class _Plain:
    """The same numbers as lists: for a single point these are read faster than arrays. Tables of zeros are left out."""

    edges: list[list[float]]
    single: list[list[float]]
    double: list[tuple[int, int, list[list[float]]]]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of a tree: its value and, for each column it asks about, above what (-inf) and up to what (inf)."""

    value: float
    bounds: Mapping[int, tuple[float, float]]


def from_leaves(leaves: Sequence[Leaf]) -> Steps:
    """Tables of the leaves of many trees; ValueError for a leaf beyond two columns, or for numbers too large."""
    cuts = {number: sorted({cut for leaf in leaves for cut in leaf.bounds.get(number, ()) if np.isfinite(cut)})
            for number in range(WIDTH)}  # fmt: skip
    edges = tuple(np.array(cuts[number], dtype=np.float64) for number in range(WIDTH))
    single = tuple(np.zeros(len(cut) + 1) for cut in edges)
    double = tuple(np.zeros((len(edges[i]) + 1, len(edges[j]) + 1)) for i, j in PAIRS)
    if not sum(abs(leaf.value) for leaf in leaves) <= _LARGEST:
        raise ValueError("the leaves hold numbers that cannot be ours")
    for leaf in leaves:
        asked, value = tuple(sorted(leaf.bounds)), grained(leaf.value)
        spans = [_span(edges[number], *leaf.bounds[number]) for number in asked]
        if not 1 <= len(asked) <= 2:
            raise ValueError("a leaf asks about one column or two columns")
        if len(asked) == 1:
            single[asked[0]][spans[0]] += value
        else:
            double[PAIRS.index((asked[0], asked[1]))][spans[0], spans[1]] += value
    return Steps(edges, single, double)


def leaves_state(leaves: Sequence[Leaf]) -> dict[str, Any]:
    """Leaves as flat tuples: values, and for each leaf twice (column, above, up to), column -1 where it asks less."""
    rows: list[float] = []
    for leaf in leaves:
        asked = [(float(number), *leaf.bounds[number]) for number in sorted(leaf.bounds)]
        for part in (*asked, *[_NOTHING] * (2 - len(asked))):
            rows += part
    return {"leaves": tuple(leaf.value for leaf in leaves), "bounds": tuple(rows)}


def leaves_restored(state: Mapping[str, Any]) -> list[Leaf]:
    """From `leaves_state`; ValueError where the numbers are not leaves."""
    values, bounds = np.array(state["leaves"], dtype=np.float64), np.array(state["bounds"], dtype=np.float64)
    if values.ndim != 1 or bounds.shape != (6 * len(values),) or np.isnan(bounds).any():
        raise ValueError("the leaves do not fit their bounds")
    found = []
    for value, row in zip(values.tolist(), bounds.reshape(-1, 2, 3).tolist(), strict=True):
        asked = {int(number): (low, high) for number, low, high in row if number != -1.0}
        if not all(0 <= number < WIDTH and low < high for number, (low, high) in asked.items()):
            raise ValueError("a leaf asks about columns that are not there")
        if value != grained(value):
            raise ValueError("the leaves hold numbers that cannot be ours")
        found.append(Leaf(value, asked))
    return found


_NOTHING = (-1.0, -np.inf, np.inf)


def _span(edges: Floats, low: float, high: float) -> slice:
    """The cells that lie above `low` and up to `high`."""
    start = 0 if np.isinf(low) else int(np.searchsorted(edges, low)) + 1
    return slice(start, len(edges) + 1 if np.isinf(high) else int(np.searchsorted(edges, high)) + 1)
