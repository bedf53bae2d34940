"""Every ranker keeps every promise, and each promise can be broken: rankers broken on purpose are caught."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from tests.rules import ranker_suite as suite


@pytest.mark.parametrize("ranker", suite.RANKERS, ids=lambda ranker: f"{ranker.stage}-{ranker.fingerprint()[:4]}")
@pytest.mark.parametrize("check", suite.CHECKS, ids=lambda check: check.__name__)
def test_every_ranker_keeps_every_promise(ranker, check):
    _try(check, ranker, examples=20)


@pytest.mark.parametrize(
    ("broken", "check"),
    [
        (suite.ByBatch, suite.order_free),
        (suite.LikesClaims, suite.monotone),
        (suite.LikesClaims, suite.claim_below_evidence),
        (suite.Vague, suite.exact_explanation),
    ],
)
def test_a_ranker_that_breaks_a_promise_is_caught(broken, check):
    with pytest.raises(AssertionError):
        _try(check, broken(), examples=300)


@pytest.mark.parametrize("ranker", suite.RANKERS)
def test_a_ranker_can_be_cloned_and_set_like_any_estimator(ranker):
    copy = clone(ranker)
    assert copy.get_params().keys() == ranker.get_params().keys()
    with pytest.raises(ValueError, match="shoe_size"):
        copy.set_params(shoe_size=43)


def _try(check, ranker, examples):
    # A failing example is not made smaller: it takes minutes, and the broken rankers are meant to fail.
    @settings(max_examples=examples, deadline=None, database=None, phases=[Phase.generate])
    @given(st.data())
    def run(data):
        check(ranker, data)

    run()
