"""Whether the columns a ranker sees give away a group: the proxy test, by cross-validated AUC."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcher.ranking.audit import ALPHA, Group, holm
from matcher.ranking.logistics import Flags, Floats

LIMIT = 0.60
FOLDS, REPEATS = 5, 2
FEW = 30  # people in a group, and outside it, under which an AUC says nothing


@dataclass(frozen=True, slots=True)
class Proxy:
    """How well one group is told from everybody else by the columns alone: AUC .5 is a coin, 1 is certainty.

    `auc`, `low`, `high` (95 %) and `p_holm` (the chance of telling the group so well where there is nothing to tell,
    corrected for the groups and the learners) are None where there are too few people to say; `learner` did better.
    """

    factor: Group
    group: Group
    people: int | None
    others: int | None
    auc: float | None
    low: float | None
    high: float | None
    p_holm: float | None = None
    learner: str = ""
    hidden: bool = False

    @property
    def passes(self) -> bool | None:
        """AUC at most .60; None when it cannot be told: too few people, or an AUC that chance could give a coin."""
        if self.auc is None or self.p_holm is None:
            return None
        if self.auc <= LIMIT:
            return True
        return False if self.p_holm < ALPHA else None


def proxies(factor: Group, columns: Floats, groups: Sequence[Group | None], *, seed: int = 0) -> list[Proxy]:
    """A proxy test for each group: `columns` (people, d), one row for each person, `groups` (people) with None unknown.

    Deterministic for a seed. The better of a logistic regression and a shallow boosting counts, so that a proxy that
    only shows in combinations is found too.
    """
    known = [row for row, group in enumerate(groups) if group is not None]
    labels = [group for group in groups if group is not None]
    found = []
    for group, size in sorted(Counter(labels).items()):
        others = len(labels) - size
        if min(size, others) < FEW:
            found.append(Proxy(factor, group, size, others, None, None, None))
            continue
        truth = np.array([label == group for label in labels], dtype=np.bool_)
        value, learner = max((_cross_validated(name, columns[known], truth, seed), name) for name in _LEARNERS)
        spread = 1.96 * cross_validated_error(value, size, others)
        bounds = max(value - spread, 0.0), min(value + spread, 1.0)
        found.append(Proxy(factor, group, size, others, value, *bounds, learner=learner))
    return corrected(found)


def corrected(found: Sequence[Proxy]) -> list[Proxy]:
    """The same with p against a coin's AUC of .5: times two for the better of two learners, then Holm over all given.

    Give it the tests of all factors at once where they are read together, as a release gate does.
    """
    p: dict[tuple[Group, Group], float] = {}
    for one in found:
        if one.auc is not None and one.people is not None and one.others is not None:
            z = (one.auc - 0.5) / cross_validated_error(0.5, one.people, one.others)
            p[one.factor, one.group] = min(1.0, len(_LEARNERS) * 0.5 * math.erfc(z / math.sqrt(2.0)))
    sure = dict(zip(p, holm(list(p.values())), strict=True))
    return [replace(one, p_holm=sure.get((one.factor, one.group))) for one in found]


_LEARNERS = ("logistic", "boosting")


def auc(scores: Floats, truth: Flags) -> float:
    """Chance that one of the group scores above one of the others, ties half (Mann and Whitney 1947)."""
    from scipy import stats  # slow to load

    inside, outside = int(truth.sum()), int((~truth).sum())
    ranks = stats.rankdata(scores)
    return float((ranks[truth].sum() - inside * (inside + 1) / 2) / (inside * outside))


def cross_validated_error(value: float, inside: int, outside: int) -> float:
    """Standard error of an AUC averaged over the folds (Nadeau and Bengio 2003).

    The folds' training parts overlap, so the average moves more than one AUC over the same people would.
    """
    each = standard_error(value, inside / FOLDS, outside / FOLDS)
    return each * math.sqrt(1 / (FOLDS * REPEATS) + 1 / (FOLDS - 1))


def standard_error(value: float, inside: float, outside: float) -> float:
    """Standard error of an AUC (Hanley and McNeil 1982)."""
    one, two = value / (2 - value), 2 * value**2 / (1 + value)
    spread = value * (1 - value) + (inside - 1) * (one - value**2) + (outside - 1) * (two - value**2)
    return math.sqrt(max(spread, 0.0) / (inside * outside))


def _cross_validated(learner: str, columns: Floats, truth: Flags, seed: int) -> float:
    from sklearn.ensemble import HistGradientBoostingClassifier  # slow to load
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import RepeatedStratifiedKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    values = []
    folds = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=seed)
    for train, test in folds.split(columns, truth):
        model = (
            make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
            if learner == "logistic"
            else HistGradientBoostingClassifier(max_iter=40, max_depth=3, min_samples_leaf=10, early_stopping=False)
        )
        model.fit(columns[train], truth[train])
        values.append(auc(model.predict_proba(columns[test])[:, 1], truth[test]))
    return math.fsum(values) / len(values)
