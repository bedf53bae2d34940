"""Reasons that mean something: without the skill that counts most a score falls, more than without another."""

import datetime

import numpy as np
import pytest

from matcher.ranking.change import cheapest_change, with_skill
from matcher.ranking.explain import explain
from matcher.ranking.facts import CandidateFacts, HeldSkill
from tests.bench import simulate
from tests.rules import ranker_suite as suite

DAY = datetime.date(2026, 11, 22)
ROLES = [simulate._role(np.random.default_rng(seed), seed) for seed in range(40)]
PEOPLE = [simulate._person(np.random.default_rng(1000 + seed), seed) for seed in range(40)]
STAGES = {0: suite.RANKERS[1], 1: suite.RANKERS[2], 2: suite.RANKERS[3]}


def without(person: CandidateFacts, skill: str) -> CandidateFacts:
    return CandidateFacts(**{name: getattr(person, name) for name in person.__slots__ if name != "skills"},
                          skills=tuple(item for item in person.skills if item.skill != skill))


@pytest.mark.parametrize("stage", STAGES)
def test_deletion_on_1000_pairs(stage):
    ranker, draw = STAGES[stage], np.random.default_rng(stage)
    whole, least, chance = [], [], []
    for number in range(1600):
        role, person = ROLES[number % 40], PEOPLE[(number * 7 + number // 40) % 40]
        told = explain(ranker, role, person)
        held = [item for item in told.findings if item.held]
        if len(held) > 1 and len(whole) < 1000:
            most = max(held, key=lambda item: (item.share, item.skill)).skill
            whole.append(told.score)
            least.append((role, without(person, most)))
            chance.append((role, without(person, str(draw.choice([item.skill for item in held])))))
    assert len(whole) == 1000
    drops, others = np.array(whole) - ranker.predict(least), np.array(whole) - ranker.predict(chance)
    assert (drops >= 0.0).all()
    assert (drops > 0.0).mean() >= 0.99
    assert drops.mean() > others.mean() * 1.1


@pytest.mark.parametrize("stage", STAGES)
def test_the_cheapest_change_does_what_it_promises(stage):
    ranker, found = STAGES[stage], 0
    for role in ROLES[:6]:
        lines = ranker.rank(role, PEOPLE, day=DAY, seed=1)
        person = next(item for item in PEOPLE if item.id == lines[len(lines) // 2].id)
        change = cheapest_change(role, person, PEOPLE, ranker=ranker, day=DAY, seed=1)
        if change is None:
            continue
        used = next((item for item in person.skills if item.skill == change.skill), None)
        better = _changed(person, change, used)
        again = ranker.rank(role, [better if item.id == person.id else item for item in PEOPLE], day=DAY, seed=1)
        assert next(line.rank for line in again if line.id == person.id) == change.to_rank < change.from_rank
        found += 1
    assert found >= 3


def _changed(person, change, used):
    """The person after the change, written out by hand: a level learned is used today, a proof given is of today."""
    if used is not None and change.tier != used.tier:
        return with_skill(person, HeldSkill(change.skill, used.level, change.tier, 0, used.used_months))
    evidence = used.evidence_months if used else None
    return with_skill(person, HeldSkill(change.skill, change.to_level, change.tier, evidence, 0))
