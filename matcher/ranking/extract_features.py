"""What a tagger sees of each word: its letters, its neighbors, lists of known names, word families, its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from matcher.ranking.extract_text import Sentence

VERSION = 1
Signs = list[str]
_LONG = 40  # letters of a word that are looked at
_KEPT = 50_000  # words whose signs are kept
_UNKNOWN = ("", "0", "", "")
_NUMBER = re.compile(r"\d+")
_CUES = frozenset(
    "experience experienced knowledge understanding familiar familiarity proficient proficiency skills skill ability "
    "able "
    "expertise background degree working using use strong excellent good solid proven including like technologies "
    "tools "
    "fluent fluency certified certification qualification education competence interest interested passion passionate "
    "willing willingness responsible knowledgeable hands-on exposure track mindset attitude".split())
_TOPICS = frozenset(
    "requirements requirement qualifications qualification responsibilities benefits offer offers about skills "
    "technologies tasks profile application apply duties role deadline contact description company".split())
_FLAGS: tuple[tuple[str, frozenset[str]], ...] = (
    ("you", frozenset(("you", "your", "candidate", "you'll", "applicants", "candidates"))),
    ("we", frozenset(("we", "our", "us", "we're", "we've"))),
    ("cue", frozenset(("experience", "knowledge", "understanding", "familiarity", "familiar", "proficiency", "skills",
                       "degree", "expertise", "ability", "background", "proficient", "education"))),
    ("apply", frozenset(("application", "apply", "cv", "deadline", "contact", "salary", "interview"))),
    ("plus", frozenset(("plus", "preferred", "advantage", "bonus", "ideally", "desirable", "nice"))))


class Row(NamedTuple):
    """The signs of one word: those that carry over to other texts best, and more that name single words."""

    core: Signs
    more: Signs


def shape(word: str) -> str:
    """Capital X, small x, digit 9, other signs as they are; runs are shortened: `PostgreSQL` -> `XxX`."""
    out = ""
    for letter in word[:_LONG]:
        kind = "X" if letter.isupper() else "x" if letter.isalpha() else "9" if letter.isdigit() else letter
        if not out.endswith(kind):
            out += kind
    return out


def lower(word: str) -> str:
    """Small letters, numbers as 0."""
    return _NUMBER.sub("0", word[:_LONG].lower().replace("’", "'"))


def _caps(text: str) -> str:
    return "A" if text.isupper() else "T" if text[0].isupper() else "l"


class Word(NamedTuple):
    """All that can be said of a word alone, ready to be copied for the word and its neighbors."""

    text: str
    core: Signs
    more: Signs
    near: dict[int, Signs]  # by distance: -2, -1, 1, 2
    far: dict[int, Signs]
    low: str
    caps: str
    shape: str
    facts: tuple[str, str, str, str]


class Pair(NamedTuple):
    """All that can be said of two neighbors whatever stands around them: does a name go on, or does a new one begin?"""

    core: Signs  # of the second word
    more: Signs
    first: Signs  # of the first word, core
    before: Signs  # of the word before the two, more
    after: Signs  # of the word after the two, more


STEPS = {-2: "<<", -1: "<", 1: ">", 2: ">>"}


@dataclass(frozen=True, slots=True)
class Lists:
    """What is known beforehand: names with their class, and for words their family, how common they are, topics."""

    names: Mapping[str, str]  # words joined by spaces -> class
    longest: Mapping[str, int]  # first word -> words of the longest name that begins so
    words: Mapping[str, tuple[str, str, str, str]]  # word -> family path, how common, broad topic, narrow topic
    pairs: frozenset[tuple[str, str]]  # neighbors in a known name
    seen: dict[str, Word] = field(default_factory=dict)

    @classmethod
    def read(cls, names: str, words: str) -> Lists:
        """From lines `class<TAB>name` and `word<TAB>path<TAB>common<TAB>topic<TAB>topic`; ValueError for others."""
        by_name: dict[str, str] = {}
        for line in names.splitlines():
            kind, name = line.split("\t")
            by_name[name] = kind
        facts: dict[str, tuple[str, str, str, str]] = {}
        for line in words.splitlines():
            word, path, common, broad, narrow = line.split("\t")
            facts[word] = (path, common, broad, narrow)
        return cls.of(by_name, facts)

    @classmethod
    def of(cls, names: Mapping[str, str], words: Mapping[str, tuple[str, str, str, str]]) -> Lists:
        """Lists ready for use."""
        longest: dict[str, int] = {}
        pairs: set[tuple[str, str]] = set()
        for name in names:
            parts = name.split(" ")
            longest[parts[0]] = max(longest.get(parts[0], 0), len(parts))
            pairs.update(pairwise(parts))
        return cls(names, longest, words, frozenset(pairs))

    def matches(self, words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Longest names in the words, left to right: (first, after last, class)."""
        at = 0
        while at < len(words):
            size = min(self.longest.get(words[at], 0), len(words) - at)
            while size and (kind := self.names.get(" ".join(words[at : at + size]))) is None:
                size -= 1
            if size and kind is not None:
                yield at, at + size, kind
            at += size or 1

    def word(self, text: str) -> Word:
        """The signs of a word alone, made once."""
        found = self.seen.get(text)
        if found is None:
            found = _word(text, self.words.get(lower(text), _UNKNOWN))
            if len(self.seen) < _KEPT:
                self.seen[text] = found
        return found


