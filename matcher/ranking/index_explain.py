"""The reasons for several people of one list at once, equal to explaining each alone and much quicker."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.ranking import explain as saying
from matcher.ranking.explain import NEAR_ENOUGH, REST, Explanation, Finding, Status
from matcher.ranking.facts import HeldSkill, RoleFacts, Tier
from matcher.ranking.features import COLUMNS, PER_REQUIREMENT
from matcher.ranking.index_jit import compiled
from matcher.ranking.logistics import Floats
from matcher.ranking.ranker import Ranker, contributions
from matcher.ranking.reasons import Reason

_SPOTS = np.array([COLUMNS.index(name) for name in PER_REQUIREMENT])
_MUST, _COVER, _NEAR, _PROOF, _FRESH = PER_REQUIREMENT
_EIGHT = 8  # levels and tiers are below it


@dataclass(frozen=True)
class Told:
    """For each person and requirement: `said` (n, requirements, 4) level (0: not held), tier and the two ages in
    months (-1: not said); `best` (n, requirements) which of `near` is the nearest skill, -1 where there is none."""

    said: NDArray[np.int64]
    best: NDArray[np.int64]
    near: Sequence[str | None]


def explain_rows(
    ranker: Ranker, role: RoleFacts, names: Sequence[str], columns: Floats, asked: Floats, slots: Floats, told: Told
) -> list[Explanation]:
    """Explanations of n people who can be ranked: columns (8, n), `asked` (3, requirements) level, weight and must,
    `slots` (4, requirements, n) level, strength, freshness and nearness."""
    shares, known = ranker.shares_each(columns), _Known(role, told.near)
    slopes, reference = np.array([one.slopes for one in shares]), np.array([one.reference for one in shares])
    parts = _parts(asked, slots, slopes[:, _SPOTS], reference[:, _SPOTS]).tolist()
    keys = known.keys(told, slots[3].T >= NEAR_ENOUGH)
    scores, wholes = ranker.score(columns).tolist(), contributions(shares, columns)
    return [Explanation(role.id, name, score, share.base, known.findings(key, part), {one: whole[one] for one in REST})
            for name, score, share, whole, key, part in zip(names, scores, shares, wholes, keys, parts, strict=True)]


class _Known:
    """Reasons for one role, each made once: many people stand alike before a requirement."""

    def __init__(self, role: RoleFacts, near: Sequence[str | None]) -> None:
        self.role, self.near = role, near
        self.asked = [(wanted.skill, wanted.must, wanted.level) for wanted in role.requirements]
        self._made: dict[int, tuple[int, Tier | None, Status, Reason]] = {}

    def keys(self, told: Told, near: NDArray[np.bool_]) -> Any:
        """One number for how each person stands before each requirement: (n, requirements)."""
        level, tier = told.said[:, :, 0], told.said[:, :, 1]
        stand = (np.arange(len(self.asked)) * _EIGHT + level) * _EIGHT + tier
        return ((stand * 2 + near) * (len(self.near) + 1) + told.best + 1).tolist()

    def findings(self, keys: list[int], parts: list[list[float]]) -> tuple[Finding, ...]:
        """How one person stands before each requirement."""
        known, found = self._made, []
        for (skill, must, level), key, (met, cover, near, proof, fresh, share) in zip(
                self.asked, keys, parts, strict=True):  # fmt: skip
            held, tier, status, reason = known.get(key) or self._make(key)
            columns = {_MUST: met, _COVER: cover, _NEAR: near, _PROOF: proof, _FRESH: fresh}
            found.append(Finding(skill, must, level, held, tier, status, reason, columns, share))
        return tuple(found)

    def _make(self, key: int) -> tuple[int, Tier | None, Status, Reason]:
        rest, best = divmod(key, len(self.near) + 1)
        rest, near = divmod(rest, 2)
        rest, tier = divmod(rest, _EIGHT)
        row, level = divmod(rest, _EIGHT)
        wanted, own = self.role.requirements[row], _held(level, tier) if level else None
        status = saying.status_of(wanted, own, NEAR_ENOUGH * near)
        reason = saying._reason(wanted, own, status, self.near[best - 1] if best else None)
        made = self._made[key] = level, own.tier if own else None, status, reason
        return made


@lru_cache(maxsize=64)
def _held(level: int, tier: int) -> HeldSkill:
    """Some skill at this level and tier: reasons say no more of what is held."""
    return HeldSkill("any", level, Tier(tier))


@compiled
def _parts(asked, slots, slopes, reference):  # type: ignore[no-untyped-def]
    """slope x (own part - reference part) of each column, in the steps of `explain`, and their sum: by person,
    requirement and column. `slopes` and `reference` (n, 5)."""
    musts, weights, own = 0.0, 0.0, np.zeros(5)
    found = np.zeros((slots.shape[2], slots.shape[1], 6))
    for wanted in range(slots.shape[1]):
        weights += asked[1, wanted]
        musts += asked[2, wanted]
    musts, weights = max(musts, 1.0), max(weights, 1.0)
    for row in range(slots.shape[2]):
        for wanted in range(slots.shape[1]):
            level, weight, must = asked[0, wanted], asked[1, wanted], asked[2, wanted]
            held = slots[0, wanted, row]
            own[0], own[1] = must * (1.0 if held >= level else 0.0), weight * min(held / level, 1.0)
            own[2], own[3] = weight * slots[3, wanted, row], weight * slots[1, wanted, row]
            own[4] = weight * slots[2, wanted, row]
            for column in range(5):
                total, share = (musts, must / musts) if column == 0 else (weights, weight / weights)
                part = slopes[row, column] * (own[column] / total - reference[row, column] * share)
                found[row, wanted, column] = part
                found[row, wanted, 5] += part
    return found
