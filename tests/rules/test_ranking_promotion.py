"""A stage ranks only where it earned it on roles left out; the reasons travel in the figures."""

import numpy as np
import pytest

from matcher.ranking import promotion
from matcher.ranking.promotion import Table
from matcher.ranking.ranker import WEIGHTS, Stage0
from matcher.ranking.similarity import Similarity

LINEAR = np.array([0.5, 1.5, 0.2, 0.1, 2.0, 2.5, 0.1, 0.1])


def table(roles: int, each: int = 25, *, truth: str = "linear", seed: int = 1) -> Table:
    """Judged pairs whose outcome follows a weighted sum, two columns that need one another, or nothing."""
    draw = np.random.default_rng(seed)
    columns = draw.random((8, roles * each))
    wanted = {
        "linear": LINEAR @ columns, "stage0": np.array([*WEIGHTS.values()]) @ columns * 5,
        "pairs": 6 * np.minimum(columns[4], columns[5]) + 4 * (columns[6] > 0.7) * columns[7],
        "nothing": np.zeros(roles * each),
    }[truth]  # fmt: skip
    noisy = wanted + draw.normal(size=roles * each) * 0.4
    cuts = np.quantile(noisy, (0.6, 0.8, 0.9, 0.97))
    outcome = (noisy[:, None] > cuts).sum(axis=1) / 4
    return Table(columns, np.repeat(np.arange(roles), each), outcome, np.ones(roles * each))


@pytest.mark.parametrize(("roles", "each"), [(1, 25), (3, 40), (4, 24)])
def test_few_judged_roles_leave_the_fixed_weights(roles, each):
    found = promotion.decide(table(roles, each), Similarity())
    assert (found.ranker.stage, found.outcome) == (0, "too_few_judged")
    assert found.figures["judged"] == roles * each


def test_without_any_judgment_the_fixed_weights_rank():
    nothing = Table(np.zeros((8, 0)), np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0))
    assert promotion.decide(nothing, Similarity()).outcome == "too_few_judged"


def test_many_roles_of_which_one_alone_has_a_yes_are_no_error():
    thin = table(64)
    lone = Table(thin.columns, thin.role, np.where(thin.role == 63, thin.outcome, 0.0), thin.weight)
    assert promotion.decide(lone, Similarity()).ranker.stage < 2


def test_stage_1_comes_from_four_roles_and_is_judged_on_roles_left_out():
    found = promotion.decide(table(8), Similarity())
    assert (found.ranker.stage, found.outcome) == (1, "learned")
    assert found.figures["ndcg_stage1"] > found.figures["ndcg_stage0"]
    assert found.figures["gain"] > 0


def test_labels_that_say_nothing_teach_nothing_that_ranks_worse():
    for seed in range(2):
        found = promotion.decide(table(6, truth="nothing", seed=seed), Similarity())
        assert found.outcome == "no_gain" or found.figures["gain"] >= 0.0


def test_where_stage_0_is_right_the_prior_speaks_loudly():
    loud = promotion.decide(table(6, truth="stage0"), Similarity()).figures["prior_rows"]
    quiet = promotion.decide(table(24, truth="linear"), Similarity()).figures["prior_rows"]
    assert loud > quiet


def test_stage_2_comes_only_where_pairs_of_columns_matter_and_roles_are_many():
    linear = promotion.decide(table(64), Similarity())
    assert (linear.ranker.stage, linear.outcome) == (1, "learned")
    assert linear.figures["boost_gain"] <= 0.0 or linear.figures["boost_p"] >= promotion.ALPHA
    pairs = promotion.decide(table(64, truth="pairs"), Similarity())
    assert (pairs.ranker.stage, pairs.outcome) == (2, "boosted")
    assert pairs.figures["boost_gain"] > 0.0
    assert pairs.figures["boost_p"] < promotion.ALPHA
    assert pairs.figures["calibration_error"] <= 0.05
    assert pairs.figures["brier"] <= 0.05
    assert "boost_p" not in promotion.decide(table(63, truth="pairs"), Similarity()).figures


def test_the_newest_roles_are_predicted_from_older_ones_alone(monkeypatch):
    seen = []
    real = Table.fitted
    monkeypatch.setattr(Table, "fitted", lambda self, ranker: (seen.append((ranker.stage, self.roles)),
                                                               real(self, ranker))[1])
    promotion._on_newer(table(64), None, promotion._stage1(None, 50.0), None)
    assert [roles for stage, roles in seen if stage == 2] == [16, 32, 48]


def test_ndcg_shares_out_what_a_tie_would_leave_to_chance():
    rows = Table(np.zeros((8, 4)), np.zeros(4, dtype=np.intp), np.array([1.0, 0.0, 0.0, 0.5]), np.ones(4))
    best = promotion.ndcg_by_role(rows, np.array([9.0, 1.0, 2.0, 5.0]))
    assert best.tolist() == [1.0]
    tied = float(promotion.ndcg_by_role(rows, np.zeros(4))[0])
    each = [float(promotion.ndcg_by_role(rows, np.random.default_rng(seed).random(4))[0]) for seed in range(400)]
    assert tied == pytest.approx(np.mean(each), abs=0.02)
    nobody = Table(rows.columns, rows.role, np.zeros(4), rows.weight)
    assert np.isnan(promotion.ndcg_by_role(nobody, np.zeros(4))).all()


def test_the_same_labels_give_the_same_model():
    one, two = (promotion.decide(table(12), Similarity()).ranker for _ in range(2))
    assert one.fingerprint() == two.fingerprint() != Stage0().fingerprint()
