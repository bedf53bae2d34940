"""Roles as arrays: one unchanging part of the index of roles, each role's requirements lying side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self, cast

import numpy as np
from numpy.typing import NDArray

from matcher.ranking import features, logistics
from matcher.ranking.facts import RemoteMode, Requirement, RoleFacts
from matcher.ranking.index_people import RANKED, SHIFTS, VAGUE, row_of, rows_of, starts
from matcher.ranking.index_words import Lexicon, encoded
from matcher.ranking.logistics import Floats
from matcher.ranking.ranker import role_needs

MODES: tuple[str | None, ...] = (None, "remote", "hybrid", "onsite")  # by the number in role_row


@dataclass(frozen=True)
class Roles:
    """n roles; `need_at` (n + 1) says where each one's requirements begin in the fields after it."""

    names: NDArray[np.bytes_]
    flags: NDArray[np.uint8]
    answers: Floats  # (n, 8): role_row, then the schedules as bits
    places: Floats  # (n, 2)
    pay: Floats  # (n, 2) least and most, NaN where not said
    organization: NDArray[np.int32]  # -1 where not said
    occupation: NDArray[np.int32]
    need_at: NDArray[np.int64]
    skill: NDArray[np.int32]
    level: NDArray[np.uint8]
    weight: NDArray[np.uint8]
    must: NDArray[np.uint8]  # bit 0 as given, bit 1 as counted
    by_name: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.names)

    @classmethod
    def from_facts(cls, roles: Sequence[RoleFacts], words: Lexicon) -> Self:
        """Compile facts; names the lexicon does not know are added to it."""
        needs = [item for role in roles for item in role.requirements]
        counted = [int(must) for role in roles for _, _, must in features.asked(role)]
        return cls.made(
            names=encoded(role.id for role in roles),
            flags=np.array([VAGUE if role_needs(role) else RANKED for role in roles], dtype=np.uint8),
            answers=_answers(roles, words),
            places=np.array([role.place or (np.nan, np.nan) for role in roles], dtype=np.float64).reshape(-1, 2),
            pay=np.array([[np.nan if value is None else value for value in (role.pay_min_cents, role.pay_max_cents)]
                          for role in roles], dtype=np.float64).reshape(-1, 2),
            organization=_numbers((role.organization for role in roles), words.organizations.number),
            occupation=_numbers((role.occupation for role in roles), words.occupations.number),
            need_at=starts([len(role.requirements) for role in roles]),
            skill=np.array([words.skills.number(item.skill) for item in needs], dtype=np.int32),
            level=np.array([item.level for item in needs], dtype=np.uint8),
            weight=np.array([item.weight for item in needs], dtype=np.uint8),
            must=np.array([item.must + 2 * c for item, c in zip(needs, counted, strict=True)], dtype=np.uint8),
        )  # fmt: skip

    @classmethod
    def made(cls, **stored: Any) -> Self:
        """From the stored fields alone."""
        return cls(**stored, by_name=np.argsort(stored["names"], kind="stable").astype(np.int64))

    def row(self, name: str) -> int:
        """The row of an id, -1 when it is not here."""
        return row_of(name, self.names, self.by_name)

    def find(self, names: Sequence[str]) -> NDArray[np.int64]:
        """The rows (n) of ids, -1 for each that is not here."""
        return rows_of(names, self.names, self.by_name)

    def hints(self) -> NDArray[np.uint8]:
        """1 where the row can be ranked."""
        found: NDArray[np.uint8] = (self.flags == RANKED).astype(np.uint8)
        return found

    def facts(self, row: int, words: Lexicon) -> RoleFacts:
        """The facts of one row, equal to those it was made from."""
        x, low, high = self.answers[row], self.pay[row, 0], self.pay[row, 1]
        needs = range(self.need_at[row], self.need_at[row + 1])
        return RoleFacts(
            id=self.names[row].decode(),
            organization=_name(words.organizations.names, self.organization[row]),
            occupation=_name(words.occupations.names, self.occupation[row]),
            requirements=tuple(Requirement(words.skills.names[self.skill[n]], int(self.level[n]),
                                           bool(self.must[n] & 1), int(self.weight[n])) for n in needs),
            place=None if np.isnan(self.places[row, 0]) else (float(self.places[row, 0]), float(self.places[row, 1])),
            remote=cast(RemoteMode | None, MODES[int(x[3])]),
            schedules=words.schedules_of(int(x[SHIFTS:].view(np.uint64)[0])),
            pay_min_cents=None if np.isnan(low) else int(low), pay_max_cents=None if np.isnan(high) else int(high),
            starts_on=None if np.isnan(x[6]) else int(x[6]),
        )  # fmt: skip

    def table(self, rows: NDArray[np.int64]) -> Floats:
        """The rows' answers as `logistics.compare` takes them: (7, rows) in the order of ROLE_FIELDS."""
        return np.ascontiguousarray(self.answers[rows, :SHIFTS].T)

    def shifts(self, rows: NDArray[np.int64]) -> NDArray[np.uint64]:
        """The rows' schedules as bits."""
        return np.ascontiguousarray(self.answers[rows, SHIFTS]).view(np.uint64)


STORED = tuple(item.name for item in fields(Roles))[:-1]


def joined(parts: Sequence[Roles], flags: Sequence[NDArray[np.uint8]]) -> Roles:
    """One part in place of several, without the rows that are gone."""
    kept = [np.flatnonzero(flag).astype(np.int64) for flag in flags]
    stored: dict[str, Any] = {}
    for name in ("names", "answers", "places", "pay", "organization", "occupation"):
        stored[name] = np.concatenate([getattr(part, name)[rows] for part, rows in zip(parts, kept, strict=True)])
    stored["flags"] = np.concatenate([flag[rows] for flag, rows in zip(flags, kept, strict=True)])
    lengths = [np.diff(part.need_at) for part in parts]
    stored["need_at"] = starts(np.concatenate([length[rows] for length, rows in zip(lengths, kept, strict=True)]))
    keep = [np.repeat(flag > 0, length) for flag, length in zip(flags, lengths, strict=True)]
    for name in ("skill", "level", "weight", "must"):
        stored[name] = np.concatenate([getattr(part, name)[k] for part, k in zip(parts, keep, strict=True)])
    return Roles.made(**stored)


def _answers(roles: Sequence[RoleFacts], words: Lexicon) -> Floats:
    found, shifts = np.zeros((len(roles), 8)), np.zeros(len(roles), dtype=np.uint64)
    for row, role in enumerate(roles):
        found[row, :SHIFTS] = logistics.role_row(role)
        shifts[row] = words.bits(role.schedules, new=True)
    found[:, SHIFTS] = shifts.view(np.float64)
    return found


def _numbers(names: Any, number: Any) -> NDArray[np.int32]:
    return np.array([-1 if name is None else number(name) for name in names], dtype=np.int32)


def _name(names: Sequence[str], number: int) -> str | None:
    return None if number < 0 else names[number]
