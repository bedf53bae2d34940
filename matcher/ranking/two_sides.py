"""A match takes two: the chance that the employer would advance the person times the chance that the person accepts."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np

from matcher.ranking import features
from matcher.ranking.calibration import sigmoid
from matcher.ranking.facts import RoleFacts
from matcher.ranking.features import COLUMNS, Pair
from matcher.ranking.learned import nonnegative
from matcher.ranking.logistics import Floats
from matcher.ranking.ranker import Ranker, Shares, Stage0
from matcher.ranking.similarity import Similarity

#: What a person is taken to weigh until answers say otherwise: hours, pay, start and place, with their own wishes.
PRIOR_BASE, PRIOR = 0.35, {"preference": 0.40, "closeness": 0.20}
PRIOR_ROWS = 50.0
_CLOSE = 1e-9


class Accepts:
    """P(the person would accept) from what they said of place, hours, pay and start; skills have no say in it.

    Without answers a documented sum; with few, that sum still speaks as loudly as PRIOR_ROWS answers.
    """

    def __init__(self) -> None:
        self.fitted: tuple[float, ...] | None = None  # intercept, then a coefficient for each column of PRIOR
        self.error = 0.1

    def fit(self, pairs: Sequence[Pair], accepted: Sequence[bool], similarity: Similarity | None = None) -> Self:
        """Learn from offers or invitations that were answered (n), never from silence; ValueError for none."""
        if not pairs or len(pairs) != len(accepted):
            raise ValueError(f"{len(pairs)} pairs and {len(accepted)} answers cannot be learned from")
        order = sorted(range(len(pairs)), key=lambda row: (pairs[row][0].id, pairs[row][1].id, accepted[row]))
        columns = features.pair_matrix([pairs[row] for row in order], similarity or Similarity())
        rows, truth = columns[_wanted()].T, np.array([float(accepted[row]) for row in order])
        middle = rows.mean(axis=0)
        weight = np.concatenate((np.ones(len(truth)), np.full(len(truth), PRIOR_ROWS / len(truth))))
        both = np.concatenate((rows, rows)) - middle
        _, coef, intercept = nonnegative(both, np.concatenate((truth, _prior(columns))), weight)
        self.fitted = (intercept - float(coef @ middle), *map(float, coef))
        self.error = 0.5 / math.sqrt(len(truth) + PRIOR_ROWS)  # of a share, at its widest
        return self

    def chance(self, columns: Floats) -> Floats:
        """Chances (n,) for columns (8, n); each from its own pair alone, to the bit."""
        if self.fitted is None:
            return _prior(columns)
        total = np.full(columns.shape[1], self.fitted[0])
        for coef, column in zip(self.fitted[1:], columns[_wanted()], strict=True):
            total = total + coef * column
        return np.array([sigmoid(value) for value in total.tolist()], dtype=np.float64)

    def slopes(self, column: Floats, reference: Floats) -> tuple[float, ...]:
        """Slopes (8) so that sum of slope x (value - reference) is the step of the chance between the two points."""
        coefs = tuple(PRIOR.values()) if self.fitted is None else self.fitted[1:]
        here, there = self.chance(np.stack((column, reference), axis=1)).tolist()
        run = math.fsum(c * (float(column[i]) - float(reference[i])) for c, i in zip(coefs, _wanted(), strict=True))
        rate = 1.0 if self.fitted is None else (here - there) / run if abs(run) > _CLOSE else here * (1.0 - here)
        found = dict(zip(_wanted(), coefs, strict=True))
        return tuple(found.get(number, 0.0) * rate for number in range(len(COLUMNS)))

    def state(self) -> dict[str, Any]:
        """What was fitted; an empty tuple for the documented sum."""
        return {"accepts": self.fitted or (), "accepts_error": self.error}

    def restore(self, state: Mapping[str, Any]) -> Self:
        """Take over what another fit found; ValueError when it does not fit."""
        fitted, self.error = tuple(map(float, state["accepts"])), float(state["accepts_error"])
        if not all(map(math.isfinite, (*fitted, self.error))) or len(fitted) not in (0, len(PRIOR) + 1):
            raise ValueError("the chances of accepting do not fit the columns")
        if min(fitted[1:], default=0.0) < 0.0 or self.error < 0.0:
            raise ValueError("the model would let a kept wish lower a score")
        self.fitted = fitted or None
        return self


class TwoSided(Ranker):
    """P(match) = P(the employer would advance) x P(the person would accept), over a ranker of any stage."""

    def __init__(self, employer: Ranker | None = None, accepts: Accepts | None = None) -> None:
        self.employer, self.accepts = employer or Stage0(), accepts or Accepts()
        super().__init__(self.employer.similarity)
        self.stage = self.employer.stage

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The two sides by name."""
        return {"employer": self.employer, "accepts": self.accepts}

    def fit(self, pairs: Sequence[Pair], outcomes: Sequence[float]) -> Self:
        """Fit the employer's side to judged pairs (n) and outcomes (n); the person's side has answers of its own."""
        self.employer.fit(pairs, outcomes)
        return self

    def score(self, columns: Floats) -> Floats:
        """The product of the two chances (n,)."""
        return self.employer.score(columns) * self.accepts.chance(columns)

    def shares(self, column: Floats) -> Shares:
        """Shapley shares of a product of two: each side's step counts at the mean of the other's two values."""
        one = self.employer.shares(column)
        reference = np.array(one.reference)
        pair = np.stack((column, reference), axis=1)
        chance, was_chance = self.accepts.chance(pair).tolist()
        score, other = float(self.employer.score(column[:, None])[0]), self.accepts.slopes(column, reference)
        theirs, mine = (chance + was_chance) / 2.0, (score + one.base) / 2.0
        slopes = tuple(theirs * a + mine * b for a, b in zip(one.slopes, other, strict=True))
        return Shares(one.base * was_chance, slopes, one.reference)

    def standard_error(self, role: RoleFacts) -> float:
        """Both sides' errors together; neither chance is above 1, so a product is no less sure than this."""
        return math.hypot(self.employer.standard_error(role), self.accepts.error)

    def state(self) -> dict[str, Any]:
        """Both sides' states."""
        return {**self.employer.state(), **self.accepts.state()}


def _wanted() -> list[int]:
    return [COLUMNS.index(name) for name in PRIOR]


def _prior(columns: Floats) -> Floats:
    total = np.full(columns.shape[1], PRIOR_BASE)
    for number, weight in zip(_wanted(), PRIOR.values(), strict=True):
        total = total + weight * columns[number]
    return total
