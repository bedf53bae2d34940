"""What people tell that they did -> the skill it shows: `handled cash` is cash handling, in English and Spanish."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from matcher.ranking.extract_model import MODELS
from matcher.ranking.extract_names import words_of
from matcher.ranking.extract_text import sentences

_REACH = 6  # words from what was done to what it was done to
_ENDING = 5  # letters that a Spanish word may have after the beginning that stands in the list
# In English only the endings of verbs and of plain nouns count: neither a server nor a service serves anybody.
_VERB = re.compile(r"(?:e|es|s|ed|d|ing|y|ies|ied|ying|[bdglmnprt](?:ed|ing))?")
_NOUN = re.compile(r"(?:s|es|y|ies)?")
_BOTH = ("and", "or", "y", "e", "o")


class Deed(NamedTuple):
    """Words `first` up to `after` tell of something done that shows a skill."""

    first: int
    after: int
    skill: str


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the list."""

    skill: str
    english: bool
    doing: tuple[str, ...]
    what: tuple[tuple[str, ...], ...]  # none: no object is needed

    def does(self, word: str) -> bool:
        """Whether the word is one of those for doing it."""
        return any(_is(word, stem, _VERB if self.english else None) for stem in self.doing)

    def met(self, words: Sequence[str], at: int) -> int:
        """Where the thing it is done to ends that begins at a word, or 0."""
        endings = _NOUN if self.english else None
        ends = [at + len(what) for what in self.what if at + len(what) <= len(words)
                and all(_is(words[at + place], stem, endings) for place, stem in enumerate(what))]
        return max(ends, default=0)


@dataclass(frozen=True, slots=True)
class Deeds:
    """The list, by the first three letters of what is done."""

    rows: dict[str, tuple[_Row, ...]]

    def inside(self, words: Sequence[str], breaks: Collection[int] = ()) -> list[Deed]:
        """Deeds among words in the form of `extract_names.key`, in order, each skill once.

        `breaks` are places before which a comma or a bar stands: what is listed after one still belongs to the deed,
        but not what follows another deed.
        """
        found: dict[str, Deed] = {}
        for first, word in enumerate(words):
            for row in self.rows.get(word[:3], ()):
                if row.skill not in found and row.does(word):
                    after = self._reached(words, first, row, breaks)
                    if after:
                        found[row.skill] = Deed(first, after, row.skill)
        return sorted(found.values())

    def _reached(self, words: Sequence[str], first: int, row: _Row, breaks: Collection[int]) -> int:
        """Where the deed ends, or 0 if what it was done to is not there."""
        if not row.what:
            return first + 1
        if words[first + 1 : first + 2] and words[first + 1] in _BOTH:
            return 0
        for at in range(first + 1, min(first + 1 + _REACH, len(words))):
            if self._begins(words, at, breaks):
                return 0
            end = row.met(words, at)
            if end:
                return row.met(words, end) or end
        return 0

    def _begins(self, words: Sequence[str], at: int, breaks: Collection[int]) -> bool:
        """Whether another deed begins here: `took orders and handled cash`, `packed, loaded trucks`."""
        joined = at in breaks or words[at - 1] in _BOTH
        alone = at + 1 == len(words) or words[at + 1] in _BOTH  # `packed and shipped boxes` is one deed of two words
        known = any(row.does(words[at]) for row in self.rows.get(words[at][:3], ()))
        return joined and not alone and (known or words[at].endswith("ed"))


@lru_cache(maxsize=2)
def load(models: Path = MODELS) -> Deeds:
    """The list that ships, read once per process."""
    rows: dict[str, list[_Row]] = {}
    for row in _read(models / "deeds.tsv"):
        for start in {stem.rstrip(".")[:3] for stem in row.doing}:
            rows.setdefault(start, []).append(row)
    return Deeds({start: tuple(held) for start, held in rows.items()})


def _read(path: Path) -> Iterator[_Row]:
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            skill, language, doing, what = line.split("\t")
            objects = tuple(tuple(one.split("_")) for one in what.split() if one != "*")
            yield _Row(skill, language == "en", tuple(doing.split()), objects)


def of_text(text: str) -> list[tuple[str, str]]:
    """(words, id of the skill that they show) of what a phrase or a few sentences tell."""
    found = []
    for sentence in sentences(text):
        for deed in load().inside(words_of(sentence), sentence.breaks):
            found.append((text[sentence.tokens[deed.first].start : sentence.tokens[deed.after - 1].end], deed.skill))
    return found


def _is(word: str, stem: str, endings: re.Pattern[str] | None) -> bool:
    """Whether a word is one that the list means: a stem with a dot is the whole word."""
    if stem[-1] == ".":
        return word == stem[:-1]
    if not word.startswith(stem):
        return False
    rest = word[len(stem) :]
    return len(rest) <= _ENDING if endings is None else endings.fullmatch(rest) is not None
