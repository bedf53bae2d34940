"""A compiled pool gives the very lines that the plain ranker gives, after any history of changes, and quickly."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.ranking import filters
from matcher.ranking.facts import CandidateFacts, Requirement, RoleFacts
from matcher.ranking.pool import CandidatePool
from matcher.ranking.ranker import Stage0
from matcher.ranking.role_pool import RolePool
from tests.rules import ranking_facts as draw

RANKER = Stage0(draw.NEAR)
HOW = {"day": draw.DAY, "seed": 7}


@settings(max_examples=150, deadline=None)
@given(draw.roles(), draw.people(), draw.people(high=4), st.randoms(use_true_random=False), st.booleans())
def test_a_pool_of_people_gives_the_bits_of_the_plain_ranker(role, people, gone, random, near_ties):
    pool = _changed(CandidatePool(), people, gone, random)
    passed = filters.split(role, people)
    kept = [person for person in people if person.id in passed.kept]
    plain = RANKER.rank(role, kept, near_ties=near_ties, **HOW)
    found = pool.rank_for(role, ranker=RANKER, top=None, near_ties=near_ties, **HOW)
    assert list(found.lines) == [line for line in plain if line.score is not None]
    assert found.hits == passed.counts()
    assert found.shown_hits == passed.counts_for_employer()
    if not found.needs:
        assert set(found.too_little) == {line.id for line in plain if line.score is None}


@settings(max_examples=150, deadline=None)
@given(
    draw.candidates(),
    st.lists(draw.roles(), max_size=10, unique_by=lambda role: role.id),
    st.lists(draw.roles(), max_size=3, unique_by=lambda role: role.id),
    st.randoms(use_true_random=False),
)
def test_a_pool_of_roles_gives_the_bits_of_the_plain_ranker(person, roles, gone, random):
    pool = _changed(RolePool(), roles, gone, random)
    passed = filters.split_roles(person, roles)
    kept = [role for role in roles if role.id in passed.kept]
    plain = RANKER.rank_roles(person, kept, **HOW)
    found = pool.rank_for(person, ranker=RANKER, top=None, **HOW)
    assert list(found.lines) == [line for line in plain if line.score is not None]
    assert found.hits == passed.counts()


@settings(max_examples=50, deadline=None)
@given(draw.roles(at_least=3), draw.people(low=1), st.integers(1, 5))
def test_the_first_places_are_the_first_of_the_whole_list(role, people, top):
    pool = _changed(CandidatePool(), people, [], None)
    whole = pool.rank_for(role, ranker=RANKER, top=None, filtered=False, **HOW).lines
    assert pool.rank_for(role, ranker=RANKER, top=top, filtered=False, **HOW).lines == whole[:top]


def test_one_who_excluded_the_employer_is_in_no_count_the_employer_sees():
    far = {"place": (10.0, 10.0), "max_km": 5.0, "excluded": frozenset({"acme"})}
    role = RoleFacts("r", "acme", place=(35.9, -83.9), remote="onsite")
    pool = _changed(CandidatePool(), [CandidateFacts("hidden", **far), CandidateFacts("seen")], [], None)
    found = pool.rank_for(role, ranker=RANKER, **HOW)
    assert (found.considered, found.shown_hits) == (1, {})
    assert found.hits == {"too_far": 1, "excluded_organization": 1}


@pytest.fixture(scope="module")
def crowd() -> CandidatePool:
    return _changed(CandidatePool(), draw.crowd(10_000, 600, seed=1), [], None)


ROLE = RoleFacts(
    "r", place=(35.9, -83.9), remote="onsite", schedules=frozenset({"day", "evening"}), pay_min_cents=4_000_000,
    requirements=tuple(Requirement(f"s{n}", 1 + n % 3, n % 2 == 0, 1 + n % 3) for n in (0, 1, 2, 5, 9, 20, 60, 200)),
)  # fmt: skip


def test_ten_thousand_people_give_the_same_first_fifty_as_the_plain_ranker(crowd):
    people = crowd.facts()
    kept = set(filters.split(ROLE, people).kept)
    plain = RANKER.rank(ROLE, [person for person in people if person.id in kept], top=50, **HOW)
    assert list(crowd.rank_for(ROLE, ranker=RANKER, **HOW).lines) == plain[:50]


def test_ten_thousand_people_are_ranked_for_eight_requirements_within_25_ms(crowd):
    crowd.rank_for(ROLE, ranker=RANKER, **HOW)
    assert min(_seconds(crowd) for _ in range(15)) < 0.025


def _seconds(pool):
    start = time.perf_counter()
    pool.rank_for(ROLE, ranker=RANKER, **HOW)
    return time.perf_counter() - start


def _changed(pool, facts, gone, random):
    """The pool with these facts, reached by way of others that came and went."""
    steps = [(pool.upsert, item) for item in (*facts, *gone)]
    if random is not None:
        random.shuffle(steps)
    for step, item in steps:
        step(item)
    names = {item.id for item in facts}
    for item in gone:
        if item.id not in names:
            pool.remove(item.id)
    if facts:
        pool.remove(facts[0].id)
    for item in facts[:3]:
        pool.upsert(item)
    return pool
