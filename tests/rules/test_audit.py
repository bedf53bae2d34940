"""The audit's statistics against worked values, other people's code, and each other."""

import math

import numpy as np
import pytest
from fairlearn.metrics import MetricFrame, demographic_parity_ratio, selection_rate
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from matcher.ranking import audit
from matcher.ranking.audit import Limits, Method, Tally, Verdict
from matcher.ranking.audit_tables import Decided, score_tables, stage_tables, value_of

MEN, WOMEN, OTHER = ("man",), ("woman",), ("nonbinary",)
few = settings(max_examples=50, deadline=None)
tallies = st.integers(1, 400).flatmap(lambda n: st.integers(0, n).map(lambda s: Tally(n, s)))
tables = st.dictionaries(st.sampled_from([("a",), ("b",), ("c",), ("d",)]), tallies, min_size=2)


def test_the_check_value_comes_out_to_its_last_printed_digit():
    """48 of 80 against 12 of 40: IR .50, z -3.10, p .0019, interval .30 to .83."""
    row = audit.compare({MEN: Tally(80, 48), WOMEN: Tally(40, 12)})[WOMEN]
    assert f"{row.ratio:.2f}" == "0.50"
    assert f"{row.z:.2f}" == "-3.10"
    assert f"{row.p:.4f}" == "0.0019"
    assert (f"{row.low:.2f}", f"{row.high:.2f}") == ("0.30", "0.83")
    assert row.test is Method.Z
    assert row.p_holm == row.p
    assert row.verdict is Verdict.ADVERSE
    assert not row.flips


def test_the_reference_has_the_highest_rate_and_no_test():
    rows = audit.compare({MEN: Tally(80, 48), WOMEN: Tally(40, 30)})
    assert rows[WOMEN].reference
    assert rows[WOMEN].ratio == 1.0
    assert rows[WOMEN].p is None
    assert rows[MEN].ratio == pytest.approx(0.6 / 0.75)


def test_a_small_group_is_no_reference_where_larger_ones_are_asked_for():
    counts = {MEN: Tally(80, 40), WOMEN: Tally(70, 30), OTHER: Tally(12, 11)}
    assert audit.compare(counts)[OTHER].reference
    asked = audit.compare(counts, reference=30)
    assert asked[MEN].reference
    assert asked[OTHER].ratio > 1.0
    assert audit.compare({OTHER: Tally(5, 2), WOMEN: Tally(6, 1)}, reference=30)[OTHER].reference


@pytest.mark.parametrize(("own", "other", "test"), [
    (Tally(20, 5), Tally(20, 5), Method.Z), (Tally(20, 4), Tally(20, 5), Method.FISHER),
    (Tally(6, 3), Tally(600, 300), Method.FISHER), (Tally(40, 38), Tally(40, 37), Method.FISHER),
])  # fmt: skip
def test_fisher_is_used_where_an_expected_count_is_under_five(own, other, test):
    assert audit.two_sided(own, other).test is test


@few
@given(tallies, tallies)
def test_p_is_that_of_scipy(own, other):
    found = audit.two_sided(own, other)
    cells = np.array([[own.selected, own.n - own.selected], [other.selected, other.n - other.selected]])
    if found.test is Method.FISHER:
        assert found.p == pytest.approx(stats.fisher_exact(cells).pvalue)
    else:
        chi2 = stats.chi2_contingency(cells, correction=False)
        assert found.p == pytest.approx(chi2.pvalue, abs=1e-12)
        assert found.z**2 == pytest.approx(chi2.statistic)
        assert chi2.expected_freq.min() >= 5


@few
@given(tallies.filter(lambda t: t.selected), tallies.filter(lambda t: t.selected))
def test_the_interval_holds_the_ratio_and_is_that_of_scipy(own, other):
    low, high = audit.interval(own, other)
    value = audit.ratio(own, other)
    assert low <= value * (1 + 1e-9)
    assert value <= high * (1 + 1e-9)
    theirs = stats.contingency.relative_risk(own.selected, own.n, other.selected, other.n).confidence_interval(0.95)
    assert (low, high) == pytest.approx((theirs.low, theirs.high), rel=1e-3)


def test_nobody_through_has_a_lower_bound_of_nought_and_no_one_at_all_has_no_ratio():
    assert audit.interval(Tally(20, 0), Tally(20, 10))[0] == 0.0
    assert 0.0 < audit.interval(Tally(20, 0), Tally(20, 10))[1] < 1.0
    rows = audit.compare({MEN: Tally(50, 0), WOMEN: Tally(60, 0)})
    assert rows[MEN].ratio is None
    assert rows[MEN].low is None
    assert rows[MEN].p == 1.0
    assert rows[MEN].verdict in (Verdict.NO_EVIDENCE, Verdict.CANNOT_TELL)


