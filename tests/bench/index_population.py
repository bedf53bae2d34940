"""Any number of made-up people as arrays, and roles: 18 Zipf skills of 3,000 each, with declared wishes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.ranking import logistics
from matcher.ranking.facts import Requirement, RoleFacts
from matcher.ranking.index_people import RANKED, SHIFTS, STORED, People, starts
from matcher.ranking.index_words import Lexicon

__all__ = ["STORED", "common", "lexicon", "people", "roles"]

SKILLS, HELD, WANTED = 3_000, 18, 9
SCHEDULES = ("day", "evening", "night", "weekend")
OCCUPATIONS = tuple(f"{major}-{minor:02d}11.00" for major in range(11, 54, 2) for minor in range(10, 30))
EMPLOYERS = 200
CENTER, SPREAD = (43.07, -89.40), 0.5  # degrees: a metropolitan area and its surroundings
_CHUNK = 20_000


def common(skills: int = SKILLS) -> NDArray[np.float64]:
    """Cumulative chance of each skill, the n-th n times rarer than the first."""
    weights = 1.0 / np.arange(1, skills + 1)
    found: NDArray[np.float64] = np.cumsum(weights / weights.sum())
    return found


def lexicon(skills: int = SKILLS) -> Lexicon:
    """The names all people and roles are made of."""
    words = Lexicon()
    for group, names in ((words.skills, (f"s{number}" for number in range(skills))), (words.schedules, SCHEDULES),
                         (words.organizations, (f"o{number}" for number in range(EMPLOYERS))),
                         (words.occupations, OCCUPATIONS)):
        for name in names:
            group.number(name)
    return words


def people(count: int, seed: int, words: Lexicon) -> People:
    """So many people, compiled."""
    random = np.random.default_rng(seed)
    skills, lengths = zip(*(_held(random, min(_CHUNK, count - start)) for start in range(0, count, _CHUNK)),
                          strict=True)
    skill, length = np.concatenate(skills), np.concatenate(lengths)
    size = len(skill)
    places = np.array(CENTER) + random.normal(scale=SPREAD, size=(count, 2))
    program, excluded = random.random(count) < 0.3, random.random(count) < 0.01
    return People.made(
        names=np.char.mod("c%07d", np.arange(count)).astype("S8"), flags=np.full(count, RANKED, dtype=np.uint8),
        answers=_answers(random, places), places=places, skill_at=starts(length), skill=skill,
        level=random.integers(1, 5, size, dtype=np.uint8), tier=random.integers(0, 6, size, dtype=np.uint8),
        proved=random.integers(0, 60, size, dtype=np.int32), used=random.integers(-1, 60, size, dtype=np.int32),
        excluded_at=starts(excluded), excluded=_some(random, excluded, EMPLOYERS),
        program_at=starts(program), program=_some(random, program, len(OCCUPATIONS)), skills=len(words.skills),
    )


def roles(count: int, seed: int) -> list[RoleFacts]:
    """So many roles that ask for 9 skills and say where, when and for how much."""
    random, chance = np.random.default_rng(seed + 1), common()
    found = []
    for number in range(count):
        skills: dict[int, None] = {}
        while len(skills) < WANTED:
            skills[int(np.searchsorted(chance, random.random()))] = None
        wanted = tuple(Requirement(f"s{skill}", int(random.integers(1, 4)), spot < 4, int(random.integers(1, 4)))
                       for spot, skill in enumerate(skills))
        place = (CENTER[0] + float(random.normal(scale=SPREAD / 2)), CENTER[1] + float(random.normal(scale=SPREAD / 2)))
        found.append(RoleFacts(
            f"r{number}", f"o{random.integers(EMPLOYERS)}", OCCUPATIONS[random.integers(len(OCCUPATIONS))], wanted,
            place=place, remote=("onsite", "onsite", "hybrid", "remote")[random.integers(4)],
            schedules=frozenset({SCHEDULES[random.integers(4)]}),
            pay_max_cents=int(random.integers(3_500_000, 6_000_000)), starts_on=740_300,
        ))
    return found


def _held(random: np.random.Generator, count: int) -> tuple[Any, Any]:
    """Distinct skills of each of `count` people, first drawn first kept; and how many each has."""
    drawn = np.searchsorted(common(), random.random((count, 3 * HELD))).astype(np.int32)
    order = np.argsort(drawn, axis=1, kind="stable")
    ordered = np.take_along_axis(drawn, order, axis=1)
    fresh = np.ones_like(drawn, dtype=np.bool_)
    fresh[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    first = np.zeros_like(fresh)
    np.put_along_axis(first, order, fresh, axis=1)
    kept = first & (np.cumsum(first, axis=1) <= HELD)
    return drawn[kept], kept.sum(axis=1)


def _answers(random: np.random.Generator, places: NDArray[np.float64]) -> NDArray[np.float64]:
    count = len(places)
    found = np.full((count, 8), np.nan)
    latitude, longitude = np.radians(places).T
    found[:, 0], found[:, 1] = np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude)
    found[:, 2] = np.sin(latitude)
    found[:, 3] = _said(random, random.integers(10, 90, count), 0.6)
    found[:, 4] = random.integers(0, 8, count)  # any of yes, hybrid and no as bits, 0: not said
    found[:, 5] = _said(random, random.integers(2_500_000, 5_500_000, count), 0.7)
    found[:, 6] = _said(random, random.integers(740_200, 740_400, count), 0.5)
    found[:, SHIFTS] = random.integers(0, 2 ** len(SCHEDULES), count).astype(np.uint64).view(np.float64)
    return found


def _said(random: np.random.Generator, values: Any, share: float) -> Any:
    return np.where(random.random(len(values)) < share, values, logistics.UNKNOWN)


def _some(random: np.random.Generator, which: Any, most: int) -> NDArray[np.int32]:
    found: NDArray[np.int32] = random.integers(0, most, int(which.sum()), dtype=np.int32)
    return found
