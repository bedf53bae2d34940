"""People as arrays: one unchanging part of the index, made from facts, read from files, or made from other parts."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matcher.ranking import features, logistics
from matcher.ranking.facts import CandidateFacts, HeldSkill, Tier
from matcher.ranking.index_jit import compiled
from matcher.ranking.index_words import Lexicon, encoded
from matcher.ranking.logistics import EARTH_KM, Floats
from matcher.ranking.ranker import candidate_needs

Singles = NDArray[np.float32]
EVERY = np.uint32(2**32 - 1)  # all schedules

SHIFT = 12
BLOCK = 1 << SHIFT  # places whose sums lie in the fastest memory of a core at once
#: One person's declared answers in one cache line: place on the sphere, distance, wish code, pay floor, start, shifts.
X, Y, Z, MAX_KM, WISH, FLOOR, READY, SHIFTS = range(8)
SILENT, VAGUE, RANKED = 0, 1, 2  # a row's flag: gone, too little said, can be ranked

LOW = features.strength(Tier.CLAIM, None)
MONTHS = 600  # older than this is as old as this
NEVER = MONTHS + 1
STEPS = 127
STRENGTH = np.array([[features.strength(tier, month) for month in (*range(NEVER), None)] for tier in Tier])
FRESH = np.array([features.freshness(month) for month in (*range(NEVER), None)])
STRENGTH_CODE = np.rint((STRENGTH - LOW) / (1.0 - LOW) * STEPS).astype(np.uint16)  # as postings hold them
FRESH_CODE = np.rint(FRESH * STEPS).astype(np.uint16)


@dataclass(frozen=True)
class People:
    """n people. A field named `…_at` (n + 1) says where each person's items begin in the fields after it."""

    names: NDArray[np.bytes_]
    flags: NDArray[np.uint8]
    answers: Floats  # (n, 8), the last column is the bits of SHIFTS
    places: Floats  # (n, 2) latitude and longitude, NaN where not said
    skill_at: NDArray[np.int64]
    skill: NDArray[np.int32]
    level: NDArray[np.uint8]
    tier: NDArray[np.uint8]
    proved: NDArray[np.int32]  # months, -1 where not said
    used: NDArray[np.int32]
    excluded_at: NDArray[np.int64]
    excluded: NDArray[np.int32]
    program_at: NDArray[np.int64]
    program: NDArray[np.int32]
    # what is worked out from the above
    by_name: NDArray[np.int64]
    placed: NDArray[np.int32]  # row in each place; who accepts the same ways of work and schedules stands together
    hinted: NDArray[np.uint8]  # (blocks of places) all bits of `hints` in each
    post_at: NDArray[np.int64]  # (skills x blocks + 1)
    post: NDArray[np.uint32]  # level - 1 (2 bits), strength (7), freshness (7), place inside the block (16)
    refused_by: NDArray[np.int32]  # organizations, in order, and the row that excluded each
    refused_row: NDArray[np.int64]
    trained_for: NDArray[np.int32]  # occupations, in order, and the place of who has a program that leads there
    trained_row: NDArray[np.int64]
    # the answers once more, small, for a first look that is sure of nearly everyone
    here: Singles  # (3, n) place on the sphere
    reach: Singles  # square of the chord to the farthest place, infinite where nothing rules a place out
    floor: Singles
    ready: Singles
    ways: NDArray[np.uint8]  # ways of work accepted, as bits; all where nothing was said
    shifts: NDArray[np.uint32]  # schedules, all bits where nothing was said

    def __len__(self) -> int:
        return len(self.names)

    @property
    def blocks(self) -> int:
        """Number of blocks of rows."""
        return max(1, -(-len(self.names) // BLOCK))

    @classmethod
    def from_facts(cls, people: Sequence[CandidateFacts], words: Lexicon) -> Self:
        """Compile facts; names the lexicon does not know are added to it."""
        held = [item for person in people for item in person.skills]
        return cls.made(
            names=encoded(person.id for person in people),
            flags=np.array([VAGUE if candidate_needs(person) else RANKED for person in people], dtype=np.uint8),
            answers=_answers(people, words),
            places=np.array([person.place or (np.nan, np.nan) for person in people]).reshape(-1, 2),
            skill_at=starts([len(person.skills) for person in people]),
            skill=np.array([words.skills.number(item.skill) for item in held], dtype=np.int32),
            level=np.array([item.level for item in held], dtype=np.uint8),
            tier=np.array([int(item.tier) for item in held], dtype=np.uint8),
            proved=_months([item.evidence_months for item in held]),
            used=_months([item.used_months for item in held]),
            excluded_at=starts([len(person.excluded) for person in people]),
            excluded=_numbers([sorted(person.excluded) for person in people], words.organizations.number),
            program_at=starts([len(person.programs) for person in people]),
            program=_numbers([sorted(person.programs) for person in people], words.occupations.number),
            skills=len(words.skills),
        )

    @classmethod
    def made(cls, *, skills: int, **stored: Any) -> Self:
        """From the stored fields alone; `skills` is how many skills are numbered."""
        small = _small(stored["answers"])
        hints = _hints(small["ways"], small["shifts"])
        placed = np.argsort(hints, kind="stable").astype(np.int32)
        place = np.empty_like(placed)
        place[placed] = np.arange(len(placed), dtype=np.int32)
        at, post = _postings(placed, stored["skill_at"], stored["skill"], _packed(stored), skills)
        refused_by, refused_row = _inverted(stored["excluded_at"], stored["excluded"], np.arange(len(placed)))
        trained_for, trained_row = _inverted(stored["program_at"], stored["program"], place)
        return cls(
            **stored, by_name=np.argsort(stored["names"], kind="stable").astype(np.int64), placed=placed,
            hinted=_together(hints[placed]),
            post_at=at, post=post, refused_by=refused_by, refused_row=refused_row, trained_for=trained_for,
            trained_row=trained_row, **small,
        )  # fmt: skip

    def row(self, name: str) -> int:
        """The row of an id, -1 when it is not here."""
        return row_of(name, self.names, self.by_name)

    def find(self, names: Sequence[str]) -> NDArray[np.int64]:
        """The rows (n) of ids, -1 for each that is not here."""
        return rows_of(names, self.names, self.by_name)

    def facts(self, row: int, words: Lexicon) -> CandidateFacts:
        """The facts of one row, equal to those it was made from."""
        x = self.answers[row]
        has_place = not np.isnan(self.places[row, 0])
        return CandidateFacts(
            id=self.names[row].decode(),
            skills=tuple(self._held(item, words) for item in range(self.skill_at[row], self.skill_at[row + 1])),
            place=(float(self.places[row, 0]), float(self.places[row, 1])) if has_place else None,
            max_km=None if np.isnan(x[MAX_KM]) else float(x[MAX_KM]),
            remote=frozenset(wish for bit, wish in enumerate(("yes", "hybrid", "no")) if int(x[WISH]) >> bit & 1),
            schedules=words.schedules_of(int(x[SHIFTS:].view(np.uint64)[0])),
            pay_floor_cents=None if np.isnan(x[FLOOR]) else int(x[FLOOR]),
            available_on=None if np.isnan(x[READY]) else int(x[READY]),
            excluded=frozenset(words.organizations.names[n] for n in _part(self.excluded, self.excluded_at, row)),
            programs=frozenset(words.occupations.names[n] for n in _part(self.program, self.program_at, row)),
        )

    def _held(self, item: int, words: Lexicon) -> HeldSkill:
        proved, used = int(self.proved[item]), int(self.used[item])
        return HeldSkill(words.skills.names[self.skill[item]], int(self.level[item]), Tier(int(self.tier[item])),
                         None if proved < 0 else proved, None if used < 0 else used)  # fmt: skip

    def table(self, rows: NDArray[np.int64]) -> Floats:
        """The rows' answers as `logistics.compare` takes them: (9, rows) in the order of PERSON_FIELDS."""
        found = self.answers[rows].T
        wish = found[WISH].astype(np.int64)
        said = [np.where(wish > 0, (wish >> bit & 1).astype(np.float64), np.nan) for bit in range(3)]
        return np.stack((*found[:4], *said, found[FLOOR], found[READY]))

    def hints(self) -> NDArray[np.uint8]:
        """A byte for each row that can be ranked: bits 0-2 the ways of work it accepts, 3-7 the first five schedules.

        Whoever is silent, or names a later schedule, accepts all; 0 where the row cannot be ranked.
        """
        return np.where(self.flags == RANKED, _hints(self.ways, self.shifts), 0).astype(np.uint8)

    def bits(self, rows: NDArray[np.int64]) -> NDArray[np.uint64]:
        """The rows' schedules as bits."""
        return np.ascontiguousarray(self.answers[rows, SHIFTS]).view(np.uint64)


STORED = tuple(item.name for item in fields(People))[:14]


def joined(parts: Sequence[People], flags: Sequence[NDArray[np.uint8]], skills: int) -> People:
    """One part in place of several, without the rows that are gone; `flags` (n) of each part as they stand now."""
    kept = [np.flatnonzero(flag).astype(np.int64) for flag in flags]
    stored: dict[str, Any] = {}
    for name in ("names", "answers", "places"):
        stored[name] = np.concatenate([getattr(part, name)[rows] for part, rows in zip(parts, kept, strict=True)])
    stored["flags"] = np.concatenate([flag[rows] for flag, rows in zip(flags, kept, strict=True)])
    for at, names in (("skill_at", ("skill", "level", "tier", "proved", "used")), ("excluded_at", ("excluded",)),
                      ("program_at", ("program",))):  # fmt: skip
        lengths = [np.diff(getattr(part, at))[rows] for part, rows in zip(parts, kept, strict=True)]
        stored[at] = starts(np.concatenate(lengths))
        keep = [np.repeat(flag > 0, np.diff(getattr(part, at))) for part, flag in zip(parts, flags, strict=True)]
        for name in names:
            stored[name] = np.concatenate([getattr(part, name)[k] for part, k in zip(parts, keep, strict=True)])
    return People.made(skills=skills, **stored)


def row_of(name: str, names: NDArray[np.bytes_], by_name: NDArray[np.int64]) -> int:
    """Where an id stands among `names`, -1 when it does not; `by_name` puts them in order."""
    wanted = np.bytes_(name.encode())
    if len(wanted) > names.dtype.itemsize:
        return -1
    spot = int(np.searchsorted(names, wanted, sorter=by_name))
    found = int(by_name[spot]) if spot < len(names) else -1
    return found if found >= 0 and names[found] == wanted else -1


def rows_of(wanted: Sequence[str], names: NDArray[np.bytes_], by_name: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where ids (n) stand among `names`, -1 for each that does not; see `row_of`."""
    if not len(names):
        return np.full(len(wanted), -1, dtype=np.int64)
    keys, wide = encoded(wanted), names.dtype.itemsize
    spots = np.searchsorted(names, keys.astype(names.dtype), sorter=by_name)
    found = by_name[np.minimum(spots, len(names) - 1)]
    fits = np.array([len(name) <= wide for name in keys.tolist()], dtype=np.bool_)
    rows: NDArray[np.int64] = np.where(fits & (names[found] == keys), found, -1)
    return rows


def starts(lengths: Any) -> NDArray[np.int64]:
    """Where each of several pieces begins when they are laid end to end, and where the last one ends."""
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(np.asarray(lengths, dtype=np.int64))))


def _answers(people: Sequence[CandidateFacts], words: Lexicon) -> Floats:
    found = np.zeros((len(people), 8))
    shifts = np.zeros(len(people), dtype=np.uint64)
    for row, person in enumerate(people):
        x, y, z, max_km, yes, hybrid, no, floor, ready = logistics.person_row(person)
        wish = yes + 2.0 * hybrid + 4.0 * no if person.remote else 0.0
        found[row, :SHIFTS] = (x, y, z, max_km, wish, floor, ready)
        shifts[row] = words.bits(person.schedules, new=True)
    found[:, SHIFTS] = shifts.view(np.float64)
    return found


def _months(values: Sequence[int | None]) -> NDArray[np.int32]:
    most = np.iinfo(np.int32).max
    return np.array([-1 if value is None else min(value, most) for value in values], dtype=np.int32)


def _numbers(sets: Sequence[Sequence[str]], number: Any) -> NDArray[np.int32]:
    return np.array([number(name) for names in sets for name in names], dtype=np.int32)


def _part(values: NDArray[np.int32], at: NDArray[np.int64], row: int) -> list[int]:
    found: list[int] = values[at[row] : at[row + 1]].tolist()
    return found


def month_index(months: NDArray[np.int32]) -> NDArray[np.int64]:
    """Where a number of months stands in STRENGTH and FRESH; -1 is "not said"."""
    return np.where(months < 0, NEVER, np.minimum(months, MONTHS)).astype(np.int64)


def _packed(stored: dict[str, Any]) -> NDArray[np.uint16]:
    strength = STRENGTH_CODE[stored["tier"], month_index(stored["proved"])]
    fresh = FRESH_CODE[month_index(stored["used"])]
    level = stored["level"].astype(np.uint16) - np.uint16(1)
    packed: NDArray[np.uint16] = (level << np.uint16(14)) | (strength << np.uint16(7)) | fresh
    return packed


def _small(answers: Floats) -> dict[str, Any]:
    """The small copies of the answers. NaN answers compare as false, so they rule nothing out."""
    wish, shifts = answers[:, WISH].astype(np.uint8), np.ascontiguousarray(answers[:, SHIFTS]).view(np.uint64)
    limit = np.where(np.isnan(answers[:, MAX_KM]) | np.isnan(answers[:, X]), np.inf, chord_square(answers[:, MAX_KM]))
    return {
        "here": np.ascontiguousarray(answers[:, :3].T.astype(np.float32)), "reach": limit.astype(np.float32),
        "floor": answers[:, FLOOR].astype(np.float32), "ready": answers[:, READY].astype(np.float32),
        "ways": np.where(wish == 0, 7, wish).astype(np.uint8),
        "shifts": np.where((shifts == 0) | (shifts >= EVERY), EVERY, shifts).astype(np.uint32),
    }


def chord_square(km: Floats) -> Floats:
    """Square of the chord between places so far apart, the inverse of `logistics.distance_km` to a few metres."""
    angle = np.minimum(km / EARTH_KM, np.pi)
    near = 2.0 * np.sin(angle / 2.0)
    for _ in range(2):  # Newton's steps on chord x (1 + chord^2/24 + 3 chord^4/640) = angle
        series = near * (1.0 + near**2 * (1.0 / 24.0 + near**2 * (3.0 / 640.0)))
        near = near - (series - km / EARTH_KM) / (1.0 + near**2 / 8.0 + near**4 * 3.0 / 128.0)
    found: Floats = near**2
    return found


def _hints(ways: NDArray[np.uint8], shifts: NDArray[np.uint32]) -> NDArray[np.uint8]:
    known = np.where(shifts >= 32, 31, shifts).astype(np.uint8)
    found: NDArray[np.uint8] = ways | (known << np.uint8(3))
    return found


def _together(hints: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """All bits of each block."""
    if not len(hints):
        return np.zeros(1, dtype=np.uint8)
    found: NDArray[np.uint8] = np.bitwise_or.reduceat(hints, np.arange(0, len(hints), BLOCK))
    return found


def _inverted(
    at: NDArray[np.int64], values: NDArray[np.int32], numbers: NDArray[Any]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Values in order, and the number of the row each came from; numbers of one value in order."""
    rows = np.repeat(numbers.astype(np.int64), np.diff(at))
    order = np.lexsort((rows, values))
    return values[order], rows[order]


def _postings(
    placed: NDArray[np.int32], skill_at: NDArray[np.int64], skill: NDArray[np.int32], value: NDArray[np.uint16],
    skills: int,
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:  # fmt: skip
    blocks = max(1, -(-len(placed) // BLOCK))
    at, post = np.zeros(skills * blocks + 1, dtype=np.int64), np.zeros(len(skill), dtype=np.uint32)
    _sort_in(placed, skill_at, skill, value, blocks, at, post)
    return at, post


@compiled
def _sort_in(placed, skill_at, skill, value, blocks, at, post):  # type: ignore[no-untyped-def]
    """Counting sort of (place, skill, value) by skill and block, places in order inside."""
    for place in range(len(placed)):
        for item in range(skill_at[placed[place]], skill_at[placed[place] + 1]):
            at[skill[item] * blocks + (place >> SHIFT) + 1] += 1
    for spot in range(1, len(at)):
        at[spot] += at[spot - 1]
    free = at[:-1].copy()
    for place in range(len(placed)):
        for item in range(skill_at[placed[place]], skill_at[placed[place] + 1]):
            spot = skill[item] * blocks + (place >> SHIFT)
            post[free[spot]] = np.uint32(value[item]) << np.uint32(16) | np.uint32(place & (BLOCK - 1))
            free[spot] += 1
