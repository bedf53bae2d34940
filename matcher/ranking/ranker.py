"""The estimators that put people before a role and roles before a person, behind one interface for every stage."""

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

import numpy as np

from matcher.ranking import features
from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.features import COLUMNS, Pair
from matcher.ranking.logistics import Floats
from matcher.ranking.order import Draw, arrange, margin, propensity, tie_hash
from matcher.ranking.reasons import Reason
from matcher.ranking.similarity import Similarity

MIN_REQUIREMENTS = 3  # with fewer, one skill would decide; the same three that a posting open to all must name
MIN_SKILLS = 3

#: Stage 0: what a hub would defend in words. Skills asked for decide (.55), then the proof (.20) and what is near
#: (.10); the rest can only part people who are otherwise alike.
WEIGHTS: Mapping[str, float] = {
    "must_cover": 0.30, "weighted_cover": 0.25, "adjacency": 0.10, "evidence": 0.20,
    "preference": 0.04, "closeness": 0.04, "recency": 0.04, "program": 0.03,
}  # fmt: skip
_LEVEL_SD = 1.0 / math.sqrt(12.0)  # a level is a number rounded to a whole step
_TIER_SD = 0.17 / math.sqrt(12.0)  # tiers lie 0.17 apart on average


@dataclass(slots=True)  # frozen would take five times as long to make
class Scored:
    """One line of a list. Without enough information `score` and `rank` are None and `needs` says what to add.

    `base` plus the sum of `contributions` (by column name) is `score`, to 1e-9.
    """

    id: str
    score: float | None
    rank: int | None
    contributions: Mapping[str, float] = field(default_factory=dict)
    base: float = 0.0
    near_tie_group: int | None = None
    propensity: float | None = None
    needs: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Shares:
    """A score taken apart: `base` + sum of slope x (x - reference), all per column, on the scale of the score."""

    base: float
    slopes: tuple[float, ...]
    reference: tuple[float, ...]

    def contributions(self, column: Floats) -> dict[str, float]:
        """What each column adds to or takes from `base`."""
        parts = zip(COLUMNS, self.slopes, column.tolist(), self.reference, strict=True)
        return {name: slope * (value - middle) for name, slope, value, middle in parts}


def contributions(shares: Sequence[Shares], columns: Floats) -> list[dict[str, float]]:
    """What each column adds to or takes from the bases of n pairs, columns (8, n): see `Shares.contributions`."""
    if not shares:
        return []
    alike = all(one is shares[0] for one in shares)
    taken = shares[:1] if alike else shares
    slopes, reference = np.array([one.slopes for one in taken]), np.array([one.reference for one in taken])
    return [dict(zip(COLUMNS, parts, strict=True)) for parts in (slopes * (columns.T - reference)).tolist()]


_FIXED = Shares(0.0, tuple(WEIGHTS[name] for name in COLUMNS), (0.0,) * len(COLUMNS))


def role_needs(role: RoleFacts) -> tuple[Reason, ...]:
    """What a role must add before anyone can be ranked for it; empty when it says enough."""
    have = len(role.requirements)
    return () if have >= MIN_REQUIREMENTS else (_need("role_needs_skills", have, MIN_REQUIREMENTS),)


def candidate_needs(candidate: CandidateFacts) -> tuple[Reason, ...]:
    """What a person must add before being ranked; empty when the profile says enough."""
    have = len(candidate.skills)
    return () if have >= MIN_SKILLS else (_need("candidate_needs_skills", have, MIN_SKILLS),)


