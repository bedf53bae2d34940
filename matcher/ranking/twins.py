"""Counterfactual twins: alike in all that the ranker may know, unlike in all it may not; no score may move."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.ranking import codec
from matcher.ranking.facts import CandidateFacts

Profile = Mapping[str, Any]
Score = Callable[[Profile], float | None]

#: What a full profile holds beside the facts, with values for twins that stand far apart. Nothing here may count.
PROTECTED: Mapping[str, Sequence[Any]] = {
    "name": ("Emily", "Lakisha", "Wei", "José", "Fatima", "Greg"),
    "photo": ("a.jpg", "b.jpg", None),
    "school": ("State University", "Community College", "Historically Black College", "none"),
    "graduation_year": (1984, 2005, 2024, None),
    "neighborhood": ("North Hill", "East Side", "Old Mill", "Lakeview"),
    "employment_gap_months": (0, 7, 30, 120),
    "age": (19, 34, 58),
    "gender": ("woman", "man", "nonbinary", None),
    "race_ethnicity": ("Black", "White", "Latino", "Asian", "Native", None),
    "disability": (True, False, None),
    "veteran": (True, False, None),
    "justice_involved": (True, False, None),
    "first_generation": (True, False, None),
    "language": ("en", "es", "ar", "vi"),
    "credit_score": (480, 700, None),
}


class ProfileError(ValueError):
    """A profile with a key that is neither a fact nor one of the protected kinds."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A twin whose score is not its sibling's: proof that something other than the facts counts."""

    profile: Profile
    twin: Profile
    score: float | None
    twin_score: float | None


def facts_of(profile: Profile) -> CandidateFacts:
    """The facts in a full profile, and nothing else of it; ProfileError for a key that nobody has judged."""
    facts = {key: value for key, value in profile.items() if key not in PROTECTED}
    try:
        return codec.candidate_from_dict(facts)
    except ValueError as error:
        raise ProfileError(str(error)) from None


def twins_of(profile: Profile, number: int, seed: int) -> Iterator[dict[str, Any]]:
    """Twins of a profile: the same facts under another id, every protected key drawn anew."""
    random = np.random.default_rng(seed)
    draws = {key: random.integers(len(values), size=number).tolist() for key, values in PROTECTED.items()}
    for count in range(number):
        drawn = {key: PROTECTED[key][at[count]] for key, at in draws.items()}
        yield {**profile, **drawn, "id": f"{profile['id']}-twin-{count}"}


def moved(score: Score, profiles: Iterable[Profile], *, number: int, seed: int) -> list[Moved]:
    """Every one of `number` twins of each profile that scores otherwise than the profile, compared bit for bit."""
    found = []
    for count, profile in enumerate(profiles):
        own = score(profile)
        for twin in twins_of(profile, number, seed + count):
            if (other := score(twin)) != own:
                found.append(Moved(profile, twin, own, other))
    return found
