"""A match takes two: the person's side is learned from answers alone, and both sides travel in one model."""

import math

import numpy as np
import pytest

from matcher.ranking import features, store
from matcher.ranking.features import COLUMNS
from matcher.ranking.learned import Stage1
from matcher.ranking.ranker import Stage0
from matcher.ranking.two_sides import PRIOR, PRIOR_BASE, Accepts, TwoSided
from tests.rules import ranking_facts as draw
from tests.rules.ranker_suite import answered, judged

PAIRS, OUTCOMES = judged(loves="evidence")
X = features.pair_matrix(PAIRS, draw.NEAR)


def test_without_answers_a_documented_sum_speaks_and_skills_have_no_say():
    chances = Accepts().chance(X)
    wish, close = (X[COLUMNS.index(name)] for name in PRIOR)
    assert np.allclose(chances, PRIOR_BASE + PRIOR["preference"] * wish + PRIOR["closeness"] * close)
    skilled = X.copy()
    skilled[:4] = 1.0
    assert (answered().chance(skilled) == answered().chance(X)).all()
    assert PRIOR_BASE + sum(PRIOR.values()) < 1.0


def test_answers_move_the_chances_and_few_of_them_move_little():
    wish = X[COLUMNS.index("preference")]
    yes = [value > np.median(wish) for value in wish]
    many, few = Accepts().fit(PAIRS, yes, draw.NEAR), Accepts().fit(PAIRS[:6], yes[:6], draw.NEAR)
    apart = [np.abs(side.chance(X) - Accepts().chance(X)).mean() for side in (few, many)]
    assert 0.0 < apart[0] < apart[1]
    assert np.corrcoef(many.chance(X), wish)[0, 1] > 0.8
    assert many.error < few.error
    assert many.state() == Accepts().fit(PAIRS[::-1], yes[::-1], draw.NEAR).state()


def test_answers_against_all_sense_cannot_make_a_kept_wish_count_against_a_person():
    wish = X[COLUMNS.index("preference")]
    odd = Accepts().fit(PAIRS, [value < np.median(wish) for value in wish], draw.NEAR)
    assert min((odd.fitted or (0.0,))[1:]) >= 0.0


@pytest.mark.parametrize(("pairs", "answers"), [([], []), (PAIRS, [True])])
def test_without_answers_or_with_too_few_words_nothing_is_learned(pairs, answers):
    with pytest.raises(ValueError, match="answers"):
        Accepts().fit(pairs, answers)


def test_the_product_is_explained_exactly_and_is_never_above_either_side():
    both = TwoSided(Stage1(draw.NEAR).fit(PAIRS, OUTCOMES), answered())
    scores, one, other = both.score(X), both.employer.score(X), both.accepts.chance(X)
    assert (scores == one * other).all()
    for row in range(X.shape[1]):
        shares = both.shares(X[:, row])
        assert abs(math.fsum([shares.base, *shares.contributions(X[:, row]).values()]) - scores[row]) < 1e-9


def test_both_sides_are_stored_together_and_refused_when_they_do_not_fit(tmp_path):
    for both in (TwoSided(Stage1(draw.NEAR).fit(PAIRS, OUTCOMES), answered()), TwoSided(Stage0(draw.NEAR))):
        store.save(both, tmp_path)
        again = store.load(tmp_path, draw.NEAR, expected=both.fingerprint())
        assert isinstance(again, TwoSided)
        assert (again.score(X) == both.score(X)).all()
        assert again.stage == both.stage
    liar = TwoSided(Stage0(draw.NEAR), answered())
    liar.accepts.fitted = (0.0, -1.0, 1.0)
    store.save(liar, tmp_path)
    with pytest.raises(store.ModelRefused):
        store.load(tmp_path, draw.NEAR)
