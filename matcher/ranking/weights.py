"""What a judged pair is worth: how far the person came, and how likely it was that anybody looked at that place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.ranking.logistics import Floats

#: How far a match came; a grade counts as grade / BEST of a yes. A click alone is no grade, and neither is silence.
GRADES: Mapping[str, int] = {"declined": 0, "skill_verified": 1, "advanced": 2, "hired": 3, "retained": 4}
BEST = 4
CLIP = 10.0
MIN_EFFECTIVE = 50.0


@dataclass(frozen=True, slots=True)
class Weighing:
    """Weights (n,) with mean 1, the effective sample they leave, and whether propensities were used."""

    values: Floats
    effective: float
    inverse: bool


def grade(reached: Iterable[str]) -> int | None:
    """The highest grade of what happened; None where nothing did, which is never a no. KeyError for unknown words."""
    return max((GRADES[name] for name in reached), default=None)


def inverse_propensity(propensities: Sequence[float | None]) -> Weighing:
    """Each pair counts 1 / the chance that it was looked at (Horvitz and Thompson 1952), at most CLIP.

    An unknown propensity counts as 1. Where the weights leave an effective sample (Kish 1965) under MIN_EFFECTIVE,
    few rows would decide everything: then all count alike. ValueError for a chance outside 0 to 1.
    """
    if any(value is not None and not 0.0 < value <= 1.0 for value in propensities):
        raise ValueError("a propensity is a number above 0, up to 1")
    raw = np.array([1.0 if value is None else min(1.0 / value, CLIP) for value in propensities], dtype=np.float64)
    size = effective(raw)
    if size < MIN_EFFECTIVE or len(set(raw.tolist())) < 2:
        return Weighing(np.ones(len(raw)), float(len(raw)), False)
    return Weighing(raw / raw.mean(), size, True)


def effective(weights: Floats) -> float:
    """Kish's effective sample size: (sum w)² / sum w²; 0 for none."""
    return float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0
