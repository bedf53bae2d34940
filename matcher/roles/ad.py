"""Reads a job ad as guesses: title, pay, hours, place and the words that may name skills; pure (English, Spanish).

Each guess carries the words it was read from, so that a person can check it at a glance.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from matcher.roles import ad_pay
from matcher.roles import ad_words as words

if TYPE_CHECKING:
    from matcher.ranking.extract import Found

MOST_SUMMARY = 1500
MOST_PHRASES = 80
_BULLET = re.compile(r"^\s*[•·●▪◦‣∙*»►✓✔\uf0b7–—-]\s+")
_HEAD = re.compile(r"^[A-ZÁÉÍÓÚÑ¿][^.!]{2,60}:?$")


def read(text: str, found: Iterable[Found]) -> dict[str, Any]:
    """What an ad seems to say, ready for JSON: `facts` by field, `quotes` by field, and `phrases` to be linked."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    guesses: dict[str, tuple[Any, str]] = {"title": _title(lines)}
    guesses |= ad_pay.read(text)
    guesses["employment_type"] = _first(words.KINDS, text) or ("full_time", "")
    guesses["workplace"] = _first(words.PLACES, text) or ("onsite", "")
    guesses["schedules"] = _all(words.SCHEDULES, text)
    guesses["degree"] = _degree(text)
    guesses["place_label"] = _place(lines, text)
    guesses["positions"] = _seats(text)
    guesses["progression"] = _named(words.NEXT, "next", text)
    guesses["summary"] = _summary(lines), ""
    return {
        "facts": {name: value for name, (value, _) in guesses.items()},
        "quotes": {name: quote[:160] for name, (_, quote) in guesses.items() if quote},
        "phrases": [*(_phrase(one, text, guesses["title"][1]) for one in found), *_duties(lines)][:MOST_PHRASES],
    }


def _title(lines: Sequence[str]) -> tuple[str, str]:
    """A labelled title, else a short first line without the words around it, else what is being looked for."""
    for line in lines[:12]:
        if labelled := words.LABEL.match(line):
            return _trimmed(labelled["title"]), line
    first = lines[0] if lines else ""
    bare = 2 < len(first) <= 80 and not first.endswith((".", "!", "?")) and len(first.split()) <= 9
    if bare and not words.HIRING.search(first):
        return _trimmed(first), first
    for line in lines[:12]:
        if hiring := words.HIRING.search(line):
            return _trimmed(hiring["title"]), line
    return "", ""


def _trimmed(title: str) -> str:
    """A title without pay, hours, place or an exclamation around it."""
    title = re.split(r"\s[|–—-]\s|\(|\$|,\s|\s+(?:to join|who|para|que)\s", title)[0]
    title = words.AROUND.sub("", title.strip()).strip(" .:!-–•")
    return (title[:1].upper() + title[1:])[:160]


def _first(table: words.Table, text: str) -> tuple[str, str] | None:
    for value, pattern in table:
        if found := pattern.search(text):
            return value, _line(text, found)
    return None


def _all(table: words.Table, text: str) -> tuple[list[str], str]:
    hits = [(value, found) for value, pattern in table if (found := pattern.search(text))]
    return [value for value, _ in hits], _line(text, hits[0][1]) if hits else ""


def _line(text: str, found: re.Match[str]) -> str:
    """The line that a match stands in, cut around it when it is long."""
    start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
    line = text[start : end if end >= 0 else len(text)]
    at = max(0, found.start() - start - 60)
    return _BULLET.sub("", line[at : at + 150]).strip()


def _degree(text: str) -> tuple[str, str]:
    """What the ad asks for; a degree beside another way in, or as a wish, is no condition."""
    if none := words.NO_DEGREE.search(text):
        return "none", _line(text, none)
    found = words.DEGREE.search(text)
    if found is None:
        return "none", ""
    line = _line(text, found)
    return ("or_equivalent" if words.OTHER_WAY.search(line) else "required"), line


def _place(lines: Sequence[str], text: str) -> tuple[str, str]:
    for line in lines:
        if labelled := words.PLACE.match(line):
            return labelled["place"].strip(" .")[:160], line
    return _named(words.TOWN, "place", text)


def _named(pattern: re.Pattern[str], group: str, text: str) -> tuple[str, str]:
    found = pattern.search(text)
    return (found[group].strip(" .:"), _line(text, found)) if found else ("", "")


def _seats(text: str) -> tuple[int, str]:
    found = words.SEATS.search(text)
    if not found:
        return 1, ""
    said = found["count"].lower()
    return max(1, words.NUMBERS.get(said) or int(said)), _line(text, found)


def _summary(lines: Sequence[str]) -> str:
    """What is done: the part with the duties, else the sentences at the beginning."""
    for number, line in enumerate(lines):
        if words.DUTIES.match(_plain(line)):
            return _until_heading(lines[number + 1 :])
    prose = [line for line in lines if len(line) > 60 and not _BULLET.match(line)]
    return "\n".join(prose[:3])[:MOST_SUMMARY]


def _duties(lines: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Each bullet under a heading of duties: it names no skill as a whole, but may tell of one."""
    duties = False
    for line in lines:
        if _BULLET.match(line):
            if duties:
                said = _BULLET.sub("", line)[:200]
                yield {"text": said, "level": 2, "must": False, "listed": False, "where": said, "whole": False}
        elif _heads(line):
            duties = bool(words.DUTIES.match(_plain(line)))


def _heads(line: str) -> bool:
    """Whether a line looks like a heading."""
    return not _BULLET.match(line) and bool(_HEAD.match(line)) and len(line.split()) <= 7


def _until_heading(lines: Sequence[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if kept and _heads(line):
            break
        kept.append(_BULLET.sub("", line))
    return "\n".join(kept)[:MOST_SUMMARY]


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    return re.sub(r"[^a-z0-9']+", " ", "".join(c for c in letters if not unicodedata.combining(c))).strip()


def _phrase(one: Found, text: str, title: str) -> dict[str, Any]:
    """What was found, with its line; of the title's words only known names count, nobody is asked about them."""
    start, end = one.span
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line = text[first : last if last >= 0 else len(text)].strip()
    return {"text": one.text[:120], "level": one.level or 2, "must": bool(one.must), "listed": False,
            "where": _BULLET.sub("", line)[:200], "whole": line != title}
