"""Links only rise, chances keep their word on rows left out, and weights follow the rule."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.ranking import calibration, weights
from matcher.ranking.calibration import Link, fit_link

KNOTTED = Link(0.8, -0.2, (-2.0, -0.5, 0.0, 1.5), (0.02, 0.3, 0.3, 0.9))


@settings(max_examples=300, deadline=None)
@given(st.floats(-1e3, 1e3), st.floats(0, 10), st.sampled_from([Link(), Link(3.0, 1.0), KNOTTED]))
def test_a_higher_sum_is_never_a_lower_chance(value, step, link):
    low, high = link(value), link(value + step)
    assert 0.0 <= low <= high <= 1.0
    assert link.values(np.array([value + step, value])).tolist() == [high, low]


def test_between_knots_a_little_more_is_a_little_more_even_on_a_level_stretch():
    assert KNOTTED(-0.3) < KNOTTED(-0.2) < KNOTTED(-0.1)


@pytest.mark.parametrize("bad", [
    {"slope": 0.0}, {"slope": -1.0}, {"slope": float("nan")}, {"at": (0.0, 1.0), "to": (0.5, 0.4)},
    {"at": (1.0, 0.0), "to": (0.4, 0.5)}, {"at": (0.0,), "to": ()}, {"at": (0.0,), "to": (1.5,)},
])  # fmt: skip
def test_a_link_that_would_not_rise_is_refused(bad):
    with pytest.raises(ValueError, match="higher"):
        Link(**bad)


@pytest.mark.parametrize("rows", [400, 4000])
def test_chances_agree_with_what_happens_on_rows_not_seen(rows):
    draw = np.random.default_rng(3)
    totals = draw.normal(size=2 * rows)
    truth = (draw.random(2 * rows) < 1 / (1 + np.exp(1.5 - 3 * totals))).astype(float)
    link = fit_link(totals[:rows], truth[:rows], np.ones(rows))
    assert bool(link.at) == (rows >= calibration.ISOTONIC_FROM)
    chances = link.values(totals[rows:])
    assert calibration.calibration_error(chances, truth[rows:]) <= 0.05
    assert calibration.brier(chances, truth[rows:]) < calibration.brier(np.full(rows, truth.mean()), truth[rows:])
    assert calibration.calibration_error(Link().values(totals[rows:]), truth[rows:]) > 0.1


def test_where_nothing_can_be_learned_the_link_still_rises():
    assert fit_link(np.ones(9), np.arange(9) / 9, np.ones(9)) == Link()
    assert fit_link(np.arange(9.0), np.ones(9), np.ones(9)) == Link()
    against = fit_link(np.arange(50.0), np.arange(50.0)[::-1] / 50, np.ones(50))
    assert against.slope > 0
    assert np.mean(against.values(np.arange(50.0))) == pytest.approx(0.49, abs=0.05)


def test_figures_of_calibration_by_hand():
    chances, outcomes = np.array([0.1, 0.3, 0.6, 0.8]), np.array([0.0, 1.0, 0.0, 1.0])
    assert calibration.brier(chances, outcomes) == pytest.approx((0.01 + 0.49 + 0.36 + 0.04) / 4)
    assert calibration.calibration_error(chances, outcomes, bins=2) == pytest.approx((0.3 + 0.2) / 2)


def test_grades_rise_with_how_far_a_match_came_and_silence_is_no_grade():
    steps = ["declined", "skill_verified", "advanced", "hired", "retained"]
    assert [weights.grade([step]) for step in steps] == [0, 1, 2, 3, 4]
    assert weights.grade(["advanced", "skill_verified"]) == 2
    assert weights.grade([]) is None
    with pytest.raises(KeyError):
        weights.grade(["clicked"])


def test_inverse_propensities_are_clipped_and_left_out_where_few_rows_would_decide():
    found = weights.inverse_propensity([1.0] * 300 + [0.01] * 10)
    assert found.inverse
    assert found.values.max() / found.values.min() == pytest.approx(weights.CLIP)
    assert found.values.mean() == pytest.approx(1.0)
    few = weights.inverse_propensity([1.0] * 30 + [0.1] * 4)
    assert not few.inverse
    assert set(few.values.tolist()) == {1.0}
    assert not weights.inverse_propensity([None] * 80).inverse
    for bad in (0.0, 1.5, float("nan")):
        with pytest.raises(ValueError, match="propensity"):
            weights.inverse_propensity([bad])
