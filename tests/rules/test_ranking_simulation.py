"""The made-up hub is what it says, ours earns its place on it, and the report says what is missing."""

from pathlib import Path

import numpy as np
import pytest

from matcher.ranking import promotion
from tests.bench import ranking_figures, report, simulate
from tests.bench.report import Report


@pytest.fixture(scope="module")
def world():
    return simulate.world(7)


def test_a_seed_gives_one_world_and_the_truth_depends_on_its_name(world):
    again, other = simulate.world(7), simulate.world(7, "interacting")
    assert (again.truth == world.truth).all()
    assert (again.columns == other.columns).all()
    assert not np.allclose(again.truth, other.truth)
    assert [int((world.grades == grade).sum()) > 0 for grade in range(5)] == [True] * 5


def test_the_proxy_gives_the_group_away_and_no_column_of_ours_does(world):
    assert (world.proxy == world.group).mean() > 0.75
    means = world.columns[:, :, world.group].mean(axis=(0, 2)) - world.columns[:, :, ~world.group].mean(axis=(0, 2))
    assert np.abs(means).max() < 0.1


def test_a_biased_employer_marks_the_group_down_and_looks_down_a_list(world):
    draw = np.random.default_rng(1)
    fair = [simulate.judge(world, role, draw) for role in range(200)]
    bent = [simulate.judge(world, role, draw, biased=True) for role in range(200)]

    def gap(judged):
        group = np.concatenate([world.group[item.people] for item in judged])
        grades = np.concatenate([item.grades for item in judged])
        return float(grades[~group].mean() - grades[group].mean())

    assert gap(bent) > gap(fair) + 0.15
    assert {float(item.propensity.max()) for item in fair} == {1.0}
    assert min(float(item.propensity.min()) for item in bent) > 0.1
    covers = [np.mean([world.columns[role][1][item.people].mean() for role, item in enumerate(judged)])
              for judged in (fair, bent)]
    assert covers[1] > covers[0]


def test_ours_is_first_or_tied_on_a_hub_that_nothing_was_tuned_on():
    curve = ranking_figures.measure((55,), (0, 4, 16), (("linear", False),))
    assert all(item.holds for item in ranking_figures.verdicts(curve))
    assert curve.stages["linear", 0] == [0]
    assert curve.stages["linear", 16] == [1]
    told = "\n".join(ranking_figures.lines(curve))
    assert "| 16 |" in told
    assert "LambdaRank" in told


def test_no_judgments_are_an_empty_table(world):
    assert promotion.decide(ranking_figures.table_of(world, []), None).outcome == "too_few_judged"


def test_the_report_names_misses_and_what_is_not_there(monkeypatch, tmp_path):
    def found(one: Report):
        yield from one.table([("recall", 0.4, 0.5, {"chance": 0.1}), ("loss", 0.4, 0.5, {}), ("seen", 3, None, {})])

    def missing(one: Report):
        raise ImportError("no such library")
        yield ""

    def broken(one: Report):
        yield "begun"
        raise KeyError("x")

    monkeypatch.setattr(report, "PARTS", {"Some": {"here": found, "gone": missing, "bent": broken}})
    told = "\n".join(report.lines(tmp_path))
    assert "| recall | 0.4 | 0.5 | **no** | chance 0.1 |" in told
    assert "| loss | 0.4 | 0.5 | yes |  |" in told
    assert "- recall: 0.4, target 0.5" in told
    assert "- gone: not measured here (no such library)" in told
    assert "- bent: failed (KeyError: 'x')" in told
    assert report.machine() in told


@pytest.mark.parametrize(("name", "value", "target", "met"), [
    ("P@1", 0.6, 0.6, True), ("P@1", 0.59, 0.6, False), ("ratio, at most", 1.1, 1.0, False),
    ("milliseconds a page", 3, 50, True), ("check value: z", -3.1, -3.1, True), ("check value: z", -3.2, -3.1, False),
])  # fmt: skip
def test_a_figure_meets_its_target_in_the_direction_its_name_tells(name, value, target, met):
    assert report.reached(name, value, target) is met


def test_a_folder_without_data_is_reported_as_not_measured(tmp_path: Path):
    one = Report(tmp_path, True)
    told = "\n".join(one._part("Linking", report._link))
    assert "Not measured here" in told
    assert one.missing
