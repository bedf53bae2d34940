"""Stage 1: a logistic regression over the same eight columns, started from stage 0 and moved by what happened."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np

from matcher.ranking import features
from matcher.ranking.calibration import Link, fit_link
from matcher.ranking.facts import RoleFacts
from matcher.ranking.features import COLUMNS, Pair
from matcher.ranking.logistics import Flags, Floats
from matcher.ranking.ranker import Ranker, Shares, Stage0
from matcher.ranking.similarity import Similarity

PRIOR_ROWS = 50.0  # stage 0 speaks as loudly as this many judged pairs
RIDGE = 0.1  # keeps coefficients finite; the prior does the shrinking
_CLOSE, _STEP = 1e-9, 1e-5


class Learned(Ranker):
    """What the learned stages share: a sum over the columns, a link to a probability, a mean pair to compare with.

    A stage gives `fit_columns`, `totals`, `total_shares` and `restore`; `mean`, `error` and `link` are set by a fit.
    """

    coef: tuple[float, ...]
    intercept: float
    mean: tuple[float, ...]
    error: float

    def __init__(self, similarity: Similarity | None = None, prior_rows: float = PRIOR_ROWS) -> None:
        super().__init__(similarity)
        self.prior_rows = prior_rows
        self.link = Link()

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Constructor parameters by name."""
        return {"similarity": self.similarity, "prior_rows": self.prior_rows}

    def fit(self, pairs: Sequence[Pair], outcomes: Sequence[float], weights: Sequence[float] | None = None) -> Self:
        """Fit to judged pairs (n) and outcomes (n, 0 to 1); ValueError for none, or for an outcome out of range.

        The order of the rows does not matter. A pair that was never shown must not be given as a 0. `weights` (n)
        say how much each pair counts (see weights.inverse_propensity); 1 each when None.
        """
        if not pairs or len(pairs) != len(outcomes) or len(weights or outcomes) != len(outcomes):
            raise ValueError(f"{len(pairs)} pairs and {len(outcomes)} outcomes cannot be learned from")
        if any(not 0.0 <= value <= 1.0 for value in outcomes):
            raise ValueError("an outcome is a number from 0 to 1")
        counts = weights or [1.0] * len(outcomes)
        if any(not 0.0 < value < math.inf for value in counts):
            raise ValueError("a weight is a number above 0")
        order = sorted(range(len(pairs)), key=lambda row: (pairs[row][0].id, pairs[row][1].id, outcomes[row]))
        columns = features.pair_matrix([pairs[row] for row in order], self.near)
        truth = np.array([outcomes[row] for row in order], dtype=np.float64)
        return self.fit_columns(columns, truth, np.array([counts[row] for row in order], dtype=np.float64))

    def fit_columns(self, columns: Floats, truth: Floats, weights: Floats) -> Self:
        """Fit to columns (8, n), outcomes (n,) 0 to 1 and weights (n,); the link becomes the plain sigmoid."""
        raise NotImplementedError

    def totals(self, columns: Floats) -> Floats:
        """The sums (n,) of columns (8, n), before the link; each from its own pair alone, to the bit."""
        raise NotImplementedError

    def total(self, values: Sequence[float]) -> float:
        """The sum of one pair (8): the same bits as `totals` gives it."""
        total = self.intercept
        for coef, value in zip(self.coef, values, strict=True):
            total = total + coef * value
        return total

    def total_shares(self, column: Floats) -> tuple[float, ...]:
        """Slopes (8) so that sum of slope x (value - mean) is this pair's sum minus the mean pair's."""
        raise NotImplementedError

    def score(self, columns: Floats) -> Floats:
        """The probability: the sum, then a scalar link."""
        return self.link.values(self.totals(columns))

    def shares(self, column: Floats) -> Shares:
        """Aumann-Shapley shares: the step from the mean pair to this one, split as the sum splits it."""
        here, there = self.total(column.tolist()), self.total(self.mean)
        base, score = self.link(there), self.link(here)
        if abs(here - there) > _CLOSE:
            rate = (score - base) / (here - there)
        else:
            rate = (self.link(there + _STEP) - self.link(there - _STEP)) / (2.0 * _STEP)
        return Shares(base, tuple(slope * rate for slope in self.total_shares(column)), self.mean)

    def standard_error(self, role: RoleFacts) -> float:
        """How unsure the fit leaves a probability, on average over the pairs learned from."""
        return self.error

    def link_state(self) -> dict[str, Any]:
        """The link as plain values."""
        return {"link": (self.link.slope, self.link.shift), "knots_at": self.link.at, "knots_to": self.link.to}

    def restore_shared(self, state: Mapping[str, Any]) -> None:
        """Take over mean, error and link; ValueError when they do not fit."""
        self.mean, self.error = tuple(map(float, state["mean"])), float(state["error"])
        slope, shift = map(float, state["link"])
        self.link = Link(slope, shift, tuple(map(float, state["knots_at"])), tuple(map(float, state["knots_to"])))
        if len(self.mean) != len(COLUMNS) or not all(map(math.isfinite, (*self.mean, self.error))):
            raise ValueError("the model does not fit the columns")
        if self.error < 0.0:
            raise ValueError("an error cannot be below nothing")


