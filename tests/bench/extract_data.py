"""Real postings with marked spans as the tagger and the bench read them: words, gold spans, tokens of ours."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matcher.ranking.extract import Piece, tag
from matcher.ranking.extract_model import Model
from matcher.ranking.extract_sections import Section, of_sentences
from matcher.ranking.extract_text import Sentence, sentences

KINDS = ("knowledge", "skill")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Posting:
    """One posting: its lines as one text, where each word stands, and which words each kind's spans cover."""

    key: str
    source: str
    text: str
    places: tuple[tuple[int, int, int], ...]  # line, start, end
    spans: dict[str, list[Span]]  # by kind: first word, after last word

    def words_of(self, start: int, end: int) -> Span:
        """The words (first, after last) that text[start:end] touches."""
        first = bisect_right(self.places, start, key=lambda place: place[2])
        return first, bisect_left(self.places, end, key=lambda place: place[1])


def postings(path: Path) -> list[Posting]:
    """The postings of a file of sentences, one object per line; a posting is all lines of one source and number."""
    grouped: dict[str, list[dict]] = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        grouped.setdefault(f"{row['source']} {row['idx']}", []).append(row)
    return [_posting(key, rows) for key, rows in grouped.items()]


def _posting(key: str, rows: Sequence[dict]) -> Posting:
    text, places = "", []
    spans: dict[str, list[Span]] = {kind: [] for kind in KINDS}
    for number, row in enumerate(rows):
        first = len(places)
        for word in row["tokens"]:
            places.append((number, len(text), len(text) + len(word)))
            text += word + " "
        text = text[:-1] + "\n"
        for kind in KINDS:
            spans[kind] += [(first + a, first + b) for a, b in spans_of(row[f"tags_{kind}"])]
    return Posting(key, rows[0]["source"], text, tuple(places), spans)


def spans_of(tags: Iterable[str]) -> list[Span]:
    """Spans of B, I, O tags; an I after an O opens a span too."""
    found: list[list[int]] = []
    before = "O"
    for at, letter in enumerate(tags):
        if letter == "B" or (letter == "I" and before == "O"):
            found.append([at, at + 1])
        elif letter == "I":
            found[-1][1] = at + 1
        before = letter
    return [(a, b) for a, b in found]


def read(posting: Posting) -> list[tuple[Sentence, Section, int, list[int]]]:
    """Our sentences of a posting: words, section, heading words, and for each word the gold word it lies in."""
    found = sentences(posting.text)
    starts = [start for _, start, _ in posting.places]
    return [(sentence, section, headed, [bisect_right(starts, token.start) - 1 for token in sentence.tokens])
            for sentence, (section, headed) in zip(found, of_sentences(found), strict=True)]


def tags(gold: Sequence[Span], places: Sequence[int]) -> list[str]:
    """B, I or O for our words, from gold spans of words."""
    where = {at: (number, at == first) for number, (first, after) in enumerate(gold) for at in range(first, after)}
    out, before = [], None
    for place in places:
        number = where[place][0] if place in where else None
        out.append("O" if number is None else "I" if number == before else "B")
        before = number
    return out


def found_by(posting: Posting, model: Model) -> dict[str, set[Span]]:
    """Spans of words that `extract` finds in a posting, by kind."""
    read_so = sentences(posting.text)
    return touched(posting, read_so, tag(read_so, of_sentences(read_so), model))


def touched(posting: Posting, read_so: Sequence[Sentence], pieces: Sequence[Sequence[Piece]]) -> dict[str, set[Span]]:
    """The gold words that found pieces touch, by kind."""
    out: dict[str, set[Span]] = {kind: set() for kind in KINDS}
    for sentence, found in zip(read_so, pieces, strict=True):
        for first, after, label, _ in found:
            out[label].add(posting.words_of(sentence.tokens[first].start, sentence.tokens[after - 1].end))
    return out


def scores(gold: Sequence[set[Span]], found: Sequence[set[Span]]) -> dict[str, float]:
    """Span precision, recall, F1 over postings taken together: strict is the same words, loose any word in common."""
    right = sum(len(a & b) for a, b in zip(gold, found, strict=True))
    golds, founds = sum(map(len, gold)), sum(map(len, found))
    hit = sum(_touching(b, a) for a, b in zip(gold, found, strict=True))
    met = sum(_touching(a, b) for a, b in zip(gold, found, strict=True))
    out = {}
    for name, p, r in (("strict", right / max(founds, 1), right / max(golds, 1)),
                       ("loose", hit / max(founds, 1), met / max(golds, 1))):
        out |= {f"{name}_p": p, f"{name}_r": r, name: 2 * p * r / max(p + r, 1e-9)}
    return out


def _touching(spans: set[Span], others: set[Span]) -> int:
    covered = {at for first, after in others for at in range(first, after)}
    return sum(any(at in covered for at in range(first, after)) for first, after in spans)
