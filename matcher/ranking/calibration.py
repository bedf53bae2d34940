"""From the sum a model makes to a probability that keeps its word: a sigmoid for few labels, rising knots for many."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.logistics import Floats

ISOTONIC_FROM = 1000  # labels; with fewer, a free curve follows chance
KNOTS = 20
BINS = 10
_BLEND = 0.02  # of the sigmoid under the knots, so that a higher sum is a higher chance everywhere
_LEAST_SLOPE = 0.05
_LEAST_MASS = 1e-300


def sigmoid(value: float) -> float:
    """1 / (1 + e^-value), computed on the side that cannot overflow."""
    if value >= 0.0:
        return 1.0 / (1.0 + math.exp(-value))
    grown = math.exp(value)
    return grown / (1.0 + grown)


@dataclass(frozen=True, slots=True)
class Link:
    """A rising map from a sum to a probability: sigmoid(slope x + shift), or mostly straight lines between knots.

    `at` (k) are sums and `to` (k) probabilities, both rising; without knots the sigmoid alone speaks. A scalar goes
    in and out: no bit of an answer depends on the list it is in. ValueError when it would not rise.
    """

    slope: float = 1.0
    shift: float = 0.0
    at: tuple[float, ...] = ()
    to: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in zip(self.at, self.at[1:], strict=False))
        rising &= all(a <= b for a, b in zip(self.to, self.to[1:], strict=False))
        finite = all(map(math.isfinite, (self.slope, self.shift, *self.at, *self.to)))
        inside = all(0.0 <= value <= 1.0 for value in self.to)
        if not (rising and finite and inside and self.slope > 0.0 and len(self.at) == len(self.to)):
            raise ValueError("a higher sum would not be a higher probability")

    def __call__(self, total: float) -> float:
        """The probability of one sum."""
        smooth = sigmoid(self.slope * total + self.shift)
        return (1.0 - _BLEND) * self._between(total) + _BLEND * smooth if self.at else smooth

    def values(self, totals: Floats) -> Floats:
        """The probabilities (n,) of sums (n,)."""
        return np.array([self(value) for value in totals.tolist()], dtype=np.float64)

    def _between(self, total: float) -> float:
        after = bisect_right(self.at, total)
        if after == 0 or after == len(self.at):
            return self.to[max(after - 1, 0)]
        low, high = self.to[after - 1], self.to[after]
        part = (total - self.at[after - 1]) / (self.at[after] - self.at[after - 1])
        return min(max(low + (high - low) * part, low), high)  # rounding must not pass a knot


def fit_link(
    totals: Floats, outcomes: Floats, weights: Floats, *, smooth: bool = False, held: float = 0.0
) -> Link:
    """The link that makes sums (n,) of rows left out agree with their outcomes (n,) in 0-1.

    A sigmoid (Platt 1999) under ISOTONIC_FROM rows or when `smooth`; from there on pooled adjacent violators (Ayer et
    al. 1955) over KNOTS groups of equal size. `held` rows' worth of the sums as they are keep a sigmoid of few labels
    from following chance. Without two different outcomes the plain sigmoid; where the sum says nothing, one that
    hardly rises.
    """
    if len(totals) < 2 or float(np.ptp(outcomes)) == 0.0 or float(np.ptp(totals)) == 0.0:
        return Link()
    slope, shift = _platt(totals, outcomes, weights, held)
    if slope < _LEAST_SLOPE:
        shift += (slope - _LEAST_SLOPE) * float(np.average(totals, weights=weights))
        return Link(_LEAST_SLOPE, shift)
    if smooth or len(totals) < ISOTONIC_FROM:
        return Link(slope, shift)
    return Link(slope, shift, *_knots(totals, outcomes, weights))


def brier(chances: Floats, outcomes: Floats, weights: Floats | None = None) -> float:
    """Mean squared distance (Brier 1950) of chances (n,) and outcomes (n,), 0 to 1; each counts `weights` (n,)."""
    return float(np.average((chances - outcomes) ** 2, weights=weights)) if len(chances) else 0.0


def calibration_error(
    chances: Floats, outcomes: Floats, bins: int = BINS, weights: Floats | None = None
) -> float:
    """Expected calibration error over groups of equal size (Naeini et al. 2015): mean |mean chance - mean outcome|."""
    mass = np.ones(len(chances)) if weights is None else weights
    found = sum(abs(float(mass[rows] @ (chances - outcomes)[rows])) for rows in equal_groups(chances, bins))
    return found / max(float(mass.sum()), _LEAST_MASS)


def calibration_curve(
    chances: Floats, outcomes: Floats, bins: int = BINS, weights: Floats | None = None
) -> list[tuple[float, float, int]]:
    """(mean chance, mean outcome, rows) of groups of equal size, from the lowest chance up: the points of a plot."""
    mass = np.ones(len(chances)) if weights is None else weights

    def mean(values: Floats, rows: NDArray[np.intp]) -> float:
        return float(np.average(values[rows], weights=mass[rows]))

    return [(mean(chances, rows), mean(outcomes, rows), len(rows)) for rows in equal_groups(chances, bins)]


def equal_groups(chances: Floats, bins: int = BINS) -> list[NDArray[np.intp]]:
    """The rows of each group of equal size, from the lowest chance up; none is empty."""
    return [rows for rows in np.array_split(np.argsort(chances, kind="stable"), bins) if len(rows)]


def _platt(totals: Floats, outcomes: Floats, weights: Floats, held: float) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression  # slow to load, and only needed to learn

    if held:
        share = held / len(totals)
        plain = Link().values(totals)
        outcomes, weights = (weights * outcomes + share * plain) / (weights + share), weights + share
    rows, answers = np.concatenate((totals, totals))[:, None], np.repeat((1, 0), len(totals))
    shares = np.concatenate((weights * outcomes, weights * (1.0 - outcomes)))
    found = LogisticRegression(C=1e4, solver="newton-cholesky").fit(rows, answers, sample_weight=shares)
    return float(found.coef_[0, 0]), float(found.intercept_[0])


def _knots(totals: Floats, outcomes: Floats, weights: Floats) -> tuple[tuple[float, ...], tuple[float, ...]]:
    order = np.lexsort((outcomes, totals))
    blocks: list[tuple[float, float, float]] = []  # weight, weighted sum, weighted outcome
    for rows in np.array_split(order, KNOTS):
        weight = weights[rows]
        block = float(weight.sum()), float(weight @ totals[rows]), float(weight @ outcomes[rows])
        while blocks and _means(blocks[-1])[1] >= _means(block)[1]:
            last = blocks.pop()
            block = last[0] + block[0], last[1] + block[1], last[2] + block[2]
        blocks.append(block)
    knots: dict[float, float] = dict(_means(block) for block in blocks)
    return tuple(knots), tuple(min(max(value, 0.0), 1.0) for value in knots.values())


def _means(block: Sequence[float]) -> tuple[float, float]:
    return block[1] / block[0], block[2] / block[0]
