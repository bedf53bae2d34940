"""What a person and a role said about place, remote work, schedule, pay and start, as arrays compared pair by pair.

Every operation is one elementwise step in a fixed order and no step uses a vectorised sine or logarithm, so a pair
gets the same bits alone, in a list of any order, and in a compiled pool.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.facts import CandidateFacts, Place, RoleFacts

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

EARTH_KM = 6371.0088
NEAR_KM, FAR_KM = 10.0, 80.0  # under NEAR a commute is a commute; from FAR on nobody goes daily
UNKNOWN = math.nan
_MODE = {None: 0.0, "remote": 1.0, "hybrid": 2.0, "onsite": 3.0}
_WISH = ("yes", "hybrid", "no")  # the wish that accepts mode 1, 2, 3
SHARED_DIGITS = ((7, 1.0), (6, 0.75), (5, 0.5))  # same detailed, broad, minor SOC group

PERSON_FIELDS = ("x", "y", "z", "max_km", "yes", "hybrid", "no", "floor", "available")
ROLE_FIELDS = ("x", "y", "z", "mode", "pay", "pay_open", "starts")
_PERSON = {name: row for row, name in enumerate(PERSON_FIELDS)}
_ROLE = {name: row for row, name in enumerate(ROLE_FIELDS)}


def person_row(facts: CandidateFacts) -> tuple[float, ...]:
    """A person's answers in the order of PERSON_FIELDS, NaN where nothing was said."""
    wishes = [float(wish in facts.remote) for wish in _WISH] if facts.remote else [UNKNOWN] * 3
    return (*_on_sphere(facts.place), _or_nan(facts.max_km), *wishes, _or_nan(facts.pay_floor_cents),
            _or_nan(facts.available_on))  # fmt: skip


def role_row(facts: RoleFacts) -> tuple[float, ...]:
    """A role's answers in the order of ROLE_FIELDS, NaN where nothing was said; `pay_open`: only a minimum is known."""
    pay = facts.pay_min_cents if facts.pay_max_cents is None else facts.pay_max_cents
    is_open = float(facts.pay_max_cents is None)
    return (*_on_sphere(facts.place), _MODE[facts.remote], _or_nan(pay), is_open, _or_nan(facts.starts_on))


@dataclass(frozen=True, slots=True)
class Logistics:
    """Per pair: `preference` and `closeness` 0-1, and where a declared wish rules the pair out (each shape (n,))."""

    preference: Floats
    closeness: Floats
    refusals: dict[str, Flags]


def compare(people: Floats, roles: Floats, schedule: Floats) -> Logistics:
    """Logistics of n pairs.

    `people` is (9, n) or (9, 1) as person_row, `roles` (7, n) or (7, 1) as role_row, `schedule` (n,) as schedule_fit.
    A part is 1 where both spoke and agree, 0 where they disagree, and one half where either said nothing: silence is
    neither a yes nor a no. Closeness is 0 where a place is missing.
    """
    km = distance_km(people[:3], roles[:3])
    remote, pay, start = _remote_fit(people, roles), _pay_fit(people, roles), _start_fit(people, roles)
    away = roles[_ROLE["mode"]] == _MODE["remote"]
    near = 1.0 - np.clip((km - NEAR_KM) / (FAR_KM - NEAR_KM), 0.0, 1.0)
    closeness = np.where(away, 1.0, np.where(np.isnan(near), 0.0, near))
    refusals = {
        "too_far": (km > people[_PERSON["max_km"]]) & ~away,
        "remote_mismatch": remote == 0.0,
        "schedule_mismatch": schedule == 0.0,
        "pay_below_floor": pay == 0.0,
        "starts_too_early": start == 0.0,
    }
    return Logistics((((remote + schedule) + pay) + start) / 4.0, closeness, refusals)


def distance_km(here: Floats, there: Floats) -> Floats:
    """Great-circle distance from unit vectors (3, n): the chord with two terms of the arcsine series, NaN if unknown.

    Within a metre up to 500 km, and always growing with the true distance.
    """
    dx, dy, dz = here[0] - there[0], here[1] - there[1], here[2] - there[2]
    square = (dx * dx + dy * dy) + dz * dz
    kilometres: Floats = (EARTH_KM * np.sqrt(square)) * (1.0 + square * (1.0 / 24.0 + square * (3.0 / 640.0)))
    return kilometres


def schedule_fit(person: frozenset[str], role: frozenset[str]) -> float:
    """1 where a schedule is shared, 0 where none is, one half where either said nothing."""
    if not person or not role:
        return 0.5
    return 0.0 if person.isdisjoint(role) else 1.0


def program_fit(programs: frozenset[str], occupation: str | None) -> float:
    """How near the closest completed program's target occupation is: same detailed, broad or minor SOC group."""
    if occupation is None:
        return 0.0
    for digits, value in SHARED_DIGITS:
        if any(code[:digits] == occupation[:digits] for code in programs):
            return value
    return 0.0


def stack(rows: Sequence[tuple[float, ...]], width: int) -> Floats:
    """Rows of one side as a (width, n) array, contiguous by field."""
    return np.array(rows, dtype=np.float64).reshape(len(rows), width).T.copy()


def _remote_fit(people: Floats, roles: Floats) -> Floats:
    mode = roles[_ROLE["mode"]]
    wish = np.where(mode == 1.0, people[_PERSON["yes"]], np.where(mode == 2.0, people[5], people[6]))
    return np.where((mode == 0.0) | np.isnan(wish), 0.5, wish)


def _pay_fit(people: Floats, roles: Floats) -> Floats:
    floor, pay = people[_PERSON["floor"]], roles[_ROLE["pay"]]
    # A role that says only "from" may still pay more: that is not a refusal.
    below = np.where(roles[_ROLE["pay_open"]] == 1.0, 0.5, 0.0)
    return np.where(np.isnan(floor) | np.isnan(pay), 0.5, np.where(pay >= floor, 1.0, below))


def _start_fit(people: Floats, roles: Floats) -> Floats:
    ready, starts = people[_PERSON["available"]], roles[_ROLE["starts"]]
    return np.where(np.isnan(ready) | np.isnan(starts), 0.5, np.where(ready <= starts, 1.0, 0.0))


def _on_sphere(place: Place | None) -> tuple[float, float, float]:
    if place is None:
        return UNKNOWN, UNKNOWN, UNKNOWN
    latitude, longitude = math.radians(place[0]), math.radians(place[1])
    across = math.cos(latitude)
    return across * math.cos(longitude), across * math.sin(longitude), math.sin(latitude)


def _or_nan(value: float | None) -> float:
    return UNKNOWN if value is None else float(value)
