"""A match takes two: the person's side is learned from answers alone, and both sides travel in one model."""

import math

import numpy as np
import pytest

from matcher.ranking import acceptance, features, store
from matcher.ranking.acceptance import Answers
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


def test_how_common_a_yes_is_comes_from_the_answers_even_when_few():
    """Nine in ten said yes; the documented sum, which thinks of seven, lends its slopes alone."""
    yes = [row % 10 > 0 for row in range(60)]
    found = Accepts().fit(PAIRS[:60], yes, draw.NEAR)
    assert found.chance(X[:, :60]).mean() == pytest.approx(0.9, abs=0.03)
    always = Accepts().fit(PAIRS[:60], [True] * 60, draw.NEAR)
    assert 0.93 < always.chance(X[:, :60]).mean() < 1.0, "nobody is certain"


def test_one_pair_has_the_same_bits_alone_and_among_others():
    for side in (Accepts(), answered()):
        assert [side.at(column.tolist()) for column in X.T] == side.chance(X).tolist()


def test_the_error_of_a_product_is_of_its_size():
    both = TwoSided(Stage1(draw.NEAR).fit(PAIRS, OUTCOMES), answered())
    widest = both.standard_error(PAIRS[0][0])
    assert both.sized(X).standard_error(PAIRS[0][0]) < widest
    scores = both.employer.score(X)
    assert both.sizes[0] == pytest.approx(float(np.sqrt(np.mean(scores**2))))
    assert (both.advance(X) == scores).all()
    assert (both.employer.advance(X) == scores).all()


def answers(yes, columns=X):
    """Answers about twelve roles."""
    return Answers(columns, np.arange(columns.shape[1], dtype=np.intp) % 12, np.array(yes, dtype=np.float64))


def test_the_second_side_speaks_only_where_it_foretells_answers_left_out():
    wish, chance = X[COLUMNS.index("preference")], np.random.default_rng(4)
    wanted = chance.random(len(wish)) < 1.0 / (1.0 + np.exp(-12.0 * (wish - np.median(wish))))
    found = acceptance.decide(answers(wanted))
    assert (found.outcome, found.figures["answers"]) == ("two_sided", len(wish))
    assert found.figures["loss"] < found.figures["loss_common"]
    assert found.accepts is not None
    backwards = acceptance.decide(answers(~wanted))
    assert (backwards.outcome, backwards.accepts) == ("no_gain", None)
    employer = Stage1(draw.NEAR).fit(PAIRS, OUTCOMES)
    assert acceptance.joined(employer, backwards, X) is employer
    assert isinstance(acceptance.joined(employer, found, X), TwoSided)


@pytest.mark.parametrize(("rows", "noes"), [(49, 20), (100, 9), (0, 0)])
def test_few_answers_or_few_noes_leave_one_side(rows: int, noes: int):
    found = acceptance.decide(answers([row >= noes for row in range(rows)], X[:, :rows]))
    assert (found.outcome, found.accepts) == ("too_few_answers", None)
    assert found.figures == {"answers": rows, "accepted": rows - noes, "declined": noes}


def test_a_fold_never_learns_from_its_own_answers():
    """Changing the answers about the roles of one fold changes nothing that is said of these roles."""
    yes = np.arange(X.shape[1]) % 3 > 0
    one, role = answers(yes), np.arange(X.shape[1], dtype=np.intp) % 12
    held = role % acceptance.FOLDS == 0
    other = answers(np.where(held, ~yes, yes))
    said, again = (acceptance.unseen(item, X, role) for item in (one, other))
    assert (said[held] == again[held]).all()
    assert (said[~held] != again[~held]).any()


@pytest.mark.parametrize("sizes", [(-0.1, 0.5), (0.5, 1.1), (math.nan, 0.5)])
def test_sizes_that_no_chance_has_are_refused(sizes, tmp_path):
    both = TwoSided(Stage1(draw.NEAR).fit(PAIRS, OUTCOMES), answered())
    both.sizes = sizes
    store.save(both, tmp_path)
    with pytest.raises(store.ModelRefused):
        store.load(tmp_path, draw.NEAR)
