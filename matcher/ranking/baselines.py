"""Simple and usual ways to rank, so that ours is never shown alone: fixed rules of names, chance, free boosting."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.logistics import Floats

Fixed = Callable[[Sequence[RoleFacts], Sequence[CandidateFacts]], Floats]


@dataclass(frozen=True, slots=True)
class Rows:
    """Judged rows for a learner: columns (n, d), grades (n,) 0-4, and how many rows each role has, in order."""

    columns: Floats
    grades: Floats
    sizes: Sequence[int]


Learner = Callable[[Rows, Floats], Floats]


def coverage(roles: Sequence[RoleFacts], people: Sequence[CandidateFacts]) -> Floats:
    """The fixed rule of most boards: the share of the skills asked for that are held at all, (roles, people)."""
    held = [{skill.skill for skill in person.skills} for person in people]
    return np.array([[sum(item.skill in own for item in role.requirements) / max(len(role.requirements), 1)
                      for own in held] for role in roles])  # fmt: skip


def tfidf(roles: Sequence[RoleFacts], people: Sequence[CandidateFacts]) -> Floats:
    """TF-IDF cosine of the names of skills, (roles, people)."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # slow to load, and only needed to compare

    engine = TfidfVectorizer(analyzer=str.split)
    documents = engine.fit_transform([*profiles(people), "nothing"])[:-1]
    return np.asarray((engine.transform(questions(roles)) @ documents.T).toarray(), dtype=np.float64)


def spelling(roles: Sequence[RoleFacts], people: Sequence[CandidateFacts]) -> Floats:
    """rapidfuzz's token_set_ratio of the two lists of skills as text, (roles, people)."""
    from rapidfuzz import fuzz, process

    return np.asarray(process.cdist(questions(roles), profiles(people), scorer=fuzz.token_set_ratio), dtype=np.float64)


def chance(roles: Sequence[RoleFacts], people: Sequence[CandidateFacts]) -> Floats:
    """Random order, (roles, people), the same each time."""
    return np.random.default_rng(0).random((len(roles), len(people)))


def boosting(rows: Rows, columns: Floats) -> Floats:
    """Gradient boosting on the grade without any constraint: scores (m,) of columns (m, d)."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    model = HistGradientBoostingRegressor(max_iter=100, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=10,
                                          random_state=0)  # fmt: skip
    return np.asarray(model.fit(rows.columns, rows.grades).predict(columns), dtype=np.float64)


def profiles(people: Sequence[CandidateFacts]) -> list[str]:
    """Each person's skills as one text, a word for each skill."""
    return [" ".join(_word(skill.skill) for skill in person.skills) for person in people]


def questions(roles: Sequence[RoleFacts]) -> list[str]:
    """Each role's skills as one text, a skill said as often as it weighs."""
    return [" ".join(" ".join([_word(item.skill)] * item.weight) for item in role.requirements) for role in roles]


def _word(skill: str) -> str:
    return "_".join(skill.split())


FIXED: Mapping[str, Fixed] = {
    "coverage rule": coverage, "TF-IDF cosine": tfidf, "rapidfuzz": spelling, "random": chance,
}  # fmt: skip
LEARNING: Mapping[str, Learner] = {"free boosting": boosting}
