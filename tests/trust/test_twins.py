"""Invariant 4: profiles that differ only in what must not count get the same score, bit for bit."""

import math
from dataclasses import replace

import numpy as np
import pytest

from matcher.ranking import codec, twins
from matcher.ranking.facts import RoleFacts
from matcher.ranking.pool import CandidatePool
from matcher.ranking.ranker import Stage0
from tests.rules import ranking_facts as draw
from tests.rules.ranker_suite import RANKERS, SIMPLE

ROLE = replace(SIMPLE, place=(35.9, -83.9), remote="hybrid", schedules=frozenset({"day"}), occupation="15-1232.00")
PEOPLE = 20
TWINS = 500
HOW = {"day": draw.DAY, "seed": 1}


def profiles() -> list[dict]:
    """Full profiles with facts of every kind, and something under each protected key."""
    random = np.random.default_rng(4)
    found = []
    for person in draw.crowd(PEOPLE, 12, seed=2):
        names = {item.skill: draw.SKILLS[int(item.skill[1:]) % len(draw.SKILLS)] for item in person.skills}
        skills = {names[item.skill]: replace(item, skill=names[item.skill]) for item in person.skills}
        facts = codec.facts_to_dict(replace(person, skills=tuple(skills.values()), programs=frozenset({"15-1232.00"})))
        kept = {key: values[int(random.integers(len(values)))] for key, values in twins.PROTECTED.items()}
        found.append({**facts, **kept})
    return found


def scorer(ranker):
    """A full profile's score by way of its facts, as the pages get it."""

    def score(profile):
        return ranker.rank(ROLE, [twins.facts_of(profile)], **HOW)[0].score

    return score


@pytest.mark.parametrize("ranker", RANKERS)
def test_invariant_4_ten_thousand_twins_score_alike_one_by_one(ranker):
    assert PEOPLE * TWINS == 10_000
    assert twins.moved(scorer(ranker), profiles(), number=TWINS, seed=0) == []


@pytest.mark.parametrize("ranker", RANKERS)
def test_invariant_4_ten_thousand_twins_score_alike_in_one_pool(ranker):
    pool, family = CandidatePool(), {}
    for number, profile in enumerate(profiles()):
        for twin in (profile, *twins.twins_of(profile, TWINS, seed=number)):
            family[twin["id"]] = profile["id"]
            pool.upsert(twins.facts_of(twin))
    lines = pool.rank_for(ROLE, ranker=ranker, top=None, filtered=False, **HOW).lines
    assert len(lines) == PEOPLE * (TWINS + 1)
    scores: dict[str, set[float]] = {}
    for line in lines:
        scores.setdefault(family[line.id], set()).add(line.score)
    assert all(len(found) == 1 for found in scores.values())
    assert len({min(found) for found in scores.values()}) > PEOPLE // 2


def test_the_twins_of_a_profile_are_far_apart():
    drawn = list(twins.twins_of(profiles()[0], TWINS, seed=0))
    for key, values in twins.PROTECTED.items():
        assert {twin[key] for twin in drawn} == set(values)


class Leaky(Stage0):
    """Broken on purpose: it looks the person up and adds the last bit of a score for a name."""

    def __init__(self, known: dict[str, dict]) -> None:
        super().__init__()
        self.known = known

    def rank(self, role, candidates, **how):
        lines = super().rank(role, candidates, **how)
        return [self._tilted(line) for line in lines]

    def _tilted(self, line):
        liked = self.known[line.id]["name"] == "Emily"
        return replace(line, score=math.nextafter(line.score, 1.0)) if liked else line


def test_a_ranker_that_leaks_one_bit_by_name_is_caught():
    known: dict[str, dict] = {}
    score = scorer(Leaky(known))

    def looked_up(profile):
        known[profile["id"]] = profile
        return score(profile)

    found = twins.moved(looked_up, profiles()[:2], number=50, seed=0)
    assert found
    assert all((case.profile["name"] == "Emily") != (case.twin["name"] == "Emily") for case in found)


@pytest.mark.parametrize("key", [*twins.PROTECTED])
def test_no_protected_key_is_a_fact_about_a_person_or_a_role(key):
    assert key not in codec.facts_to_dict(twins.facts_of(profiles()[0]))
    assert key not in codec.facts_to_dict(RoleFacts("r"))


def test_a_key_that_nobody_has_judged_is_refused():
    with pytest.raises(twins.ProfileError, match="shoe_size"):
        twins.facts_of({"id": "c", "shoe_size": 43})
