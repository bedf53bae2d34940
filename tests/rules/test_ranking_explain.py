"""Reasons say how each requirement stands, and the change that is promised moves a person as far as was said."""

import pytest
from hypothesis import given, settings

from matcher.ranking.change import cheapest_change, options, with_skill
from matcher.ranking.explain import explain
from matcher.ranking.facts import CandidateFacts, HeldSkill, Requirement, RoleFacts, Tier
from matcher.ranking.pool import CandidatePool
from matcher.ranking.ranker import Stage0
from tests.rules import ranking_facts as draw

RANKER = Stage0(draw.NEAR)
HOW = {"day": draw.DAY, "seed": 3}
ROLE = RoleFacts(
    "r",
    requirements=(
        Requirement("aws", 2, True),
        Requirement("git", 1),
        Requirement("html", 3),
        Requirement("linux", 4),
        Requirement("postgresql", 2, True, 3),
        Requirement("python", 2),
    ),
)


def person(*skills, name="c"):
    return CandidateFacts(name, skills)


def test_each_requirement_is_evidenced_claimed_partly_or_missing():
    one = person(
        HeldSkill("git", 2, Tier.ARTIFACT),
        HeldSkill("html", 2, Tier.CREDENTIAL),
        HeldSkill("linux", 1),
        HeldSkill("mysql", 3),
        HeldSkill("python", 2),
    )
    told = {f.skill: (f.status, f.reason.code) for f in explain(RANKER, ROLE, one).findings}
    assert told == {
        "aws": ("missing", "missing_must"),
        "git": ("evidenced", "evidenced"),
        "html": ("partly", "one_level_short"),
        "linux": ("partly", "levels_short"),
        "postgresql": ("partly", "knows_near"),
        "python": ("claimed", "claimed"),
    }
    near = next(f for f in explain(RANKER, ROLE, one).findings if f.skill == "postgresql")
    assert near.reason.params == {"skill": "postgresql", "asked": 2, "held": 0, "near": "mysql"}
    assert [f.skill for f in explain(RANKER, ROLE, one).missing()] == ["aws", "postgresql", "html", "linux"]


def test_with_too_little_the_explanation_says_what_to_add_and_gives_no_number():
    told = explain(RANKER, ROLE, person(HeldSkill("git", 1)))
    assert (told.score, told.rest) == (None, {})
    assert [(need.code, need.params["add"]) for need in told.needs] == [("candidate_needs_skills", 2)]
    assert all(f.share == 0.0 for f in told.findings)


@settings(max_examples=40, deadline=None)
@given(draw.roles(at_least=3), draw.people(low=4, at_least=3))
def test_the_promised_change_gives_exactly_the_promised_rank_and_none_does_better(role, people):
    one = people[0]
    change = cheapest_change(role, one, people, ranker=RANKER, **HOW)

    def rank_with(skill):
        lines = RANKER.rank(role, [with_skill(one, skill) if skill else one, *people[1:]], **HOW)
        return next(line.rank for line in lines if line.id == one.id)

    reachable = [rank_with(after) for _, after, _ in options(role, one)]
    if change is None:
        assert min(reachable, default=rank_with(None)) == rank_with(None)
        return
    assert change.from_rank == rank_with(None)
    assert change.to_rank == min(reachable) < change.from_rank
    promised = [o for o in options(role, one) if (o[1].skill, o[1].level, o[1].tier) == _key(change)]
    assert rank_with(promised[0][1]) == change.to_rank
    equal = [cost for rank, (_, _, cost) in zip(reachable, options(role, one), strict=True) if rank == change.to_rank]
    assert change.cost == min(equal)


@settings(max_examples=25, deadline=None)
@given(draw.roles(at_least=3), draw.people(low=4, at_least=3))
def test_a_compiled_pool_promises_the_same_change_among_those_who_pass(role, people):
    pool = CandidatePool()
    for one in people:
        pool.upsert(one)
    passed = {line.id for line in pool.rank_for(role, ranker=RANKER, top=None, **HOW).lines}
    plain = [one for one in people if one.id in passed]
    for one in plain[:2]:
        assert cheapest_change(role, one, pool, ranker=RANKER, **HOW) == cheapest_change(
            role, one, plain, ranker=RANKER, **HOW
        )


def test_the_cheaper_of_two_changes_that_gain_as_much_is_named():
    ahead = person(*(HeldSkill(item.skill, 4, Tier.ENDORSEMENT, 0, 0) for item in ROLE.requirements), name="ahead")
    behind = person(HeldSkill("aws", 1), HeldSkill("git", 1), HeldSkill("python", 2), name="behind")
    rival = person(HeldSkill("aws", 1), HeldSkill("git", 1), HeldSkill("python", 2, Tier.EXPERIENCE, 0), name="rival")
    change = cheapest_change(ROLE, behind, [ahead, behind, rival], ranker=RANKER, **HOW)
    assert (change.from_rank, change.to_rank, change.cost) == (3, 2, 1)
    assert cheapest_change(ROLE, ahead, [ahead, behind, rival], ranker=RANKER, **HOW) is None
    assert cheapest_change(ROLE, person(), [ahead], ranker=RANKER, **HOW) is None


@pytest.mark.parametrize("top", [None, 1])
def test_a_person_who_shows_more_is_never_drawn_below_one_who_shows_less(top):
    less = [person(HeldSkill("git", 1), HeldSkill("css", 1), HeldSkill("sql", 1), name=f"c{n}") for n in range(40)]
    more = person(HeldSkill("git", 1, Tier.EXPERIENCE), HeldSkill("css", 1), HeldSkill("sql", 1), name="more")
    for seed in range(30):
        lines = RANKER.rank(ROLE, [*less, more], day=draw.DAY, seed=seed, top=top)
        assert lines[0].id == "more"
        assert lines[0].near_tie_group == lines[-1].near_tie_group


def _key(change):
    return change.skill, change.to_level, change.tier
