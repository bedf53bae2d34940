"""An interval says what a measured calibration error may truly be, where the bare figure alone would mislead."""

import numpy as np
import pytest

from matcher.ranking import calibration
from matcher.ranking.certainty import error_between, mean_between

LIMIT = 0.05


def sample(seed: int, rows: int, off: float = 0.0):
    """Chances and yes or no about roles of ten people each; with `off` the truth is that much from what was said."""
    draw = np.random.default_rng(seed)
    said = draw.uniform(0.2, 0.8, rows)
    return said, (draw.random(rows) < said + off).astype(float), np.arange(rows) // 10


def test_few_labels_show_an_error_where_there_is_none_and_the_interval_knows():
    found = [error_between(*sample(seed, 300)) for seed in range(40)]
    assert np.mean([one.value > LIMIT for one in found]) > 0.5, "the bare figure accuses most faultless models"
    assert np.mean([one.low > LIMIT for one in found]) <= 0.05
    assert np.mean([one.value for one in found]) == pytest.approx(np.mean([one.chance for one in found]), abs=0.01)


@pytest.mark.parametrize("off", [0.1, 0.15])
def test_a_true_error_lies_inside_the_interval_and_a_large_one_is_seen(off: float):
    found = [error_between(*sample(seed, 600, off)) for seed in range(40)]
    assert np.mean([one.low <= off <= one.high for one in found]) >= 0.85
    assert np.mean([one.low > LIMIT for one in found]) >= (0.9 if off == 0.15 else 0.3)


def test_many_labels_prove_that_the_limit_is_kept():
    assert all(error_between(*sample(seed, 6000)).high < LIMIT for seed in range(5))


def test_weights_count_in_curve_error_and_score():
    chances, outcomes = np.array([0.2, 0.2, 0.8, 0.8]), np.array([0.0, 1.0, 1.0, 0.0])
    weights = np.array([3.0, 1.0, 3.0, 1.0])
    assert calibration.calibration_error(chances, outcomes, bins=2) == pytest.approx(0.3)
    assert calibration.calibration_error(chances, outcomes, bins=2, weights=weights) == pytest.approx(0.05)
    assert calibration.calibration_curve(chances, outcomes, 2, weights) == [
        (pytest.approx(0.2), pytest.approx(0.25), 2), (pytest.approx(0.8), pytest.approx(0.75), 2)]
    assert calibration.brier(chances, outcomes, weights) == pytest.approx((3 * 0.04 + 0.64) / 4)
    found = error_between(chances, outcomes, np.arange(4), weights, bins=2)
    assert found.value == pytest.approx(0.05)
    assert found.low <= found.value <= found.high


def test_a_mean_with_its_interval_by_hand_and_anything_for_one_value():
    found = mean_between(np.array([0.1, 0.2, 0.3, 0.4]))  # sd .1291, standard error .0645, t 3.182
    assert (found.value, found.low, found.high) == pytest.approx((0.25, 0.25 - 0.2054, 0.25 + 0.2054), abs=1e-3)
    assert (mean_between(np.array([0.2])).low, mean_between(np.array([0.2])).high) == (-1.0, 1.0)
    assert error_between(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.intp)).high == 1.0
