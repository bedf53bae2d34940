"""Facts to plain values and back: sorted, exact, and refusing any key that is not a fact."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, fields
from functools import cache, lru_cache
from typing import Any

from matcher.ranking.facts import CandidateFacts, FactError, HeldSkill, Requirement, RoleFacts, Tier

Facts = CandidateFacts | RoleFacts


def canonical(value: Any) -> str:
    """JSON in one spelling: keys sorted, no spaces, floats so that they read back to the same bits; no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def facts_to_dict(facts: Facts) -> dict[str, Any]:
    """Facts as JSON values; sets are sorted, a tier is its stored name."""
    found = {key: _plain(value) for key, value in asdict(facts).items()}
    for item in found.get("skills", ()):
        item["tier"] = Tier(item["tier"]).label
    return found


def candidate_from_dict(values: Mapping[str, Any]) -> CandidateFacts:
    """Facts of a person from facts_to_dict; FactError names an unknown key or a bad value."""
    return CandidateFacts(**_read(values, CandidateFacts, {"skills": _held}))


def role_from_dict(values: Mapping[str, Any]) -> RoleFacts:
    """Facts of a role from facts_to_dict; FactError names an unknown key or a bad value."""
    return RoleFacts(**_read(values, RoleFacts, {"requirements": _wanted}))


def _wanted(values: Mapping[str, Any]) -> Requirement:
    return Requirement(**_read(values, Requirement, {}))


def _held(values: Mapping[str, Any]) -> HeldSkill:
    try:
        # With the kinds of the values: True is not the level 1, though they are equal.
        return _held_once(*((key, value, value.__class__) for key, value in values.items()))
    except (TypeError, AttributeError):  # a value that is no plain one, or no object at all: said in full below
        return _held_read(values)


@lru_cache(maxsize=20_000)
def _held_once(*items: tuple[str, Any, type]) -> HeldSkill:
    """The same skill held alike by many people, or by ten thousand twins, is read and checked once."""
    return _held_read({key: value for key, value, _ in items})


def _held_read(values: Mapping[str, Any]) -> HeldSkill:
    found = _read(values, HeldSkill, {})
    return HeldSkill(**{**found, "tier": Tier.named(found.get("tier", Tier.CLAIM.label))})


def _read(values: Any, kind: type, lists: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    if not isinstance(values, Mapping):
        raise FactError(kind.__name__, f"{values!r} is not an object")
    known, needed = _names(kind)
    for key in values:
        if key not in known:
            raise FactError(str(key), "is not a fact that a ranker may know")
    found = dict(values)
    for key, read in lists.items():
        if not isinstance(found.get(key, []), list | tuple):
            raise FactError(key, f"{found[key]!r} is not a list")
        found[key] = tuple(read(item) for item in found.get(key, ()))
    if isinstance(found.get("place"), list):
        found["place"] = tuple(found["place"])
    for name in needed:
        if name not in found:
            raise FactError(name, "is missing")
    return found


@cache
def _names(kind: type) -> tuple[frozenset[str], tuple[str, ...]]:
    """The names of all facts of a kind, and of those without a default."""
    every = fields(kind)
    return frozenset(item.name for item in every), tuple(item.name for item in every if item.default is MISSING)


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
