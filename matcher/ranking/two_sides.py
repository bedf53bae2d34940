"""A match takes two: the chance that the employer would advance the person times the chance that the person accepts."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np

from matcher.ranking import features
from matcher.ranking.calibration import sigmoid
from matcher.ranking.facts import RoleFacts
from matcher.ranking.features import COLUMNS, Pair
from matcher.ranking.learned import fit_error, nonnegative
from matcher.ranking.logistics import Floats
from matcher.ranking.ranker import Ranker, Shares, Stage0
from matcher.ranking.similarity import Similarity

#: What a person is taken to weigh until answers say otherwise: hours, pay, start and place, with their own wishes.
PRIOR_BASE, PRIOR = 0.35, {"preference": 0.40, "closeness": 0.20}
PRIOR_ROWS = 50.0  # the sum speaks as loudly as this many answers of how much wishes matter
BASE_ROWS = 10.0  # and as this many of how common a yes is
_CLOSE, _FAR = 1e-9, 30.0


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
        return self.fit_columns(columns, np.array([float(accepted[row]) for row in order]))

    def fit_columns(self, columns: Floats, truth: Floats) -> Self:
        """Fit to columns (8, n) and answers (n,) of 1 or 0, beside the documented sum put on the scale of the answers.

        The sum lends what it thinks of wishes, not its idea of how common a yes is.
        """
        rows, prior = columns[_wanted()].T, _lifted(documented(columns), truth)
        middle = rows.mean(axis=0)
        weight = np.concatenate((np.ones(len(truth)), np.full(len(truth), PRIOR_ROWS / len(truth))))
        both = np.concatenate((rows, rows)) - middle
        kept, coef, intercept = nonnegative(both, np.concatenate((truth, prior)), weight)
        self.fitted = (intercept - float(coef @ middle), *map(float, coef))
        self.error = fit_error(both * kept, coef, intercept, weight)
        return self

    def chance(self, columns: Floats) -> Floats:
        """Chances (n,) for columns (8, n); each from its own pair alone, to the bit."""
        if self.fitted is None:
            return documented(columns)
        total = np.full(columns.shape[1], self.fitted[0])
        for coef, column in zip(self.fitted[1:], columns[_wanted()], strict=True):
            total = total + coef * column
        return np.array([sigmoid(value) for value in total.tolist()], dtype=np.float64)

    def at(self, values: Sequence[float]) -> float:
        """The chance of one pair (8): the same bits as `chance` gives it."""
        total, coefs = (PRIOR_BASE, tuple(PRIOR.values())) if self.fitted is None else (self.fitted[0], self.fitted[1:])
        for number, coef in zip(_wanted(), coefs, strict=True):
            total = total + coef * values[number]
        return total if self.fitted is None else sigmoid(total)

    def slopes(self, values: Sequence[float], reference: Sequence[float]) -> tuple[float, ...]:
        """Slopes (8) so that sum of slope x (value - reference) is the step of the chance between two points (8)."""
        coefs = tuple(PRIOR.values()) if self.fitted is None else self.fitted[1:]
        here, there = self.at(values), self.at(reference)
        run = math.fsum(c * (values[i] - reference[i]) for c, i in zip(coefs, _wanted(), strict=True))
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
        self.sizes = (1.0, 1.0)  # of the employers' and the people's chances, root mean square; neither is above 1

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The two sides by name."""
        return {"employer": self.employer, "accepts": self.accepts}

    def fit(self, pairs: Sequence[Pair], outcomes: Sequence[float]) -> Self:
        """Fit the employer's side to judged pairs (n) and outcomes (n); the person's side has answers of its own."""
        self.employer.fit(pairs, outcomes)
        return self

    def sized(self, columns: Floats) -> Self:
        """Take from columns (8, n) how large both chances are, on which the error of their product depends."""
        sides = self.employer.score(columns), self.accepts.chance(columns)
        one, other = (math.sqrt(float(np.mean(side**2))) for side in sides)
        self.sizes = (one, other)
        return self

    def score(self, columns: Floats) -> Floats:
        """The product of the two chances (n,)."""
        return self.employer.score(columns) * self.accepts.chance(columns)

    def advance(self, columns: Floats) -> Floats:
        """The employer's side alone (n,)."""
        return self.employer.score(columns)

    def shares(self, column: Floats) -> Shares:
        """Shapley shares of a product of two: each side's step counts at the mean of the other's two values."""
        one, values = self.employer.shares(column), column.tolist()
        score = math.fsum((one.base, *one.contributions(column).values()))
        chance, was_chance = self.accepts.at(values), self.accepts.at(one.reference)
        other = self.accepts.slopes(values, one.reference)
        theirs, mine = (chance + was_chance) / 2.0, (score + one.base) / 2.0
        slopes = tuple(theirs * a + mine * b for a, b in zip(one.slopes, other, strict=True))
        return Shares(one.base * was_chance, slopes, one.reference)

    def standard_error(self, role: RoleFacts) -> float:
        """Both sides' errors, each at the size of the other chance: the error of a product to first order."""
        one, other = self.sizes
        return math.hypot(other * self.employer.standard_error(role), one * self.accepts.error)

    def state(self) -> dict[str, Any]:
        """Both sides' states."""
        return {**self.employer.state(), **self.accepts.state(), "sizes": self.sizes}

    def restore_sizes(self, state: Mapping[str, Any]) -> Self:
        """Take over how large the chances are; ValueError when they cannot be chances."""
        one, other = map(float, state["sizes"])
        if not (0.0 <= one <= 1.0 and 0.0 <= other <= 1.0):
            raise ValueError("no chance is of that size")
        self.sizes = (one, other)
        return self


def _wanted() -> list[int]:
    return [COLUMNS.index(name) for name in PRIOR]


def documented(columns: Floats) -> Floats:
    """What a person is taken to weigh until answers say otherwise (n,): the documented sum of columns (8, n)."""
    total = np.full(columns.shape[1], PRIOR_BASE)
    for number, weight in zip(_wanted(), PRIOR.values(), strict=True):
        total = total + weight * columns[number]
    return total


def _lifted(prior: Floats, truth: Floats) -> Floats:
    """The documented chances (n,) moved alike on the logit scale until a yes is as common as among the answers.

    How common that is counts the documented mean as BASE_ROWS answers more, so that it is never 0 or 1.
    """
    wanted = (BASE_ROWS * float(prior.mean()) + float(truth.sum())) / (BASE_ROWS + len(truth))
    odds = np.log(prior / (1.0 - prior))
    low, high = -_FAR, _FAR
    while high - low > _CLOSE:
        middle = (low + high) / 2.0
        low, high = (middle, high) if float(np.mean(_logistic(odds + middle))) < wanted else (low, middle)
    return _logistic(odds + low)


def _logistic(totals: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-totals)), dtype=np.float64)
