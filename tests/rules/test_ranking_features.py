"""The columns are what the design says, worked out by hand, and facts that cannot be true are refused by name."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.ranking import features, filters, logistics
from matcher.ranking.change import with_skill
from matcher.ranking.facts import CandidateFacts, FactError, HeldSkill, Requirement, RoleFacts, Tier
from matcher.ranking.features import COLUMNS
from matcher.ranking.similarity import Similarity
from tests.rules import ranking_facts as draw
from tests.rules.ranker_suite import better_skill

ROLE = RoleFacts(
    "r",
    occupation="15-1252.00",
    requirements=(Requirement("postgresql", 2, True, 3), Requirement("python", 4, True, 2), Requirement("git", 1)),
)


def columns(role, person, near=None):
    found = features.pair_matrix([(role, person)], near or Similarity())
    return dict(zip(COLUMNS, found[:, 0].tolist(), strict=True))


def test_the_four_covers_by_hand():
    mysql = HeldSkill("mysql", 1, Tier.EMPLOYER_CONFIRMED)
    python = HeldSkill("python", 4, Tier.ENDORSEMENT, evidence_months=0, used_months=48)
    git = HeldSkill("git", 3, Tier.CLAIM, used_months=0)
    found = columns(ROLE, CandidateFacts("c", (mysql, python, git)), draw.NEAR)
    assert found["must_cover"] == 1 / 2
    assert found["weighted_cover"] == pytest.approx((2 * 1 + 1 * 1) / 6)
    assert found["adjacency"] == pytest.approx((3 * 0.85 * 0.5 + 2 * 1 + 1 * 1) / 6)
    assert found["evidence"] == pytest.approx((2 * 0.85 + 1 * 0.15) / 6)
    assert found["recency"] == pytest.approx((2 * 0.5 + 1 * 1.0) / 6)


def test_where_nothing_is_a_must_every_requirement_counts_as_one():
    role = RoleFacts("r", requirements=(Requirement("git", 1), Requirement("sql", 3)))
    assert columns(role, CandidateFacts("c", (HeldSkill("git", 1),)))["must_cover"] == 0.5


def test_evidence_is_worth_more_by_tier_fades_with_age_and_never_falls_to_a_claim():
    fresh = [features.strength(tier, 0) for tier in Tier]
    assert fresh == sorted(fresh)
    assert len(set(fresh)) == 6
    for tier in list(Tier)[1:]:
        by_age = [features.strength(tier, months) for months in (0, 12, 36, 600, 9999, None)]
        assert by_age == sorted(by_age, reverse=True)
        assert by_age[-1] > features.strength(Tier.CLAIM, 0)
    assert features.best_evidence([(Tier.CLAIM, None), (Tier.ARTIFACT, 3), (Tier.EXPERIENCE, 0)]) == (Tier.ARTIFACT, 3)


@settings(max_examples=100, deadline=None)
@given(draw.roles(), draw.candidates())
def test_every_column_is_0_to_1_and_near_skills_never_count_less_than_the_skill(role, person):
    found = columns(role, person, draw.NEAR)
    assert all(0.0 <= value <= 1.0 for value in found.values())
    assert found["adjacency"] >= found["weighted_cover"] - 1e-12


@pytest.mark.parametrize(
    ("target", "value"),
    [("15-1252.00", 1.0), ("15-1252.01", 1.0), ("15-1254.00", 0.75), ("15-1232.00", 0.5), ("15-2051.00", 0.0)],
)
def test_a_program_counts_by_how_near_the_occupation_it_trains_for_is(target, value):
    assert columns(ROLE, CandidateFacts("c", programs=frozenset({target, "11-3021.00"})))["program"] == value


def test_distance_agrees_with_the_haversine_and_closeness_falls_with_it():
    knoxville, memphis = (35.9606, -83.9207), (35.1495, -90.0490)
    rows = [logistics.person_row(CandidateFacts("c", place=place))[:3] for place in (knoxville, memphis)]
    unit = [np.array(row).reshape(3, 1) for row in rows]
    assert logistics.distance_km(*unit)[0] == pytest.approx(haversine(knoxville, memphis), abs=0.01)
    near = [columns(RoleFacts("r", place=knoxville), CandidateFacts("c", place=(35.9606, lon))) for lon in LONGITUDES]
    values = [row["closeness"] for row in near]
    assert values[0] == 1.0
    assert values[-1] == 0.0
    assert values == sorted(values, reverse=True)


LONGITUDES = (-83.92, -83.7, -83.5, -83.3, -82.0)


def test_a_missing_place_is_never_near_unless_the_work_is_remote():
    here = CandidateFacts("c", place=(35.9, -83.9))
    assert columns(RoleFacts("r"), here)["closeness"] == 0.0
    assert columns(RoleFacts("r", place=(35.9, -83.9)), CandidateFacts("c"))["closeness"] == 0.0
    assert columns(RoleFacts("r", remote="remote"), CandidateFacts("c"))["closeness"] == 1.0


def test_silence_is_worth_half_agreement_all_and_refusal_nothing():
    role = RoleFacts("r", remote="onsite", schedules=frozenset({"day"}), pay_max_cents=4_000_000, starts_on=1000)
    yes = {"remote": frozenset({"no"}), "schedules": frozenset({"day"}), "pay_floor_cents": 1, "available_on": 1000}
    no = {"remote": frozenset({"yes"}), "schedules": frozenset({"evening"}), "pay_floor_cents": 4_000_001}
    no["available_on"] = 1001
    for wishes, value in ((yes, 1.0), ({}, 0.5), (no, 0.0)):
        assert columns(role, CandidateFacts("c", **wishes))["preference"] == value


@pytest.mark.parametrize(
    ("role", "person", "code"),
    [
        ({"place": (36.0, -84.0)}, {"place": (37.0, -84.0), "max_km": 100.0}, "too_far"),
        ({"remote": "remote"}, {"remote": frozenset({"no"})}, "remote_mismatch"),
        ({"schedules": frozenset({"day"})}, {"schedules": frozenset({"evening"})}, "schedule_mismatch"),
        ({"pay_max_cents": 100}, {"pay_floor_cents": 101}, "pay_below_floor"),
        ({"starts_on": 1000}, {"available_on": 1001}, "starts_too_early"),
        ({"organization": "acme"}, {"excluded": frozenset({"acme"})}, "excluded_organization"),
    ],
)
def test_a_filter_hits_only_where_both_have_spoken(role, person, code):
    facts = RoleFacts("r", **role), CandidateFacts("c", **person)
    assert filters.split(facts[0], [facts[1]]).hits == {"c": (code,)}
    assert filters.split_roles(facts[1], [facts[0]]).hits == {"r": (code,)}
    assert filters.split(RoleFacts("r"), [facts[1]]).kept == ("c",)
    assert filters.split(facts[0], [CandidateFacts("c")]).kept == ("c",)


def test_a_role_that_may_pay_more_is_not_refused_and_remote_work_is_never_too_far():
    assert filters.split(RoleFacts("r", pay_min_cents=100), [CandidateFacts("c", pay_floor_cents=200)]).kept == ("c",)
    away = CandidateFacts("c", place=(10.0, 10.0), max_km=1.0)
    assert filters.split(RoleFacts("r", place=(36.0, -84.0), remote="remote"), [away]).kept == ("c",)


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda: HeldSkill("sql", 0), "level"),
        (lambda: HeldSkill("sql", True), "level"),
        (lambda: HeldSkill(" ", 1), "skill"),
        (lambda: HeldSkill("sql", 1, 6), "tier"),
        (lambda: HeldSkill("sql", 1, Tier.CLAIM, -1), "evidence_months"),
        (lambda: Requirement("sql", 1, 1), "must"),
        (lambda: Requirement("sql", 1, True, 0), "weight"),
        (lambda: CandidateFacts(""), "id"),
        (lambda: CandidateFacts("c", (HeldSkill("sql", 1), HeldSkill("sql", 2))), "skills"),
        (lambda: CandidateFacts("c", place=(0.0, math.nan)), "place"),
        (lambda: CandidateFacts("c", place=(0.0,)), "place"),
        (lambda: CandidateFacts("c", remote=frozenset({"maybe"})), "remote"),
        (lambda: CandidateFacts("c", schedules="day"), "schedules"),
        (lambda: CandidateFacts("c", programs=frozenset({"IT"})), "programs"),
        (lambda: RoleFacts("r", remote="moon"), "remote"),
        (lambda: RoleFacts("r", pay_min_cents=2, pay_max_cents=1), "pay_min_cents"),
        (lambda: RoleFacts("r", occupation="programmer"), "occupation"),
        (lambda: Tier.named("diploma"), "evidence"),
        (lambda: Similarity([("a", "b", 1.5)]), "similarity"),
        (lambda: Similarity([("a", "b", 0.5), ("a", "b", 0.6)]), "similarity"),
    ],
)
def test_a_fact_that_cannot_be_true_is_refused_by_name(make, key):
    with pytest.raises(FactError) as caught:
        make()
    assert caught.value.key == key


@settings(max_examples=30, deadline=None)
@given(draw.roles(), draw.people(low=2), st.data())
def test_a_pair_has_the_same_bits_alone_and_in_any_company(role, people, data):
    together = features.pair_matrix([(role, person) for person in people], draw.NEAR)
    for row, person in enumerate(people):
        other = data.draw(draw.roles())
        assert (features.pair_matrix([(other, people[0]), (role, person)], draw.NEAR)[:, 1] == together[:, row]).all()


def haversine(one, other):
    (a, b), (c, d) = ([math.radians(number) for number in place] for place in (one, other))
    square = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * logistics.EARTH_KM * math.asin(math.sqrt(square))


@settings(max_examples=60, deadline=None)
@given(draw.roles(at_least=1), draw.candidates(at_least=1), st.data())
def test_a_better_skill_lowers_no_column_and_the_order_of_skills_changes_no_bit(role, person, data):
    better = with_skill(person, data.draw(better_skill(person)))
    mixed = replace(person, skills=tuple(data.draw(st.permutations(person.skills))))
    before, after, again = features.pair_matrix([(role, person), (role, better), (role, mixed)], draw.NEAR).T
    assert (after >= before).all()
    assert (again == before).all()