class Stage1(Learned):
    """P(good outcome) = link(intercept + sum coef x column), every coef at least 0.

    An outcome is 0 to 1 (a grade of 4 is 1) and counts as that share of a yes. A column whose coefficient would fall
    below 0 is left out and the rest fitted again, so that more evidence never lowers a score.
    """

    stage = 1

    def fit_columns(self, columns: Floats, truth: Floats, weights: Floats) -> Self:
        """Fit with stage 0 as pseudo-rows: the same pairs, what stage 0 says of them, worth `prior_rows` rows.

        Stage 0 is put on the scale of the outcomes first: it lends its weights, not its idea of how common a yes is.
        """
        score = Stage0(self.similarity).score(columns)
        prior = fit_link(score, truth, weights, smooth=True).values(score)
        share = self.prior_rows / len(truth)  # a row and its pseudo-row are one row with a mixed outcome
        self._fit_rows(columns.T, (weights * truth + share * prior) / (weights + share), weights + share)
        self.link = Link()
        self.n_features_in_ = len(COLUMNS)
        return self

    def _fit_rows(self, rows: Floats, targets: Floats, weight: Floats) -> None:
        from sklearn.preprocessing import StandardScaler  # slow to load, and only needed to learn

        scaler = StandardScaler().fit(rows)
        scaled = scaler.transform(rows)
        kept, coef, intercept = nonnegative(scaled, targets, weight)
        self.error = fit_error(scaled * kept, coef, intercept, weight)
        coef = coef / scaler.scale_
        self.coef = tuple(coef.tolist())
        self.mean = tuple(scaler.mean_.tolist())
        self.intercept = float(intercept - math.fsum((coef * scaler.mean_).tolist()))

    def totals(self, columns: Floats) -> Floats:
        """Intercept plus coef x column, one column after the other."""
        total = np.full(columns.shape[1], self.intercept)
        for coef, column in zip(self.coef, columns, strict=True):
            total = total + coef * column
        return total

    def total_shares(self, column: Floats) -> tuple[float, ...]:
        """The coefficients, whoever the pair is."""
        return self.coef

    def state(self) -> dict[str, Any]:
        """What was fitted."""
        own = {"coef": self.coef, "intercept": self.intercept, "mean": self.mean, "error": self.error}
        return {**own, **self.link_state()}

    def restore(self, state: Mapping[str, Any]) -> Self:
        """Take over what another fit found; ValueError when it does not fit these columns."""
        self.restore_shared(state)
        self.coef, self.intercept = tuple(map(float, state["coef"])), float(state["intercept"])
        if len(self.coef) != len(COLUMNS) or not all(map(math.isfinite, (*self.coef, self.intercept))):
            raise ValueError("the model does not fit the columns")
        if min(self.coef) < 0.0:
            raise ValueError("the model would let more evidence lower a score")
        return self


def nonnegative(rows: Floats, targets: Floats, weight: Floats) -> tuple[Flags, Floats, float]:
    """Logistic regression of scaled rows (n, d) on targets (n,) 0-1 whose coefficients cannot be below 0.

    Returns which columns were kept (d,), the coefficients (d,) and the intercept. A column that would count against
    a person is left out, and the rest fitted again.
    """
    from sklearn.linear_model import LogisticRegression

    kept = np.ones(rows.shape[1], dtype=np.bool_)
    twice, answers = np.concatenate((rows, rows)), np.repeat((1, 0), len(rows))
    shares = np.concatenate((weight * targets, weight * (1.0 - targets)))
    while True:
        model = LogisticRegression(C=1.0 / RIDGE, solver="newton-cholesky", max_iter=200, tol=1e-8)
        found = model.fit(twice * kept, answers, sample_weight=shares)
        if (found.coef_[0][kept] >= 0.0).all():
            return kept, np.where(kept, found.coef_[0], 0.0), float(found.intercept_[0])
        kept &= found.coef_[0] >= 0.0


def fit_error(rows: Floats, coef: Floats, intercept: float, weight: Floats) -> float:
    """Root mean variance of the fitted probability: p(1-p) sqrt(x' C x), C the inverse of the penalized Hessian."""
    chance = 1.0 / (1.0 + np.exp(-(intercept + rows @ coef)))
    design = np.column_stack((np.ones(len(rows)), rows))
    spread = weight * chance * (1.0 - chance)
    penalty = np.diag([1e-6] + [RIDGE] * rows.shape[1])
    covariance = np.linalg.inv((design * spread[:, None]).T @ design + penalty)
    variance = np.einsum("ij,jk,ik->i", design, covariance, design)
    return math.sqrt(float(np.mean(variance * (chance * (1.0 - chance)) ** 2)))
