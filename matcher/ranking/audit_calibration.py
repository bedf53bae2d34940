"""Whether a probability means the same for every group: Brier score and calibration error, by group."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matcher.ranking.audit import Group

BINS = 10
PER_BIN = 30  # with fewer in a bin, chance alone would look like a wrong probability
LIMIT = 0.05
FEW = 30


@dataclass(frozen=True, slots=True)
class Calibration:
    """One group's predictions beside what happened; `group` () is everybody. All figures None under 30 outcomes."""

    factor: Group
    group: Group
    n: int | None
    predicted: float | None
    happened: float | None
    brier: float | None
    ece: float | None
    hidden: bool = False

    @property
    def good(self) -> bool | None:
        """ECE at most .05; None when it cannot be told."""
        return None if self.ece is None else self.ece <= LIMIT


def calibrations(
    factor: Group, predicted: Sequence[float], happened: Sequence[float], groups: Sequence[Group | None]
) -> list[Calibration]:
    """Everybody first, then each known group; all three sequences have one entry per prediction (n)."""
    whole = [_one(factor, (), list(predicted), list(happened))]
    for group in sorted({group for group in groups if group is not None}):
        rows = [row for row, label in enumerate(groups) if label == group]
        whole.append(_one(factor, group, [predicted[row] for row in rows], [happened[row] for row in rows]))
    return whole


def brier(predicted: Sequence[float], happened: Sequence[float]) -> float:
    """Mean squared difference of probability and outcome (Brier 1950)."""
    return math.fsum((p - y) ** 2 for p, y in zip(predicted, happened, strict=True)) / len(predicted)


def ece(predicted: Sequence[float], happened: Sequence[float]) -> float:
    """Expected calibration error: mean |outcome − probability| over up to 10 bins, weighted by their size.

    Bins hold equally many predictions (Nixon et al. 2019), at least 30 where there are as many.
    """
    order = sorted(range(len(predicted)), key=lambda row: predicted[row])
    bins = max(1, min(BINS, len(order) // PER_BIN))
    total = 0.0
    for number in range(bins):
        rows = order[len(order) * number // bins : len(order) * (number + 1) // bins]
        total += abs(math.fsum(predicted[row] - happened[row] for row in rows))
    return total / len(order)


def _one(factor: Group, group: Group, predicted: list[float], happened: list[float]) -> Calibration:
    size = len(predicted)
    if size < FEW:
        return Calibration(factor, group, size, None, None, None, None)
    means = math.fsum(predicted) / size, math.fsum(happened) / size
    return Calibration(factor, group, size, *means, brier(predicted, happened), ece(predicted, happened))
