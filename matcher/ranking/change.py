"""The one change to a profile that would move a person up most, found by trying each and ranking again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from matcher.ranking import features
from matcher.ranking.facts import CandidateFacts, HeldSkill, Requirement, RoleFacts, Tier
from matcher.ranking.logistics import Floats
from matcher.ranking.order import margin, place, tie_hash
from matcher.ranking.pool import CandidatePool
from matcher.ranking.ranker import Ranker, candidate_needs, role_needs

#: What a step asks of a person, in rough months: to begin a skill, to rise a level, to show work, to be vouched for.
START_COST, LEVEL_COST = 1, 2
PROOF_COST = {Tier.ARTIFACT: 1, Tier.ENDORSEMENT: 2}


@dataclass(frozen=True, slots=True)
class Change:
    """One skill, as it is now (level 0: not held) and as it would be, with the ranks before and after."""

    skill: str
    from_level: int
    to_level: int
    from_tier: Tier | None
    tier: Tier
    cost: int
    from_rank: int
    to_rank: int


def cheapest_change(
    role: RoleFacts, candidate: CandidateFacts, pool: CandidatePool | Sequence[CandidateFacts], *,
    ranker: Ranker, day: date, seed: int, near_ties: bool = True,
) -> Change | None:  # fmt: skip
    """The change that gains most places in this pool, the cheapest of those that gain as many; None if none gains.

    The person need not be in the pool. None as well where either side says too little. `to_rank` is not a guess: it
    is the rank after the whole list has been put in order with the change made.
    """
    if role_needs(role) or candidate_needs(candidate):
        return None
    again = _ranking(role, candidate, pool, ranker, day, seed, near_ties)
    now = again(_column(ranker, role, candidate))
    found = []
    for before, after, cost in options(role, candidate):
        then = again(_column(ranker, role, with_skill(candidate, after)))
        level, tier = (before.level, before.tier) if before else (0, None)
        found.append(Change(after.skill, level, after.level, tier, after.tier, cost, now, then))
    found = [change for change in found if change.to_rank < now]
    return min(found, key=lambda change: (change.to_rank, change.cost, change.skill, change.tier), default=None)


def options(role: RoleFacts, candidate: CandidateFacts) -> Iterator[tuple[HeldSkill | None, HeldSkill, int]]:
    """Single changes worth trying, as (now, then, cost): one skill to a higher level, or better shown."""
    held = {item.skill: item for item in candidate.skills}
    for wanted in role.requirements:
        own = held.get(wanted.skill)
        yield from _learn(wanted, own)
        if own is not None:
            yield from _prove(own)


def with_skill(candidate: CandidateFacts, skill: HeldSkill) -> CandidateFacts:
    """The same person with one skill added or replaced."""
    others = tuple(item for item in candidate.skills if item.skill != skill.skill)
    return replace(candidate, skills=(*others, skill))


def _learn(wanted: Requirement, own: HeldSkill | None) -> Iterator[tuple[HeldSkill | None, HeldSkill, int]]:
    level = own.level if own else 0
    base = own or HeldSkill(wanted.skill, wanted.level)
    for reached in range(level + 1, wanted.level + 1):
        cost = LEVEL_COST * (reached - level) + (0 if own else START_COST)
        yield own, replace(base, level=reached, used_months=0), cost


def _prove(own: HeldSkill) -> Iterator[tuple[HeldSkill | None, HeldSkill, int]]:
    now = features.strength(own.tier, own.evidence_months)
    for tier, cost in PROOF_COST.items():
        if features.strength(tier, 0) > now:
            yield own, replace(own, tier=tier, evidence_months=0), cost


def _column(ranker: Ranker, role: RoleFacts, candidate: CandidateFacts) -> Floats:
    return features.pair_matrix([(role, candidate)], ranker.near)


def _ranking(
    role: RoleFacts, candidate: CandidateFacts, pool: CandidatePool | Sequence[CandidateFacts],
    ranker: Ranker, day: date, seed: int, near_ties: bool,
) -> Callable[[Floats], int]:  # fmt: skip
    """Rank of the person among the others, for any column (8, 1) the person might have."""
    names, columns = _others(role, candidate, pool, ranker)
    hashes = [tie_hash(role.id, name, day.toordinal(), seed) for name in (*names, candidate.id)]
    draws = np.array(hashes, dtype=np.uint64)
    scores, width = ranker.score(columns), margin(ranker.standard_error(role)) if near_ties else 0.0

    def rank(column: Floats) -> int:
        every = np.concatenate((columns, column), axis=1)
        return place(np.append(scores, ranker.score(column)), every, draws, width, len(names))

    return rank


def _others(
    role: RoleFacts, candidate: CandidateFacts, pool: CandidatePool | Sequence[CandidateFacts], ranker: Ranker
) -> tuple[list[str], Floats]:
    if isinstance(pool, CandidatePool):
        names, columns = pool.contenders(role, ranker.near)
    else:
        people = [person for person in pool if not candidate_needs(person)]
        names = [person.id for person in people]
        columns = features.pair_matrix([(role, person) for person in people], ranker.near)
    keep = [row for row, name in enumerate(names) if name != candidate.id]
    return [names[row] for row in keep], columns[:, keep]
