"""Who stands where in lists: skew at the top, exposure by group, and how crowded the lists are."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.ranking.audit import ALPHA, Group, holm
from matcher.ranking.order import propensity

TOP = 10
MIN_SKEW = math.log(0.8)
FEW_PLACES = 5.0  # a group expected on fewer places than these says nothing about skew


@dataclass(frozen=True, slots=True)
class Ranked:
    """One list as it was made: everyone who could be ranked, and their order from the first place down."""

    pool: Sequence[str]
    order: Sequence[str]


@dataclass(frozen=True, slots=True)
class GroupSkew:
    """One group in the first k places of all lists.

    `places` held and `expected` by the group's share of each pool; `skew` = ln(places / expected); `exposure` is the
    position-weighted share it got over the share of the pools it is, 1 when even; `p` the chance of so few places or
    fewer if places were drawn from the pools (binomial). All three None where fewer than 5 are expected, and
    the counts None where they are not to be shown.
    """

    group: Group
    places: int | None
    expected: float | None
    skew: float | None
    exposure: float | None
    p: float | None


@dataclass(frozen=True, slots=True)
class Skew:
    """The first `k` places of `lists` lists by one factor. `least` is MinSkew@k, None when no group is large enough."""

    factor: Group
    k: int
    lists: int
    rows: tuple[GroupSkew, ...]
    least: float | None
    unknown: int

    @property
    def even(self) -> bool | None:
        """Whether MinSkew@k is at least ln .8; None when it cannot be told: too few, or a shortfall within chance."""
        return evenness([self])[0]


def evenness(skews: Sequence[Skew]) -> list[bool | None]:
    """`Skew.even` of each, with the chances corrected (Holm) over all groups of all that are read together."""
    chances = {(at, row.group): row.p for at, one in enumerate(skews) for row in one.rows if row.p is not None}
    sure = dict(zip(chances, holm(list(chances.values())), strict=True))
    found: list[bool | None] = []
    for at, one in enumerate(skews):
        if one.least is None or one.least >= MIN_SKEW:
            found.append(None if one.least is None else True)
            continue
        short = [row.group for row in one.rows if row.skew is not None and row.skew < MIN_SKEW]
        found.append(False if any(sure[at, group] < ALPHA for group in short) else None)
    return found


@dataclass(frozen=True, slots=True)
class Congestion:
    """How the first k places of many lists are shared out among the people who could have had them.

    `gini` 0 (all alike) to 1 (all to one); `most` places held by one person, `most_share` of all lists; `seen` is how
    many people stand in at least one first k, of `people`.
    """

    k: int
    lists: int
    people: int
    seen: int
    gini: float
    most: int
    most_share: float


def skew(factor: Group, lists: Sequence[Ranked], groups: Mapping[str, Group], k: int = TOP) -> Skew:
    """MinSkew@k = min over groups of ln(share of the first k / share of the pool) (Geyik, Ambler and Kenthapadi 2019).

    Places and expectations are added up over all lists. People without a known group hold no place here; they are
    counted in `unknown`. A group that holds none of its places counts as holding half of one.
    """
    held: Counter[Group] = Counter()
    due: dict[Group, float] = {}
    seen: dict[Group, float] = {}
    looked: dict[Group, float] = {}
    unknown = 0
    for one in lists:
        pool = Counter(groups[name] for name in one.pool if name in groups)
        known = [name for name in one.order[:k] if name in groups]
        unknown += min(k, len(one.order)) - len(known)
        weights = [propensity(place) for place, name in enumerate(one.order[:k], start=1) if name in groups]
        for group, size in pool.items():
            share = size / pool.total()
            due[group] = due.get(group, 0.0) + share * len(known)
            looked[group] = looked.get(group, 0.0) + share * math.fsum(weights)
        for name, weight in zip(known, weights, strict=True):
            held[groups[name]] += 1
            seen[groups[name]] = seen.get(groups[name], 0.0) + weight
    places = held.total()
    rows = tuple(_row(group, held[group], due[group], seen.get(group, 0.0), looked[group], places)
                 for group in sorted(due))  # fmt: skip
    least = min((row.skew for row in rows if row.skew is not None), default=None)
    return Skew(factor, k, len(lists), rows, least, unknown)


def _row(group: Group, places: int, due: float, seen: float, looked: float, whole: int) -> GroupSkew:
    if due < FEW_PLACES:
        return GroupSkew(group, places, due, None, None, None)
    from scipy import stats  # slow to load

    p = float(stats.binom.cdf(places, whole, min(due / whole, 1.0)))
    return GroupSkew(group, places, due, math.log(max(places, 0.5) / due), seen / looked, p)


def congestion(lists: Sequence[Ranked], k: int = TOP) -> Congestion:
    """Gini coefficient and the largest share of first-k places; give it lists with and without a cap to compare."""
    people = {name for one in lists for name in one.pool}
    held = Counter(name for one in lists for name in one.order[:k])
    counts = sorted(held.get(name, 0) for name in people | held.keys())
    most = counts[-1] if counts else 0
    return Congestion(k, len(lists), len(counts), len(held), gini(counts), most, most / max(len(lists), 1))


def gini(counts: Sequence[float]) -> float:
    """Gini coefficient of values at least 0: Σ(2i − n − 1)x_i / (n Σx), x in rising order; 0 when all are 0."""
    values, total = sorted(counts), math.fsum(counts)
    if not total:
        return 0.0
    size = len(values)
    return math.fsum((2 * place - size - 1) * value for place, value in enumerate(values, start=1)) / (size * total)
