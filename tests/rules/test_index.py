"""The index gives exactly the lists of the pool: ids, scores to the bit, groups and counts, after any changes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.ranking.explain import explain
from matcher.ranking.facts import CandidateFacts, Requirement, RoleFacts
from matcher.ranking.index import PeopleIndex, of_people
from matcher.ranking.index_roles import RoleIndex
from matcher.ranking.learned import Stage1
from matcher.ranking.pool import CandidatePool
from matcher.ranking.ranker import Ranker, Stage0
from matcher.ranking.role_pool import RolePool
from matcher.ranking.similarity import Similarity
from tests.rules import ranking_facts as draw

HOW = {"day": draw.DAY, "seed": 7}
COEF = (1.1, 2.3, 0.4, 1.7, 0.0, 0.3, 0.2, 0.5)


def learned(factor: float, intercept: float) -> Stage1:
    """A learned ranker with known coefficients."""
    ranker = Stage1(draw.NEAR)
    ranker.coef, ranker.intercept = tuple(value * factor for value in COEF), intercept
    ranker.mean, ranker.error = (0.3,) * len(COEF), 0.004
    return ranker


def rankers() -> list[Ranker]:
    """The fixed one, a learned one, and one so sure of itself that many probabilities are exactly 1."""
    return [Stage0(draw.NEAR), learned(1.0, -2.5), learned(40.0, 5.0)]


def changed(kinds, people, gone, random, asking=None):
    """Each kind after the same history of coming, going and changing."""
    steps = [("upsert", item) for item in (*people, *gone)] + [("rank", None)] * 3
    random.shuffle(steps)
    names = {item.id for item in people}
    steps += [("remove", item) for item in gone if item.id not in names] + [("upsert", item) for item in people[:3]]
    for kind in kinds:
        for step, item in steps:
            if step == "rank":
                kind.rank_for(asking or draw_role(), ranker=rankers()[0], **HOW)
            elif step == "upsert":
                kind.upsert(item)
            else:
                kind.remove(item.id)
    return kinds


def draw_role():
    """Any role: asking makes an index take in what is new."""
    return draw.RoleFacts("any", requirements=tuple(draw.Requirement(name, 2) for name in draw.SKILLS[:3]))


@settings(max_examples=80, deadline=None)
@given(
    draw.roles(), draw.people(), draw.people(high=4), st.randoms(use_true_random=False),
    st.sampled_from(rankers()), st.booleans(), st.booleans(), st.sampled_from((None, 1, 3, 50)),
)  # fmt: skip
def test_an_index_of_people_gives_the_bits_of_the_pool(role, people, gone, random, ranker, filtered, ties, top):
    index, pool = changed((PeopleIndex(), CandidatePool()), people, gone, random)
    how = {"ranker": ranker, "filtered": filtered, "near_ties": ties, "top": top, **HOW}
    assert index.rank_for(role, **how) == pool.rank_for(role, **how)
    assert len(index) == len(pool)
    assert {item.id: item for item in index.facts()} == {item.id: item for item in pool.facts()}


WAYS = tuple(map(frozenset, (("yes",), ("no",), ("yes", "no"))))
LED = tuple(map(frozenset, ((), ("15-1252.00",), ("15-1251.00", "15-1252.00"), ("29-1141.00",))))


@pytest.fixture(scope="module")
def crowds():
    """Several blocks, with everybody there four times under other ids, so that ties abound. They differ in the ways
    they would work, so that some roles pass blocks over, and in where their programs lead."""
    people = [replace(person, id=f"{person.id}-{turn}", remote=WAYS[number % 3], programs=LED[number % 4])
              for number, person in enumerate(draw.crowd(4_200, 300, seed=3)) for turn in range(4)]
    pool = CandidatePool()
    for person in people:
        pool.upsert(person)
    return of_people(people), pool


def wanted(random: np.random.Generator) -> RoleFacts:
    """A role that asks for 3 to 9 skills of the crowd and says about half of what it may."""
    skills = random.choice(60, size=random.integers(3, 10), replace=False).tolist()
    spoke = random.random(5) < 0.5
    return RoleFacts(
        f"r{random.integers(1000)}", place=(35.9, -83.9) if spoke[0] else None,
        remote=(None, "onsite", "remote")[random.integers(3)], schedules=frozenset({"day"} if spoke[1] else ()),
        pay_max_cents=4_200_000 if spoke[2] else None, occupation="15-1252.00" if spoke[3] else None,
        requirements=tuple(Requirement(f"s{skill}", int(random.integers(1, 5)), bool(random.integers(2)),
                                       int(random.integers(1, 4))) for skill in skills),
    )  # fmt: skip


CHAIN = Similarity((f"s{n}", f"s{n + gap}", 0.9 / gap) for n in range(60) for gap in (1, 2, 5))


@pytest.mark.parametrize("seed", range(6))
def test_sixteen_thousand_people_give_the_bits_of_the_pool(crowds, seed):
    index, pool = crowds
    random = np.random.default_rng(seed)
    ranker = (Stage0(CHAIN), Stage0(), learned(1.0, -2.5))[seed % 3]
    for top in (1, 50):
        role, how = wanted(random), {"ranker": ranker, "top": top, **HOW}
        assert index.rank_for(role, **how) == pool.rank_for(role, **how)


def test_only_the_best_and_their_ties_are_looked_at(crowds):
    index, _ = crowds
    found = index.retrieve(wanted(np.random.default_rng(1)), Stage0(CHAIN), 300)
    assert 300 <= len(found.names) < 900


@settings(max_examples=40, deadline=None)
@given(draw.roles(at_least=3), draw.people(low=1, at_least=3), st.sampled_from(rankers()))
def test_reasons_from_the_index_are_the_reasons_of_each_pair(role, people, ranker):
    index = of_people(people)
    wanted = [explain(ranker, role, person) for person in people]
    assert index.explain(ranker, role, [person.id for person in people]) == wanted


def test_reasons_come_from_every_part_and_of_nobody_who_is_gone():
    people, ranker = draw.crowd(106, 30, seed=8), Stage0(CHAIN)
    role, index = wanted(np.random.default_rng(5)), of_people(people[:100])
    for newer in (people[100:], [replace(people[2], skills=people[9].skills)]):
        for person in newer:
            index.upsert(person)
        index.rank_for(role, ranker=ranker, **HOW)
    index.remove(people[4].id)
    names = [person.id for person in people[::-1] if person.id != people[4].id]
    assert len(index.parts) == 3
    assert index.explain(ranker, role, names) == [explain(ranker, role, index.get(name)) for name in names]
    with pytest.raises(KeyError, match=people[4].id):
        index.explain(ranker, role, [*names, people[4].id])
    with pytest.raises(KeyError, match="an id longer than any"):
        index.explain(ranker, role, ["an id longer than any that is held here"])


def test_an_index_that_everyone_has_left_still_answers():
    people, ranker, role = draw.crowd(3, 30, seed=8), Stage0(CHAIN), wanted(np.random.default_rng(5))
    index = of_people(people)
    for person in people:
        index.remove(person.id)
    index.tidy()
    assert index.rank_for(role, ranker=ranker, **HOW) == CandidatePool().rank_for(role, ranker=ranker, **HOW)
    assert index.explain(ranker, role, []) == []
    with pytest.raises(KeyError):
        index.explain(ranker, role, [people[0].id])


def test_a_role_asked_again_sees_names_that_came_since():
    people, ranker = draw.crowd(6, 30, seed=8), Stage0(Similarity([("new", "near", 0.9)]))
    needs = tuple(Requirement(name, 2) for name in ("s1", "s2", "new"))
    role = RoleFacts("r", occupation="15-1252.00", requirements=needs)
    index, pool = PeopleIndex(), CandidatePool()
    for turn, person in enumerate(people):
        skills = [replace(item, skill=name) for item, name in zip(person.skills, ("s1", "near", "new"), strict=False)]
        later = replace(person, skills=tuple(skills), programs=LED[1]) if turn > 2 else person
        for kind in (index, pool):
            kind.upsert(later)
        assert index.rank_for(role, ranker=ranker, **HOW) == pool.rank_for(role, ranker=ranker, **HOW)
        assert index.explain(ranker, role, [later.id]) == [explain(ranker, role, later)]


@settings(max_examples=80, deadline=None)
@given(
    draw.candidates(), st.lists(draw.roles(), max_size=10, unique_by=lambda role: role.id),
    st.lists(draw.roles(), max_size=3, unique_by=lambda role: role.id), st.randoms(use_true_random=False),
    st.sampled_from(rankers()), st.booleans(), st.booleans(), st.sampled_from((None, 1, 3, 50)),
)  # fmt: skip
def test_an_index_of_roles_gives_the_bits_of_the_pool(person, roles, gone, random, ranker, filtered, ties, top):
    index, pool = changed((RoleIndex(), RolePool()), roles, gone, random, CandidateFacts("any"))
    how = {"ranker": ranker, "filtered": filtered, "near_ties": ties, "top": top, **HOW}
    assert index.rank_for(person, **how) == pool.rank_for(person, **how)
    assert {item.id: item for item in index.facts()} == {item.id: item for item in pool.facts()}


def test_a_thousand_roles_give_the_bits_of_the_pool():
    random, people = np.random.default_rng(2), draw.crowd(4, 300, seed=5)
    index, pool = RoleIndex(), RolePool()
    for number in range(1_000):
        role = replace(wanted(random), id=f"r{number}")
        index.upsert(role)
        pool.upsert(role)
    for person in people:
        for ranker in (Stage0(CHAIN), learned(1.0, -2.5)):
            how = {"ranker": ranker, "top": 20, **HOW}
            assert index.rank_for(person, **how) == pool.rank_for(person, **how)


@pytest.mark.parametrize("seed", range(4))
def test_a_shortlist_holds_the_best_and_few_more(crowds, seed):
    index, pool = crowds
    role, ranker = wanted(np.random.default_rng(seed)), Stage0(CHAIN)
    names, columns = pool.contenders(role, ranker.near)
    scores = dict(zip(names, ranker.score(columns), strict=True))
    found = index.shortlist(role, ranker, 50)
    least = sorted(scores.values(), reverse=True)[49] if len(scores) > 49 else 0.0
    assert {name for name, score in scores.items() if score > least} <= set(found) <= set(scores)
    assert len(found) < 300
