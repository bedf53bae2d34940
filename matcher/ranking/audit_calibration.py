"""Whether a probability means the same for every group: Brier score and calibration error, by group."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.ranking import calibration, certainty
from matcher.ranking.audit import Group

BINS = 10
PER_BIN = 30  # with fewer in a bin, chance alone would look like a wrong probability
LIMIT = 0.05
FEW = 30
ENOUGH = 1000  # outcomes from which the bare error tells; with fewer, chance shows one where there is none


@dataclass(frozen=True, slots=True)
class Calibration:
    """One group's predictions beside what happened; `group` () is everybody. All figures None under 30 outcomes.

    `low` and `high` are the 95 % interval of the error (`certainty.error_between`, roles as groups). `verdict` is the
    finding, kept apart from `n`, which a report hides.
    """

    factor: Group
    group: Group
    n: int | None
    predicted: float | None
    happened: float | None
    brier: float | None
    ece: float | None
    low: float | None = None
    high: float | None = None
    good: bool | None = None
    hidden: bool = False


def calibrations(
    factor: Group, predicted: Sequence[float], happened: Sequence[float], groups: Sequence[Group | None],
    roles: Sequence[str] | None = None,
) -> list[Calibration]:
    """Everybody first, then each known group; every sequence has one entry per prediction (n).

    `roles` say which predictions hang together; without them each stands alone. The intervals of the groups of a
    factor hold together in 95 of 100 audits (Bonferroni): among many groups, one would be off by chance.
    """
    together = list(roles) if roles is not None else [str(row) for row in range(len(predicted))]
    every = list(range(len(predicted)))
    parts = [((), every), *((group, [row for row in every if groups[row] == group])
                            for group in sorted({group for group in groups if group is not None}))]
    compared = max(1, sum(len(rows) >= FEW for _, rows in parts[1:]))
    return [_one(factor, group, [predicted[row] for row in rows], [happened[row] for row in rows],
                 [together[row] for row in rows], certainty.TAIL / (compared if group else 1)) for group, rows in parts]


def brier(predicted: Sequence[float], happened: Sequence[float]) -> float:
    """Mean squared difference of probability and outcome (Brier 1950)."""
    return math.fsum((p - y) ** 2 for p, y in zip(predicted, happened, strict=True)) / len(predicted)


def ece(predicted: Sequence[float], happened: Sequence[float]) -> float:
    """Expected calibration error: mean |outcome − probability| over up to 10 bins, weighted by their size.

    Bins hold equally many predictions (Nixon et al. 2019), at least 30 where there are as many.
    """
    return calibration.calibration_error(np.array(predicted), np.array(happened), _bins(len(predicted)))


def _bins(size: int) -> int:
    return max(1, min(BINS, size // PER_BIN))


def _one(
    factor: Group, group: Group, predicted: list[float], happened: list[float], roles: list[str], tail: float
) -> Calibration:
    size = len(predicted)
    if size < FEW:
        return Calibration(factor, group, size, None, None, None, None)
    means = math.fsum(predicted) / size, math.fsum(happened) / size
    number = {role: at for at, role in enumerate(sorted(set(roles)))}
    between = certainty.error_between(np.array(predicted), np.array(happened), np.array([number[one] for one in roles]),
                                      bins=_bins(size), tail=tail)
    error = between.value
    kept, broken = max(error, between.high) <= LIMIT, between.low > LIMIT
    good = error <= LIMIT if size >= ENOUGH else True if kept else False if broken else None
    return Calibration(factor, group, size, *means, brier(predicted, happened), error, between.low, between.high, good)
