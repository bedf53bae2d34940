"""The whitelist of what the ranker may know about a person and a role; anything not named here cannot be used."""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal, Self, TypeVar

Place = tuple[float, float]
RemoteMode = Literal["onsite", "hybrid", "remote"]

LEVELS = (1, 4)
WEIGHTS = (1, 3)
REMOTE_WISHES = frozenset({"yes", "hybrid", "no"})
REMOTE_MODES = frozenset({"onsite", "hybrid", "remote"})
_SOC = re.compile(r"\d\d-\d{4}(\.\d\d)?")


class FactError(ValueError):
    """A fact that cannot be true; `key` names the field, so that a reader can find it."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key = key
        self.problem = problem


class Tier(IntEnum):
    """How well a skill is shown, weakest first."""

    CLAIM = 0
    EXPERIENCE = 1
    ARTIFACT = 2
    CREDENTIAL = 3
    ENDORSEMENT = 4
    EMPLOYER_CONFIRMED = 5

    @property
    def label(self) -> str:
        """The stored name, such as `employer_confirmed`."""
        return self.name.lower()

    @classmethod
    def named(cls, label: str) -> Self:
        """The tier with this stored name; FactError when there is none."""
        try:
            return cls[label.upper()]
        except (KeyError, AttributeError):
            names = ", ".join(tier.label for tier in cls)
            raise FactError("evidence", f"{label!r} is not one of {names}") from None


TIERS = (int(min(Tier)), int(max(Tier)))


@dataclass(frozen=True, slots=True)
class HeldSkill:
    """A skill a person has: level 1-4, its best evidence, and the age in whole months of the evidence and of last use.

    `used_months` is what the person says of the skill itself (work, class, home or project all count), never the
    end of a job: an employment gap must not show here.
    """

    skill: str
    level: int
    tier: Tier = Tier.CLAIM
    evidence_months: int | None = None
    used_months: int | None = None

    def __post_init__(self) -> None:
        _text("skill", self.skill)
        _whole("level", self.level, *LEVELS)
        object.__setattr__(self, "tier", _tier(self.tier))
        _whole("evidence_months", self.evidence_months, 0, optional=True)
        _whole("used_months", self.used_months, 0, optional=True)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A skill a role asks for: level 1-4, must or nice, weight 1-3."""

    skill: str
    level: int
    must: bool = False
    weight: int = 1

    def __post_init__(self) -> None:
        _text("skill", self.skill)
        _whole("level", self.level, *LEVELS)
        _whole("weight", self.weight, *WEIGHTS)
        if not isinstance(self.must, bool):
            raise FactError("must", f"{self.must!r} is not true or false")


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """All the ranker may know of a person. Pay is cents a year; `available_on` is a date's ordinal.

    An empty set or None means "not said". `programs` are the O*NET-SOC codes completed programs train for.
    `id` orders nothing: it is only a name to hand back.
    """

    id: str
    skills: tuple[HeldSkill, ...] = ()
    place: Place | None = None
    max_km: float | None = None
    remote: frozenset[str] = frozenset()
    schedules: frozenset[str] = frozenset()
    pay_floor_cents: int | None = None
    available_on: int | None = None
    excluded: frozenset[str] = frozenset()
    programs: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        _text("id", self.id)
        object.__setattr__(self, "skills", _by_skill("skills", self.skills, HeldSkill))
        _place(self.place)
        _number("max_km", self.max_km)
        for key in ("remote", "schedules", "excluded", "programs"):
            object.__setattr__(self, key, _texts(key, getattr(self, key)))
        if stray := self.remote - REMOTE_WISHES:
            raise FactError("remote", f"{min(stray)!r} is not one of yes, hybrid, no")
        for code in self.programs:
            _soc("programs", code)
        _whole("pay_floor_cents", self.pay_floor_cents, 0, optional=True)
        _whole("available_on", self.available_on, 1, optional=True)


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """All the ranker may know of a role. Pay is cents a year; `starts_on` is a date's ordinal; None: "not said"."""

    id: str
    organization: str | None = None
    occupation: str | None = None
    requirements: tuple[Requirement, ...] = ()
    place: Place | None = None
    remote: RemoteMode | None = None
    schedules: frozenset[str] = frozenset()
    pay_min_cents: int | None = None
    pay_max_cents: int | None = None
    starts_on: int | None = None

    def __post_init__(self) -> None:
        _text("id", self.id)
        if self.organization is not None:
            _text("organization", self.organization)
        if self.occupation is not None:
            _soc("occupation", self.occupation)
        object.__setattr__(self, "requirements", _by_skill("requirements", self.requirements, Requirement))
        _place(self.place)
        if self.remote is not None and not (isinstance(self.remote, str) and self.remote in REMOTE_MODES):
            raise FactError("remote", f"{self.remote!r} is not one of onsite, hybrid, remote")
        object.__setattr__(self, "schedules", _texts("schedules", self.schedules))
        _whole("pay_min_cents", self.pay_min_cents, 0, optional=True)
        _whole("pay_max_cents", self.pay_max_cents, 0, optional=True)
        low, high = self.pay_min_cents, self.pay_max_cents
        if low is not None and high is not None and low > high:
            raise FactError("pay_min_cents", f"{low} is above pay_max_cents {high}")
        _whole("starts_on", self.starts_on, 1, optional=True)