def _word(text: str, facts: tuple[str, str, str, str]) -> Word:
    low, caps, form = lower(text), _caps(text), shape(text)
    path, common, broad, narrow = facts
    core = [f"s={form}", f"c={caps}", f"o={common}{caps}"]
    core += [f"f{level}={path[:level]}" for level in (1, 2, 3) if path]
    core += [f"t1={broad}", f"t2={narrow}"] if broad else []
    core += [f"e{size}={low[-size:]}" for size in (2, 3) if len(low) > size]
    core += [f"h={sign}" for sign in "/-." if sign in low and len(low) > 1]
    near = {step: [f"{name}{sign}" for sign in (*core, f"w={low}")] for step, name in STEPS.items() if abs(step) == 1}
    near |= {step: [f"{name}{sign}" for sign in core[:5]] for step, name in STEPS.items() if abs(step) == 2}
    far = {step: [f"{STEPS[step]}w={low}"] for step in (-2, 2)}
    core.append(f"w={low}")
    more = [f"p{size}={low[:size]}" for size in (2, 3, 4) if len(low) > size]
    more += [f"z{size}={low[-size:]}" for size in (4, 5) if len(low) > size]
    more += [f"y={part}" for part in low.split("-")[:3]] if "-" in low and len(low) > 1 else []
    return Word(text, core, more, near, far, low, caps, form, facts)


def signs(sentence: Sentence, section: str, headed: int, lists: Lists, part: int = 0) -> list[Row]:
    """One row per word of the sentence. `headed` words are heading; `part` is the tenth of the text it stands in."""
    words = [lists.word(token.text) for token in sentence.tokens]
    pairs = [pair(before, word, lists) for before, word in pairwise(words)]
    core_of_all, more_of_all = shared(words, section, sentence.bullet, part)
    rows = []
    for at, (core_here, more_here) in enumerate(placed(sentence, words, headed, lists)):
        word = words[at]
        core, more = [*core_of_all, *word.core, *core_here], [*more_of_all, *word.more, *more_here]
        for step, name in STEPS.items():
            there = at + step
            if 0 <= there < len(words):
                core += words[there].near[step]
                more += words[there].far.get(step, ())
            else:
                core.append(f"{name}edge")
        _paired(core, more, at, pairs)
        rows.append(Row(core, more))
    return rows


