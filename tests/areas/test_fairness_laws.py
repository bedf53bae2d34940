"""Rules of law are dated data with words for each duty, places that exist, and records that outlast what they ask."""

from datetime import date
from pathlib import Path

import pytest

import matcher.tables  # noqa: F401 - every table is known
from matcher.kit.append_only import APPENDED
from matcher.kit.base import Base
from matcher.outcomes import laws
from matcher.outcomes.laws import LawError
from matcher.outcomes.laws_words import DUTIES, NAMES, PLACES

TABLES = {"audit_runs", "match_runs", "facts_versions", "ranker_models", "applications", "audit_events"}


def test_the_four_rules_start_on_their_days() -> None:
    assert {law.id: law.starts_on for law in laws.laws()} == {
        "nyc_ll144": date(2023, 7, 5), "california_feha_ads": date(2025, 10, 1),
        "colorado_sb26_189": date(2027, 1, 1), "eu_ai_act": date(2027, 12, 2),
    }  # fmt: skip


def test_a_rule_is_in_force_from_its_day_on() -> None:
    colorado = next(law for law in laws.laws() if law.id == "colorado_sb26_189")
    assert not colorado.in_force(date(2026, 12, 31))
    assert colorado.in_force(date(2027, 1, 1))
    assert [duty.within_days for duty in colorado.duties if duty.kind == "statement"] == [30]
    assert {duty.kind for duty in colorado.duties} == {"notice", "statement", "correction", "human_review"}


def test_each_rule_says_that_it_is_not_legal_advice_and_where_first_rung_answers() -> None:
    for law in laws.laws():
        assert "not legal advice" in law.caution
        assert law.duties
        assert all(duty.where and duty.words for duty in law.duties)
        assert law.checked_on <= date(2026, 11, 22)


def test_no_words_are_left_over_and_named_tables_exist() -> None:
    used = {word for law in laws.laws() for duty in law.duties for word in (duty.words, *duty.where)}
    assert used == set(DUTIES.values()) | set(PLACES.values())
    assert {law.name for law in laws.laws()} == set(NAMES.values())
    assert set(PLACES) >= TABLES
    assert set(Base.metadata.tables) >= TABLES


def test_records_are_kept_for_four_years_at_least() -> None:
    """California asks for 48 months; what a list was made from, and each audit, can never be deleted at all."""
    assert laws.kept_months() == 48
    assert {"match_runs", "facts_versions", "audit_runs", "audit_events"} <= set(APPENDED)


GOOD = """checked_on = 2026-11-22
[[law]]
id = "eu_ai_act"
place = "EU"
cite = "x"
from = 2027-12-02
[[law.duty]]
kind = "notice"
words = "eu_inform"
where = ["how_matching_works"]
"""


@pytest.mark.parametrize(("old", "new", "key"), [
    ("from = 2027-12-02", "from = 'soon'", "from"), ('place = "EU"', "", "place"), ('cite = "x"', "cite = 3", "cite"),
    ('kind = "notice"', 'kind = "song"', "kind"), ('"eu_inform"', '"unheard_of"', "unheard_of"),
    ('"how_matching_works"', '"the_moon"', "the_moon"), ('"eu_ai_act"', '"moon_act"', "moon_act"),
    ('kind = "notice"', 'kind = "notice"\ncolor = 3', "color"), ("checked_on = 2026-11-22", "", "checked_on"),
    ('kind = "notice"', 'kind = "notice"\nkept_months = "4"', "kept_months"), ("[[law]]", "[[law", "line"),
    ("[[law]]", GOOD.partition("\n")[2] + "[[law]]", "twice"),
])  # fmt: skip
def test_a_file_that_says_something_else_is_refused_by_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    path = tmp_path / "laws.toml"
    path.write_text(GOOD)
    assert laws.laws(path)[0].id == "eu_ai_act"
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(LawError, match=key):
        laws.laws(path)
    with pytest.raises(LawError):
        laws.laws(tmp_path / "none.toml")
