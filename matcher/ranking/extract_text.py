"""How a page is cut into sentences and words with exact places, and which language it is in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Language = Literal["en", "es"]
LONGEST = 200_000  # characters read of one text: some forty pages
MOST_WORDS = 200  # words read as one sentence; what is longer is cut

_CHUNK = re.compile(r"\S+")
_PIECE = re.compile(
    r"<[A-Z_]{2,20}>"  # a placeholder where something was left out
    r"|(?:[A-Za-z]\.){2,}"  # e.g. U.S.
    r"|https?://[^\s,;)\]]{1,300}"
    r"|\.?\w(?:[\w+#@%&/\\’'`´.\-‐‑‒_*:](?!$)|,(?=\d)|\(s\)|[\w+#%])*"
    r"|[^\w\s]")
_TAIL = ".:-‐‑‒’'`´*\\/&@"
_SKIPPED = frozenset(",;")
_BREAKS = frozenset(",;|•·●▪◦*–—\uf0b7")
_ENDS = frozenset(".!?")
_BULLETS = frozenset("•·●▪◦*-–—\x95►»✓✔o\uf0b7")
_ABBREVIATED = frozenset("e.g i.e etc vs approx inc ltd corp co st dr mr mrs ms no p.ej ej sr sra lic ing".split())


class Token(NamedTuple):
    """A word and its place: `text == whole[start:end]`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words that are read together. `breaks` holds the positions of words that a comma, bullet or bar stands before."""

    tokens: tuple[Token, ...]
    breaks: frozenset[int]
    bullet: bool
    line: int

    @property
    def start(self) -> int:
        """Where the first word begins."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Where the last word ends."""
        return self.tokens[-1].end


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """Words and signs of text[start:end] in order; `C++`, `.NET`, `Node.js`, `CI/CD` stay whole."""
    for chunk in _CHUNK.finditer(text, start, len(text) if end is None else end):
        at = chunk.start()
        whole = chunk.group()[:2000]
        for piece in _PIECE.finditer(whole):
            yield from _peeled(piece.group(), at + piece.start())


def _peeled(word: str, at: int) -> Iterator[Token]:
    """The word, and its closing signs one by one."""
    whole = word[0] == "<" or (word[-1] == "." and word.count(".") > 1)
    kept = word if whole else word.rstrip(_TAIL) or word
    yield Token(at, at + len(kept), kept)
    for offset in range(len(kept), len(word)):
        yield Token(at + offset, at + offset + 1, word[offset])


def sentences(text: str) -> list[Sentence]:
    """All sentences of the first `LONGEST` characters, in order; none is empty."""
    found: list[Sentence] = []
    for number, (start, end) in enumerate(_lines(text[:LONGEST])):
        for words in _split(text, list(tokens(text, start, end))):
            made = _sentence(words, number)
            if made is not None:
                found.append(made)
    return found


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Places of lines; a line that goes on with a small letter belongs to the one before it."""
    start, end = -1, -1
    for line in re.finditer(r"[^\n\r\f\v\x85\u2028\u2029]+", text):
        body = line.group().strip()
        if not body:
            continue
        between = text[end : line.start()] if end >= 0 else ""
        goes_on = (start >= 0 and body[0].islower() and body[:2] != "o " and between.count("\n") <= 1
                   and text[:end].rstrip()[-1:] not in ".!?:;" and end - start > 40 and end - start < 2000)
        if not goes_on:
            if start >= 0:
                yield start, end
            start = line.start()
        end = line.end()
    if start >= 0:
        yield start, end


def _split(text: str, words: list[Token]) -> Iterator[list[Token]]:
    """The words of a line as sentences: they end at a full stop that a capital follows, or when they grow too long."""
    current: list[Token] = []
    for place, token in enumerate(words):
        current.append(token)
        after = words[place + 1] if place + 1 < len(words) else None
        ends = token.text in _ENDS and (after is None or (after.start > token.end and not after.text[0].islower()))
        if ends and token.text == "." and len(current) > 1:
            before = current[-2].text.lower()
            ends = before not in _ABBREVIATED and not (len(before) == 1 and before.isalpha() and after is not None)
        if ends or len(current) >= MOST_WORDS:
            yield current
            current = []
    if current:
        yield current


def _sentence(words: list[Token], line: int) -> Sentence | None:
    """The sentence without its commas and leading bullet, or None if nothing is left."""
    bullet = len(words) > 1 and words[0].text in _BULLETS
    kept: list[Token] = []
    breaks: set[int] = set()
    for token in words[1:] if bullet else words:
        if token.text in _BREAKS:
            breaks.add(len(kept))
        if token.text not in _SKIPPED:
            kept.append(token)
            if token.text in _BREAKS:
                breaks.add(len(kept))
    return Sentence(tuple(kept), frozenset(breaks), bullet, line) if kept else None


_COMMON: dict[Language, frozenset[str]] = {
    "en": frozenset("the and of to in for with on is are you we our your will as be this that or an at by from have "
                    "has who not it their can must years work using".split()),
    "es": frozenset("el la los las de del en y para con un una es por que se su sus como al o más años nuestro "
                    "nuestra experiencia manejo trabajo conocimientos atención sobre desde hasta ser muy".split()),
}
_SPANISH = re.compile(r"[ñáéíóú¿¡]|ción\b", re.IGNORECASE)


def language(text: str) -> Language:
    """English or Spanish by the commonest small words and by Spanish letters; English where nothing tells."""
    words = re.findall(r"[^\W\d_]+", text[:20_000].lower())
    counts = {code: sum(word in common for word in words) for code, common in _COMMON.items()}
    spanish = counts["es"] + 0.5 * len(_SPANISH.findall(text[:20_000]))
    return "es" if spanish > counts["en"] * 1.1 else "en"
