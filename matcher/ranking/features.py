"""Facts to named columns: the eight numbers a ranker sees for a pair, each 0 to 1 and higher is better."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.ranking import logistics
from matcher.ranking.facts import CandidateFacts, HeldSkill, Requirement, RoleFacts, Tier
from matcher.ranking.logistics import Floats
from matcher.ranking.similarity import Similarity

COLUMNS = ("must_cover", "weighted_cover", "adjacency", "evidence", "preference", "closeness", "recency", "program")
PER_REQUIREMENT = ("must_cover", "weighted_cover", "adjacency", "evidence", "recency")
SCHEMA = "1"  # raise when a column changes its meaning: lists made under another schema are not comparable

Pair = tuple[RoleFacts, CandidateFacts]

TIER_STRENGTH = (0.15, 0.35, 0.55, 0.70, 0.85, 1.00)
EVIDENCE_HALVES, EVIDENCE_KEEPS = 36, 0.5  # months; old evidence keeps half of what it adds to a claim
USE_HALVES = 48  # months
_MONTHS = 600
_FADE = tuple(EVIDENCE_KEEPS + (1.0 - EVIDENCE_KEEPS) * 2.0 ** (-m / EVIDENCE_HALVES) for m in range(_MONTHS + 1))
_FRESH = tuple(2.0 ** (-m / USE_HALVES) for m in range(_MONTHS + 1))


def strength(tier: Tier, months: int | None) -> float:
    """Evidence strength 0-1: by tier, what it adds to a bare claim fading with age to one half, never below a claim.

    Unknown age counts as the oldest, so that telling the age never lowers.
    """
    fade = EVIDENCE_KEEPS if months is None else _FADE[min(months, _MONTHS)]
    claim = TIER_STRENGTH[Tier.CLAIM]
    return claim + (TIER_STRENGTH[tier] - claim) * fade


def freshness(months: int | None) -> float:
    """How lately a skill was used, 0-1, halving every four years; 0 when not said."""
    return 0.0 if months is None else _FRESH[min(months, _MONTHS)]


def best_evidence(evidence: Sequence[tuple[Tier, int | None]]) -> tuple[Tier, int | None]:
    """The strongest of several pieces of evidence (tier, age in months) for one skill: one more never lowers."""
    return max(evidence, key=lambda item: (strength(*item), item[0]))


@dataclass(frozen=True, slots=True)
class Slot:
    """One requirement of each of n pairs; asked-for values are shape (n,) or (1,), held ones (n,).

    A pair with fewer requirements is padded with weight 0, must 0, asked 1, which adds exactly nothing.
    """

    asked: Floats
    weight: Floats
    must: Floats
    held: Floats
    strength: Floats
    fresh: Floats
    near: Floats

    def parts(self) -> tuple[Floats, ...]:
        """The slot's unscaled share of each PER_REQUIREMENT column, in that order, shape (n,)."""
        met = np.where(self.held >= self.asked, 1.0, 0.0)
        cover = np.minimum(self.held / self.asked, 1.0)
        weight = self.weight
        return self.must * met, weight * cover, weight * self.near, weight * self.strength, weight * self.fresh


def matrix(slots: Sequence[Slot], preference: Floats, closeness: Floats, program: Floats) -> Floats:
    """The columns of n pairs, shape (8, n); formulas as in the ranking design: M, W, A, E, then the rest.

    A role without a must counts every requirement as one. Slots are added one by one in skill order.
    """
    sums = [np.zeros(len(preference)) for _ in PER_REQUIREMENT]
    for slot in slots:
        for row, part in enumerate(slot.parts()):
            sums[row] = sums[row] + part
    musts, weights = totals(slots)
    cover, weighted, near, evidence, fresh = sums
    return np.stack((cover / musts, weighted / weights, near / weights, evidence / weights,
                     preference, closeness, fresh / weights, program))  # fmt: skip


def totals(slots: Sequence[Slot]) -> tuple[Floats, Floats]:
    """Number of musts and sum of weights per pair; 1 where a role asks for nothing, so that division is safe."""
    musts, weights = np.zeros(1), np.zeros(1)
    for slot in slots:
        musts, weights = musts + slot.must, weights + slot.weight
    return np.maximum(musts, 1.0), np.maximum(weights, 1.0)


def asked(role: RoleFacts) -> list[tuple[float, float, float]]:
    """(level, weight, must) of each requirement; where no requirement is a must, all are."""
    any_must = any(item.must for item in role.requirements)
    return [(float(i.level), float(i.weight), float(i.must or not any_must)) for i in role.requirements]


def shown(held: HeldSkill | None) -> tuple[float, float, float]:
    """Level, evidence strength and freshness of a held skill; zeros when it is not held."""
    if held is None:
        return 0.0, 0.0, 0.0
    return float(held.level), strength(held.tier, held.evidence_months), freshness(held.used_months)


def nearness(requirement: Requirement, held: dict[str, HeldSkill], similarity: Similarity) -> tuple[float, str | None]:
    """max over held skills of sim x min(level/asked, 1), and which neighbor gives it (None: the skill itself)."""
    own = held.get(requirement.skill)
    best, by = (min(own.level / requirement.level, 1.0), None) if own else (0.0, None)
    found: str | None = by
    for neighbor, value in similarity.neighbors(requirement.skill):
        other = held.get(neighbor)
        if other is not None and (near := value * min(other.level / requirement.level, 1.0)) > best:
            best, found = near, neighbor
    return best, found


def pair_slots(pairs: Sequence[Pair], similarity: Similarity) -> list[Slot]:
    """The requirements of n pairs as padded slots."""
    depth = max((len(role.requirements) for role, _ in pairs), default=0)
    table = np.zeros((depth, 7, len(pairs)))
    table[:, 0, :] = 1.0
    for column, (role, candidate) in enumerate(pairs):
        held = {item.skill: item for item in candidate.skills}
        for row, (wanted, numbers) in enumerate(zip(role.requirements, asked(role), strict=True)):
            own = held.get(wanted.skill)
            table[row, :, column] = (*numbers, *shown(own), nearness(wanted, held, similarity)[0])
    return [Slot(*rows) for rows in table]


def pair_logistics(pairs: Sequence[Pair]) -> logistics.Logistics:
    """What n pairs said of place, remote work, schedule, pay and start."""
    people = logistics.stack([logistics.person_row(person) for _, person in pairs], len(logistics.PERSON_FIELDS))
    roles = logistics.stack([logistics.role_row(role) for role, _ in pairs], len(logistics.ROLE_FIELDS))
    schedule = [logistics.schedule_fit(person.schedules, role.schedules) for role, person in pairs]
    return logistics.compare(people, roles, np.array(schedule, dtype=np.float64))


def pair_matrix(pairs: Sequence[Pair], similarity: Similarity) -> Floats:
    """The columns of n pairs, shape (8, n). A pair's column does not depend on the other pairs."""
    said = pair_logistics(pairs)
    program = [logistics.program_fit(person.programs, role.occupation) for role, person in pairs]
    slots = pair_slots(pairs, similarity)
    return matrix(slots, said.preference, said.closeness, np.array(program, dtype=np.float64))
