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
from matcher.ranking.logistics import Floats
from matcher.ranking.ranker import Ranker, Shares
from matcher.ranking.reasons import Reason

_SPOTS = [COLUMNS.index(name) for name in PER_REQUIREMENT]
_OF_MUSTS = np.array([name == "must_cover" for name in PER_REQUIREMENT])
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
    shares = [ranker.shares(column) for column in columns.T]
    parts, known = _parts(asked, slots, shares), _Known(role, told.near)
    keys = known.keys(told, slots[3].T >= NEAR_ENOUGH)
    scores = ranker.score(columns).tolist()
    found = []
    for name, column, share, score, key, part in zip(names, columns.T, shares, scores, keys, parts, strict=True):
        whole = share.contributions(column)
        findings = tuple(map(known.finding, known.asked, key, part))
        found.append(Explanation(role.id, name, score, share.base, findings, {one: whole[one] for one in REST}))
    return found


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

    def finding(self, asked: tuple[str, bool, int], key: int, parts: list[float]) -> Finding:
        """How one person stands before one requirement."""
        skill, must, level = asked
        held, tier, status, reason = self._made.get(key) or self._make(key)
        *each, share = parts
        return Finding(skill, must, level, held, tier, status, reason, dict(zip(PER_REQUIREMENT, each, strict=True)),
                       share)  # fmt: skip

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


def _parts(asked: Floats, slots: Floats, shares: Sequence[Shares]) -> Any:
    """slope x (own part - reference part) of each column, in the steps of `explain`, and their sum: by person,
    requirement and column."""
    (levels, weight, must), (held, strength, fresh, near) = asked[:, None, :], slots.transpose(0, 2, 1)
    slopes = np.array([item.slopes for item in shares])[:, None, _SPOTS]
    reference = np.array([item.reference for item in shares])[:, None, _SPOTS]
    musts, weights = _total(must), _total(weight)
    total = np.where(_OF_MUSTS, musts, weights)
    fraction = np.where(_OF_MUSTS, must.T, weight.T) / total
    met, cover = np.where(held >= levels, 1.0, 0.0), np.minimum(held / levels, 1.0)
    own = np.stack((must * met, weight * cover, weight * near, weight * strength, weight * fresh), axis=2)
    found = slopes * (own / total - reference * fraction)
    every = np.zeros(found.shape[:2])
    for column in range(found.shape[2]):
        every = every + found[:, :, column]
    return np.concatenate((found, every[:, :, None]), axis=2).tolist()


def _total(values: Floats) -> float:
    """As features.totals: added one by one."""
    return float(max(sum(values.ravel().tolist()), 1.0))
