"""The reasons for several people of one list at once, equal to explaining each alone and much quicker."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.ranking import explain as saying
from matcher.ranking import features
from matcher.ranking.explain import NEAR_ENOUGH, REST, Explanation, Finding, Status
from matcher.ranking.facts import HeldSkill, Requirement, RoleFacts, Tier
from matcher.ranking.features import COLUMNS, PER_REQUIREMENT, Slot
from matcher.ranking.logistics import Floats
from matcher.ranking.ranker import Ranker, Shares
from matcher.ranking.reasons import Reason


@dataclass(frozen=True)
class Told:
    """For each requirement and person: `held` (requirements, 4, n) level (0: not held), tier and the two ages in
    months (-1: not said); `best` (requirements, n) which of `near` is the nearest skill, -1 where there is none."""

    held: NDArray[np.int64]
    best: NDArray[np.int64]
    near: Sequence[str | None]


def explain_rows(
    ranker: Ranker, role: RoleFacts, names: Sequence[str], columns: Floats, slots: Sequence[Slot], told: Told
) -> list[Explanation]:
    """Explanations of n people who can be ranked: columns (8, n), slots of n."""
    shares = [ranker.shares(columns[:, spot]) for spot in range(len(names))]
    scores, parts, known = ranker.score(columns).tolist(), _parts(slots, shares), _Known(role, told.near)
    held, best = told.held.transpose(2, 0, 1).tolist(), told.best.T.tolist()
    near = np.array([slot.near for slot in slots]).T.tolist()
    found = []
    for spot, (name, share) in enumerate(zip(names, shares, strict=True)):
        whole = share.contributions(columns[:, spot])
        findings = tuple(map(known.finding, known.needs, held[spot], near[spot], best[spot], parts[spot]))
        rest = {column: whole[column] for column in REST}
        found.append(Explanation(role.id, name, scores[spot], share.base, findings, rest))
    return found


class _Known:
    """Reasons for one role, each made once: many people stand alike before a requirement."""

    def __init__(self, role: RoleFacts, near: Sequence[str | None]) -> None:
        self.needs, self.near = list(enumerate(role.requirements)), near
        self._made: dict[tuple[int, int, int, bool, int], tuple[Tier | None, Status, Reason]] = {}

    def finding(
        self, need: tuple[int, Requirement], held: list[int], near: float, best: int, parts: list[float]
    ) -> Finding:
        """How one person stands before one requirement."""
        (row, wanted), (level, tier, proved, used) = need, held
        key = row, level, tier, near >= NEAR_ENOUGH, best
        made = self._made.get(key)
        if made is None:
            ages = [None if months < 0 else months for months in (proved, used)]
            own = HeldSkill(wanted.skill, level, Tier(tier), *ages) if level else None
            status = saying.status_of(wanted, own, near)
            reason = saying._reason(wanted, own, status, self.near[best] if best >= 0 else None)
            made = self._made[key] = own.tier if own else None, status, reason
        return Finding(wanted.skill, wanted.must, wanted.level, level, *made,
                       dict(zip(PER_REQUIREMENT, parts, strict=True)), sum(parts))  # fmt: skip


def _parts(slots: Sequence[Slot], shares: Sequence[Shares]) -> Any:
    """slope x (own part - reference part): by person, requirement and column, in the steps of `explain`."""
    spots = [COLUMNS.index(name) for name in PER_REQUIREMENT]
    slopes = np.array([item.slopes for item in shares])[:, None, spots]
    reference = np.array([item.reference for item in shares])[:, None, spots]
    musts, weights = (float(total[0]) for total in features.totals(slots))
    total = np.array([musts if name == "must_cover" else weights for name in PER_REQUIREMENT])
    fraction = np.array([[float(np.ravel(slot.must if name == "must_cover" else slot.weight)[0]) for name in
                          PER_REQUIREMENT] for slot in slots]) / total  # fmt: skip
    own = np.array([slot.parts() for slot in slots]).transpose(2, 0, 1)
    return (slopes * (own / total - reference * fraction)).tolist()
