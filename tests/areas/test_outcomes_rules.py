"""The headline's definition and what may be published: counted once, unknown is not no, small cells hidden."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from matcher.outcomes import rules
from matcher.outcomes.rules import Cell, Headline, PlacedPerson

START, END = date(2026, 1, 1), date(2026, 11, 16)
WOMAN, OTHER = {"gender": "woman"}, {"gender": "man"}


def placed(
    name: str, *, listed: bool = True, confirmed: bool = True, pay_record: bool = False, consented: bool = True,
    answers: Mapping[str, str] | None = WOMAN,
) -> PlacedPerson:
    """Somebody who meets every condition unless told otherwise."""
    return PlacedPerson(name, listed, confirmed, pay_record, consented, answers)


def count(*people: PlacedPerson) -> Headline:
    """The headline of these people."""
    return rules.count(list(people), starts_on=START, as_of=END)


def test_invariant_7_each_condition_alone_keeps_a_person_out_of_the_number() -> None:
    """Listed, confirmed, consented, answered, in a group: all five, or not counted."""
    assert count(placed("a")).numerator == 1
    for missing in ({"listed": False}, {"confirmed": False}, {"consented": False}, {"answers": None},
                    {"answers": OTHER}):
        assert count(placed("a", **missing)).numerator == 0, missing  # type: ignore[arg-type]


def test_invariant_6_what_is_not_known_is_its_own_number_and_never_a_no() -> None:
    """A missing confirmation, consent or answer is unknown; only an answer outside the groups is a no."""
    told = count(placed("a"), placed("b", confirmed=False), placed("c", consented=False), placed("d", answers=None),
                 placed("e", answers={}), placed("f", answers=OTHER), placed("g", listed=False))
    assert (told.numerator, told.unknown, told.others, told.denominator) == (1, 4, 1, 6)
    assert (told.not_confirmed, told.no_consent, told.no_answer, told.outside_list) == (1, 1, 2, 1)


@given(st.lists(st.builds(
    PlacedPerson, st.text("ab", min_size=1, max_size=1), st.booleans(), st.booleans(), st.booleans(), st.booleans(),
    st.sampled_from([None, WOMAN, OTHER]),
), max_size=40))
def test_the_parts_add_up_to_the_denominator(people: list[PlacedPerson]) -> None:
    """Nobody is lost or counted twice between the parts."""
    told = rules.count(people, starts_on=START, as_of=END)
    assert told.numerator + told.unknown + told.others == told.denominator
    assert told.by_employer + told.by_pay_record == told.numerator
    assert told.not_confirmed + told.no_consent + told.no_answer == told.unknown
    assert told.denominator + told.outside_list == len(people)


# ------------------------------------------------------------------------------------------------- small cells
def narrowest(
    tables: Iterable[Mapping[str, int]], publish: Callable[[Mapping[str, int]], Mapping[str, Cell]]
) -> dict[str, int]:
    """By cell, the fewest values that somebody who knows the whole procedure is left with when it is hidden.

    Every table that could be behind what is shown is tried: this is stronger than the interval of a linear program.
    """
    seen: defaultdict[Hashable, list[Mapping[str, int]]] = defaultdict(list)
    for table in tables:
        shown = publish(table)
        seen[tuple(sorted((name, cell.value) for name, cell in shown.items()))].append(table)
    least: dict[str, int] = {}
    for shown, possible in seen.items():
        for name, value in shown:  # type: ignore[attr-defined]
            if value is None:
                left = len({table[name] for table in possible})
                least[name] = min(least.get(name, left), left)
    return least


def test_invariant_14_a_hidden_part_of_a_shown_whole_keeps_ten_values_with_two_parts() -> None:
    """Employer and pay record, whole known, every split of every whole from 10 to 45."""
    for whole in range(10, 46):
        tables = [{"a": a, "b": whole - a} for a in range(whole + 1)]
        least = narrowest(tables, rules.together)
        assert min(least.values()) >= rules.SMALLEST_CELL, whole


def test_invariant_14_a_hidden_part_of_a_shown_whole_keeps_ten_values_with_three_parts() -> None:
    """The three kinds of not known, whole known, every split of every whole from 10 to 40."""
    for whole in range(10, 41):
        tables = [{"a": a, "b": b, "c": whole - a - b} for a in range(whole + 1) for b in range(whole + 1 - a)]
        assert min(narrowest(tables, rules.together).values()) >= rules.SMALLEST_CELL, whole


def test_invariant_14_parts_shown_one_by_one_hide_their_sum_and_keep_ten_values() -> None:
    """Counted, unknown and others: each from 0 to 30, with the denominator beside them."""
    tables = [{"a": a, "b": b, "c": c, "all": a + b + c} for a, b, c in product(range(31), repeat=3)]
    least = narrowest(tables, lambda t: rules.apart({name: t[name] for name in "abc"}, "all"))
    assert set(least) == {"a", "b", "c", "all"}
    assert min(least.values()) >= rules.SMALLEST_CELL


def headline(parts: tuple[int, ...]) -> Headline:
    """A headline with these parts: by employer, by pay record, three kinds of unknown, others, outside the list."""
    by_employer, by_pay, pending, closed, silent, others, outside = parts
    inside, unknown = by_employer + by_pay, pending + closed + silent
    return Headline(rules.DEFINITION, START, END, inside, inside + unknown + others, unknown, by_employer, by_pay,
                    pending, closed, silent, others, outside)


CELLS = ("numerator", "unknown", "others", "denominator", "by_employer", "by_pay_record", "not_confirmed",
         "no_consent", "no_answer", "outside_list")


@given(st.tuples(*[st.integers(0, 60)] * 7))
def test_invariant_14_no_cell_under_ten_people_is_published(parts: tuple[int, ...]) -> None:
    """Whatever the figures: a number from 1 to 9 is never shown, and what is shown is true."""
    told = headline(parts)
    cells = rules.published(told)
    assert set(cells) == set(CELLS)
    for name, cell in cells.items():
        assert cell.value is None or cell.value == getattr(told, name)
        assert cell.value is None or cell.value == 0 or cell.value >= rules.SMALLEST_CELL
        if cell.value == 0:
            assert name in {"by_employer", "by_pay_record", "not_confirmed", "no_consent", "no_answer"}


@given(st.tuples(*[st.integers(0, 25)] * 7))
def test_invariant_14_linear_bounds_on_every_hidden_cell_are_ten_wide(parts: tuple[int, ...]) -> None:
    """The attack of a linear program on the whole card: the bounds that sums alone give each hidden cell."""
    cells = rules.published(headline(parts))
    for name in CELLS:
        if cells[name].hidden:
            low, high = bounds(cells, name)
            assert high - low + 1 >= rules.SMALLEST_CELL, (name, low, high)


WHOLES = {"denominator": ("numerator", "unknown", "others"), "numerator": ("by_employer", "by_pay_record"),
          "unknown": ("not_confirmed", "no_consent", "no_answer")}


def bounds(cells: Mapping[str, Cell], name: str) -> tuple[float, float]:
    """Least and most of a cell, by tightening intervals over every sum until nothing moves (exact on a tree)."""
    low = {n: float(c.value) if c.value is not None else 0.0 for n, c in cells.items()}
    high = {n: float(c.value) if c.value is not None else 1e6 for n, c in cells.items()}
    for part in ("numerator", "unknown", "others", "outside_list"):
        if cells[part].hidden:
            high[part] = rules.SMALLEST_CELL - 1
    for _ in range(12):
        for whole, parts in WHOLES.items():
            low[whole] = max(low[whole], sum(low[p] for p in parts))
            high[whole] = min(high[whole], sum(high[p] for p in parts))
            for part in parts:
                rest = [p for p in parts if p != part]
                low[part] = max(low[part], low[whole] - sum(high[p] for p in rest))
                high[part] = min(high[part], high[whole] - sum(low[p] for p in rest))
    return low[name], high[name]