class Ranker:
    """What every stage shares: lists in, scored lines out. A stage gives `fit`, `score`, `shares`, `standard_error`."""

    stage: int

    def __init__(self, similarity: Similarity | None = None) -> None:
        self.similarity = similarity

    def fit(self, pairs: Sequence[Pair], outcomes: Sequence[float]) -> Self:
        """Learn from judged pairs (n) and their outcomes (n); returns itself."""
        raise NotImplementedError

    def score(self, columns: Floats) -> Floats:
        """Scores (n,) in 0-1 of columns (8, n); a pair's score must not depend on the other pairs, to the bit."""
        raise NotImplementedError

    def advance(self, columns: Floats) -> Floats:
        """What is said of the employer's side alone (n,): the score itself, unless a model has two sides."""
        return self.score(columns)

    def shares(self, column: Floats) -> Shares:
        """The score of one pair, columns (8,), taken apart."""
        raise NotImplementedError

    def shares_each(self, columns: Floats) -> list[Shares]:
        """The scores of n pairs, columns (8, n), taken apart."""
        return [self.shares(column) for column in columns.T]

    def standard_error(self, role: RoleFacts) -> float:
        """How uncertain a score for this role is; the same for everyone in its list."""
        raise NotImplementedError

    def state(self) -> dict[str, Any]:
        """All that decides a score besides the facts, as plain values."""
        raise NotImplementedError

    def fingerprint(self) -> str:
        """SHA-256 over stage, feature schema, similarity and fitted state: same print, same scores."""
        parts = (type(self).__name__, self.stage, features.SCHEMA, self.near.digest(), sorted(self.state().items()))
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    @property
    def near(self) -> Similarity:
        """The similarity in use; an empty one knows each skill only to itself."""
        return self.similarity or _NOTHING_NEAR

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Constructor parameters by name, as scikit-learn's clone and grid search expect."""
        return {"similarity": self.similarity}

    def set_params(self, **params: Any) -> Self:
        """Set constructor parameters by name; ValueError for an unknown one."""
        for name, value in params.items():
            if name not in self.get_params():
                raise ValueError(f"{name} is not a parameter of {type(self).__name__}")
            setattr(self, name, value)
        return self

    def predict(self, pairs: Sequence[Pair]) -> Floats:
        """Scores (n,) of pairs (n), NaN where there is too little to say."""
        scores = self.score(features.pair_matrix(pairs, self.near))
        enough = [not role_needs(role) and not candidate_needs(person) for role, person in pairs]
        return np.where(np.array(enough, dtype=np.bool_), scores, np.nan)

    def rank(
        self, role: RoleFacts, candidates: Sequence[CandidateFacts], *, day: date, seed: int,
        near_ties: bool = True, top: int | None = None,
    ) -> list[Scored]:  # fmt: skip
        """Candidates in order for a role, those with too little last; filters are the caller's (see filters.split)."""
        _no_twice([item.id for item in candidates])
        width = margin(self.standard_error(role)) if near_ties and not role_needs(role) else 0.0
        pairs = [(role, person) for person in candidates]
        draw = _drawer([(role.id, person.id) for person in candidates], day, seed)
        return self._listed(pairs, [item.id for item in candidates], draw, width, top)

    def rank_roles(
        self, candidate: CandidateFacts, roles: Sequence[RoleFacts], *, day: date, seed: int,
        near_ties: bool = True, top: int | None = None,
    ) -> list[Scored]:  # fmt: skip
        """Roles in order for a person, those that say too little last."""
        _no_twice([item.id for item in roles])
        width = self.width_over([role for role in roles if not role_needs(role)]) if near_ties else 0.0
        pairs = [(role, candidate) for role in roles]
        draw = _drawer([(role.id, candidate.id) for role in roles], day, seed)
        return self._listed(pairs, [item.id for item in roles], draw, width, top)

    def width_over(self, roles: Sequence[RoleFacts]) -> float:
        """One near-tie margin for a list of roles: from the root mean square of their standard errors."""
        if not roles:
            return 0.0
        return margin(math.sqrt(math.fsum(self.standard_error(role) ** 2 for role in roles) / len(roles)))

    def _listed(
        self, pairs: list[Pair], ids: list[str], draw: Callable[[int], int], width: float, top: int | None
    ) -> list[Scored]:
        needs = [role_needs(role) + candidate_needs(person) for role, person in pairs]
        known = [row for row, missing in enumerate(needs) if not missing]
        columns = features.pair_matrix([pairs[row] for row in known], self.near)
        lines = self.lines(columns, [ids[row] for row in known], lambda row: draw(known[row]), width, top)
        unknown = sorted((row for row, missing in enumerate(needs) if missing), key=draw)
        return lines + [Scored(ids[row], None, None, needs=needs[row]) for row in unknown]

    def lines(
        self, columns: Floats, ids: Sequence[str], draw: Draw, width: float, top: int | None,
        scores: Floats | None = None,
    ) -> list[Scored]:  # fmt: skip
        """Ranked lines of scored pairs: columns (8, n), ids (n), tie hashes, near-tie margin, how many; the `scores`
        (n) where they were worked out before."""
        scores = self.score(columns) if scores is None else scores
        order = arrange(scores, columns, draw, width, top)
        listed = columns[:, order.rows]
        taken = self.shares_each(listed)
        rows, groups = order.rows.tolist(), order.groups.tolist()
        told = zip(rows, groups, scores[order.rows].tolist(), taken, contributions(taken, listed), strict=True)
        return [Scored(ids[row], score, place, parts, shares.base, group, propensity(place))
                for place, (row, group, score, shares, parts) in enumerate(told, start=1)]  # fmt: skip


class Stage0(Ranker):
    """Fixed, documented weights: a weighted mean of the eight columns, so a score is 0 to 1. Needs no labels."""

    stage = 0

    def fit(self, pairs: Sequence[Pair], outcomes: Sequence[float]) -> Self:
        """Nothing to learn; checks that there is one outcome for each pair."""
        if len(pairs) != len(outcomes):
            raise ValueError(f"{len(pairs)} pairs but {len(outcomes)} outcomes")
        self.n_features_in_ = len(COLUMNS)
        return self

    def score(self, columns: Floats) -> Floats:
        """Sum of weight x column, one column after the other."""
        total = np.zeros(columns.shape[1])
        for name, column in zip(COLUMNS, columns, strict=True):
            total = total + WEIGHTS[name] * column
        return total

    def shares(self, column: Floats) -> Shares:
        """Weight x column, against nothing: base 0, reference 0."""
        return _FIXED

    def shares_each(self, columns: Floats) -> list[Shares]:
        """The same for all."""
        return [_FIXED] * columns.shape[1]

    def standard_error(self, role: RoleFacts) -> float:
        """What is lost because levels and tiers are whole steps: a rounding error of 1/sqrt(12) step, carried through.

        A floor, not the whole of it: it leaves out that a person may misjudge a level, which only labels can tell.
        """
        weights = sum(item.weight for item in role.requirements)
        variance = 0.0
        for item in role.requirements:
            share = item.weight / weights
            level = (WEIGHTS["weighted_cover"] + WEIGHTS["adjacency"]) * share / item.level * _LEVEL_SD
            variance += level**2 + (WEIGHTS["evidence"] * share * _TIER_SD) ** 2
        return math.sqrt(variance)

    def state(self) -> dict[str, Any]:
        """The weights."""
        return dict(WEIGHTS)


_NOTHING_NEAR = Similarity()


def _need(code: str, have: int, need: int) -> Reason:
    return Reason(code, {"have": have, "need": need, "add": need - have})


def _no_twice(ids: Sequence[str]) -> None:
    if len(set(ids)) != len(ids):
        raise ValueError("the same id is given twice in one list")


def _drawer(names: Sequence[tuple[str, str]], day: date, seed: int) -> Callable[[int], int]:
    ordinal = day.toordinal()
    return lambda row: tie_hash(*names[row], ordinal, seed)