def _paired(core: Signs, more: Signs, at: int, pairs: Sequence[Pair]) -> None:
    """The signs of a word in the pairs that it stands in or beside."""
    if at:
        core += pairs[at - 1].core
        more += pairs[at - 1].more
    if at < len(pairs):
        core += pairs[at].first
    if at > 1:
        more += pairs[at - 2].after
    if at + 1 < len(pairs):
        more += pairs[at + 1].before


def pair(before: Word, word: Word, lists: Lists) -> Pair:
    """The signs of two neighbors."""
    (path0, common0, _, narrow0), (path, common, _, narrow) = before.facts, word.facts
    low0, low = before.low, word.low
    joined = (low0, low) in lists.pairs
    core = [f"xc={before.caps}{word.caps}", f"xo={common0}{before.caps}{common}{word.caps}",
            f"xf={path0[:1]}{path[:1]}", f"xg={path0[:2]}{path[:2]}", f"xs={before.shape}|{word.shape}",
            f"xt={narrow != '' and narrow == narrow0}", f"<|={low0}|{low}", f"<j={joined}"]
    more = [f"xe={low0[-3:]}|{low[-3:]}", f"xwf={low0}|{path[:2]}", f"xfw={path0[:2]}|{low}"]
    return Pair(core, more, [f"|>={low0}|{low}", f"j>={joined}"], [f">|>>={low0}|{low}"], [f"<<|<={low0}|{low}"])


def placed(sentence: Sentence, words: Sequence[Word], headed: int, lists: Lists) -> Iterator[tuple[Signs, Signs]]:
    """For each word of a sentence, in turn, the signs that depend on where it stands: core ones, and more."""
    marks, kinds = _names(words, lists)
    trail, last = _Trail(), len(words) - 1
    for at, word in enumerate(words):
        core = [*marks[at], f"at={min(at, 3)}", f"end={min(last - at, 2)}"]
        if at < headed:
            core.append("head")
        if at:
            core += [f"<{mark}" for mark in marks[at - 1]]
            core.append(f"xk={kinds[at - 1]}{kinds[at]}")
        if at < last:
            core += [f">{mark}" for mark in marks[at + 1]]
        yield core, trail.step(sentence.tokens[at].text, word.low)


def _names(words: Sequence[Word], lists: Lists) -> tuple[list[Signs], list[str]]:
    """Which words stand in known names: their signs, and class and place in the name for each word."""
    marks: list[Signs] = [[] for _ in words]
    kinds = ["-"] * len(words)
    for first, after, kind in lists.matches([word.low for word in words]):
        size = "1" if after - first == 1 else "+"
        for at in range(first, after):
            kinds[at] = f"{kind}{'B' if at == first else 'I'}"
            marks[at] = [f"n={kinds[at]}", f"n={kinds[at]}{size}{words[at].caps}"]
    return marks, kinds


def shared(words: Sequence[Word], section: str, bullet: bool, part: int) -> tuple[Signs, Signs]:
    """Signs that all words of a sentence have: core ones, and more."""
    size = len(words)
    length = "1" if size == 1 else "2" if size <= 4 else "3" if size <= 12 else "4" if size <= 40 else "5"
    there = {word.low for word in words}
    core = ["bias", f"sec={section}", f"sec={section}{length}", f"len={length}", f"bul={bullet}"]
    core += [f"has={name}" for name, flagged in _FLAGS if not flagged.isdisjoint(there)]
    return core, [f"part={part}", f"part={part}{section}", f"first={words[0].low}"]


@dataclass(slots=True)
class _Trail:
    """What was passed on the way to a word: the last cue such as `experience`, and the last heading-like word."""

    cue: str = ""
    since: int = 0
    topic: str = ""

    def step(self, text: str, low: str) -> Signs:
        """The signs for this word; then the word itself counts as passed."""
        found = [f"topic={self.topic}"] if self.topic else []
        found += [f"cue={self.cue}", f"cue={self.cue}{min(self.since, 4)}"] if self.cue else []
        self.since += 1
        if low in _TOPICS and text[0].isupper():
            self.topic = low
        if low in _CUES:
            self.cue, self.since = low, 0
        return found