def test_holm_corrects_as_worked_by_hand():
    assert audit.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert audit.holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])
    assert audit.holm([]) == []


@few
@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_never_helps_and_keeps_the_order(values):
    found = audit.holm(values)
    assert all(p <= q <= 1.0 for p, q in zip(values, found, strict=True))
    assert all(q <= r for (p, q), (o, r) in zip(zip(values, found, strict=True), zip(values, found, strict=True),
                                                strict=True) if p <= o)


def test_a_finding_that_hangs_on_one_person_is_not_adverse():
    counts = {MEN: Tally(100, 60), WOMEN: Tally(100, 46)}
    assert audit.compare(counts)[WOMEN].p < 0.05
    assert audit.compare(counts)[WOMEN].flips
    assert audit.compare(counts)[WOMEN].verdict is Verdict.WATCH
    sure = audit.compare({MEN: Tally(100, 60), WOMEN: Tally(100, 40)})[WOMEN]
    assert not sure.flips
    assert sure.verdict is Verdict.ADVERSE


def test_the_four_words():
    large, small = 1000, 30
    assert audit.compare({MEN: Tally(large, 500), WOMEN: Tally(large, 490)})[WOMEN].verdict is Verdict.NO_EVIDENCE
    assert audit.compare({MEN: Tally(large, 30), WOMEN: Tally(large, 23)})[WOMEN].verdict is Verdict.WATCH
    assert audit.compare({MEN: Tally(small, 15), WOMEN: Tally(small, 11)})[WOMEN].verdict is Verdict.CANNOT_TELL
    assert audit.compare({MEN: Tally(large, 500), WOMEN: Tally(large, 300)})[WOMEN].verdict is Verdict.ADVERSE


def test_holm_across_groups_takes_the_word_adverse_away():
    """p .03 is a finding for one group, and none for one of four."""
    alone = {MEN: Tally(200, 100), WOMEN: Tally(200, 78)}
    assert audit.compare(alone)[WOMEN].verdict is Verdict.ADVERSE
    many = alone | {("c",): Tally(200, 99), ("d",): Tally(200, 98), ("e",): Tally(200, 97)}
    assert audit.compare(many)[WOMEN].p_holm > 0.05
    assert audit.compare(many)[WOMEN].verdict is not Verdict.ADVERSE


def test_the_bare_four_fifths_rule_fires_by_chance_at_thirty_a_group_and_ours_does_not():
    """Two groups of thirty that are treated alike: the ratio alone is under .8 in most draws; no draw says adverse."""
    drawn = np.random.default_rng(1).binomial(30, 0.3, size=(300, 2))
    rows = [audit.compare({MEN: Tally(30, int(a)), WOMEN: Tally(30, int(b))}) for a, b in drawn]
    ratios = [min(row.ratio or 1.0 for row in found.values()) for found in rows]
    words = [row.verdict for found in rows for row in found.values() if row.verdict]
    assert 0.5 < np.mean([value < 0.8 for value in ratios]) < 0.8
    assert words.count(Verdict.ADVERSE) / len(words) < 0.03


def test_the_smallest_difference_is_found_with_the_power_it_promises():
    """Drawn at just that difference, the z test says p < .05 in about four of five draws."""
    n, m, low = 150, 120, 0.4
    gap = audit.detectable(Tally(n, round(n * 0.5)), Tally(m, round(m * 0.5))) / 100
    random = np.random.default_rng(2)
    own, other = random.binomial(n, low + 0.02, 3000), random.binomial(m, low + 0.02 + gap, 3000)
    found = [audit.two_sided(Tally(n, int(a)), Tally(m, int(b))).p < 0.05 for a, b in zip(own, other, strict=True)]
    power = np.mean(found)
    assert power == pytest.approx(0.8, abs=0.03)


def test_the_smallest_difference_is_never_nought():
    assert audit.detectable(Tally(1, 1), Tally(1, 1)) == 100.0
    assert audit.compare({MEN: Tally(1, 1), WOMEN: Tally(1, 1)})[MEN].verdict is not Verdict.NO_EVIDENCE
    assert audit.compare({MEN: Tally(3, 3), WOMEN: Tally(4, 4)})[MEN].verdict is Verdict.CANNOT_TELL


