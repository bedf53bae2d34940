"""Nobody tops more than C lists: who leads too many moves under "more" where they fit least, and none is hidden."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.ranking.audit_lists import gini

PLACES = 10  # the first places of a list, which are what is looked at
MOST_LOSS = 0.01
DEPTH = 60  # places of a list that are read to fill the first ones again

Scores = Sequence[tuple[str, float]]  # (person, score) of one list, best first
Lists = Mapping[str, Scores]


@dataclass(frozen=True, slots=True)
class Crowd:
    """How the first places are shared out: the most that one person holds, Gini over all people, and how many hold one.

    `people` counts everyone in any list.
    """

    most: int
    gini: float
    seen: int
    people: int


@dataclass(frozen=True, slots=True)
class Cap:
    """The cap found, its cost in nDCG, the crowd before and after, and for each list who sits under "more"."""

    cap: int
    loss: float
    before: Crowd
    after: Crowd
    more: Mapping[str, tuple[str, ...]]


def smallest_cap(lists: Lists, *, places: int = PLACES, loss: float = MOST_LOSS) -> Cap:
    """The smallest cap whose loss is at most `loss`, by bisection from one list for each person to no cap at all.

    The loss is 1 - DCG with the cap / DCG without, the score itself being the gain, averaged over the lists.
    """
    free = {name: ids[:places] for name, ids in _ids(lists).items()}
    before = crowd(lists, free)
    low, high = 1, max(before.most, 1)
    while low < high:
        middle = (low + high) // 2
        if cost(lists, capped(lists, middle, places=places), places=places) <= loss:
            high = middle
        else:
            low = middle + 1
    firsts = capped(lists, low, places=places)
    return Cap(low, cost(lists, firsts, places=places), before, crowd(lists, firsts), overflow(lists, firsts))


def capped(lists: Lists, cap: int, *, places: int = PLACES) -> dict[str, tuple[str, ...]]:
    """The first places of each list when nobody may hold more than `cap`; ValueError for a cap under 1.

    Places are given from the highest score of any list down, so that each person keeps the lists where they fit best.
    Equal scores go by the place in their list and then by the names of list and person, never by the order given.
    """
    if cap < 1:
        raise ValueError("a cap is 1 or more")
    claims = sorted(
        (-score, place, name, person)
        for name, line in lists.items() for place, (person, score) in enumerate(line[:DEPTH])
    )  # fmt: skip
    held: Counter[str] = Counter()
    taken: dict[str, set[str]] = {name: set() for name in lists}
    for _, _, name, person in claims:
        if held[person] < cap and len(taken[name]) < places:
            held[person] += 1
            taken[name].add(person)
    return {name: tuple(person for person, _ in line if person in taken[name]) for name, line in lists.items()}


def overflow(lists: Lists, firsts: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """For each list, in its order, who stands before the last of its first places and yet holds none of them."""
    found = {}
    for name, ids in _ids(lists).items():
        held = set(firsts[name])
        last = max((place for place, person in enumerate(ids) if person in held), default=-1)
        found[name] = tuple(person for person in ids[: last + 1] if person not in held)
    return {name: people for name, people in found.items() if people}


def parted(ids: Sequence[str], more: Sequence[str]) -> tuple[list[str], list[str]]:
    """A list as it is shown: those on it, and those under "more", each in the order of the list."""
    under = set(more)
    return [name for name in ids if name not in under], [name for name in ids if name in under]


def cost(lists: Lists, firsts: Mapping[str, Sequence[str]], *, places: int = PLACES) -> float:
    """Mean over lists of 1 - DCG(first places) / DCG(best places), the score as gain; 0 where there are no lists."""
    lost = []
    for name, line in lists.items():
        scores = dict(line)
        best = _dcg([score for _, score in line[:places]])
        if best > 0.0:
            lost.append(1.0 - _dcg([scores[person] for person in firsts[name]]) / best)
    return max(math.fsum(lost) / len(lost), 0.0) if lost else 0.0


def crowd(lists: Lists, firsts: Mapping[str, Sequence[str]]) -> Crowd:
    """How the first places are shared out among all who stand in any list."""
    held = Counter(person for people in firsts.values() for person in people)
    everyone = {person for line in lists.values() for person, _ in line}
    return Crowd(max(held.values(), default=0), gini([held[person] for person in everyone]), len(held), len(everyone))


def _ids(lists: Lists) -> dict[str, tuple[str, ...]]:
    return {name: tuple(person for person, _ in line) for name, line in lists.items()}


def _dcg(scores: Sequence[float]) -> float:
    return math.fsum(score / math.log2(place + 1.0) for place, score in enumerate(scores, start=1))
