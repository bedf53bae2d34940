"""A score taken apart: what each requirement adds and whether it is evidenced, claimed, partly met or missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from matcher.ranking import features
from matcher.ranking.facts import CandidateFacts, HeldSkill, Requirement, RoleFacts, Tier
from matcher.ranking.features import COLUMNS, PER_REQUIREMENT, Slot
from matcher.ranking.ranker import Ranker, Shares, candidate_needs, role_needs
from matcher.ranking.reasons import Param, Reason

Status = Literal["evidenced", "claimed", "partly", "missing"]
_LABELS = tuple(tier.label for tier in sorted(Tier))
NEAR_ENOUGH = 0.5  # from here on a near skill is worth naming
REST = tuple(name for name in COLUMNS if name not in PER_REQUIREMENT)


@dataclass(slots=True)  # frozen would take five times as long to make
class Finding:
    """One requirement of a pair: how it stands, in a code for words, and its exact share of the score by column."""

    skill: str
    must: bool
    asked: int
    held: int
    tier: Tier | None
    status: Status
    reason: Reason
    parts: Mapping[str, float]
    share: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """`base`, every finding's `share` and every part of `rest` add up to `score`, to 1e-9.

    Without enough information there is no score: `needs` says what to add, and findings carry no shares.
    """

    role: str
    candidate: str
    score: float | None
    base: float
    findings: tuple[Finding, ...]
    rest: Mapping[str, float] = field(default_factory=dict)
    needs: tuple[Reason, ...] = ()

    def missing(self) -> tuple[Finding, ...]:
        """What is not fully met, musts first."""
        return tuple(sorted((f for f in self.findings if f.status in ("partly", "missing")), key=lambda f: not f.must))


def explain(ranker: Ranker, role: RoleFacts, candidate: CandidateFacts) -> Explanation:
    """The reasons for one pair, from the very numbers that made its score."""
    needs = role_needs(role) + candidate_needs(candidate)
    slots = features.pair_slots([(role, candidate)], ranker.near)
    if needs:
        nothing = Shares(0.0, (0.0,) * len(COLUMNS), (0.0,) * len(COLUMNS))
        findings = _findings(ranker, role, candidate, slots, nothing)
        return Explanation(role.id, candidate.id, None, 0.0, findings, {}, needs)
    columns = features.pair_matrix([(role, candidate)], ranker.near)
    shares = ranker.shares(columns[:, 0])
    whole = shares.contributions(columns[:, 0])
    return Explanation(
        role.id,
        candidate.id,
        float(ranker.score(columns)[0]),
        shares.base,
        _findings(ranker, role, candidate, slots, shares),
        {name: whole[name] for name in REST},
    )


def status_of(wanted: Requirement, own: HeldSkill | None, near: float) -> Status:
    """Evidenced or claimed where the level is reached; partly for a lower level or a near skill; else missing."""
    if own is not None and own.level >= wanted.level:
        return "claimed" if own.tier is Tier.CLAIM else "evidenced"
    return "partly" if own is not None or near >= NEAR_ENOUGH else "missing"


def _findings(
    ranker: Ranker, role: RoleFacts, candidate: CandidateFacts, slots: list[Slot], shares: Shares
) -> tuple[Finding, ...]:
    held = {item.skill: item for item in candidate.skills}
    found = []
    for number, wanted in enumerate(role.requirements):
        own = held.get(wanted.skill)
        near, by = features.nearness(wanted, held, ranker.near)
        status = status_of(wanted, own, near)
        parts = _parts(slots, number, shares)
        found.append(
            Finding(
                wanted.skill,
                wanted.must,
                wanted.level,
                own.level if own else 0,
                own.tier if own else None,
                status,
                _reason(wanted, own, status, by),
                parts,
                sum(parts.values()),
            )
        )
    return tuple(found)


def _parts(slots: list[Slot], number: int, shares: Shares) -> dict[str, float]:
    """slope x (own part - reference part) per column; over all requirements they add up to the column's."""
    slot = slots[number]
    musts, weights = (float(total[0]) for total in features.totals(slots))
    weight, must = float(np.ravel(slot.weight)[0]) / weights, float(np.ravel(slot.must)[0]) / musts
    found = {}
    for name, part in zip(PER_REQUIREMENT, slot.parts(), strict=True):
        column = COLUMNS.index(name)
        total, fraction = (musts, must) if name == "must_cover" else (weights, weight)
        found[name] = shares.slopes[column] * (float(part[0]) / total - shares.reference[column] * fraction)
    return found


def _reason(wanted: Requirement, own: HeldSkill | None, status: Status, by: str | None) -> Reason:
    level = own.level if own else 0
    numbers: dict[str, Param] = {"skill": wanted.skill, "asked": wanted.level, "held": level}
    if status in ("evidenced", "claimed"):
        return Reason(status, {**numbers, "tier": _LABELS[own.tier] if own else None})
    if by is not None and status == "partly":
        return Reason("knows_near", {**numbers, "near": by})
    if own is not None:
        code = "one_level_short" if wanted.level - level == 1 else "levels_short"
        return Reason(code, {**numbers, "short": wanted.level - level})
    return Reason("missing_must" if wanted.must else "missing_nice", numbers)
