"""Small cells stay hidden from whoever adds and subtracts all that is shown (trust test 15), found by brute force."""

import itertools

import numpy as np
import pytest
from scipy.optimize import linprog

from matcher.ranking.audit import Limits, Verdict
from matcher.ranking.audit_cells import SMALLEST, hide_where, suppress
from matcher.ranking.audit_tables import Decided, stage_tables

SEXES, RACES = ("f", "m", ""), ("asian", "black", "white", "")
FACTORS = [("sex",), ("race",), ("sex", "race")]


def drawn(seed, largest=60):
    """People of every sex and race, unknown ones among them, some of whom got through."""
    random = np.random.default_rng(seed)
    rows = []
    for sex, race in itertools.product(SEXES, RACES):
        size = int(random.integers(0, largest))
        through = int(random.integers(0, size + 1)) if seed % 3 else size // 2
        rows += [Decided("r", "hired", at < through, {"sex": sex, "race": race}) for at in range(size)]
    return rows


def bounds(tables, wanted, side):
    """The least and the most an attacker can say of a hidden sum of base cells, from the shown rows of all tables."""
    bases = list(itertools.product(SEXES, RACES))
    rows, values = [], []
    for one in tables:
        spots = [("sex", "race").index(name) for name in one.factor]
        named = [row.group for row in one.rows]
        inside = {g: [tuple(b[s] for s in spots) == g for b in bases] for g in named}
        inside[None] = [not all(b[s] for s in spots) for b in bases]
        shown = [(inside[row.group], row) for row in one.rows] + [(inside[None], one.unknown)]
        shown.append(([True] * len(bases), one.total))
        for cells, row in shown:
            if not row.hidden:
                rows.append(np.array(cells, dtype=float))
                values.append(row.selected if side == 0 else row.n - row.selected)
    goal = np.array(wanted, dtype=float)
    if not rows:
        return 0, 10**6
    low = linprog(goal, A_eq=np.array(rows), b_eq=values)
    high = linprog(-goal, A_eq=np.array(rows), b_eq=values)
    return low.fun, (-high.fun if high.status == 0 else 10**6)


@pytest.mark.parametrize("seed", range(8))
def test_trust_15_every_small_count_could_be_any_of_ten_values(seed):
    rows = drawn(seed, largest=20 if seed % 2 else 60)
    full = stage_tables(rows, FACTORS, Limits(n=SMALLEST))
    shown = suppress(full)
    bases = list(itertools.product(SEXES, RACES))
    for before, after in zip(full, shown, strict=True):
        spots = [("sex", "race").index(name) for name in before.factor]
        named = {row.group: row for row in after.rows}
        assert set(named) == {row.group for row in before.rows if row.n >= SMALLEST}
        for old in before.rows:
            new = named.get(old.group)
            for side, count in enumerate((old.selected, old.n - old.selected)):
                if count >= SMALLEST:
                    continue
                assert new is None or new.hidden
                assert new is None or (new.n, new.selected, new.rate, new.ratio, new.p) == (None,) * 5
                low, high = bounds(shown, [tuple(b[s] for s in spots) == old.group for b in bases], side)
                assert low - 1e-6 <= count <= high + 1e-6
                assert high - low >= SMALLEST - 1 - 1e-6


def test_nothing_is_hidden_where_everything_is_large():
    rows = [Decided("r", "hired", at % 2 == 0, {"sex": sex}) for sex in ("f", "m") for at in range(60)]
    rows += [Decided("r", "hired", at % 2 == 0, {}) for at in range(40)]
    [one] = suppress(stage_tables(rows, [("sex",)]))
    assert not any(row.hidden for row in (*one.rows, one.unknown, one.total))


def test_the_unknown_hide_first_so_that_large_groups_stay():
    sizes = {"f": 80, "m": 70, "x": 6, "": 50}
    rows = [Decided("r", "hired", at % 2 == 0, {"sex": sex}) for sex, size in sizes.items() for at in range(size)]
    [one] = suppress(stage_tables(rows, [("sex",)], Limits(n=SMALLEST)))
    assert {row.group[0]: row.hidden for row in one.rows} == {"f": False, "m": False}  # nobody learns of an x
    assert one.unknown.hidden
    assert not one.total.hidden


def test_a_lone_small_group_takes_another_with_it():
    """Without anybody unknown, the small group would be the total less the others."""
    sizes = {"f": 80, "m": 70, "x": 30, "y": 5}
    rows = [Decided("r", "hired", at % 2 == 0, {"sex": sex}) for sex, size in sizes.items() for at in range(size)]
    [one] = suppress(stage_tables(rows, [("sex",)], Limits(n=SMALLEST)))
    assert {row.group[0]: row.hidden for row in one.rows} == {"f": False, "m": False, "x": True}


def test_where_the_reference_hides_its_rate_cannot_be_read_from_the_others():
    rows = [Decided("r", "hired", at < 45, {"sex": "f"}) for at in range(50)]
    rows += [Decided("r", "hired", at < 30, {"sex": "m"}) for at in range(60)]
    rows += [Decided("r", "hired", at % 2 == 0, {"sex": "x"}) for at in range(60)]
    [one] = suppress(stage_tables(rows, [("sex",)]))
    women = next(row for row in one.rows if row.group == ("f",))
    assert women.hidden
    assert women.reference
    for row in one.rows:
        assert (row.ratio, row.low, row.p, row.z, row.p_holm, row.detectable) == (None,) * 6
    assert any(row.verdict is Verdict.ADVERSE for row in one.rows)


def test_tables_over_the_same_people_hide_the_same_rows():
    rows = [Decided("r", "a", at % 2 == 0, {"sex": sex}) for sex in ("f", "m", "x") for at in range(40)]
    other = [Decided("r", "a", at < (35 if sex == "x" else 20), {"sex": sex}) for sex in ("f", "m", "x")
             for at in range(40)]  # fmt: skip
    [one], [two] = suppress(stage_tables(rows, [("sex",)])), suppress(stage_tables(other, [("sex",)]))
    both = hide_where(one, two)
    assert [row.hidden for row in both.rows] == [row.hidden for row in two.rows]
    assert [row.hidden for row in hide_where(two, one).rows] == [row.hidden for row in two.rows]


def test_hidden_rows_cannot_be_hidden_again():
    rows = [Decided("r", "a", at % 9 == 0, {"sex": sex}) for sex in ("f", "m") for at in range(40)]
    once = suppress(stage_tables(rows, [("sex",)]))
    with pytest.raises(ValueError, match="hidden rows already"):
        suppress(once)