def _text(key: str, value: Any) -> None:
    if not isinstance(value, str) or not value.strip():
        raise FactError(key, f"{value!r} is not a name")


def _texts(key: str, values: Any) -> frozenset[str]:
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise FactError(key, f"{values!r} is not a set of names")
    values = tuple(values)
    for value in values:
        _text(key, value)
    return frozenset(values)


def _whole(key: str, value: Any, low: int, high: int | None = None, *, optional: bool = False) -> None:
    if value is None and optional:
        return
    if not isinstance(value, int) or isinstance(value, bool):
        raise FactError(key, f"{value!r} is not a whole number")
    if value < low or (high is not None and value > high) or value >= 2**53:
        wanted = f"{low} to {high}" if high is not None else f"{low} or more"
        raise FactError(key, f"{value} is not {wanted}")


def _tier(value: Any) -> Tier:
    if type(value) is Tier:
        return value
    _whole("tier", value, *TIERS)
    return Tier(value)


def _number(key: str, value: Any, low: float = 0.0, high: float = 1e6) -> None:
    if value is None:
        return
    if not isinstance(value, int | float) or isinstance(value, bool) or value != value:
        raise FactError(key, f"{value!r} is not a number")
    if not low <= value <= high:
        raise FactError(key, f"{value} is not between {low:g} and {high:g}")


def _place(value: Any) -> None:
    if value is None:
        return
    if not isinstance(value, tuple) or len(value) != 2 or None in value:
        raise FactError("place", f"{value!r} is not a (latitude, longitude) pair")
    _number("place", value[0], -90, 90)
    _number("place", value[1], -180, 180)


def _soc(key: str, value: Any) -> None:
    if not isinstance(value, str) or not _SOC.fullmatch(value):
        raise FactError(key, f"{value!r} is not an O*NET-SOC code such as 15-1252.00")


_Skilled = TypeVar("_Skilled", HeldSkill, Requirement)


def _by_skill(key: str, values: Any, kind: type[_Skilled]) -> tuple[_Skilled, ...]:
    """The skills in one fixed order, so that the order they were typed in can never matter."""
    found: dict[str, _Skilled] = {}
    for value in values:
        if not isinstance(value, kind):
            raise FactError(key, f"{value!r} is not a {kind.__name__}")
        if value.skill in found:
            raise FactError(key, f"the skill {value.skill!r} is given twice")
        found[value.skill] = value
    return tuple(found[skill] for skill in sorted(found))
