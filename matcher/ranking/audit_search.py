"""A search for a model that treats groups more alike and is no less accurate, with the record of all that was tried.

The groups only measure what each model does with people it has not learned from. No model sees them, and what wins
is a choice of columns, prior or strength, never a change of order by group.
"""

import hashlib
import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from matcher.ranking import evaluate
from matcher.ranking.audit import Group, Tally, compare
from matcher.ranking.features import COLUMNS
from matcher.ranking.logistics import Floats
from matcher.ranking.ranker import WEIGHTS

FOLDS = 4
TOP = 10
REFERENCE = 30  # pairs; the rate of a smaller group is too unsure to measure others by
EQUAL = 0.01  # nDCG@10 no more than this below the model in use is equal accuracy
KINDER = 0.02  # a smallest impact ratio this much higher is worth a change

Scorer = Callable[[Floats], Floats]  # columns (n, 8) -> scores (n,)
Fit = Callable[[Floats, Floats], Scorer]


@dataclass(frozen=True, slots=True)
class Tried:
    """One model on roles left out: accuracy, and how alike groups come out among the first ten.

    `ratio` is the smallest impact ratio of any group large enough to compare (being in the upper half of a role's
    judged people, or in the first ten of more than twenty), None without two such groups; `p` is of the paired t-test
    of nDCG@10 against the model in use.
    """

    name: str
    columns: tuple[str, ...]
    settings: Mapping[str, float]
    ndcg: float
    gain: float
    p: float
    ratio: float | None
    equal: bool


