"""Our figures are those that the field's own tool gives on the same runs."""

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.ranking import evaluate
from matcher.ranking.evaluate import Line

NAMES = [f"d{number}" for number in range(20)]
grades = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 4), min_size=1, max_size=20)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.permutations(NAMES), min_size=1, max_size=4), st.lists(grades, min_size=4, max_size=4))
def test_figures_agree_with_the_reference_tool(orders, judged):
    run = {f"q{q}": [Line(name, r + 1, 100.0 - r) for r, name in enumerate(order)] for q, order in enumerate(orders)}
    judgments = {query: values for query, values in zip(run, judged, strict=False) if any(values.values())}
    if not judgments:
        return
    measures = [ir_measures.nDCG @ 10, ir_measures.AP, ir_measures.R @ 10, ir_measures.RR]
    flat = {query: {line.id: line.score for line in lines} for query, lines in run.items() if query in judgments}
    theirs = ir_measures.calc_aggregate(measures, judgments, flat)
    ours = evaluate.means(evaluate.by_query(run, judgments))
    for name, measure in zip(evaluate.METRICS, measures, strict=True):
        assert ours[name] == pytest.approx(theirs[measure], abs=1e-9)


def test_ties_go_by_the_rank_in_the_run_and_never_by_the_order_of_lines():
    lines = [Line("a", 3, 1.0), Line("b", 1, 1.0), Line("c", 2, 2.0)]
    assert evaluate.in_order(lines) == evaluate.in_order(lines[::-1]) == ["c", "b", "a"]


def test_a_query_the_run_leaves_out_counts_as_nothing_found():
    assert evaluate.by_query({}, {"q": {"a": 1}}) == {"q": dict.fromkeys(evaluate.METRICS, 0.0)}


def test_a_paired_comparison_of_a_run_with_itself_finds_nothing():
    assert evaluate.paired_t([0.1, 0.5], [0.1, 0.5]) == (0.0, 1.0)
    gain, p = evaluate.paired_t([0.5, 0.6, 0.7, 0.9], [0.1, 0.3, 0.2, 0.4])
    assert gain == pytest.approx(0.425)
    assert p == pytest.approx(0.0031, abs=5e-4)
