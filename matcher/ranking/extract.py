"""Finds skills in a résumé or a job ad, in English and Spanish: where, must or nice, how well, how shown.

It keeps places of skills and nothing else: no name, school, date or address leaves it, and nothing here ranks people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from matcher.ranking import extract_deeds, extract_names, extract_spanish
from matcher.ranking.extract_cues import Cues, Evidence, evidence
from matcher.ranking.extract_features import lower
from matcher.ranking.extract_model import Label, Model, load
from matcher.ranking.extract_names import Names, words_of, written_as_name
from matcher.ranking.extract_sections import Section, of_sentences
from matcher.ranking.extract_text import Language, Sentence, language, sentences

__all__ = ["Found", "find", "language", "warm"]

Kind = Literal["resume", "posting"]
Piece = tuple[int, int, Label, float]
_LISTED, _KNOWN, _DEED = 0.5, 0.8, 0.6  # confidence in an item of a list of skills, a known name, a deed in a résumé
_ITEM = 5  # words of the longest item of such a list
_SURE, _PHRASE = 0.5, 3  # confidence from which one word is a skill; words of a skill in which names are looked for too
_LISTS = frozenset(("skills", "certificates", "languages"))
_ASKED = frozenset(("requirements", "nice"))  # where an ad asks; under other headings names are found too often
_TOLD = frozenset(("", "summary", "experience", "projects", "volunteer", "duties"))  # where a résumé tells of deeds
_AND = frozenset(("and", "or", "and/or"))
_EDGES = frozenset((*". * - – — • & / ( : ? ! … ' | ” “ \x95 ) such in for of to with a an the and or using including "
                    "e.g. i.e. as like".split(),))
_LEVELS = frozenset("basic basics beginner intermediate advanced proficient fluent native expert good strong".split())
_FIRMS = frozenset("college university school institute academy inc llc ltd corp gmbh co company".split())
_HALVES = re.compile("[\ud800-\udfff]")  # halves of letters, which the taggers cannot be handed
_PLACEHOLDER = "<"


@dataclass(frozen=True, slots=True)
class Found:
    """One skill in a text: `text` is `whole[span[0]:span[1]]`.

    `kind` tells knowledge (a tool, field or language) from skill (what a person can do). `must`: True must, False
    nice, None not said. `level`: 1 to 4 or None. `evidence`: how a résumé shows it; None for a job ad.
    `confidence` is 0 to 1.
    """

    span: tuple[int, int]
    text: str
    kind: Label
    must: bool | None
    level: int | None
    evidence: Evidence | None
    confidence: float


def find(text: str, *, kind: Kind = "posting", language: Language | None = None) -> list[Found]:
    """The skills in a text, by place. Reads the first 200,000 characters; a skill may lie inside a longer one.

    `language` is guessed where it is not given. Raises `extract_model.ModelRefused` if the shipped model was changed.
    """
    spoken = language or _guess(text)
    read = sentences(_HALVES.sub("\ufffd", text))
    places = of_sentences(read)
    names = extract_names.load()
    tagged = tag(read, places, load()) if spoken == "en" else [[] for _ in read]
    found: list[Found] = []
    for sentence, (section, headed), pieces in zip(read, places, tagged, strict=True):
        if spoken == "es":
            pieces = extract_spanish.pieces(sentence, section, headed, names)
        elif kind == "resume":
            pieces = _resume(sentence, section, headed, pieces, names)
        elif section in _ASKED:
            pieces += _known(sentence, section, headed, pieces, names)
        if kind == "resume" and section in _TOLD:
            pieces = [*pieces, *_deeds(sentence, headed)]
        found += _told(text, sentence, section, sorted(set(pieces)), kind)
    return found


def warm() -> None:
    """Load what is otherwise loaded at the first text."""
    load()
    extract_names.load()
    extract_deeds.load()


def _guess(text: str) -> Language:
    return language(text)


def tag(read: Sequence[Sentence], places: Sequence[tuple[Section, int]], model: Model) -> list[list[Piece]]:
    """What the taggers find in each sentence of a text, with clean edges; lists are cut at commas and at `and`."""
    return [list(_clean(sentence, spans)) for sentence, spans in zip(read, model.spans(read, places), strict=True)]


def _clean(sentence: Sentence, spans: Sequence[Piece]) -> Iterator[Piece]:
    words = [token.text for token in sentence.tokens]
    for first, after, label, sureness in spans:
        for start, end in _parted(words, first, after, sentence.breaks) if label == "knowledge" else [(first, after)]:
            start, end = trim(words, start, end)
            if start < end and not _LEVELS.issuperset(word.lower() for word in words[start:end]):
                yield start, end, label, sureness


def _parted(words: Sequence[str], first: int, after: int, breaks: frozenset[int]) -> list[tuple[int, int]]:
    """A span cut at its commas and at `and`, where something stands on both sides."""
    found, start = [], first
    for at in range(first + 1, after):
        if at in breaks or (at < after - 1 and words[at].lower() in _AND):
            found.append((start, at))
            start = at
    return [*found, (start, after)]


def trim(words: Sequence[str], first: int, after: int) -> tuple[int, int]:
    """A span without signs and small words at its edges; empty where it holds no letter or digit."""
    while first < after and words[first].lower() in _EDGES:
        first += 1
    while first < after and words[after - 1].lower() in _EDGES:
        if words[after - 1] == ")" and "(" in words[first:after]:
            break
        after -= 1
    if any(words[at].startswith(_PLACEHOLDER) for at in range(first, after)) and after - first == 1:
        return first, first
    says = any(letter.isalnum() for at in range(first, after) for letter in words[at])
    return (first, after) if says else (first, first)


def _resume(sentence: Sentence, section: Section, headed: int, pieces: Sequence[Piece], names: Names) -> list[Piece]:
    """The pieces of a résumé's sentence: those the taggers are right to find there, known names, items of a list.

    The taggers were taught on ads: of what people did they take single verbs, and items of a list for one phrase.
    """
    named = list(_known(sentence, section, headed, (), names))
    kept = [piece for piece in (_items(sentence, pieces) if section in _LISTS else pieces)
            if not _somebody(sentence, section, piece) and not _part(piece, named) and not _lone(piece)]
    own = {piece[:2] for piece in kept}
    closed = _covered([piece for piece in kept if piece[2] == "knowledge" or piece[1] - piece[0] < _PHRASE])
    kept += [name for name in named if name[:2] not in own and closed.isdisjoint(range(name[0], name[1]))]
    return [*kept, *_listed(sentence, section, headed, kept)]


def _deeds(sentence: Sentence, headed: int) -> Iterator[Piece]:
    """What the sentence tells that somebody did, where that shows a skill."""
    for first, after, _ in extract_deeds.load().inside(words_of(sentence), sentence.breaks):
        if first >= headed:
            yield first, after, "skill", _DEED


def _items(sentence: Sentence, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces of a list, cut at its commas."""
    words = [token.text for token in sentence.tokens]
    for first, after, label, sureness in pieces:
        for start, end in pairwise((first, *sorted(at for at in sentence.breaks if first < at < after), after)):
            start, end = trim(words, start, end)
            if start < end:
                yield start, end, label, sureness


