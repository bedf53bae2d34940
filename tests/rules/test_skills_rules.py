"""The default rule for what is in demand, entry level and on a career path, at and around each of its borders."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matcher.skills import rules
from matcher.skills.rules import BACHELOR, OccupationFigures, Rung, decide

# A support role: shrinking a little, with many openings that pay; some college; leads on to two better paid ones.
SUPPORT = OccupationFigures(
    job_zone=3,
    entry_education="Some college, no degree",
    work_experience="None",
    below_bachelor_percent=48.0,
    short_experience_percent=32.0,
    growth_percent=-3.7,
    all_growth_percent=3.1,
    openings=40_800,
    in_area=True,
    local_openings=637.0,
    median_cents=6_489_000,
    all_median_cents=5_700_000,
    related=(Rung(4, 10_000_000), Rung(4, 7_600_000), Rung(3, 5_000_000)),
)


def answers(figures: OccupationFigures) -> tuple[bool, bool, bool]:
    """In demand, entry level, career path."""
    verdict = decide(figures)
    return verdict.in_demand.yes, verdict.entry_level.yes, verdict.career_path.yes


def test_a_support_role_counts() -> None:
    assert answers(SUPPORT) == (True, True, True)


def test_the_same_figures_give_the_same_answers() -> None:
    assert decide(SUPPORT) == decide(replace(SUPPORT))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"growth_percent": 3.1, "openings": 1_200}, True),  # as fast as all occupations
        ({"growth_percent": 3.0, "openings": 1_200}, False),  # slower, and few openings
        ({"growth_percent": -5.0}, True),  # at the border of shrinking
        ({"growth_percent": -5.1}, False),
        ({"median_cents": 5_699_999}, False),  # many openings that do not pay
        ({"local_openings": 9.9}, False),
        ({"local_openings": 10.0}, True),
        ({"local_openings": None}, True),  # not published here, common in the nation
        ({"local_openings": None, "growth_percent": 9.0, "openings": 4_999}, False),
        ({"local_openings": None, "in_area": False, "growth_percent": 9.0, "openings": 1_000}, True),
        ({"local_openings": None, "in_area": False, "growth_percent": 9.0, "openings": 999}, False),
        ({"openings": None}, False),  # unknown is not counted
        ({"growth_percent": None}, False),
    ],
)
def test_in_demand(change: dict[str, float | None], expected: bool) -> None:
    assert rules.in_demand(replace(SUPPORT, **change)).yes is expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"work_experience": "Less than 5 years"}, False),
        ({"work_experience": None}, False),
        ({"entry_education": BACHELOR, "job_zone": 3, "below_bachelor_percent": 0.0}, True),
        ({"entry_education": BACHELOR, "job_zone": 4, "below_bachelor_percent": 20.0}, True),
        ({"entry_education": BACHELOR, "job_zone": 4, "below_bachelor_percent": 19.9}, False),
        ({"entry_education": BACHELOR, "job_zone": 4, "below_bachelor_percent": None}, False),
        ({"entry_education": "Master's degree", "job_zone": 3, "below_bachelor_percent": 60.0}, False),
        ({"entry_education": None, "job_zone": None, "below_bachelor_percent": None}, False),
        ({"short_experience_percent": 9.9}, False),
        ({"short_experience_percent": None}, True),
    ],
)
def test_entry_level(change: dict[str, object], expected: bool) -> None:
    assert rules.entry_level(replace(SUPPORT, **change)).yes is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"median_cents": None}, False),
        ({"all_median_cents": None}, False),
        ({"median_cents": 5_699_999}, False),
        ({"related": (Rung(4, 10_000_000),)}, False),  # one next rung is not a path
        ({"related": (Rung(5, 10_000_000), Rung(5, 9_000_000))}, False),  # two zones up is out of reach
        ({"related": (Rung(4, 7_137_900), Rung(None, 7_137_900))}, True),  # just 1.1 times as much
        ({"related": (Rung(4, 7_137_899), Rung(4, 7_137_899))}, False),
        ({"related": (), "median_cents": 9_975_000}, True),  # 1.75 times the area's median
        ({"related": (), "median_cents": 9_974_999}, False),
    ],
)
def test_career_path(change: dict[str, object], expected: bool) -> None:
    assert rules.career_path(replace(SUPPORT, **change)).yes is expected  # type: ignore[arg-type]


def test_every_answer_says_why() -> None:
    blank = decide(OccupationFigures())
    said = {answer.reason for answer in (blank.in_demand, blank.entry_level, blank.career_path)}
    assert said == {
        "Growth and openings are not published.",
        "Typical entry requirements are not published.",
        "Pay is not published.",
    }
