"""Roles and candidates as people write them in a file, to facts: dollars, dates and free-text skills made plain."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from matcher.ranking import features
from matcher.ranking.facts import CandidateFacts, FactError, HeldSkill, Requirement, RoleFacts, Tier
from matcher.ranking.files import BadInput

Row = tuple[int, dict[str, Any]]
Normalizer = Callable[[str], str]
Facts = TypeVar("Facts", RoleFacts, CandidateFacts)

HOURS_A_YEAR = 2080  # 52 weeks of 40 hours, as the wage statistics count
_MAX_DOLLARS = 1e9
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_SHARED = {"id", "place", "remote", "schedules"}
ROLE_KEYS = _SHARED | {"title", "requirements", "pay", "starts", "organization", "occupation"}
CANDIDATE_KEYS = _SHARED | {"skills", "max_km", "pay_floor", "available", "excluded", "programs"}
REQUIREMENT_KEYS = {"skill", "level", "must", "weight"}
SKILL_KEYS = {"skill", "level", "evidence", "evidence_date", "last_used"}


def fold(text: str) -> str:
    """A skill's name as an id: case and spaces do not count."""
    return " ".join(text.casefold().split())


def roles(path: Path, rows: Sequence[Row], normal: Normalizer) -> list[RoleFacts]:
    """Facts of every role; BadInput names file, line and key."""
    return _each(path, rows, lambda row: _role(row, normal))


def candidates(path: Path, rows: Sequence[Row], normal: Normalizer, day: date) -> list[CandidateFacts]:
    """Facts of every person as of a day; BadInput names file, line and key."""
    return _each(path, rows, lambda row: _candidate(row, normal, day))


def latest_day(rows: Sequence[Row]) -> date:
    """The latest day any skill was used or shown: the day a file speaks of when none is given."""
    found = [date(2000, 1, 1)]
    for _, row in rows:
        for item in row["skills"] if isinstance(row.get("skills"), list) else []:
            for key in ("last_used", "evidence_date"):
                try:
                    found.append(_day(key, item[key]))
                except (FactError, KeyError, TypeError):
                    continue  # said with its line when the row is read
    return max(found)


def _each(path: Path, rows: Sequence[Row], read: Callable[[dict[str, Any]], Facts]) -> list[Facts]:
    found: dict[str, Facts] = {}
    for line, row in rows:
        try:
            facts = read(row)
            _one_word("id", facts.id)
        except FactError as error:
            raise BadInput(path, line, error.key, error.problem) from None
        if facts.id in found:
            raise BadInput(path, line, "id", f"{facts.id!r} is given twice")
        found[facts.id] = facts
    return list(found.values())


def _role(row: Mapping[str, Any], normal: Normalizer) -> RoleFacts:
    _keys(row, ROLE_KEYS, {"id", "title", "requirements"})
    _text("title", row["title"])
    wanted: dict[str, Requirement] = {}
    for item in _list("requirements", row["requirements"]):
        one = _requirement(item, normal)
        had = wanted.get(one.skill, one)
        both = max(one.level, had.level), one.must or had.must, max(one.weight, had.weight)
        wanted[one.skill] = Requirement(one.skill, *both)
    low, high = _pay_range(row.get("pay"))
    remote: Any = row.get("remote")
    return RoleFacts(
        id=row["id"],
        organization=row.get("organization"),
        occupation=row.get("occupation"),
        requirements=tuple(wanted.values()),
        place=_place(row.get("place")),
        remote=("remote" if remote else "onsite") if isinstance(remote, bool) else remote,
        schedules=_names("schedules", row.get("schedules")),
        pay_min_cents=low,
        pay_max_cents=high,
        starts_on=_ordinal("starts", row.get("starts")),
    )


def _requirement(item: Any, normal: Normalizer) -> Requirement:
    _keys(item, REQUIREMENT_KEYS, REQUIREMENT_KEYS, "requirements")
    return Requirement(normal(_text("skill", item["skill"])), item["level"], item["must"], item["weight"])