@given(tables)
@settings(max_examples=20, deadline=None)
def test_ratios_are_those_of_fairlearn(counts):
    groups = [group[0] for group, tally in counts.items() for _ in range(tally.n)]
    chosen = [int(at < tally.selected) for tally in counts.values() for at in range(tally.n)]
    rows = audit.compare(counts)
    theirs = MetricFrame(metrics=selection_rate, y_true=chosen, y_pred=chosen, sensitive_features=groups)
    assert {group[0]: row.rate for group, row in rows.items()} == pytest.approx(dict(theirs.by_group))
    if any(chosen):
        least = min(row.ratio for row in rows.values())
        assert least == pytest.approx(demographic_parity_ratio(chosen, chosen, sensitive_features=groups))


@few
@given(tables)
def test_every_row_keeps_its_promises(counts):
    rows = audit.compare(counts)
    assert sum(row.reference for row in rows.values()) == 1
    for group, row in rows.items():
        assert (row.n, row.selected) == counts[group]
        assert row.ratio is None or 0.0 <= row.ratio <= 1.0 + 1e-12
        if row.reference:
            continue
        assert 0.0 <= row.p <= row.p_holm <= 1.0
        assert 0.0 < row.detectable <= 100.0
        if row.verdict is Verdict.ADVERSE:
            assert row.ratio < 0.8
            assert row.p_holm < 0.05
            assert not row.flips
        if row.verdict is Verdict.NO_EVIDENCE:
            assert row.ratio is None or row.ratio >= 0.8


# ------------------------------------------------------------------------------------------------- tables
def decided(stage, through, people, **groups):
    return [Decided("r", stage, at < through, groups) for at in range(people)]


def test_unknowns_are_counted_apart_and_never_dropped():
    rows = decided("hired", 10, 20, sex="f") + decided("hired", 12, 20, sex="m") + decided("hired", 3, 7, sex="")
    [one] = stage_tables(rows, [("sex",)])
    assert (one.unknown.n, one.unknown.selected) == (7, 3)
    assert (one.total.n, one.total.selected) == (47, 25)
    assert [row.group for row in one.rows] == [("f",), ("m",)]


def test_groups_under_two_in_a_hundred_are_shown_but_not_compared():
    rows = decided("hired", 50, 99, sex="f") + decided("hired", 50, 99, sex="m") + decided("hired", 2, 2, sex="x")
    [one] = stage_tables(rows, [("sex",)])
    small = next(row for row in one.rows if row.group == ("x",))
    assert small.left_out
    assert small.ratio is None
    assert (small.n, small.selected) == (2, 2)
    [other] = stage_tables(rows, [("sex",)], Limits())
    assert next(row for row in other.rows if row.group == ("x",)).reference


def test_a_crossing_needs_both_parts_and_undecided_rows_do_not_count():
    rows = [Decided("r", "s", True, {"sex": "f", "race": "b"}), Decided("r", "s", False, {"sex": "f"}),
            Decided("r", "s", None, {"sex": "f", "race": "b"})]  # fmt: skip
    assert value_of(rows[0], ("sex", "race")) == ("f", "b")
    assert value_of(rows[1], ("sex", "race")) is None
    [one] = stage_tables(rows, [("sex", "race")])
    assert (one.total.n, one.unknown.n) == (2, 1)


def test_scores_within_roles_and_raw_differ_where_a_group_applies_elsewhere():
    """Women apply for the role with low scores and do best there: raw, they seem to do worst."""
    rows = [Decided("low", "scored", None, {"sex": "f"}, 10.0 + at) for at in range(20)]
    rows += [Decided("low", "scored", None, {"sex": "m"}, 5.0 + at / 10) for at in range(20)]
    rows += [Decided("high", "scored", None, {"sex": "m"}, 80.0 + at) for at in range(40)]
    [within] = score_tables(rows, [("sex",)], within_roles=True)
    [raw] = score_tables(rows, [("sex",)], within_roles=False)
    assert {row.group[0]: row.selected for row in within.rows} == {"f": 20, "m": 20}
    assert {row.group[0]: row.selected for row in raw.rows} == {"f": 0, "m": 40}
    assert next(row for row in within.rows if row.group == ("f",)).reference
    assert next(row for row in raw.rows if row.group == ("f",)).verdict is Verdict.ADVERSE


def test_a_score_on_the_median_is_not_above_it():
    rows = [Decided("r", "scored", None, {"sex": "f"}, value) for value in (1.0, 2.0, 2.0, 3.0)]
    [one] = score_tables(rows, [("sex",)], within_roles=True)
    assert one.total.selected == 1


def test_a_table_of_one_group_cannot_tell():
    [one] = stage_tables(decided("hired", 3, 9, sex="f"), [("sex",)])
    assert one.verdict is Verdict.CANNOT_TELL
    assert math.isclose(one.rows[0].rate, 1 / 3)
