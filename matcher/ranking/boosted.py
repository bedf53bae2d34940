"""Stage 2: monotone boosted trees over pairs of columns, mixed with stage 1; its reasons are exact and quick."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

import numpy as np

from matcher.ranking.calibration import Link
from matcher.ranking.features import COLUMNS
from matcher.ranking.learned import PRIOR_ROWS, Learned, Stage1
from matcher.ranking.logistics import Floats
from matcher.ranking.pairwise import Leaf, from_leaves, grained, leaves_restored, leaves_state
from matcher.ranking.similarity import Similarity

TREES, RATE, LEAVES, DEPTH, LEAST_ROWS, BINS = 100, 0.1, 10, 4, 30, 64
MIX = 0.75  # the share of the trees in the sum; the rest is stage 1


class Stage2(Learned):
    """P(good outcome) = link((1 - mix) x stage 1's sum + mix x the trees' sum).

    The trees are scikit-learn's HistGradientBoostingClassifier with monotonic_cst = +1 on every column and paths of
    at most two columns. Such trees are tables over pairs of columns, and as tables they are kept: a score takes one
    look-up for each, and Shapley values are exact without trying 2^8 coalitions.
    """

    stage = 2

    def __init__(
        self, similarity: Similarity | None = None, prior_rows: float = PRIOR_ROWS, mix: float = MIX
    ) -> None:
        super().__init__(similarity, prior_rows)
        self.mix = mix

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Constructor parameters by name."""
        return {**super().get_params(deep), "mix": self.mix}

    def fit_columns(self, columns: Floats, truth: Floats, weights: Floats) -> Self:
        """Fit stage 1 and the trees to the same rows."""
        under = Stage1(self.similarity, self.prior_rows).fit_columns(columns, truth, weights)
        constant, leaves = grown(columns, truth, weights)
        self.leaves = [Leaf(grained(self.mix * leaf.value), leaf.bounds) for leaf in leaves]
        self.steps = from_leaves(self.leaves)
        rest = 1.0 - self.mix
        self.coef = tuple(rest * coef for coef in under.coef)
        self.intercept = rest * under.intercept + self.mix * constant
        self.mean = self.steps.apart_from_edges(under.mean)
        self.error, self.link = under.error, Link()
        self.n_features_in_ = len(COLUMNS)
        return self

    def totals(self, columns: Floats) -> Floats:
        """Stage 1's part, one column after the other, then the tables, whose sum is exact."""
        total = np.full(columns.shape[1], self.intercept)
        for coef, column in zip(self.coef, columns, strict=True):
            total = total + coef * column
        return total + self.steps(columns)

    def total(self, values: Sequence[float]) -> float:
        """The sum of one pair (8): the same bits as `totals` gives it."""
        return super().total(values) + self.steps.at(values)

    def total_shares(self, column: Floats) -> tuple[float, ...]:
        """Shapley values against the mean pair as slopes: a column in the mean's cell has stage 1's part alone."""
        values = column.tolist()
        steps = self.steps.shapley(values, self.mean)
        parts = zip(self.coef, steps, values, self.mean, strict=True)
        return tuple(coef + (step / (value - middle) if step else 0.0) for coef, step, value, middle in parts)

    def state(self) -> dict[str, Any]:
        """What was fitted."""
        own = {"coef": self.coef, "intercept": self.intercept, "mean": self.mean, "error": self.error}
        return {**own, **self.link_state(), **leaves_state(self.leaves)}

    def restore(self, state: Mapping[str, Any]) -> Self:
        """Take over what another fit found; ValueError when it does not fit these columns or is not monotone."""
        self.restore_shared(state)
        self.coef, self.intercept = tuple(map(float, state["coef"])), float(state["intercept"])
        if len(self.coef) != len(COLUMNS) or not all(map(math.isfinite, (*self.coef, self.intercept))):
            raise ValueError("the model does not fit the columns")
        if min(self.coef) < 0.0:
            raise ValueError("the model would let more evidence lower a score")
        self.leaves = leaves_restored(state)
        self.steps = from_leaves(self.leaves)
        if not self.steps.is_monotone():
            raise ValueError("the model would let more evidence lower a score")
        if self.steps.apart_from_edges(self.mean) != self.mean:
            raise ValueError("the model's mean pair lies on an edge")
        return self


def grown(columns: Floats, truth: Floats, weights: Floats) -> tuple[float, list[Leaf]]:
    """The fitted trees: a constant and their leaves; ValueError where all outcomes are alike."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # slow to load, and only needed to learn

    cuts = [_cuts(column) for column in columns]
    cells = np.array([np.searchsorted(cut, column, side="left") for cut, column in zip(cuts, columns, strict=True)])
    rows, answers = np.concatenate((cells.T, cells.T)).astype(np.float64), np.repeat((1, 0), len(truth))
    shares = np.concatenate((weights * truth, weights * (1.0 - truth)))
    used = shares > 0.0
    if len(set(answers[used].tolist())) < 2:
        raise ValueError("outcomes that are all alike cannot be learned from")
    model = HistGradientBoostingClassifier(
        max_iter=TREES, learning_rate=RATE, max_leaf_nodes=LEAVES, max_depth=DEPTH, min_samples_leaf=LEAST_ROWS,
        max_bins=255, l2_regularization=1.0, monotonic_cst=[1] * len(COLUMNS), interaction_cst="pairwise",
        early_stopping=False, random_state=0,
    )
    model.fit(rows[used], answers[used], sample_weight=shares[used])
    leaves = [leaf for (tree,) in model._predictors for leaf in _walk(tree.nodes, cuts, 0, {})]
    idle = sum(leaf.value for leaf in leaves if not leaf.bounds)  # a tree that found nothing to ask
    return float(np.ravel(model._baseline_prediction)[0]) + idle, [leaf for leaf in leaves if leaf.bounds]


def _cuts(column: Floats) -> Floats:
    """At most BINS - 1 rising cuts that part a column into groups of about equal size, halfway between its values."""
    values, counts = np.unique(column, return_counts=True)
    middles: Floats = (values[1:] + values[:-1]) / 2.0
    if len(middles) < BINS:
        return middles
    below = np.cumsum(counts)[:-1] / len(column)
    at = np.searchsorted(below, np.arange(1, BINS) / BINS).clip(max=len(middles) - 1)
    return np.asarray(middles[np.unique(at)], dtype=np.float64)


def _walk(nodes: Any, cuts: Sequence[Floats], at: int, bounds: dict[int, tuple[float, float]]) -> Iterator[Leaf]:
    node = nodes[at]
    if node["is_leaf"]:
        yield Leaf(float(node["value"]), bounds)
        return
    column = int(node["feature_idx"])
    cut = float(cuts[column][int(node["num_threshold"])])  # the trees saw cells: up to k + 1/2 is up to cut k
    low, high = bounds.get(column, (-math.inf, math.inf))
    yield from _walk(nodes, cuts, int(node["left"]), {**bounds, column: (low, min(cut, high))})
    yield from _walk(nodes, cuts, int(node["right"]), {**bounds, column: (max(cut, low), high)})
