"""The reasons for several people of one list at once, equal to explaining each alone and much quicker."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.ranking import explain as saying
from matcher.ranking import features
from matcher.ranking.explain import REST, Explanation, Finding
from matcher.ranking.facts import HeldSkill, Requirement, RoleFacts, Tier
from matcher.ranking.features import COLUMNS, PER_REQUIREMENT, Slot
from matcher.ranking.logistics import Floats
from matcher.ranking.ranker import Ranker, Shares


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
    scores = ranker.score(columns).tolist()
    parts = _parts(slots, shares)
    held, best, near = told.held.tolist(), told.best.tolist(), [slot.near.tolist() for slot in slots]
    found = []
    for spot, (name, share) in enumerate(zip(names, shares, strict=True)):
        whole = share.contributions(columns[:, spot])
        findings = tuple(
            _finding(wanted, [values[spot] for values in held[row]], near[row][spot],
                     told.near[best[row][spot]] if best[row][spot] >= 0 else None, parts[row][spot])
            for row, wanted in enumerate(role.requirements)
        )  # fmt: skip
        rest = {column: whole[column] for column in REST}
        found.append(Explanation(role.id, name, scores[spot], share.base, findings, rest))
    return found


def _finding(wanted: Requirement, held: list[int], near: float, by: str | None, parts: list[float]) -> Finding:
    level, tier, proved, used = held
    ages = [None if months < 0 else months for months in (proved, used)]
    own = HeldSkill(wanted.skill, level, Tier(tier), *ages) if level else None
    status = saying.status_of(wanted, own, near)
    named = dict(zip(PER_REQUIREMENT, parts, strict=True))
    return Finding(
        wanted.skill, wanted.must, wanted.level, level, own.tier if own else None, status,
        saying._reason(wanted, own, status, by), named, sum(parts),
    )  # fmt: skip


def _parts(slots: Sequence[Slot], shares: Sequence[Shares]) -> list[list[list[float]]]:
    """slope x (own part - reference part): by requirement, person and column, in the steps of `explain`."""
    slopes, reference = np.array([item.slopes for item in shares]), np.array([item.reference for item in shares])
    musts, weights = (float(total[0]) for total in features.totals(slots))
    found: list[Any] = []
    for slot in slots:
        weight, must = float(np.ravel(slot.weight)[0]) / weights, float(np.ravel(slot.must)[0]) / musts
        every = []
        for name, part in zip(PER_REQUIREMENT, slot.parts(), strict=True):
            column = COLUMNS.index(name)
            total, fraction = (musts, must) if name == "must_cover" else (weights, weight)
            every.append(slopes[:, column] * (part / total - reference[:, column] * fraction))
        found.append(np.stack(every, axis=1).tolist())
    return found
