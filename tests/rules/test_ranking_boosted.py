"""Stage 2 is the trees it was fitted from, adds up exactly, is proved monotone, and travels only untouched."""

import json
import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier

from matcher.ranking import boosted, features, pairwise, store
from matcher.ranking.boosted import Stage2
from matcher.ranking.features import COLUMNS
from matcher.ranking.learned import Stage1
from matcher.ranking.pairwise import GRAIN, Leaf
from tests.rules import ranking_facts as draw
from tests.rules.ranker_suite import judged

PAIRS, OUTCOMES = judged(loves="evidence", size=400)
X = features.pair_matrix(PAIRS, draw.NEAR)
MODEL = Stage2(draw.NEAR).fit(PAIRS, OUTCOMES)
points = st.lists(st.floats(0, 1), min_size=8, max_size=8).map(np.array)


def test_the_tables_say_what_the_trees_say():
    kept = []
    fit = HistGradientBoostingClassifier.fit
    truth, weight = np.array(OUTCOMES), np.ones(len(OUTCOMES))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HistGradientBoostingClassifier, "fit",
                      lambda self, *rows, **more: (kept.append(self), fit(self, *rows, **more))[1])
        constant, leaves = boosted.grown(X, truth, weight)
    steps = pairwise.from_leaves(leaves)
    assert kept[0].monotonic_cst == [1] * len(COLUMNS)
    cells = np.array([np.searchsorted(boosted._cuts(column), column) for column in X])
    theirs = kept[0].decision_function(cells.T.astype(float))
    assert np.abs(steps(X) + constant - theirs).max() < boosted.TREES * GRAIN * 2
    assert np.ptp(theirs) > 0.5


@settings(max_examples=20, deadline=None)
@given(points, points)
def test_shapley_values_are_those_of_all_256_coalitions(here, there):
    steps = MODEL.steps
    value = {}
    for size in range(len(COLUMNS) + 1):
        for taken in combinations(range(len(COLUMNS)), size):
            mixed = there.copy()
            mixed[list(taken)] = here[list(taken)]
            value[taken] = float(steps(mixed[:, None])[0])
    quick = steps.shapley(here.tolist(), there.tolist())
    for column in range(len(COLUMNS)):
        others = [number for number in range(len(COLUMNS)) if number != column]
        slow = 0.0
        for size in range(len(others) + 1):
            share = math.factorial(size) * math.factorial(len(others) - size) / math.factorial(len(COLUMNS))
            for taken in combinations(others, size):
                slow += share * (value[tuple(sorted((*taken, column)))] - value[taken])
        assert quick[column] == pytest.approx(slow, abs=1e-9)


@settings(max_examples=200, deadline=None)
@given(points, st.integers(0, 7), st.floats(0, 1))
def test_no_column_lowers_a_score_and_contributions_add_up(point, column, value):
    higher = point.copy()
    higher[column] = max(value, point[column])
    low, high = MODEL.score(np.stack((point, higher), axis=1)).tolist()
    assert low <= high
    assert MODEL.link(MODEL.total(point.tolist())) == low
    shares = MODEL.shares(point)
    assert abs(math.fsum([shares.base, *shares.contributions(point).values()]) - low) < 1e-9


def test_a_table_that_falls_anywhere_is_found_out():
    assert MODEL.steps.is_monotone()
    assert not pairwise.from_leaves([Leaf(1.0, {0: (-math.inf, 0.5), 1: (0.5, math.inf)})]).is_monotone()
    helped = [Leaf(1.0, {0: (-math.inf, 0.5), 1: (0.5, math.inf)}), Leaf(1.0, {0: (0.5, math.inf)})]
    assert pairwise.from_leaves(helped).is_monotone()
    with pytest.raises(ValueError, match="two columns"):
        pairwise.from_leaves([Leaf(1.0, dict.fromkeys(range(3), (0.1, math.inf)))])


def test_outcomes_that_are_all_alike_are_refused():
    with pytest.raises(ValueError, match="alike"):
        Stage2().fit(PAIRS, [0.0] * len(PAIRS))


@pytest.fixture
def kept(tmp_path):
    return store.save(MODEL, tmp_path, facts={"roles": 1}), tmp_path


def test_a_saved_stage_2_scores_to_the_same_bits_and_names_its_code(kept):
    manifest, folder = kept
    again = store.load(folder, draw.NEAR, expected=MODEL.fingerprint())
    assert (again.score(X) == MODEL.score(X)).all()
    assert manifest["stage"] == 2
    assert manifest["code"] == store.code_version()
    assert again.shares(X[:, 0]) == MODEL.shares(X[:, 0])


@pytest.mark.parametrize("change", [
    {"leaves": lambda v: (*v[:-1], 1e9)}, {"leaves": lambda v: v[:-1]}, {"leaves": lambda v: tuple(-x for x in v)},
    {"leaves": lambda v: (math.nan, *v[1:])}, {"leaves": lambda v: (v[0] + 1e-13, *v[1:])},
    {"bounds": lambda v: (8.0, *v[1:])}, {"bounds": lambda v: (v[0], v[2], v[1], *v[3:])},
    {"bounds": lambda v: (math.nan, *v[1:])},
    {"coef": lambda v: (-1.0, *v[1:])}, {"mean": lambda v: (v[0] + 1e-3, *v[1:])}, {"link": lambda v: (-1.0, 0.0)},
    {"error": lambda v: -1.0}, {"intercept": lambda v: math.nan},
])  # fmt: skip
def test_numbers_that_break_a_promise_are_refused_even_with_a_right_hash(kept, change):
    _, folder = kept
    (key, make), = change.items()
    state = {**MODEL.state()}
    state[key] = make(state[key])
    liar = Stage2(draw.NEAR)
    liar.state = lambda: state
    store.save(liar, folder)
    with pytest.raises(store.ModelRefused):
        store.load(folder, draw.NEAR)


def test_a_touched_stage_2_is_refused(kept):
    _, folder = kept
    model, manifest = folder / store.MODEL, folder / store.MANIFEST
    data = model.read_bytes()
    model.write_bytes(data.replace(b"PK", b"PQ", 1))
    with pytest.raises(store.ModelRefused, match="not the one"):
        store.load(folder, draw.NEAR)
    model.write_bytes(data)
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "stage": 1, "fingerprint": "0"}))
    with pytest.raises(store.ModelRefused):
        store.load(folder, draw.NEAR)


def test_the_mix_moves_from_stage_1_to_the_trees():
    one = Stage1(draw.NEAR).fit(PAIRS, OUTCOMES)
    assert np.allclose(Stage2(draw.NEAR, mix=0.0).fit(PAIRS, OUTCOMES).score(X), one.score(X), atol=1e-9)
    assert len({float(value) for value in Stage2(draw.NEAR, mix=1.0).fit(PAIRS, OUTCOMES).coef}) == 1
