"""Skills that a longer phrase names or tells of, where the phrase as a whole names none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from matcher.ranking import extract_deeds, extract_names
from matcher.skills.matching import Names, Suggestion

CONFIDENCE = 0.8  # in a name inside a phrase, and in a skill that a deed shows
_LONGEST = 5  # words of the longest name that is looked for
_WORD = re.compile(r"[^\s,;()]+")
_TECHNOLOGY = "tech:"


def inside(tables: Sequence[Names], text: str) -> list[Suggestion]:
    """The skills, each once: first those named, in order, then those that what is told shows (`handled cash`).

    `matched` is the part of the text that speaks of the skill.
    """
    found: dict[str, Suggestion] = {}
    for hit in (*_named(tables, _WORD.findall(text)), *_told(tables, text)):
        found.setdefault(hit.id, hit)
    return list(found.values())


def _named(tables: Sequence[Names], words: Sequence[str]) -> Iterator[Suggestion]:
    """Longest names from left to right; words joined by a stroke are looked at one by one where they name nothing."""
    mixed = any(word.islower() and len(word) > len("with") for word in words)  # else all words may have capitals
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST, len(words) - at), 0, -1):
            part = " ".join(words[at : at + size]).strip(".:-–—")
            hit = next((hits[0] for table in tables if (hits := table.exact(part))), None)
            if hit is not None and (size > 1 or _speaks(hit, part, named=at > 0 and mixed)):
                yield Suggestion(hit.id, hit.label, part, "parts", CONFIDENCE)
                break
        else:
            size = 1
            if "/" in words[at].strip("/"):
                yield from _named(tables, words[at].strip("/").split("/"))
        at += size


def _speaks(hit: Suggestion, word: str, *, named: bool) -> bool:
    """Whether a single word is surely meant as the name: `windows` in a phrase may be those of a house.

    `named` says that a capital at this place tells a name.
    """
    if (word[0].isupper() and named) or extract_names.written_as_name(word):
        return True
    return not hit.id.startswith(_TECHNOLOGY) and word.lower() not in extract_names.load().everyday


def _told(tables: Sequence[Names], text: str) -> Iterator[Suggestion]:
    """What the text tells that somebody does or did."""
    for told, skill in extract_deeds.of_text(text):
        label = next((label for table in tables if (label := table.label(skill))), None)
        if label:
            yield Suggestion(skill, label, told, "parts", CONFIDENCE)