def _candidate(row: Mapping[str, Any], normal: Normalizer, day: date) -> CandidateFacts:
    _keys(row, CANDIDATE_KEYS, {"id", "skills"})
    held: dict[str, HeldSkill] = {}
    for item in _list("skills", row["skills"]):
        one = _held(item, normal, day)
        held[one.skill] = _both(held[one.skill], one) if one.skill in held else one
    remote = row.get("remote")
    return CandidateFacts(
        id=row["id"],
        skills=tuple(held.values()),
        place=_place(row.get("place")),
        max_km=row.get("max_km"),
        remote=frozenset({"yes" if remote else "no"}) if isinstance(remote, bool) else _names("remote", remote),
        schedules=_names("schedules", row.get("schedules")),
        pay_floor_cents=_pay_range(row.get("pay_floor"), "pay_floor")[0],
        available_on=_ordinal("available", row.get("available")),
        excluded=_names("excluded", row.get("excluded")),
        programs=_names("programs", row.get("programs")),
    )


def _held(item: Any, normal: Normalizer, day: date) -> HeldSkill:
    _keys(item, SKILL_KEYS, {"skill", "level", "evidence"}, "skills")
    ages = [_months(key, item.get(key), day) for key in ("evidence_date", "last_used")]
    return HeldSkill(normal(_text("skill", item["skill"])), item["level"], Tier.named(item["evidence"]), *ages)


def _both(one: HeldSkill, other: HeldSkill) -> HeldSkill:
    """The same skill said twice, in other words perhaps: the best of both."""
    tier, age = features.best_evidence([(one.tier, one.evidence_months), (other.tier, other.evidence_months)])
    used = [months for months in (one.used_months, other.used_months) if months is not None]
    level = max(one.level, other.level)
    return replace(one, level=level, tier=tier, evidence_months=age, used_months=min(used, default=None))


def _keys(row: Any, known: set[str], needed: set[str], inside: str = "") -> None:
    if not isinstance(row, dict):
        raise FactError(inside, f"{row!r} is not an object")
    if unknown := sorted(row.keys() - known):
        raise FactError(unknown[0], f"is not a key that is used here (known: {', '.join(sorted(known))})")
    if lacking := sorted(needed - row.keys()):
        raise FactError(lacking[0], "is missing")


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise FactError(key, f"{value!r} is not text")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise FactError(key, "holds half of a character")
    return value


def _one_word(key: str, value: str) -> None:
    if len(_text(key, value).split()) != 1 or value != value.strip():
        raise FactError(key, f"{value!r} holds spaces, which a run file cannot")


def _list(key: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise FactError(key, f"{value!r} is not a list")
    return value


def _names(key: str, value: Any) -> frozenset[str]:
    if value is None:
        return frozenset()
    return frozenset(_text(key, item) for item in ([value] if isinstance(value, str) else _list(key, value)))


def _place(value: Any) -> tuple[float, float] | None:
    """Latitude and longitude as a pair or an object; a place given only by name says nothing about distance."""
    if value is None or isinstance(value, str):
        return None
    if isinstance(value, dict):
        _keys(value, {"lat", "lon"}, {"lat", "lon"}, "place")
        value = [value["lat"], value["lon"]]
    if not isinstance(value, list) or len(value) != 2:
        raise FactError("place", f"{value!r} is not a latitude and a longitude")
    return value[0], value[1]


def _pay_range(value: Any, key: str = "pay") -> tuple[int | None, int | None]:
    """Cents a year, from dollars: a number (a year), or an object with min, max and period (hour or year)."""
    if value is None:
        return None, None
    if not isinstance(value, dict):
        value = {"min": value, "max": value}
    _keys(value, {"min", "max", "period"}, set(), key)
    period = value.get("period", "year")
    if period not in ("hour", "year"):
        raise FactError("period", f"{period!r} is not hour or year")
    times = HOURS_A_YEAR if period == "hour" else 1
    return _cents(key, value.get("min"), times), _cents(key, value.get("max"), times)


def _cents(key: str, value: Any, times: int) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= _MAX_DOLLARS:
        raise FactError(key, f"{value!r} is not an amount in dollars")
    return round(value * 100 * times)


def _day(key: str, value: Any) -> date:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        raise FactError(key, f"{value!r} is not a date such as 2026-05-31")
    try:
        return date.fromisoformat(text + "0000-01-01"[len(text) :])
    except ValueError:
        raise FactError(key, f"{value!r} is not a day in the calendar") from None


def _ordinal(key: str, value: Any) -> int | None:
    return None if value is None else _day(key, value).toordinal()


def _months(key: str, value: Any, day: date) -> int | None:
    """Whole months from a date to the day the list is for."""
    if value is None:
        return None
    then = _day(key, value)
    if then > day:
        raise FactError(key, f"{value!r} is after {day}")
    return (day.year - then.year) * 12 + day.month - then.month - (day.day < then.day)
