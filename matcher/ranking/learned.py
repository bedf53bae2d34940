"""Stage 1: a logistic regression over the same eight columns, started from stage 0 and moved by what happened."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from matcher.ranking import features
from matcher.ranking.facts import RoleFacts
from matcher.ranking.features import COLUMNS, Pair
from matcher.ranking.logistics import Floats
from matcher.ranking.ranker import Ranker, Shares, Stage0
from matcher.ranking.similarity import Similarity

PRIOR_ROWS = 50.0  # stage 0 speaks as loudly as this many judged pairs
_CLOSE = 1e-9
_FITTED = ("coef", "intercept", "mean", "error")


class Stage1(Ranker):
    """P(good outcome) = sigmoid(intercept + sum coef x column), every coef at least 0.

    An outcome is 0 to 1 (a grade of 4 is 1) and counts as that share of a yes. A column whose coefficient would fall
    below 0 is left out and the rest fitted again, so that more evidence never lowers a score.
    """

    stage = 1

    def __init__(self, similarity: Similarity | None = None, prior_rows: float = PRIOR_ROWS) -> None:
        super().__init__(similarity)
        self.prior_rows = prior_rows

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Constructor parameters by name."""
        return {"similarity": self.similarity, "prior_rows": self.prior_rows}

    def fit(self, pairs: Sequence[Pair], outcomes: Sequence[float]) -> Self:
        """Fit to judged pairs (n) and outcomes (n, 0 to 1); ValueError for none, or for an outcome out of range.

        The order of the rows does not matter. A pair that was never shown must not be given as a 0.
        """
        if not pairs or len(pairs) != len(outcomes):
            raise ValueError(f"{len(pairs)} pairs and {len(outcomes)} outcomes cannot be learned from")
        if any(not 0.0 <= value <= 1.0 for value in outcomes):
            raise ValueError("an outcome is a number from 0 to 1")
        order = sorted(range(len(pairs)), key=lambda row: (pairs[row][0].id, pairs[row][1].id, outcomes[row]))
        columns = features.pair_matrix([pairs[row] for row in order], self.near)
        truth = np.array([outcomes[row] for row in order], dtype=np.float64)
        prior = Stage0(self.similarity).score(columns)
        rows = np.concatenate((columns.T, columns.T))
        weight = np.concatenate((np.ones(len(truth)), np.full(len(truth), self.prior_rows / len(truth))))
        self._fit_rows(rows, np.concatenate((truth, prior)), weight)
        self.n_features_in_ = len(COLUMNS)
        return self

    def _fit_rows(self, rows: Floats, targets: Floats, weight: Floats) -> None:
        scaler = StandardScaler().fit(rows)
        scaled, kept = scaler.transform(rows), np.ones(len(COLUMNS), dtype=np.bool_)
        twice, answers = np.concatenate((scaled, scaled)), np.repeat((1, 0), len(rows))
        shares = np.concatenate((weight * targets, weight * (1.0 - targets)))
        while True:
            found = LogisticRegression(max_iter=1000, tol=1e-8).fit(twice * kept, answers, sample_weight=shares)
            if (found.coef_[0][kept] >= 0.0).all():
                break
            kept &= found.coef_[0] >= 0.0
        coef = np.where(kept, found.coef_[0], 0.0) / scaler.scale_
        self.coef = tuple(coef.tolist())
        self.mean = tuple(scaler.mean_.tolist())
        self.intercept = float(found.intercept_[0] - math.fsum((coef * scaler.mean_).tolist()))
        self.error = _error(scaled * kept, found, weight)

    def score(self, columns: Floats) -> Floats:
        """The probability, from one column after the other and a scalar exponential: no bit depends on the list."""
        total = np.full(columns.shape[1], self.intercept)
        for coef, column in zip(self.coef, columns, strict=True):
            total = total + coef * column
        return np.array([_sigmoid(value) for value in total.tolist()], dtype=np.float64)

    def shares(self, column: Floats) -> Shares:
        """Aumann-Shapley shares: the step from the mean pair to this one, split as coef x (value - mean) splits it."""
        here, there = self._logit(column.tolist()), self._logit(self.mean)
        base, score = _sigmoid(there), _sigmoid(here)
        rate = (score - base) / (here - there) if abs(here - there) > _CLOSE else base * (1.0 - base)
        return Shares(base, tuple(coef * rate for coef in self.coef), self.mean)

    def standard_error(self, role: RoleFacts) -> float:
        """How unsure the fitted coefficients leave a probability, on average over the pairs learned from."""
        return self.error

    def state(self) -> dict[str, Any]:
        """What was fitted."""
        return {name: getattr(self, name) for name in _FITTED}

    def restore(self, state: Mapping[str, Any]) -> Self:
        """Take over what another fit found; ValueError when it does not fit these columns."""
        coef, mean = tuple(map(float, state["coef"])), tuple(map(float, state["mean"]))
        numbers = (*coef, *mean, float(state["intercept"]), float(state["error"]))
        if len(coef) != len(COLUMNS) or len(mean) != len(COLUMNS) or not all(map(math.isfinite, numbers)):
            raise ValueError("the model does not fit the columns")
        if min(coef) < 0.0 or state["error"] < 0.0:
            raise ValueError("the model would let more evidence lower a score")
        self.coef, self.mean = coef, mean
        self.intercept, self.error = float(state["intercept"]), float(state["error"])
        return self

    def _logit(self, values: Sequence[float]) -> float:
        total = self.intercept
        for coef, value in zip(self.coef, values, strict=True):
            total = total + coef * value
        return total


def _sigmoid(value: float) -> float:
    """1 / (1 + e^-value), computed on the side that cannot overflow."""
    if value >= 0.0:
        return 1.0 / (1.0 + math.exp(-value))
    grown = math.exp(value)
    return grown / (1.0 + grown)


def _error(rows: Floats, found: LogisticRegression, weight: Floats) -> float:
    """Root mean variance of the fitted probability: p(1-p) sqrt(x' C x), C the inverse of the penalized Hessian."""
    chance = found.predict_proba(rows)[:, 1]
    design = np.column_stack((np.ones(len(rows)), rows))
    spread = weight * chance * (1.0 - chance)
    penalty = np.diag([1e-6] + [1.0] * rows.shape[1])
    covariance = np.linalg.inv((design * spread[:, None]).T @ design + penalty)
    variance = np.einsum("ij,jk,ik->i", design, covariance, design)
    return math.sqrt(float(np.mean(variance * (chance * (1.0 - chance)) ** 2)))
