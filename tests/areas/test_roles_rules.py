"""Pay by the year, the grounds of the open flag, which edits are read again, and what the posting check finds."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from matcher.kit.errors import DomainError
from matcher.roles import rules
from matcher.roles.posting_check import CODED, PostingFacts, posting_check

GOOD = PostingFacts(degree="none", pay_shown=True, progression="Network technician", entry_level=True, skills=4)


def posting(**changes: Any) -> SimpleNamespace:
    """A role that meets every condition, but for the changes."""
    facts: dict[str, Any] = {"degree": "none", "pay_min_cents": 2000, "pay_max_cents": 2500, "progression": "Lead",
                             "requirements": [1, 2, 3]}
    return SimpleNamespace(**{**facts, **changes})


def commitment(state: str = "active") -> SimpleNamespace:
    """A commitment to consider in that state."""
    return SimpleNamespace(state=state)


def test_hourly_pay_by_the_year_is_2080_hours() -> None:
    assert rules.annual_cents(2250, "hour") == 4_680_000
    assert rules.annual_cents(4_500_000, "year") == 4_500_000
    assert rules.annual_cents(None, "hour") is None


@pytest.mark.parametrize(("code", "role", "promise"), [
    ("commitment", posting(), None), ("commitment", posting(), commitment("expired")),
    ("degree", posting(degree="required"), commitment()), ("pay", posting(pay_min_cents=None), commitment()),
    ("pay", posting(pay_max_cents=None), commitment()), ("skills", posting(requirements=[1, 2]), commitment()),
    ("progression", posting(progression="  "), commitment()),
])
def test_invariant_3_each_missing_condition_is_named(code: str, role: Any, promise: Any) -> None:
    faults = rules.open_flag_faults(role, promise)
    assert [fault for fault, _ in faults] == [code]
    assert faults[0][1]
    assert [name for name, _, met in rules.open_flag_conditions(role, promise) if not met] == [code]


def test_invariant_3_all_conditions_met_and_all_missing() -> None:
    assert rules.open_flag_faults(posting(), commitment("at_risk")) == []
    bare = posting(degree="required", pay_min_cents=None, progression="", requirements=[])
    assert [code for code, _ in rules.open_flag_faults(bare, None)] == [code for code, _, _ in rules.OPEN_CONDITIONS]


@pytest.mark.parametrize(("facts", "field"), [
    ({"title": " "}, "title"), ({"title": "x", "pay_min_cents": 2000}, "pay_max"),
    ({"title": "x", "pay_max_cents": 2000}, "pay_min"),
    ({"title": "x", "pay_min_cents": 3000, "pay_max_cents": 2000}, "pay_max"),
    ({"title": "x", "pay_min_cents": 0, "pay_max_cents": 2000}, "pay_min"),
    ({"title": "x", "pay_min_cents": 2000, "pay_max_cents": 2500, "pay_period": "year"}, "pay_min"),
    ({"title": "x", "pay_min_cents": 2000, "pay_max_cents": 5_000_000, "pay_period": "hour"}, "pay_min"),
    ({"title": "x", "positions": 0}, "positions"), ({"title": "x", "schedules": ["moonlight"]}, "schedules"),
])
def test_facts_that_cannot_stand_are_refused_by_the_field(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as refused:
        rules.check_facts(facts)
    assert refused.value.field == field


@pytest.mark.parametrize(("rows", "known"), [
    ([("a", 2, True, 1), ("a", 3, True, 1)], "a"), ([("a", 2, True, 1)], "b"), ([("a", 5, True, 1)], "a"),
    ([("a", 2, True, 4)], "a"), ([(f"s{n}", 1, True, 1) for n in range(21)], [f"s{n}" for n in range(21)]),
])
def test_skills_twice_unknown_off_the_ladder_or_too_many_are_refused(rows: Any, known: Any) -> None:
    with pytest.raises(DomainError):
        rules.check_requirements(rows, known)


def test_only_facts_that_the_hub_approved_are_read_again() -> None:
    before = {"title": "A", "pay_min_cents": 1, "summary": "x", "requirements": [("a", 1, True, 1), ("b", 1, True, 1)]}
    assert rules.reviewed_changes(before, {"summary": "y"}) == []
    assert rules.reviewed_changes(before, {"requirements": [("b", 1, True, 1), ("a", 1, True, 1)]}) == []
    assert rules.reviewed_changes(before, {"pay_min_cents": 2, "requirements": [("a", 2, True, 1)]}) \
        == ["pay_min_cents", "requirements"]


def test_the_last_day_itself_still_counts() -> None:
    assert not rules.is_past(date(2026, 11, 16), date(2026, 11, 16))
    assert rules.is_past(date(2026, 11, 15), date(2026, 11, 16))
    assert not rules.is_past(None, date(2026, 11, 16))


# --------------------------------------------------------------------------------------------- the posting check
def codes(text: str, facts: PostingFacts = GOOD, title: str = "") -> list[str]:
    """What the check finds in a text."""
    return [finding.code for finding in posting_check(text, facts, title=title)]


def test_a_plain_posting_is_left_alone() -> None:
    text = "You answer calls. We have done this for twenty years. You worked 2 years or less. A degree is not needed."
    assert codes(text, title="IT support technician") == []


@pytest.mark.parametrize("text", [
    "Bachelor's degree required.", "You have a four-year degree in computer science.", "Must hold a B.S. in IT.",
    "College degree. Experience or skills are a plus.",
])
def test_a_degree_with_no_other_way_in_is_named(text: str) -> None:
    assert "degree" in codes(text)


@pytest.mark.parametrize("text", [
    "Bachelor's degree or equivalent experience.", "No degree needed.", "A degree or the skills shown another way.",
    "You do not need a college degree.", "Our customers give us a high degree or similar.",
])
def test_a_degree_with_another_way_in_is_fine(text: str) -> None:
    assert "degree" not in codes(text)


@pytest.mark.parametrize(("text", "said"), [
    ("5+ years of experience with Windows.", "5+ years"), ("Three to five years' experience.", "Three to five years"),
    ("At least 4 years working in a help desk.", "4 years"), ("3-5 yrs exp in IT", "3-5 yrs"),
])
def test_inflated_years_for_an_entry_level_role_are_named_with_the_words(text: str, said: str) -> None:
    found = [finding for finding in posting_check(text, GOOD) if finding.code == "years"]
    assert [finding.found for finding in found] == [said]
    assert said in found[0].words % {"found": found[0].found}
    assert found[0].better


@pytest.mark.parametrize("text", [
    "Up to 2 years of experience.", "1 year of experience", "Our team has been here for 12 years.",
    "A 5 year plan for you.",
])
def test_few_years_and_other_years_are_left_alone(text: str) -> None:
    assert "years" not in codes(text)
    assert "years" not in codes("5+ years of experience", PostingFacts(entry_level=False, progression="x"))


def test_missing_pay_progression_and_long_lists_are_named() -> None:
    facts = PostingFacts(degree="required", pay_shown=False, progression=" ", skills=14)
    assert codes("", facts) == ["degree", "pay", "progression", "skills"]


@pytest.mark.parametrize("text", [
    "We need a rock star", "Coding NINJA wanted", "hit the ground running", "a fast-paced environment",
    "work hard, play hard", "wears many hats", "an aggressive seller", "digital native", "40 man-hours",
    "he or she will", "native English speaker", "culture fit", "must be currently employed", "no gaps", "able-bodied",
])
def test_coded_words_are_named_with_better_ones(text: str) -> None:
    found = [finding for finding in posting_check(text, GOOD) if finding.code == "wording"]
    assert len(found) == 1
    assert found[0].found.casefold() in text.casefold()
    assert found[0].better


def test_the_title_is_read_too_and_every_coded_word_has_better_ones() -> None:
    assert [(f.field, f.found) for f in posting_check("", GOOD, title="Support rockstar")] == [("title", "rockstar")]
    assert all(why and better for why, better in CODED.values())
