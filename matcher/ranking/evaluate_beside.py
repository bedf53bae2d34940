"""Ours beside the baselines on anybody's judged pairs: one table of figures, each with its paired test and its cost."""

import importlib
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.ranking import baselines, calibration, evaluate, features, promotion
from matcher.ranking.baselines import Rows
from matcher.ranking.evaluate import Judgments, Line
from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.logistics import Floats
from matcher.ranking.order import tie_hash
from matcher.ranking.promotion import Table
from matcher.ranking.ranker import Ranker, Stage0, candidate_needs, role_needs
from matcher.ranking.weights import BEST

DEVELOPMENT = "tests.bench.learners"  # bm25s and lightgbm are development libraries: only a checkout has them
NEEDS = {"BM25": "bm25s", "LambdaRank": "lightgbm"}
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Result:
    """One ranker's figures: each metric's mean, ECE where it gives chances, gain and p against ours, ms per role."""

    name: str
    means: Mapping[str, float]
    calibration_error: float | None
    gain: float
    p: float
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Beside:
    """Ours first, then the others; `skipped` says which are missing and why."""

    results: tuple[Result, ...]
    skipped: Mapping[str, str]
    roles: int
    pairs: int
    left_out: int


@dataclass(frozen=True, slots=True)
class _Data:
    pairs: list[tuple[RoleFacts, CandidateFacts]]
    roles: list[RoleFacts]
    table: Table
    grades: dict[str, dict[str, int]]


Scores = tuple[Floats, bool]  # scores (n,), and whether they are chances


def beside(
    ours: Ranker, roles: Mapping[str, RoleFacts], people: Mapping[str, CandidateFacts], judgments: Judgments
) -> Beside:  # fmt: skip
    """Every ranker orders the judged people of each role; what was never judged is not taken for a no.

    Learners are judged on roles they have not seen, by grouped folds; so is ours where it learns ("ours, learned
    here"). `ours` is used as it was given. Pairs with too little to say are left out for all alike.
    """
    data = _data(ours, roles, people, judgments)
    makers, skipped = _makers(ours, data)
    found: list[Result] = []
    base: dict[str, dict[str, float]] = {}
    for name, make in makers:
        start = time.perf_counter()
        scores, are_chances = make()
        spent = (time.perf_counter() - start) * 1000.0 / max(len(data.roles), 1)
        values = evaluate.by_query(_run(data, scores), data.grades)
        base = base or values
        error = calibration.calibration_error(scores, data.table.outcome) if are_chances else None
        gain, p = evaluate.paired_t(*([row[evaluate.METRICS[0]] for row in each.values()] for each in (values, base)))
        found.append(Result(name, evaluate.means(values), error, gain, p, spent))
    return Beside(tuple(found), skipped, len(data.roles), len(data.pairs), _size(judgments) - len(data.pairs))


def lines(found: Beside) -> Iterator[str]:
    """The table as text."""
    yield f"{found.roles} roles, {found.pairs} judged pairs; {found.left_out} left out with too little to say."
    heads = [*evaluate.METRICS, "ECE", "gain", "p", "ms/role"]
    yield f"{'':<22}" + "".join(f"{head:>11}" for head in heads)
    for item in found.results:
        error = "-" if item.calibration_error is None else f"{item.calibration_error:.4f}"
        numbers = [f"{item.means[name]:.4f}" for name in evaluate.METRICS]
        cells = [*numbers, error, f"{item.gain:+.4f}", f"{item.p:.4f}", f"{item.milliseconds:.2f}"]
        yield f"{item.name:<22}" + "".join(f"{cell:>11}" for cell in cells)
    for name, why in found.skipped.items():
        yield f"{name}: skipped, {why}"


def plain(found: Beside) -> dict[str, Any]:
    """The same as plain values."""
    results = {
        item.name: {**item.means, "ECE": item.calibration_error, "gain": item.gain, "p": item.p,
                    "ms_per_role": item.milliseconds} for item in found.results
    }  # fmt: skip
    return {"roles": found.roles, "pairs": found.pairs, "left_out": found.left_out, "rankers": results,
            "skipped": dict(found.skipped)}  # fmt: skip