def _lone(piece: Piece) -> bool:
    """Whether it is one word taken for what a person can do, without being sure: `Reset` says nothing."""
    return piece[2] == "skill" and piece[1] - piece[0] == 1 and piece[3] < _SURE


def _somebody(sentence: Sentence, section: Section, piece: Piece) -> bool:
    """Whether the place is one for names: the first line, a line with an address, a school's or a firm's name.

    The taggers were taught on texts in which names had been taken out, so they do not know them.
    """
    words = [token.text.lower() for token in sentence.tokens]
    line = sentence.line == 0 or section == "contact" or any("@" in word[1:] or "://" in word for word in words)
    return line or not _FIRMS.isdisjoint(words[piece[0] : piece[1]])


def _known(sentence: Sentence, section: Section, headed: int, taken: Sequence[Piece], names: Names) -> Iterator[Piece]:
    """Names of the taxonomy that the taggers missed, where they are written as names are or stand in a list."""
    words = [token.text for token in sentence.tokens]
    lows = [lower(word) for word in words]
    covered = _covered(taken)
    for first, after, _ in names.inside(lows):
        if first < headed or covered.intersection(range(first, after)):
            continue
        alone = first in (headed, 0) and (after == len(words) or after in sentence.breaks)
        begins = headed if alone or section in _LISTS else headed + 1
        capital = any(words[at][0].isupper() for at in range(max(first, begins), after))
        everyday = after - first == 1 and lows[first] in names.everyday
        if capital or written_as_name(words[first]) or (section in _LISTS and not everyday):
            yield first, after, "knowledge", _KNOWN


def _part(piece: Piece, named: Sequence[Piece]) -> bool:
    """Whether a piece is a part of a longer known name, such as `customer` of `customer service`."""
    return any(first <= piece[0] and piece[1] <= after and after - first > piece[1] - piece[0]
               for first, after, *_ in named)


def _covered(taken: Sequence[Piece]) -> set[int]:
    return {at for first, after, _, _ in taken for at in range(first, after)}


def _listed(sentence: Sentence, section: Section, headed: int, taken: Sequence[Piece]) -> Iterator[Piece]:
    """What is left of the items of a list of skills, parted at its commas and bullets."""
    if section not in _LISTS:
        return
    words = [token.text for token in sentence.tokens]
    covered = _covered(taken)
    marks = [headed, *sorted(at for at in sentence.breaks if at > headed), len(words)]
    for first, after in pairwise(marks):
        first, after = trim(words, first, after)
        said = {word.lower() for word in words[first:after]}
        if 0 < after - first <= _ITEM and not said <= _LEVELS and not covered.intersection(range(first, after)):
            yield first, after, "skill", _LISTED


def _told(text: str, sentence: Sentence, section: Section, pieces: Sequence[Piece], kind: Kind) -> Iterator[Found]:
    """The pieces with what the sentence says of them."""
    if not pieces:
        return
    start = sentence.start
    whole = text[start : sentence.end]
    cues = Cues.of(whole)
    words = sentence.tokens
    places = [(words[first].start - start, words[after - 1].end - start) for first, after, _, _ in pieces]
    shown = evidence(section, whole) if kind == "resume" else None
    for (low, high), (_, _, label, sureness) in zip(places, pieces, strict=True):
        others = [place for place in places if place[1] <= low or place[0] >= high]
        must = cues.must(low, high, section) if kind == "posting" else None
        level = cues.level(low, high, others)
        yield Found((start + low, start + high), whole[low:high], label, must, level, shown, sureness)
