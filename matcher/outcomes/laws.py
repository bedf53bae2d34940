"""Rules of law as dated data: what each asks for, from when, and where First Rung keeps or shows it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from matcher.outcomes.laws_words import CAUTION, DUTIES, NAMES, PLACES

FILE = Path(__file__).resolve().parents[2] / "seeds" / "laws.toml"
KINDS = ("audit", "notice", "statement", "correction", "human_review", "record")
_NUMBERS = ("kept_months", "within_days", "ahead_days", "every_days")


class LawError(ValueError):
    """The file of laws has to be corrected first; the message names the law and the key."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing a law asks for. `words` and `where` are marked strings for display."""

    kind: str
    words: str
    where: tuple[str, ...]
    kept_months: int | None = None
    within_days: int | None = None
    ahead_days: int | None = None
    every_days: int | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """A rule with the day it starts (and ends, if it does); `caution` says that this is not legal advice."""

    id: str
    name: str
    place: str
    cite: str
    starts_on: date
    ends_on: date | None
    checked_on: date
    duties: tuple[Duty, ...]
    caution: str = CAUTION

    def in_force(self, day: date) -> bool:
        """Whether the rule holds on a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def laws(path: Path = FILE) -> tuple[Law, ...]:
    """Every rule, by the day it starts; LawError for a file that says something else."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise LawError(f"{path.name}: {problem}") from None
    checked = _need("", values, "checked_on", date)
    found = tuple(sorted((_law(one, checked) for one in _need("", values, "law", list)), key=lambda law: law.starts_on))
    if len({law.id for law in found}) != len(found):
        raise LawError(f"{path.name}: a law is given twice")
    return found


def kept_months(path: Path = FILE) -> int:
    """How many months records are kept at least: the longest time that any of the laws asks for."""
    return max((duty.kept_months or 0 for law in laws(path) for duty in law.duties), default=0)


def _law(values: Mapping[str, Any], checked: date) -> Law:
    name = _need("", values, "id", str)
    _only(name, values, {"id", "place", "cite", "from", "until", "duty"})
    return Law(
        id=name, name=_word(name, NAMES, name), place=_need(name, values, "place", str),
        cite=_need(name, values, "cite", str), starts_on=_need(name, values, "from", date),
        ends_on=_need(name, values, "until", date) if "until" in values else None, checked_on=checked,
        duties=tuple(_duty(name, one) for one in _need(name, values, "duty", list)),
    )


def _duty(law: str, values: Mapping[str, Any]) -> Duty:
    _only(law, values, {"kind", "words", "where", *_NUMBERS})
    kind = _need(law, values, "kind", str)
    if kind not in KINDS:
        raise LawError(f"{law}, kind: {kind!r} is none of {', '.join(KINDS)}")
    numbers = {name: _need(law, values, name, int) for name in _NUMBERS if name in values}
    return Duty(kind, _word(law, DUTIES, _need(law, values, "words", str)),
                tuple(_word(law, PLACES, place) for place in _need(law, values, "where", list)), **numbers)


def _need(law: str, values: Mapping[str, Any], key: str, kind: type) -> Any:
    if not isinstance(values, Mapping) or not isinstance(values.get(key), kind):
        raise LawError(f"{law or 'laws'}, {key}: is missing or not a {kind.__name__}")
    return values[key]


def _only(law: str, values: Mapping[str, Any], known: set[str]) -> None:
    if unknown := sorted(values.keys() - known):
        raise LawError(f"{law}, {unknown[0]}: is not a key that is used here")


def _word(law: str, words: Mapping[str, str], code: str) -> str:
    if code not in words:
        raise LawError(f"{law}: {code!r} has no words")
    return words[code]
