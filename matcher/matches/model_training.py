"""Trains a hub's next model from its lessons and measures it: held-out order, calibration, learning curve, weights."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.matches import model_gate
from matcher.matches.model_gate import Check, not_worse
from matcher.matches.training_data import Lessons
from matcher.ranking import acceptance, calibration, features, promotion, weights
from matcher.ranking.acceptance import Answers, Side
from matcher.ranking.certainty import error_between, mean_between
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
    answers = answers_of(lessons, similarity)
    side = acceptance.decide(answers)
    metrics: dict[str, Any] = {"figures": dict(found.figures), "answers": _said(side, lessons)}
    if found.ranker.stage == Stage0.stage or not isinstance(found.ranker, Learned):
        return Draft(found.ranker, found.outcome, metrics)  # a product of chances needs a chance on either side
    table = table_of(lessons, similarity)
    fresh = left_out_scores(found.ranker, table)
    side, both = _with_answers(side, answers, table, fresh, Stage0(similarity))
    ranker = acceptance.joined(found.ranker, side, table.columns)
    metrics |= {
        "answers": _said(side, lessons), "grades": {str(key): value for key, value in lessons.grades.items()},
        "left_out": dict(lessons.left_out), "calibration": calibrated(fresh, table),
        "curve": learning_curve(found.ranker, table), "running": compare(table, running, both),
    }
    checks = [not_worse(metrics["running"]), model_gate.calibrated(metrics["calibration"], len(table.role))]
    if side.accepts:
        checks.append(model_gate.calibrated(metrics["answers"], len(answers.role), "answers_calibrated"))
        metrics["running"]["new_one_side"] = _mean(promotion.ndcg_by_role(table, fresh))
    return Draft(ranker, found.outcome, metrics, weights_between(running, ranker, table), tuple(checks))


def _said(side: Side, lessons: Lessons) -> dict[str, Any]:
    return {**side.figures, "outcome": side.outcome, "unanswered": dict(lessons.unanswered)}


def _with_answers(side: Side, answers: Answers, table: Table, fresh: Floats, plain: Stage0) -> tuple[Side, Floats]:
    """Both sides' scores of roles left out (n,); the employers' alone where both would rank worse than stage 0."""
    if side.accepts is None:
        return side, fresh
    both = fresh * acceptance.unseen(answers, table.columns, table.role)
    least, found = (_mean(promotion.ndcg_by_role(table, scores)) for scores in (plain.score(table.columns), both))
    return (side, both) if found >= least else (Side(None, "costs_order", side.figures), fresh)


def table_of(lessons: Lessons, similarity: Similarity) -> Table:
    """The judged pairs with enough to say as numbers, oldest role first, weighed as they were learned from."""
    rows = [(number, role, person, grade) for role, number in _numbers(lessons).items() if role in lessons.judgments
            for person, grade in sorted(lessons.judgments[role].items()) if _enough(lessons, role, person)]
    pairs = [(lessons.roles[role], lessons.people[person]) for _, role, person, _ in rows]
    outcome = np.array([grade for *_, grade in rows], dtype=np.float64) / BEST
    numbers = np.array([number for number, *_ in rows], dtype=np.intp)
    looked = weights.inverse_propensity([lessons.propensities[role][person] for _, role, person, _ in rows])
    return Table(features.pair_matrix(pairs, similarity), numbers, outcome, looked.values)


def answers_of(lessons: Lessons, similarity: Similarity) -> Answers:
    """The answers with enough to say as numbers; a role has the number it has in `table_of`."""
    rows = [(number, role, person, accepted) for role, number in _numbers(lessons).items()
            for person, accepted in sorted(lessons.answers.get(role, {}).items()) if _enough(lessons, role, person)]
    pairs = [(lessons.roles[role], lessons.people[person]) for _, role, person, _ in rows]
    return Answers(features.pair_matrix(pairs, similarity), np.array([number for number, *_ in rows], dtype=np.intp),
                   np.array([float(accepted) for *_, accepted in rows]))


def _numbers(lessons: Lessons) -> dict[str, int]:
    """Roles counted from 0: those judged, oldest first, then those with answers alone."""
    judged = sorted(lessons.judgments, key=lambda role: (max(lessons.when[role].values()), role))
    return {role: number for number, role in enumerate([*judged, *sorted(set(lessons.answers) - set(judged))])}


def _enough(lessons: Lessons, role: str, person: str) -> bool:
    return not role_needs(lessons.roles[role]) and not candidate_needs(lessons.people[person])


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
    """Said beside seen on roles left out, in groups of equal size, with Brier and ECE and how sure that one is.

    Pairs count as they were learned from, by the inverse of the chance that they were looked at: the chances are
    meant for everybody who was shown, not for those who were looked at most.
    """
    error = error_between(scores, table.outcome, table.role, table.weight)
    return {
        "points": [list(point) for point in calibration.calibration_curve(scores, table.outcome, weights=table.weight)],
        "ece": error.value, "between": error.plain(),
        "brier": calibration.brier(scores, table.outcome, table.weight),
    }


def compare(table: Table, running: Ranker, fresh: Floats) -> dict[str, Any]:
    """nDCG@10 by role of the running model and of the new one on roles the new one had not seen, and their pair test.

    The running model may have learned from some of these roles, which favors it: a new one must be as good all the
    same, as far as can be told (`between` holds the interval of the difference).
    """
    before, after = (promotion.ndcg_by_role(table, scores) for scores in (running.score(table.columns), fresh))
    said = ~np.isnan(before)
    gain, p = paired_t(after[said].tolist(), before[said].tolist()) if said.any() else (0.0, 1.0)
    return {"running": _mean(before), "new": _mean(after), "gain": gain, "p": p, "roles": int(said.sum()),
            "running_stage": running.stage, "between": mean_between((after - before)[said]).plain()}


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
