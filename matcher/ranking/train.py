"""From judgments to a model: pairs as numbers, weighed, and the stage chosen by the rule."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from matcher.ranking import features, promotion, weights
from matcher.ranking.evaluate import Judgments
from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.promotion import Decision, Table
from matcher.ranking.ranker import candidate_needs, role_needs
from matcher.ranking.similarity import Similarity

MIN_ROLES, MIN_JUDGED = promotion.MIN_ROLES, promotion.MIN_JUDGED
BEST_GRADE = weights.BEST
Trained = Decision
Propensities = Mapping[tuple[str, str], float]


def train(
    roles: Mapping[str, RoleFacts], people: Mapping[str, CandidateFacts], judgments: Judgments,
    similarity: Similarity, *, propensities: Propensities | None = None, when: Mapping[str, Any] | None = None,
) -> Trained:  # fmt: skip
    """The ranker to use, and why, in the figures (see promotion.decide).

    Only judged pairs are learned from: what was never judged is not a no. `propensities` by (role, candidate) say how
    likely a place was looked at when it was judged. `when` gives each role a time that can be compared; without it
    the order of the judgments is the order of time, oldest role first.
    """
    names = [name for name in judgments if judgments[name]]
    if when is not None:
        names.sort(key=lambda name: (when[name], name))
    pairs = [(roles[name], people[person]) for name in names for person in sorted(judgments[name])]
    grades = [judgments[name][person] for name in names for person in sorted(judgments[name])]
    enough = [not role_needs(role) and not candidate_needs(person) for role, person in pairs]
    pairs = [pair for pair, kept in zip(pairs, enough, strict=True) if kept]
    number = {name: at for at, name in enumerate(dict.fromkeys(role.id for role, _ in pairs))}
    known = propensities or {}
    weighed = weights.inverse_propensity([known.get((role.id, person.id)) for role, person in pairs])
    table = Table(
        features.pair_matrix(pairs, similarity),
        np.array([number[role.id] for role, _ in pairs], dtype=np.intp),
        np.array([grade for grade, kept in zip(grades, enough, strict=True) if kept], dtype=np.float64) / BEST_GRADE,
        weighed.values,
    )
    found = promotion.decide(table, similarity)
    more = {"effective_sample": weighed.effective, "propensities": weighed.inverse, "too_little": enough.count(False),
            "first_role": names[0] if names else None, "last_role": names[-1] if names else None}
    return Trained(found.ranker, found.outcome, {**found.figures, **more})
