"""From judgments to a model: learned only from enough, kept only where it ranks no worse than stage 0."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matcher.ranking import evaluate
from matcher.ranking.evaluate import Judgments
from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.features import Pair
from matcher.ranking.learned import Stage1
from matcher.ranking.ranker import Ranker, Stage0
from matcher.ranking.similarity import Similarity

MIN_ROLES, MIN_JUDGED = 4, 25
FOLDS = 5
BEST_GRADE = 4


@dataclass(frozen=True, slots=True)
class Trained:
    """The ranker to use, and why: `learned`, `too_few_judged` or `no_gain`, with the figures."""

    ranker: Ranker
    outcome: str
    figures: Mapping[str, Any]


def train(
    roles: Mapping[str, RoleFacts], people: Mapping[str, CandidateFacts], judgments: Judgments, similarity: Similarity
) -> Trained:
    """Stage 1 when at least 4 roles have 25 judged pairs and it does not rank worse on roles left out; else stage 0.

    Only judged pairs are learned from: what was never judged is not a no.
    """
    by_role = {
        name: [((roles[name], people[person]), grade / BEST_GRADE) for person, grade in sorted(grades.items())]
        for name, grades in sorted(judgments.items())
    }
    figures: dict[str, Any] = {"roles": len(by_role), "judged": sum(map(len, by_role.values()))}
    plain = Stage0(similarity)
    if sum(len(rows) >= MIN_JUDGED for rows in by_role.values()) < MIN_ROLES:
        return Trained(plain, "too_few_judged", figures)
    before, after = _held_out(by_role, judgments, similarity)
    gain, p = evaluate.paired_t(after, before)
    figures |= {"ndcg_stage0": _mean(before), "ndcg_stage1": _mean(after), "gain": gain, "p": p}
    if gain < 0.0:
        return Trained(plain, "no_gain", figures)
    return Trained(_fitted(by_role, list(by_role), similarity), "learned", figures)


_Rows = Mapping[str, Sequence[tuple[Pair, float]]]


def _held_out(by_role: _Rows, judgments: Judgments, similarity: Similarity) -> tuple[list[float], list[float]]:
    """nDCG@10 of stage 0 and of stage 1 for each role, stage 1 fitted on the other folds of roles."""
    folds: defaultdict[int, list[str]] = defaultdict(list)
    for number, name in enumerate(by_role):
        folds[number % min(FOLDS, len(by_role))].append(name)
    before, after = [], []
    for held in folds.values():
        learned = _fitted(by_role, [name for name in by_role if name not in held], similarity)
        for name in held:
            if any(judgments[name].values()):
                before.append(_ndcg(Stage0(similarity), by_role[name], judgments[name]))
                after.append(_ndcg(learned, by_role[name], judgments[name]))
    return before, after


def _fitted(by_role: _Rows, names: Sequence[str], similarity: Similarity) -> Stage1:
    rows = [row for name in names for row in by_role[name]]
    return Stage1(similarity).fit([pair for pair, _ in rows], [outcome for _, outcome in rows])


def _ndcg(ranker: Ranker, rows: Sequence[tuple[Pair, float]], grades: Mapping[str, int]) -> float:
    scores = ranker.predict([pair for pair, _ in rows]).tolist()
    known = [(score, person.id) for score, ((_, person), _) in zip(scores, rows, strict=True) if not math.isnan(score)]
    return evaluate.ndcg([name for _, name in sorted(known, key=lambda item: (-item[0], item[1]))], grades)


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / max(len(values), 1)
