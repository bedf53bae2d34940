"""Trains a hub's next model from its lessons and measures it: held-out order, calibration, learning curve, weights."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.matches.model_gate import Check, not_worse
from matcher.matches.training_data import Lessons
from matcher.ranking import calibration, features, promotion
from matcher.ranking.evaluate import paired_t
from matcher.ranking.features import COLUMNS
from matcher.ranking.learned import Learned
from matcher.ranking.logistics import Floats
from matcher.ranking.promotion import Table
from matcher.ranking.ranker import Ranker, Stage0, candidate_needs, role_needs
from matcher.ranking.similarity import Similarity
from matcher.ranking.train import train
from matcher.ranking.weights import BEST

FOLDS = 5
CURVE = (4, 8, 16, 32, 64, 128)  # judged roles
DRAWS = 3  # how often each size is drawn
WEIGHED = 200  # judged pairs whose shares tell how much each column counts


@dataclass(frozen=True)
class Draft:
    """A trained model before it is kept; `ranker` is stage 0 when nothing was learned (see `outcome`)."""

    ranker: Ranker
    outcome: str
    metrics: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()

    @property
    def learned(self) -> bool:
        """Is there a model to keep?"""
        return self.ranker.stage > Stage0.stage


def draft(lessons: Lessons, similarity: Similarity, running: Ranker) -> Draft:
    """The next model of a hub beside the one that runs; a slow call, without the database."""
    found = train(
        lessons.roles, lessons.people, lessons.judgments, similarity,
        propensities={(role, person): value for role, row in lessons.propensities.items()
                      for person, value in row.items() if value is not None},
        when={role: max(row.values()) for role, row in lessons.when.items()},
    )
    figures = dict(found.figures)
    if found.ranker.stage == Stage0.stage or not isinstance(found.ranker, Learned):
        return Draft(found.ranker, found.outcome, {"figures": figures})
    table = table_of(lessons, similarity)
    fresh = left_out_scores(found.ranker, table)
    metrics: dict[str, Any] = {
        "figures": figures, "grades": {str(key): value for key, value in lessons.grades.items()},
        "left_out": dict(lessons.left_out), "calibration": calibrated(fresh, table),
        "curve": learning_curve(found.ranker, table), "running": compare(table, running, fresh),
    }
    kept = {name: metrics["calibration"][name] for name in ("ece", "brier")}
    checks = not_worse(metrics["running"]), Check("calibrated", None, kept)
    return Draft(found.ranker, found.outcome, metrics, weights_between(running, found.ranker, table), checks)


def table_of(lessons: Lessons, similarity: Similarity) -> Table:
    """The judged pairs with enough to say as numbers, oldest role first, each with weight 1."""
    order = sorted(lessons.judgments, key=lambda role: (max(lessons.when[role].values()), role))
    rows = [(number, lessons.roles[role], lessons.people[person], grade) for number, role in enumerate(order)
            for person, grade in sorted(lessons.judgments[role].items())]
    rows = [row for row in rows if not role_needs(row[1]) and not candidate_needs(row[2])]
    pairs = [(role, person) for _, role, person, _ in rows]
    outcome = np.array([grade for _, _, _, grade in rows], dtype=np.float64) / BEST
    numbers = np.array([number for number, _, _, _ in rows], dtype=np.intp)
    return Table(features.pair_matrix(pairs, similarity), numbers, outcome, np.ones(len(rows)))


def _same(ranker: Learned) -> Learned:
    return type(ranker)(**ranker.get_params())


def left_out_scores(ranker: Learned, table: Table) -> Floats:
    """What models of the same kind that never saw a pair's role give it (n,), through the ranker's own link."""
    totals = np.zeros(len(table.role))
    folds = min(FOLDS, max(table.roles, 2))
    for number in range(folds):
        held = table.role % folds == number
        if held.any() and not held.all():
            totals[held] = table.of(~held).fitted(_same(ranker)).totals(table.columns[:, held])
    return ranker.link.values(totals)


def calibrated(scores: Floats, table: Table) -> dict[str, Any]:
    """Said beside seen on roles left out, in groups of equal size, with Brier and ECE."""
    return {
        "points": [list(point) for point in calibration.calibration_curve(scores, table.outcome)],
        "ece": calibration.calibration_error(scores, table.outcome),
        "brier": calibration.brier(scores, table.outcome),
    }


def compare(table: Table, running: Ranker, fresh: Floats) -> dict[str, Any]:
    """nDCG@10 by role of the running model and of the new one on roles the new one had not seen, and their pair test.

    The running model may have learned from some of these roles, which favors it: a new one must be as good all the
    same.
    """
    before, after = (promotion.ndcg_by_role(table, scores) for scores in (running.score(table.columns), fresh))
    said = ~np.isnan(before)
    gain, p = paired_t(after[said].tolist(), before[said].tolist()) if said.any() else (0.0, 1.0)
    return {"running": _mean(before), "new": _mean(after), "gain": gain, "p": p, "roles": int(said.sum()),
            "running_stage": running.stage}


def learning_curve(ranker: Learned, table: Table) -> list[dict[str, Any]]:
    """nDCG@10 on roles left out after learning from so many judged roles, beside stage 0 on the same roles."""
    plain = promotion.ndcg_by_role(table, Stage0(ranker.similarity).score(table.columns))
    found = []
    for size in [size for size in CURVE if size <= table.roles - FOLDS] or [max(table.roles - FOLDS, 1)]:
        learned, fixed = [], []
        for seed in range(DRAWS):
            taught = np.random.default_rng(seed).permutation(table.roles)[:size]
            known = np.isin(table.role, taught)
            if len(set(table.outcome[known].tolist())) < 2 or known.all():
                continue
            scores = table.of(known).fitted(_same(ranker)).score(table.columns)
            rest = np.setdiff1d(np.arange(table.roles), taught)
            learned += _known(promotion.ndcg_by_role(table, scores)[rest])
            fixed += _known(plain[rest])
        if learned:
            found.append({"roles": size, "learned": float(np.mean(learned)), "fixed": float(np.mean(fixed))})
    return found


def weights_between(before: Ranker, after: Ranker, table: Table) -> dict[str, Any]:
    """How much each column counts, of 100 points, in the running model and in the new one, over the same pairs."""
    rows = np.linspace(0, len(table.role) - 1, min(WEIGHED, len(table.role))).astype(np.intp)
    return {"columns": list(COLUMNS), "before": points(before, table.columns[:, rows]),
            "after": points(after, table.columns[:, rows]), "before_stage": before.stage, "after_stage": after.stage}


def points(ranker: Ranker, columns: Floats) -> list[float]:
    """Mean slope of the score in each column over pairs (8, n), as shares of 100; for stage 0 these are its weights."""
    slopes: NDArray[np.float64] = np.mean([ranker.shares(column).slopes for column in columns.T], axis=0)
    total = float(np.abs(slopes).sum())
    return [100.0 * float(abs(slope)) / total if total else 0.0 for slope in slopes]


def _known(values: Floats) -> list[float]:
    return [float(value) for value in values if not np.isnan(value)]


def _mean(values: Floats) -> float:
    known = _known(values)
    return float(np.mean(known)) if known else 0.0
