"""The rankers for comparison that need development libraries: BM25 by bm25s and LightGBM's LambdaRank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from matcher.ranking import baselines
from matcher.ranking.baselines import Fixed, Learner, Rows
from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.logistics import Floats


def bm25(roles: Sequence[RoleFacts], people: Sequence[CandidateFacts]) -> Floats:
    """BM25 of the names of skills, (roles, people)."""
    import bm25s

    engine = bm25s.BM25()
    engine.index([text.split() or ["nothing"] for text in baselines.profiles(people)], show_progress=False)
    known = {word for text in baselines.profiles(people) for word in text.split()}
    asked = [[word for word in text.split() if word in known] for text in baselines.questions(roles)]
    found = [engine.get_scores(words) if words else np.zeros(len(people)) for words in asked]
    return np.array(found, dtype=np.float64)


def lambdarank(rows: Rows, columns: Floats) -> Floats:
    """LightGBM LambdaRank, the usual choice for learning to rank: scores (m,) of columns (m, d)."""
    import lightgbm

    model = lightgbm.LGBMRanker(n_estimators=100, learning_rate=0.05, num_leaves=15, min_child_samples=10, n_jobs=1,
                                random_state=0, verbose=-1, label_gain=[0, 1, 2, 3, 4])
    model.fit(rows.columns, rows.grades, group=list(rows.sizes))
    return np.asarray(model.predict(columns), dtype=np.float64)


FIXED: Mapping[str, Fixed] = {"BM25": bm25}
LEARNING: Mapping[str, Learner] = {"LambdaRank": lambdarank}