@dataclass(frozen=True, slots=True)
class Record:
    """What was tried, on what, and what came of it; plain values, to be kept for as long as the law asks."""

    factor: Group
    in_use: str
    pairs: int
    roles: int
    people: int
    data: str  # SHA-256 over columns, outcomes and roles
    tried: tuple[Tried, ...]
    best: str  # the name of the model with the highest ratio among those of equal accuracy
    better: bool  # whether its ratio is higher than that of the model in use by .02 or more

    def as_json(self) -> dict[str, Any]:
        """Plain values for a file or a column."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Judged:
    """Judged pairs in rows: columns (n, 8), outcomes (n) 0 to 1, and the role and the person of each row (n)."""

    columns: Floats
    outcomes: Floats
    roles: Sequence[str]
    people: Sequence[str]


def search(
    data: Judged, groups: Mapping[Group, Sequence[Group | None]], *, in_use: str = "stage 0"
) -> tuple[Record, ...]:
    """Compare all `ALTERNATIVES` on folds of whole roles, a record for each factor in `groups` (n labels each).

    ValueError for fewer than two roles.
    """
    rows_of = _by_role(data.roles)
    if len(rows_of) < 2:
        raise ValueError("a search needs at least two roles")
    orders = {name: _orders(_held_out(fit, data, rows_of), data, rows_of) for name, (_, _, fit) in ALTERNATIVES.items()}
    values = {name: _ndcgs(order, data) for name, order in orders.items()}
    digest = _digest(data)
    records = []
    for factor, labels in groups.items():
        tried = tuple(_tried(name, values[name], values[in_use], _ratio(orders[name], labels)) for name in ALTERNATIVES)
        now = next(one for one in tried if one.name == in_use)
        equal = [one for one in tried if one.equal and one.ratio is not None]
        best = max(equal, key=lambda one: (one.ratio or 0.0, one.name == in_use), default=now)
        better = (best.ratio or 0.0) - (now.ratio or 0.0) >= KINDER
        records.append(Record(factor, in_use, len(data.roles), len(rows_of), len(set(data.people)), digest, tried,
                              best.name if better else in_use, better))  # fmt: skip
    return tuple(records)


def _by_role(roles: Sequence[str]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row, role in enumerate(roles):
        found[role].append(row)
    return {role: found[role] for role in sorted(found)}


def _held_out(fit: Fit, data: Judged, rows_of: Mapping[str, list[int]]) -> Floats:
    """Scores (n) of each pair by a model fitted on the other folds of roles."""
    scores = np.zeros(len(data.roles))
    names = list(rows_of)
    for fold in range(min(FOLDS, len(names))):
        test = [row for name in names[fold::FOLDS] for row in rows_of[name]]
        train = [row for name in names if name not in names[fold::FOLDS] for row in rows_of[name]]
        if test:
            scores[test] = fit(data.columns[train], data.outcomes[train])(data.columns[test])
    return scores


def _orders(scores: Floats, data: Judged, rows_of: Mapping[str, list[int]]) -> list[list[int]]:
    """The rows of each role, best first; ties by a hash of the person."""
    ties = [hashlib.sha256(name.encode()).digest() for name in data.people]
    return [sorted(rows, key=lambda row: (-scores[row], ties[row])) for rows in rows_of.values()]


def _ndcgs(orders: Sequence[Sequence[int]], data: Judged) -> list[float]:
    found = []
    for rows in orders:
        grades = {str(row): round(4 * float(data.outcomes[row])) for row in rows}
        if any(grades.values()):
            found.append(evaluate.ndcg([str(row) for row in rows], grades))
    return found


def _tried(name: str, values: Sequence[float], own: Sequence[float], ratio: float | None) -> Tried:
    columns, settings, _ = ALTERNATIVES[name]
    gain, p = evaluate.paired_t(values, own) if values else (0.0, 1.0)
    mean = math.fsum(values) / max(len(values), 1)
    return Tried(name, columns, settings, mean, gain, p, ratio, gain >= -EQUAL)


def _ratio(orders: Sequence[Sequence[int]], labels: Sequence[Group | None]) -> float | None:
    counts: defaultdict[Group, list[int]] = defaultdict(lambda: [0, 0])
    for rows in orders:
        for place, row in enumerate(rows):
            if (group := labels[row]) is not None:
                counts[group][0] += 1
                counts[group][1] += place < min(TOP, (len(rows) + 1) // 2)
    known = sum(count[0] for count in counts.values())
    tallies = {group: Tally(*count) for group, count in counts.items() if count[0] >= 0.02 * known}
    ratios = [row.ratio for row in compare(tallies, REFERENCE).values() if row.ratio is not None]
    return min(ratios) if len(ratios) > 1 else None


def _digest(data: Judged) -> str:
    text = "\n".join(data.roles).encode()
    return hashlib.sha256(data.columns.tobytes() + data.outcomes.tobytes() + text).hexdigest()


def _fixed(weights: Mapping[str, float]) -> Fit:
    """A weighted mean with given weights, as stage 0."""
    vector = np.array([weights.get(name, 0.0) for name in COLUMNS])
    return lambda columns, outcomes: lambda asked: asked @ vector


def _logistic(columns: Sequence[str], strength: float, prior: float) -> Fit:
    """A logistic regression that never lets more evidence lower a score, drawn to stage 0 by `prior` pseudo-rows."""
    kept = np.array([name in columns for name in COLUMNS])
    fixed = np.array([WEIGHTS[name] for name in COLUMNS])

    def fit(rows: Floats, outcomes: Floats) -> Scorer:
        coefficients = _non_negative(rows, outcomes, fixed, kept.copy(), strength, prior)
        return lambda asked: asked @ coefficients

    return fit


def _non_negative(
    rows: Floats, outcomes: Floats, fixed: Floats, kept: np.ndarray[Any, np.dtype[np.bool_]], strength: float,
    prior: float,
) -> Floats:  # fmt: skip
    from sklearn.linear_model import LogisticRegression  # slow to load
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(rows)
    twice = np.concatenate([scaler.transform(rows)] * 2)
    targets = np.concatenate((outcomes, rows @ fixed))
    weight = np.concatenate((np.ones(len(rows)), np.full(len(rows), prior / len(rows))))
    both, answers = np.concatenate((twice, twice)), np.repeat((1, 0), len(twice))
    shares = np.concatenate((weight * targets, weight * (1.0 - targets)))
    while kept.any():
        model = LogisticRegression(C=strength, max_iter=500).fit(both * kept, answers, sample_weight=shares)
        if (model.coef_[0][kept] >= 0.0).all():
            return np.asarray(np.where(kept, model.coef_[0], 0.0) / scaler.scale_, dtype=np.float64)
        kept &= model.coef_[0] >= 0.0
    return fixed


def _without(name: str) -> dict[str, float]:
    return {column: weight for column, weight in WEIGHTS.items() if column != name}


def _alternatives() -> dict[str, tuple[tuple[str, ...], Mapping[str, float], Fit]]:
    found: dict[str, tuple[tuple[str, ...], Mapping[str, float], Fit]] = {
        "stage 0": (COLUMNS, dict(WEIGHTS), _fixed(WEIGHTS)),
        "stage 0, equal weights": (COLUMNS, {}, _fixed(dict.fromkeys(COLUMNS, 1 / len(COLUMNS)))),
    }
    for name in COLUMNS:
        rest = _without(name)
        found[f"stage 0 without {name}"] = (tuple(rest), rest, _fixed(rest))
    for strength in (0.03, 0.3, 3.0):
        for prior in (0.0, 50.0, 200.0):
            settings = {"C": strength, "prior_rows": prior}
            name = f"logistic, C {strength}, prior {prior:.0f}"
            found[name] = (COLUMNS, settings, _logistic(COLUMNS, strength, prior))
    for name in COLUMNS:
        kept = tuple(column for column in COLUMNS if column != name)
        settings = {"C": 1.0, "prior_rows": 50.0}
        found[f"logistic without {name}"] = (kept, settings, _logistic(kept, 1.0, 50.0))
    found["logistic"] = (COLUMNS, {"C": 1.0, "prior_rows": 50.0}, _logistic(COLUMNS, 1.0, 50.0))
    return found


#: Name to (columns, settings, how it is fitted): other weights, other priors, fewer columns, other strengths.
ALTERNATIVES = _alternatives()
