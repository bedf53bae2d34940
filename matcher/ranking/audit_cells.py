"""Tables as they may be shown: small cells hidden, and enough of the others that no hidden one can be worked out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from matcher.ranking.audit import Group, GroupRow, StageTable

SMALLEST = 10  # invariant 14: a cell under ten could single out a person
_UNKNOWN = ""

Key = tuple[Group, Group | None]  # factor and group; None stands for the unknown, () for everybody


@dataclass(frozen=True, slots=True)
class _Cell:
    """A row as an attacker sees it: which base cells it adds up, and how many got through and did not."""

    bases: frozenset[int]
    counts: tuple[int, int]

    @property
    def small(self) -> bool:
        """Fewer than ten on either side."""
        return min(self.counts) < SMALLEST


def suppress(tables: Sequence[StageTable]) -> list[StageTable]:
    """The tables of ONE stage over the same people, with rows hidden until no small count can be told from the rest.

    A row is hidden when fewer than ten got through or fewer than ten did not. Then, as long as all that is shown
    leaves a small count fewer than ten possible values (found by linear programming, as an attacker would), another
    row of its table is hidden too: the unknown first, then the smallest. Where the reference is hidden the figures
    against it go as well, because its rate could be read from them. Words stay for groups of ten or more: they speak
    of a group, not of a person. A group of fewer than ten is not even named: its line would say that somebody is in it.
    """
    hidden: set[Key] = set()
    for links in _components([one.factor for one in tables]):
        own = [one for one in tables if set(one.factor) <= set(links)]
        cells = _cells(own, links)
        hidden |= _guarded(cells, {key for key, cell in cells.items() if cell.small})
    return [_masked(one, hidden) for one in tables]


def possible(cells: Mapping[Key, "_Cell"], shown: Sequence[Key], wanted: "_Cell", side: int) -> tuple[int, int]:
    """The least and the most a hidden count can be, given the shown rows: base cells are whole numbers from 0."""
    from scipy.optimize import linprog  # slow to load

    width = 1 + max(max(cell.bases) for cell in cells.values())
    sums = np.zeros((len(shown), width))
    for row, key in enumerate(shown):
        sums[row, sorted(cells[key].bases)] = 1.0
    values = [cells[key].counts[side] for key in shown]
    goal = np.zeros(width)
    goal[sorted(wanted.bases)] = 1.0
    low = linprog(goal, A_eq=sums, b_eq=values, method="highs")
    high = linprog(-goal, A_eq=sums, b_eq=values, method="highs")
    return math.ceil(low.fun - 1e-6), math.floor(1e-6 - high.fun) if high.status == 0 else 10**9


def _guarded(cells: Mapping[Key, _Cell], hidden: set[Key]) -> set[Key]:
    """Hide more until each small hidden count could be any of ten values; hiding only widens: one round is enough."""
    for key in sorted(hidden, key=_sorting):
        for side, count in enumerate(cells[key].counts):
            while count < SMALLEST:
                shown = [other for other in cells if other not in hidden]
                if not shown:
                    return hidden
                low, high = possible(cells, shown, cells[key], side)
                if high - low + 1 >= SMALLEST:
                    break
                hidden = hidden | {_neighbor(cells, shown, key)}
    return hidden


def _neighbor(cells: Mapping[Key, _Cell], shown: Sequence[Key], key: Key) -> Key:
    """The shown row to hide next: of the same table if there is one, the unknown first, then the smallest.

    With the unknown hidden, small groups and the unknown are seen only as one sum, and every larger group stays.
    """
    return min(shown, key=lambda other: (other[1] == (), other[0] != key[0], other[1] is not None,
                                         sum(cells[other].counts), _sorting(other)))  # fmt: skip


def _sorting(key: Key) -> tuple[Group, bool, Group]:
    return key[0], key[1] is None, key[1] or ()


def _components(factors: Sequence[Group]) -> list[Group]:
    """Single factors joined where a cross table links them."""
    found: list[set[str]] = []
    for factor in factors:
        joined = set(factor).union(*(one for one in found if one & set(factor)))
        found = [one for one in found if not one & joined] + [joined]
    return [tuple(sorted(one)) for one in found]


def _cells(tables: Sequence[StageTable], links: Group) -> dict[Key, _Cell]:
    """Every row as a sum of base cells: the combinations of the linked factors, each with a value for unknown."""
    values = {name: {_UNKNOWN} for name in links}
    for one in tables:
        for row in one.rows:
            for name, value in zip(one.factor, row.group, strict=True):
                values[name].add(value)
    bases = list(product(*(sorted(values[name]) for name in links)))
    found: dict[Key, _Cell] = {((), ()): _cell(tables[0].total, frozenset(range(len(bases))))}
    for one in tables:
        spots, free = [links.index(name) for name in one.factor], set(range(len(bases)))
        for row in one.rows:
            own = {at for at, base in enumerate(bases) if tuple(base[spot] for spot in spots) == row.group}
            found[one.factor, row.group] = _cell(row, frozenset(own))
            free -= own
        found[one.factor, None] = _cell(one.unknown, frozenset(free))
    return found


def _cell(row: GroupRow, bases: frozenset[int]) -> _Cell:
    if row.n is None or row.selected is None:
        raise ValueError("the table has hidden rows already")
    return _Cell(bases, (row.selected, row.n - row.selected))


def _masked(one: StageTable, hidden: set[Key]) -> StageTable:
    blind = any(row.reference and (one.factor, row.group) in hidden for row in one.rows)
    rows = [_without_figures(row) if blind else row for row in one.rows]
    return replace(
        one,
        rows=tuple(_hide(row) if (one.factor, row.group) in hidden else row for row in rows if not _tiny(row)),
        unknown=_hide(one.unknown) if (one.factor, None) in hidden else one.unknown,
        total=_hide(one.total) if ((), ()) in hidden else one.total,
    )


def _tiny(row: GroupRow) -> bool:
    return row.n is not None and row.n < SMALLEST


def _hide(row: GroupRow) -> GroupRow:
    if row.hidden:
        return row
    word = row.verdict if row.n is not None and row.n >= SMALLEST else None
    return GroupRow(row.group, None, None, None, verdict=word, reference=row.reference, left_out=row.left_out,
                    hidden=True)  # fmt: skip


def _without_figures(row: GroupRow) -> GroupRow:
    return GroupRow(row.group, row.n, row.selected, row.rate, verdict=row.verdict, reference=row.reference,
                    left_out=row.left_out)  # fmt: skip


def hide_where(one: StageTable, other: StageTable) -> StageTable:
    """A suppressed table with every row hidden that is hidden in another suppressed table over the same people."""
    hidden: set[Key] = {(one.factor, row.group) for row in other.rows if row.hidden}
    hidden |= {(one.factor, None)} if other.unknown.hidden else set()
    hidden |= {((), ())} if other.total.hidden else set()
    return _masked(one, hidden)
