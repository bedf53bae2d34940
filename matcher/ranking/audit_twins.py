"""Ten thousand counterfactual twins of real profiles, asked of a ranker in batches: how many scores moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.ranking import codec
from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.ranker import Ranker
from matcher.ranking.twins import PROTECTED, facts_of, twins_of

NUMBER = 10_000


@dataclass(frozen=True, slots=True)
class Twins:
    """How many twins were asked, and how many scored otherwise than their sibling, compared bit for bit."""

    asked: int
    moved: int


def ask(
    ranker: Ranker, roles: Sequence[RoleFacts], people: Sequence[CandidateFacts], *, number: int = NUMBER, seed: int = 0
) -> Twins:
    """Twins of people, each before one of the roles in turn; nobody to ask, or no role, asks nothing."""
    asked = moved = 0
    if not roles or not people:
        return Twins(0, 0)
    each = -(-number // len(people))
    for count, person in enumerate(people):
        role, profile = roles[count % len(roles)], _full(person, seed + count)
        family = [facts_of(profile)] + [facts_of(twin) for twin in twins_of(profile, each, seed + count)]
        scores = ranker.predict([(role, one) for one in family])
        asked += len(family) - 1
        moved += int(np.count_nonzero(scores[1:].view(np.int64) != scores[:1].view(np.int64)))
    return Twins(asked, moved)


def _full(person: CandidateFacts, seed: int) -> Mapping[str, Any]:
    """A person's facts with something under every protected key."""
    random = np.random.default_rng(seed)
    drawn = {key: values[int(random.integers(len(values)))] for key, values in PROTECTED.items()}
    return {**codec.facts_to_dict(person), **drawn}
