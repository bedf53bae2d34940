"""Rankers whose score only ever rises with a weighted sum of the columns: the ones the index can stop early for."""

from dataclasses import dataclass

import numpy as np

from matcher.ranking.features import COLUMNS
from matcher.ranking.learned import Stage1
from matcher.ranking.ranker import WEIGHTS, Ranker, Stage0

AT = {name: number for number, name in enumerate(COLUMNS)}


@dataclass(frozen=True, slots=True)
class Linear:
    """`base` + sum of weight x column (in the order of COLUMNS, none negative) decides the order of scores."""

    base: float
    weights: tuple[float, ...]

    def of(self, name: str) -> float:
        """The weight of one column."""
        return self.weights[AT[name]]

    def score_at(self, ranker: Ranker, total: float) -> float:
        """The score of anyone whose weighted sum is `total`; infinite where the weights are all 0."""
        every = sum(self.weights)
        if every <= 0.0:
            return float("inf")
        alike = np.full((len(COLUMNS), 1), (total - self.base) / every)
        return float(ranker.score(alike)[0])


def linear(ranker: Ranker) -> Linear | None:
    """The weighted sum behind a ranker, None where there is none: then everyone in reach is scored."""
    if type(ranker) is Stage0:
        return Linear(0.0, tuple(WEIGHTS[name] for name in COLUMNS))
    if type(ranker) is Stage1:
        return Linear(ranker.intercept, tuple(max(0.0, coef) for coef in ranker.coef))
    return None