def _data(
    ours: Ranker, roles: Mapping[str, RoleFacts], people: Mapping[str, CandidateFacts], judgments: Judgments
) -> _Data:  # fmt: skip
    pairs, grades, asked = [], [], []
    for name, row in judgments.items():
        known = [person for person in sorted(row) if not candidate_needs(people[person])]
        if known and not role_needs(roles[name]):
            pairs += [(roles[name], people[person]) for person in known]
            grades += [row[person] for person in known]
            asked.append(roles[name])
    number = {role.id: at for at, role in enumerate(asked)}
    table = Table(
        features.pair_matrix(pairs, ours.near), np.array([number[role.id] for role, _ in pairs], dtype=np.intp),
        np.array(grades, dtype=np.float64) / BEST, np.ones(len(pairs)),
    )  # fmt: skip
    by_role: dict[str, dict[str, int]] = {}
    for (role, person), grade in zip(pairs, grades, strict=True):
        by_role.setdefault(role.id, {})[person.id] = grade
    return _Data(pairs, asked, table, by_role)


def _makers(ours: Ranker, data: _Data) -> tuple[list[tuple[str, Callable[[], Scores]]], dict[str, str]]:
    fixed, learning, skipped = dict(baselines.FIXED), dict(baselines.LEARNING), {}
    try:
        more = importlib.import_module(DEVELOPMENT)
        fixed, learning = {**more.FIXED, **fixed}, {**more.LEARNING, **learning}
    except ImportError:
        skipped = {name: f"needs a checkout with the development library {library}" for name, library in NEEDS.items()}
    made: list[tuple[str, Callable[[], Scores]]] = [("ours", lambda: (ours.score(data.table.columns), ours.stage > 0))]
    if data.table.roles >= FOLDS:
        made.append(("ours, learned here", lambda: _learned_here(ours, data.table)))
        made += [(name, _learner(learn, data.table)) for name, learn in learning.items()]
    else:
        skipped |= dict.fromkeys(("ours, learned here", *learning), f"needs {FOLDS} judged roles")
    made += [(name, _rule(rule, data)) for name, rule in fixed.items()]
    return made, skipped


def _learned_here(ours: Ranker, table: Table) -> Scores:
    found, learned = np.zeros(len(table.role)), False
    for held in _folds(table):
        rest = _renumbered(table.of(~held))
        ranker = promotion.decide(rest, ours.similarity).ranker
        found[held], learned = ranker.score(table.columns[:, held]), learned or ranker.stage > Stage0.stage
    return found, learned


def _learner(learn: baselines.Learner, table: Table) -> Callable[[], Scores]:
    def make() -> Scores:
        found = np.zeros(len(table.role))
        for held in _folds(table):
            rest = _renumbered(table.of(~held))
            rows = Rows(rest.columns.T, np.round(rest.outcome * BEST), np.bincount(rest.role).tolist())
            found[held] = learn(rows, table.columns[:, held].T)
        return found, False

    return make


def _rule(rule: baselines.Fixed, data: _Data) -> Callable[[], Scores]:
    def make() -> Scores:
        found = [rule([role], [person for asked, person in data.pairs if asked is role])[0] for role in data.roles]
        return np.concatenate(found) if found else np.zeros(0), False

    return make


def _folds(table: Table) -> Iterator[np.ndarray[Any, np.dtype[np.bool_]]]:
    for number in range(min(FOLDS, table.roles)):
        yield table.role % FOLDS == number


def _renumbered(table: Table) -> Table:
    _, role = np.unique(table.role, return_inverse=True)
    return Table(table.columns, role.astype(np.intp), table.outcome, table.weight)


def _run(data: _Data, scores: Floats) -> dict[str, list[Line]]:
    """Equal scores go by lot, not by name."""
    found: dict[str, list[tuple[float, int, str]]] = {}
    for (role, person), score in zip(data.pairs, scores.tolist(), strict=True):
        value = score if math.isfinite(score) else -math.inf
        found.setdefault(role.id, []).append((-value, tie_hash(role.id, person.id, 0, 0), person.id))
    return {name: [Line(person, place, -score) for place, (score, _, person) in enumerate(sorted(row), start=1)]
            for name, row in found.items()}  # fmt: skip


def _size(judgments: Judgments) -> int:
    return sum(map(len, judgments.values()))


def named(results: Sequence[Result], name: str) -> Result:
    """The result of one ranker; KeyError when it was not run."""
    return {item.name: item for item in results}[name]
