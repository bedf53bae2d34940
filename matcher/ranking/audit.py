"""Who gets through, by group: impact ratios with their intervals, tests, reach and one careful word for each."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

Group = tuple[str, ...]  # one value for each column of the factor, such as ("woman",) or ("woman", "black")

FOUR_FIFTHS = 0.8
ALPHA = 0.05
POWER = 0.8
FEW = 5.0  # Cochran's rule: under this expected count the normal approximation is not used
UNSURE_POINTS = 20.0
Z_HALF_ALPHA = 1.959963984540054
Z_POWER = 0.8416212335729143


class Verdict(StrEnum):
    """What the numbers allow us to say about one group, gravest first."""

    ADVERSE = "adverse"
    WATCH = "watch"
    CANNOT_TELL = "cannot_tell"
    NO_EVIDENCE = "no_evidence"


class Method(StrEnum):
    """How a p was found."""

    Z = "z"
    FISHER = "fisher"


class Tally(NamedTuple):
    """How many there were, and how many of them got through."""

    n: int
    selected: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group beside the group with the highest rate.

    `n`, `selected`, `rate` and all figures are None where `hidden` (too few to show); figures are None too for the
    reference and for a group that was `left_out` of the comparison as too small. `low` and `high` bound the ratio at
    95 %; `p_holm` is corrected for the number of groups; `flips` tells that one person more or less would change the
    finding; `detectable` is the smallest difference of rates, in points, that this many people could show.
    """

    group: Group
    n: int | None
    selected: int | None
    rate: float | None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    test: Method | None = None
    z: float | None = None
    p: float | None = None
    p_holm: float | None = None
    flips: bool | None = None
    detectable: float | None = None
    verdict: Verdict | None = None
    reference: bool = False
    left_out: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class StageTable:
    """One stage by one factor: rows by group, and those whose group is unknown, counted apart."""

    stage: str
    factor: Group
    rows: tuple[GroupRow, ...]
    unknown: GroupRow
    total: GroupRow

    @property
    def verdict(self) -> Verdict:
        """The gravest word of any group; with nobody to compare, that we cannot tell."""
        return gravest(row.verdict for row in self.rows)


def gravest(words: Iterable[Verdict | None]) -> Verdict:
    """The first in the order of `Verdict` that occurs."""
    found = {word for word in words if word is not None}
    return next((word for word in Verdict if word in found), Verdict.CANNOT_TELL)


@dataclass(frozen=True, slots=True)
class Limits:
    """Groups under `share` of those known, or of fewer than `n` people, are left out of the comparison.

    `reference` is how many people a group needs for the others to be measured by it, if any group has as many.
    """

    share: float = 0.0
    n: int = 1
    reference: int = 1


NO_LIMITS = Limits()


def table(
    stage: str, factor: Group, tallies: Mapping[Group, Tally], unknown: Tally, limits: Limits = NO_LIMITS
) -> StageTable:
    """Compare every group of one stage; groups left out still show how many they are and how many got through."""
    known = sum(tally.n for tally in tallies.values())
    kept = {group: tally for group, tally in tallies.items() if tally.n >= max(limits.share * known, limits.n, 1)}
    compared = compare(kept, limits.reference)
    rows = [compared.get(group) or replace(_plain(group, tally), left_out=True) for group, tally in tallies.items()]
    everyone = Tally(known + unknown.n, sum(tally.selected for tally in tallies.values()) + unknown.selected)
    return StageTable(stage, factor, tuple(sorted(rows, key=lambda row: row.group)),
                      _plain((), unknown), _plain((), everyone))


def compare(tallies: Mapping[Group, Tally], reference: int = 1) -> dict[Group, GroupRow]:
    """A row for each group against the one with the highest rate (of equals: the larger, then the first by name).

    Only groups of at least `reference` people are looked at for the highest rate, unless no group is that large.
    """
    if not tallies:
        return {}
    best = _best(tallies, reference)
    ratios, tests = _ratios(tallies, best), _tests(tallies, best)
    corrected = dict(zip(tests, holm([found.p for found in tests.values()]), strict=True))
    found = {best: replace(_plain(best, tallies[best]), ratio=ratios[best], reference=True)}
    for group, tested in tests.items():
        own, other = tallies[group], tallies[best]
        low, high = interval(own, other)
        row = replace(
            _plain(group, own), ratio=ratios[group], low=low, high=high, test=tested.test, z=tested.z, p=tested.p,
            p_holm=corrected[group], flips=flips(tallies, group, best, reference), detectable=detectable(own, other),
        )
        found[group] = replace(row, verdict=judge(row))
    return found


def judge(row: GroupRow) -> Verdict:
    """The word for a compared row.

    Adverse: ratio under .8, p under .05 after Holm, and one person more or less does not change it. What is not
    adverse cannot be told where only a difference over 20 points would have shown; then a low ratio is watched.
    """
    low = row.ratio is not None and row.ratio < FOUR_FIFTHS
    if low and row.p_holm is not None and row.p_holm < ALPHA and not row.flips:
        return Verdict.ADVERSE
    if row.detectable is None or row.detectable > UNSURE_POINTS:
        return Verdict.CANNOT_TELL
    return Verdict.WATCH if low else Verdict.NO_EVIDENCE


