"""The rankers that ours is measured against, each a function from judged rows to scores of other rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.feature_extraction.text import TfidfVectorizer

from matcher.ranking.facts import CandidateFacts, RoleFacts

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    """Judged rows for a learner: columns (n, d), grades (n,) 0-4, rows per role in order."""

    columns: Floats
    grades: Floats
    sizes: Sequence[int]


def lambdarank(rows: Rows, columns: Floats) -> Floats:
    """LightGBM LambdaRank, the usual choice for learning to rank: scores (m,) of columns (m, d)."""
    import lightgbm

    model = lightgbm.LGBMRanker(n_estimators=100, learning_rate=0.05, num_leaves=15, min_child_samples=10, n_jobs=1,
                                random_state=0, verbose=-1, label_gain=[0, 1, 2, 3, 4])
    model.fit(rows.columns, rows.grades, group=list(rows.sizes))
    return np.asarray(model.predict(columns), dtype=np.float64)


def boosting(rows: Rows, columns: Floats) -> Floats:
    """Unconstrained gradient boosting on the grade."""
    model = HistGradientBoostingRegressor(max_iter=100, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=10,
                                          random_state=0)
    return np.asarray(model.fit(rows.columns, rows.grades).predict(columns), dtype=np.float64)


def coverage(roles: Sequence[RoleFacts], people: Sequence[CandidateFacts]) -> Floats:
    """The fixed rule most boards use: the share of the asked skills that are held at all, (roles, people)."""
    held = [{skill.skill for skill in person.skills} for person in people]
    return np.array([[sum(item.skill in own for item in role.requirements) / max(len(role.requirements), 1)
                      for own in held] for role in roles])


def _word(skill: str) -> str:
    return skill.replace(" ", "_")


def _texts(people: Sequence[CandidateFacts]) -> list[str]:
    return [" ".join(_word(skill.skill) for skill in person.skills) for person in people]


def _questions(roles: Sequence[RoleFacts]) -> list[str]:
    return [" ".join(" ".join([_word(item.skill)] * item.weight) for item in role.requirements) for role in roles]


def bm25(roles: Sequence[RoleFacts], people: Sequence[CandidateFacts]) -> Floats:
    """BM25 (bm25s) of the names of skills, (roles, people)."""
    import bm25s

    engine = bm25s.BM25()
    engine.index([text.split() for text in _texts(people)], show_progress=False)
    return np.array([engine.get_scores(text.split()) for text in _questions(roles)], dtype=np.float64)


def tfidf(roles: Sequence[RoleFacts], people: Sequence[CandidateFacts]) -> Floats:
    """TF-IDF cosine of the names of skills, (roles, people)."""
    engine = TfidfVectorizer(token_pattern=r"\S+", lowercase=False)
    documents = engine.fit_transform(_texts(people))
    return np.asarray((engine.transform(_questions(roles)) @ documents.T).toarray())


def spelling(roles: Sequence[RoleFacts], people: Sequence[CandidateFacts]) -> Floats:
    """rapidfuzz's token_set_ratio of the two lists of skills as text, (roles, people)."""
    from rapidfuzz import fuzz, process

    return np.asarray(process.cdist(_questions(roles), _texts(people), scorer=fuzz.token_set_ratio), dtype=np.float64)


def chance(roles: Sequence[RoleFacts], people: Sequence[CandidateFacts], seed: int = 0) -> Floats:
    """Random order, (roles, people)."""
    return np.random.default_rng(seed).random((len(roles), len(people)))


FIXED = {"coverage rule": coverage, "BM25": bm25, "TF-IDF cosine": tfidf, "rapidfuzz": spelling, "random": chance}
LEARNING = {"LambdaRank": lambdarank, "free boosting": boosting}
