"""One role as the index asks it: for each requirement the skills that answer it and what each stored value is worth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ranking import features, logistics
from matcher.ranking.facts import RoleFacts
from matcher.ranking.features import PER_REQUIREMENT
from matcher.ranking.index_jit import compiled
from matcher.ranking.index_linear import Linear
from matcher.ranking.index_people import LOW, STEPS
from matcher.ranking.index_scan import Wants, Wish
from matcher.ranking.index_words import Lexicon
from matcher.ranking.logistics import Floats
from matcher.ranking.similarity import Similarity

CODES = STEPS + 1  # of strength and of freshness, see index_people


@dataclass(frozen=True)
class Terms:
    """R requirements. `wants.own` (R) skill numbers, -1 where nobody has it; `worth` (R, 512) by level and strength,
    `fresh` (R, 128), `near` (R, 4) the part of `worth` that a near skill could give instead. Near skills of
    requirement r are `other[other_at[r]:other_at[r + 1]]` and worth `other_near` (…, 4) by level. `base` is added to
    every sum; `slack`: how far a sum may be from the exact one."""

    wants: Wants
    base: float
    slack: float


def terms(role: RoleFacts, similarity: Similarity, sums: Linear, words: Lexicon) -> Terms:
    """The role's requirements under these weights."""
    asked = np.array(features.asked(role), dtype=np.float64).reshape(-1, 3)
    find = words.skills.find
    others = [[(number, value) for name, value in similarity.neighbors(item.skill) if (number := find(name)) >= 0]
              for item in role.requirements]  # fmt: skip
    weights = np.array([sums.of(name) for name in PER_REQUIREMENT])
    worth, fresh, near = tabled(asked, weights)
    reach = [value * near[row] for row, found in enumerate(others) for _, value in found]
    wants = Wants(
        own=np.array([find(item.skill) for item in role.requirements], dtype=np.int32),
        worth=worth, fresh=fresh, near=near,
        other_at=np.cumsum([0, *map(len, others)]).astype(np.int32),
        other=np.array([number for found in others for number, _ in found], dtype=np.int32),
        other_near=np.array(reach, dtype=np.float32).reshape(-1, 4),
    )  # fmt: skip
    return Terms(wants, sums.base, _slack(sums))


@compiled
def tabled(asked, weights):  # type: ignore[no-untyped-def]
    """`worth`, `fresh` and `near` of Terms in single precision: asked (R, 3) level, weight and must; `weights` (5) of
    PER_REQUIREMENT."""
    size, single = len(asked), np.float32
    worth, fresh = np.empty((size, 4 * CODES), single), np.empty((size, CODES), single)
    near = np.empty((size, 4), single)
    every, musts = max(asked[:, 1].sum(), 1.0), max(asked[:, 2].sum(), 1.0)
    for row in range(size):
        share = asked[row, 1] / every
        proof, lately = weights[3] * share * (1.0 - LOW) / STEPS, weights[4] * share / STEPS
        for level in range(4):
            cover = min((level + 1.0) / asked[row, 0], 1.0)
            met = weights[0] * asked[row, 2] / musts if level + 1.0 >= asked[row, 0] else 0.0
            near[row, level] = weights[2] * share * cover
            least = met + (weights[1] + weights[2]) * share * cover + weights[3] * share * LOW
            for code in range(CODES):
                worth[row, level * CODES + code] = least + proof * code
        for code in range(CODES):
            fresh[row, code] = lately * code
    return worth, fresh, near


def _slack(sums: Linear) -> float:
    """Half a step of what is rounded, and the single precision of the sums with room to spare."""
    rounded = sums.of("evidence") * (1.0 - LOW) / (2 * STEPS) + sums.of("recency") / (2 * STEPS)
    return rounded + 1e-5 * (sum(sums.weights) + abs(sums.base)) + 1e-12


@dataclass(frozen=True)
class Wishes:
    """What the role said besides skills: `role` (7) as role_row, `shifts` its schedules as bits, `fit` (occupations)
    how near each target occupation is; `said` which of remote, schedule, pay and start it named, `placed` the place."""

    role: Floats
    shifts: np.uint64
    fit: Floats
    said: tuple[bool, bool, bool, bool]
    placed: bool

    @property
    def spoke(self) -> bool:
        """Whether the role names a schedule."""
        return self.said[1]

    def weights(self, sums: Linear) -> Floats:
        """What preference, closeness and program count (3)."""
        return np.array([sums.of("preference"), sums.of("closeness"), sums.of("program")])

    def most(self, sums: Linear) -> float:
        """The most that a person can gain by preference and closeness."""
        preference, closeness, _ = self.weights(sums).tolist()
        return float(preference * sum(1.0 if spoke else 0.5 for spoke in self.said) / 4.0 + closeness * self.placed)

    def asked(self, sums: Linear | None, filtered: bool) -> Wish:
        """As the compiled loops take it; without sums nothing is worth anything."""
        weights, most = (np.zeros(3), 0.0) if sums is None else (self.weights(sums), self.most(sums))
        return Wish(self.role, self.shifts, self.spoke, self.fit, weights, most, self.masks(filtered))

    def masks(self, filtered: bool) -> NDArray[np.uint8]:
        """Bits of `People.hints` of which one must be set: for the way of work, and for a schedule."""
        mode = int(self.role[3])
        way = 1 << (mode - 1) if filtered and mode else 7
        shifts = int(self.shifts)
        when = 31 if not filtered or not self.spoke or shifts >= 32 else shifts
        return np.array([way, when << 3], dtype=np.uint8)


def wishes(role: RoleFacts, words: Lexicon) -> Wishes:
    """The role's place, pay, start, schedules and occupation."""
    row = np.array(logistics.role_row(role))
    fit = np.zeros(len(words.occupations))
    if role.occupation is not None:
        for digits, value in reversed(logistics.SHARED_DIGITS):
            fit[words.occupations_in(role.occupation[:digits])] = value
    said = (role.remote is not None, bool(role.schedules), not np.isnan(row[4]), not np.isnan(row[6]))
    bits = np.uint64(words.bits(role.schedules, new=False))
    return Wishes(row, bits, fit, said, role.place is not None or role.remote == "remote")
