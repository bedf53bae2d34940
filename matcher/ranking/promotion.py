"""Which stage ranks, and why: a stage is used only where it ranks better on roles it did not learn from."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.ranking import calibration
from matcher.ranking.boosted import Stage2
from matcher.ranking.evaluate import DEPTH, paired_t
from matcher.ranking.learned import Learned, Stage1
from matcher.ranking.logistics import Floats
from matcher.ranking.ranker import Ranker, Stage0
from matcher.ranking.similarity import Similarity
from matcher.ranking.weights import BEST

MIN_ROLES, MIN_JUDGED = 4, 25
BOOST_ROLES = 64
FOLDS = 5
PRIORS = (15.0, 50.0, 200.0, 1000.0, 5000.0)
MIXES = (0.9, 0.75, 0.5, 0.25)
ALPHA = 0.05
CAUTION = 0.5
LINK_ROWS = 100.0  # what a model says before its link speaks as loudly as this many labels left out
STARTS = (0.25, 0.5, 0.75)  # how much of the past a model has seen when it is asked about what came next

Rows = NDArray[np.intp]
Maker = Callable[[], Learned]


@dataclass(frozen=True, slots=True)
class Table:
    """Judged pairs as numbers: columns (8, n), role (n,) counted from 0 in order of time, outcome 0-1, weight (n,)."""

    columns: Floats
    role: NDArray[np.intp]
    outcome: Floats
    weight: Floats

    @property
    def roles(self) -> int:
        """How many roles there are."""
        return int(self.role.max()) + 1 if len(self.role) else 0

    def of(self, rows: NDArray[Any]) -> "Table":
        """Only these rows (indices or flags)."""
        return Table(self.columns[:, rows], self.role[rows], self.outcome[rows], self.weight[rows])

    def fitted(self, ranker: Learned) -> Learned:
        """This ranker, fitted to the rows."""
        return ranker.fit_columns(self.columns, self.outcome, self.weight)


@dataclass(frozen=True, slots=True)
class Decision:
    """The ranker to use and why: `learned`, `boosted`, `too_few_judged` or `no_gain`, with the figures."""

    ranker: Ranker
    outcome: str
    figures: Mapping[str, Any]


def decide(table: Table, similarity: Similarity | None) -> Decision:
    """The highest stage that earns it.

    Stage 1 needs 4 roles and 100 judged pairs in all and must not rank worse than stage 0 on roles left out (grouped
    folds); how loudly stage 0 speaks in it is what predicts left-out roles best. Stage 2 needs 64 roles and must
    gain nDCG@10 over stage 1 at p < .05 (paired) on roles newer than all it learned from.
    """
    plain, figures = Stage0(similarity), _counts(table)
    thin = table.roles < MIN_ROLES or len(table.role) < MIN_ROLES * MIN_JUDGED
    if thin or len(set(table.outcome.tolist())) < 2:
        return Decision(plain, "too_few_judged", figures)
    folds = list(_folds(table))
    tried = _tried([_stage1(similarity, prior) for prior in PRIORS], table, folds)
    one, totals, said = _no_worse(table, plain.score(table.columns), tried)
    figures |= said
    under = one if one is not None else _stage1(similarity, PRIORS[-1])
    if table.roles >= BOOST_ROLES and len(table.role) >= BOOST_ROLES * MIN_JUDGED:
        found, said = _boosted(table, similarity, under, None if one is None else under, folds)
        figures |= said
        if found is not None:
            return Decision(found, "boosted", figures)
    if one is None:
        return Decision(plain, "no_gain", figures)
    ranker, said = _calibrated(table, one, totals)
    return Decision(ranker, "learned", figures | said)


def ndcg_by_role(table: Table, scores: Floats) -> Floats:
    """nDCG@10 (n_roles,) of scores (n,) among the judged pairs of each role; NaN for a role without a yes.

    Ties count as they fall on average: each gets the mean discount of the places that the tie takes up (McSherry and
    Najork 2008).
    """
    found = np.full(table.roles, math.nan)
    for number in range(table.roles):
        rows = np.flatnonzero(table.role == number)
        gains = np.round(table.outcome[rows] * BEST, 6)
        best = _dcg(gains, gains)
        if best > 0.0:
            found[number] = _dcg(scores[rows], gains) / best
    return found


def _dcg(scores: Floats, gains: Floats) -> float:
    places = np.arange(1, len(scores) + 1)
    discounts = np.where(places <= DEPTH, 1.0 / np.log2(places + 1.0), 0.0)
    order = np.argsort(-scores, kind="stable")
    _, group = np.unique(-scores[order], return_inverse=True)
    mean = np.bincount(group, discounts) / np.bincount(group)
    return float(mean[group] @ gains[order])


def _counts(table: Table) -> dict[str, Any]:
    return {"roles": table.roles, "judged": len(table.role)}


def _folds(table: Table) -> Iterator[Rows]:
    """Rows left out, fold by fold: every FOLDS-th role, so that each fold spans the whole time."""
    count = min(FOLDS, table.roles)
    for number in range(count):
        yield np.flatnonzero(table.role % count == number)


def _left_out(table: Table, make: Maker, folds: Sequence[Rows]) -> Floats:
    """The sum for each row (n,) from a model that never saw its role."""
    found = np.zeros(len(table.role))
    for held in folds:
        rest = np.setdiff1d(np.arange(len(table.role)), held)
        found[held] = table.of(rest).fitted(make()).totals(table.columns[:, held])
    return found


def _tried(makers: Sequence[Maker], table: Table, folds: Sequence[Rows]) -> list[tuple[Maker, Floats]]:
    """Each maker with its sums on roles left out, from the chosen one to those after it, closer to stage 0."""
    found = [(make, _left_out(table, make, folds)) for make in makers]
    return found[_chosen(table, [totals for _, totals in found]) :]


def _chosen(table: Table, tried: Sequence[Floats]) -> int:
    """The last whose log loss by role cannot be told from the least, within CAUTION standard errors.

    With few roles that is the cautious one.
    """
    losses = np.array([_losses(table, totals) for totals in tried])
    extra = losses - losses[int(losses.mean(axis=1).argmin())]
    error = extra.std(axis=1, ddof=1) / math.sqrt(extra.shape[1])
    return int(np.flatnonzero(extra.mean(axis=1) <= CAUTION * error).max())


def _no_worse(
    table: Table, plain: Floats, tried: Sequence[tuple[Maker, Floats]]
) -> tuple[Maker | None, Floats, dict[str, Any]]:
    """The first that does not rank roles left out worse than stage 0, moving toward stage 0; None where all do."""
    for make, totals in tried:
        gain, p, before, after = _compare(table, plain, totals)
        said = {"prior_rows": make().prior_rows, "ndcg_stage0": before, "ndcg_stage1": after, "gain": gain, "p": p}
        if gain >= 0.0:
            return make, totals, said
    return None, plain, said


def _losses(table: Table, totals: Floats) -> Floats:
    """Log loss by role, for each role that has rows."""
    each = table.weight * (np.logaddexp(0.0, totals) - table.outcome * totals)
    sums, weights = np.bincount(table.role, each), np.bincount(table.role, table.weight)
    return np.asarray(sums[weights > 0.0] / weights[weights > 0.0], dtype=np.float64)


def _compare(table: Table, one: Floats, other: Floats) -> tuple[float, float, float, float]:
    """(gain, p, mean before, mean after) of nDCG@10 by role."""
    before, after = ndcg_by_role(table, one), ndcg_by_role(table, other)
    said = ~np.isnan(before)
    if not said.any():
        return 0.0, 1.0, 0.0, 0.0
    gain, p = paired_t(after[said].tolist(), before[said].tolist())
    return gain, p, float(before[said].mean()), float(after[said].mean())


def _boosted(
    table: Table, similarity: Similarity | None, under: Maker, now: Maker | None, folds: Sequence[Rows]
) -> tuple[Ranker | None, dict[str, Any]]:
    """Stage 2 over `under`, fitted to everything, if it gains on newer roles over what ranks `now` (None: stage 0)."""
    prior = under().prior_rows
    try:
        later, first, second = _on_newer(table, similarity, under, now)
    except ValueError:  # some part of the past knows no yes, or no no
        return None, {"boost": "too_alike"}
    gain, p, before, after = _compare(later, first, second)
    said: dict[str, Any] = {"newer_ndcg_before": before, "newer_ndcg_stage2": after, "boost_gain": gain, "boost_p": p}
    if gain <= 0.0 or p >= ALPHA:
        return None, said
    plain, trees = (_left_out(table, make, folds) for make in (under, _stage2(similarity, prior, 1.0)))
    mixed = [(1.0 - mix) * plain + mix * trees for mix in MIXES]
    at = _chosen(table, mixed)
    ranker, more = _calibrated(table, _stage2(similarity, prior, MIXES[at]), mixed[at])
    return ranker, {**said, **more, "mix": MIXES[at]}


def _on_newer(
    table: Table, similarity: Similarity | None, under: Maker, now: Maker | None
) -> tuple[Table, Floats, Floats]:
    """The newer roles with what ranks now and what stage 2 say of them, each learned from older roles alone."""
    later, first, second = [], [], []
    for start, end in zip(STARTS, (*STARTS[1:], 1.0), strict=True):
        old = table.of(table.role < int(start * table.roles))
        new = table.of((table.role >= int(start * table.roles)) & (table.role < int(end * table.roles)))
        later.append(new)
        plain = Stage0(similarity).score(new.columns)
        first.append(old.fitted(now()).totals(new.columns) if now else plain)
        second.append(old.fitted(Stage2(similarity, under().prior_rows)).totals(new.columns))
    return _joined(later), np.concatenate(first), np.concatenate(second)


def _joined(tables: Sequence[Table]) -> Table:
    return Table(
        np.concatenate([item.columns for item in tables], axis=1), np.concatenate([item.role for item in tables]),
        np.concatenate([item.outcome for item in tables]), np.concatenate([item.weight for item in tables]),
    )  # fmt: skip


def _calibrated(table: Table, make: Maker, totals: Floats) -> tuple[Ranker, dict[str, Any]]:
    """Fitted to everything; its link from the sums of roles left out, its error from how far those models differ."""
    ranker = table.fitted(make())
    ranker.link = calibration.fit_link(totals, table.outcome, table.weight, held=LINK_ROWS)
    chances, weight = ranker.link.values(totals), table.weight
    ranker.error = max(ranker.error, _spread(ranker, table, totals))
    return ranker, {
        "brier": calibration.brier(chances, table.outcome, weight),
        "calibration_error": calibration.calibration_error(chances, table.outcome, weights=weight),
        "link": "knots" if ranker.link.at else "sigmoid",
        "error": ranker.error,
    }


def _spread(ranker: Learned, table: Table, totals: Floats) -> float:
    """Root mean squared distance of the probabilities with and without a role's own fold: a delete-group jackknife.

    sqrt((k - 1) x mean of squared differences), as each of k fold models left out one k-th (Tukey 1958).
    """
    folds = min(FOLDS, table.roles)
    apart = ranker.link.values(totals) - ranker.score(table.columns)
    return math.sqrt((folds - 1) * float(np.mean(apart**2)))


def _stage1(similarity: Similarity | None, prior: float) -> Maker:
    return lambda: Stage1(similarity, prior)


def _stage2(similarity: Similarity | None, prior: float, mix: float) -> Maker:
    return lambda: Stage2(similarity, prior, mix)
