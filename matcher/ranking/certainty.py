"""How sure a measured figure is: intervals for a calibration error and for a mean, so that a test may say "unclear"."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ranking import calibration
from matcher.ranking.logistics import Floats

DRAWS, SEED = 2000, 7
SCALES = np.linspace(0.0, 2.0, 41)  # how far the true error may be from the one that was seen
TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Between:
    """A figure with its 95 % interval; `chance` is what a faultless model would show on average (0 for a mean)."""

    value: float
    low: float
    high: float
    chance: float = 0.0

    def plain(self) -> dict[str, float]:
        """As it is stored."""
        return {"low": self.low, "high": self.high, "chance": self.chance}


def error_between(
    chances: Floats, outcomes: Floats, groups: NDArray[np.intp], weights: Floats | None = None, *,
    bins: int = calibration.BINS, tail: float = TAIL,
) -> Between:  # fmt: skip
    """The expected calibration error of chances (n,) and outcomes (n,), and which true errors could have shown it.

    What chance adds is drawn by turning the sign of whole groups (n,) of rows, such as roles (wild cluster bootstrap,
    Cameron, Gelbach and Miller 2008), about gaps of 0 to 2 times those seen: the interval holds each true error under
    which the one seen lies between the 2.5 % and the 97.5 % point (a test turned round; `tail` in place of .025 where
    several are looked at together). An error of means of groups is never negative, so it is seen too large where rows
    are few; the interval is not moved by that. It reaches at least as far as the gap of the plain means may, which no
    error is below: else a small error that was seen by luck would look certain.
    """
    if not len(chances):
        return Between(0.0, 0.0, 1.0)
    mass = np.ones(len(chances)) if weights is None else weights
    shares, gaps, noise = _parts(chances, outcomes, groups, mass, bins)
    seen = float(shares @ np.abs(gaps))
    signs = np.random.default_rng(SEED).choice((-1.0, 1.0), size=(DRAWS, len(noise)))
    drawn = signs @ noise
    shown = np.array([np.abs(gaps * scale + drawn) @ shares for scale in SCALES])  # (scales, draws)
    least, most = (_scale_at(seen, np.quantile(shown, end, axis=1)) for end in (1.0 - tail, tail))
    of_means = abs(float(shares @ gaps)) + float(np.quantile(np.abs(drawn @ shares), 1.0 - 2.0 * tail))
    return Between(seen, least * seen, max(most * seen, of_means), float(shown[0].mean()))


def _scale_at(seen: float, shown: Floats) -> float:
    """The scale under which so much would be shown; `shown` (scales,) rises with the scale but for chance."""
    return float(np.interp(seen, np.maximum.accumulate(shown), SCALES))


def mean_between(values: Floats) -> Between:
    """The mean of values (n,) of -1 to 1 with its 95 % interval (Student 1908): all of it without two values."""
    from scipy import stats  # slow to load

    if len(values) < 2:
        return Between(float(values.sum()), -1.0, 1.0)
    mean, error = float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values))
    reach = float(stats.t.ppf(1.0 - TAIL, len(values) - 1)) * error
    return Between(mean, mean - reach, mean + reach)


def _parts(
    chances: Floats, outcomes: Floats, groups: NDArray[np.intp], mass: Floats, bins: int
) -> tuple[Floats, Floats, Floats]:
    """Of each bin its share (bins,) and gap (bins,), and what each group adds to the gaps by chance (groups, bins)."""
    rows = calibration.equal_groups(chances, bins)
    shares = np.array([mass[own].sum() for own in rows])
    gaps = np.array([float(mass[own] @ (chances - outcomes)[own]) for own in rows]) / shares
    _, number = np.unique(groups, return_inverse=True)
    noise = np.zeros((int(number.max()) + 1, len(rows)))
    for at, own in enumerate(rows):
        left = (chances - outcomes)[own] - gaps[at]
        np.add.at(noise[:, at], number[own], mass[own] * left / shares[at])
    known = max(len(noise), 2)
    return shares / shares.sum(), gaps, noise * math.sqrt(known / (known - 1))