def ratio(own: Tally, other: Tally) -> float | None:
    """(s_g / n_g) / (s_h / n_h); None where the other's rate is 0."""
    return (own.selected / own.n) / (other.selected / other.n) if other.selected else None


def interval(own: Tally, other: Tally) -> tuple[float | None, float | None]:
    """95 % bounds of the ratio: exp(ln IR ± 1.96 √(1/s_g − 1/n_g + 1/s_h − 1/n_h)) (Katz et al. 1978).

    With nobody selected in the group the lower bound is 0 and the upper one comes from half a person in each cell.
    """
    if not other.selected:
        return None, None
    s, n, t, m = float(own.selected), float(own.n), float(other.selected), float(other.n)
    if not own.selected:
        s, n, t, m = 0.5, n + 0.5, t + 0.5, m + 0.5
    middle = math.log((s / n) / (t / m))
    width = 1.96 * math.sqrt(max(1 / s - 1 / n + 1 / t - 1 / m, 0.0))
    return (math.exp(middle - width) if own.selected else 0.0), math.exp(middle + width)


class Tested(NamedTuple):
    """A two-sided test: which one, its z where it has one, and p."""

    test: Method
    z: float | None
    p: float


def two_sided(own: Tally, other: Tally) -> Tested:
    """Fisher's exact test where an expected count is under 5, else the z test of two proportions with pooled rate."""
    people, through = own.n + other.n, own.selected + other.selected
    least = min(own.n, other.n) * min(through, people - through) / people
    if least < FEW:
        from scipy import stats  # slow to load, and only needed for few people

        cells = [[own.selected, own.n - own.selected], [other.selected, other.n - other.selected]]
        return Tested(Method.FISHER, None, float(stats.fisher_exact(cells).pvalue))
    pooled = through / people
    error = math.sqrt(pooled * (1.0 - pooled) * (1 / own.n + 1 / other.n))
    z = (own.selected / own.n - other.selected / other.n) / error
    return Tested(Method.Z, z, math.erfc(abs(z) / math.sqrt(2.0)))


def holm(values: Sequence[float]) -> list[float]:
    """p values corrected for how many there are (Holm 1979), in the order given."""
    corrected, highest = [0.0] * len(values), 0.0
    for place, at in enumerate(sorted(range(len(values)), key=lambda number: values[number])):
        highest = max(highest, min(1.0, (len(values) - place) * values[at]))
        corrected[at] = highest
    return corrected


def flips(tallies: Mapping[Group, Tally], group: Group, best: Group, reference: int = 1) -> bool:
    """Whether one more person of the group through, or one fewer of the best, ends the finding (low ratio and p)."""
    if not _finding(tallies, group, reference):
        return False
    own, other = tallies[group], tallies[best]
    turned = []
    if own.selected < own.n:
        turned.append({**tallies, group: Tally(own.n, own.selected + 1)})
    if other.selected:
        turned.append({**tallies, best: Tally(other.n, other.selected - 1)})
    return not all(_finding(counts, group, reference) for counts in turned)


def detectable(own: Tally, other: Tally) -> float:
    """Smallest difference of two rates, in points up to 100, found at α .05 with power .8 by this many people.

    (z_α/2 + z_power) √(p̄(1−p̄)(1/n + 1/m)) with the pooled rate p̄ (Fleiss, Statistical Methods for Rates and
    Proportions); where everybody or nobody got through, p̄ is taken with half a person more on each side.
    """
    people, through = own.n + other.n, own.selected + other.selected
    pooled = through / people if 0 < through < people else (through + 0.5) / (people + 1)
    spread = math.sqrt(pooled * (1.0 - pooled) * (1 / own.n + 1 / other.n))
    return min(100.0 * (Z_HALF_ALPHA + Z_POWER) * spread, 100.0)


def _best(tallies: Mapping[Group, Tally], reference: int) -> Group:
    large = [group for group, tally in tallies.items() if tally.n >= reference]
    return min(large or tallies, key=lambda name: (-tallies[name].selected / tallies[name].n, -tallies[name].n, name))


def _ratios(tallies: Mapping[Group, Tally], best: Group) -> dict[Group, float | None]:
    return {group: ratio(tally, tallies[best]) for group, tally in tallies.items()}


def _tests(tallies: Mapping[Group, Tally], best: Group) -> dict[Group, Tested]:
    return {group: two_sided(tally, tallies[best]) for group, tally in tallies.items() if group != best}


def _finding(tallies: Mapping[Group, Tally], group: Group, reference: int) -> bool:
    """Ratio under .8 and p under .05 after Holm, against whichever group is the best now."""
    best = _best(tallies, reference)
    if group == best:
        return False
    found = ratio(tallies[group], tallies[best])
    tests = _tests(tallies, best)
    corrected = dict(zip(tests, holm([tested.p for tested in tests.values()]), strict=True))
    return found is not None and found < FOUR_FIFTHS and corrected[group] < ALPHA


def _plain(group: Group, tally: Tally) -> GroupRow:
    return GroupRow(group, tally.n, tally.selected, tally.selected / tally.n if tally.n else None)
