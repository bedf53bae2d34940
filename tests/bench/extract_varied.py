"""Sentences that nobody marked, for a teacher to mark: ads with words and names exchanged, O*NET task statements."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.extract_net import TAGS
from matcher.ranking.extract_sections import Section
from matcher.ranking.extract_text import Sentence, Token, sentences
from tests.bench.extract_lists import onet_tasks

COPIES, NEAREST = 5, 15  # copies of each ad, words that may stand for a word
SHARES, NAMES = (0.1, 0.2, 0.35), 0.3  # of the words of a sentence, and of the names in it, that are exchanged
LEAST = 3  # words of a sentence that is varied
TOGETHER = 40  # task statements that make a text
SECTIONS: tuple[Section, ...] = ("duties", "requirements", "", "experience", "skills", "nice")
FIRSTS, GOES_ON = frozenset(map(TAGS.index, "BS")), frozenset(map(TAGS.index, "IE"))
FIXED = frozenset("the a an and or of to in for with on is are you we our your will as be this that at by from have "
                  "has who not it can must".split())
Placed = tuple[Sentence, Section, int]  # a sentence, its section and its heading words
Tags = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Exchange:
    """What may stand for what: the nearest words of each word, and names of tools, fields and skills."""

    near: Mapping[str, Sequence[str]]
    names: Sequence[str]

    @classmethod
    def of(cls, words: Sequence[str], vectors: NDArray[np.float32], wanted: set[str], names: Sequence[str]) -> Exchange:
        """The nearest for the wanted words among all `words`, by the cosine of their vectors about the mean."""
        table = vectors - vectors.mean(axis=0)
        table /= np.linalg.norm(table, axis=1, keepdims=True) + 1e-9
        rows = [at for at, word in enumerate(words) if word in wanted and word not in FIXED]
        near: dict[str, list[str]] = {}
        for begin in range(0, len(rows), 1000):
            some = rows[begin : begin + 1000]
            cosines = table[some] @ table.T
            cosines[np.arange(len(some)), some] = -1.0
            best = np.argpartition(-cosines, NEAREST, axis=1)[:, :NEAREST]
            near |= {words[at]: [words[other] for other in others] for at, others in zip(some, best, strict=True)}
        return cls(near, names)

    def varied(self, sentence: Sentence, tags: Tags, chance: random.Random) -> Sentence:
        """The sentence with some words and, by its tags of knowledge, some names exchanged."""
        share, words, at = chance.choice(SHARES), sentence.tokens, 0
        kept: list[Token] = []
        breaks: set[int] = set()
        while at < len(words):
            if at in sentence.breaks:
                breaks.add(len(kept))
            after, (start, end, text) = at + 1, words[at]
            if tags[at] in FIRSTS and chance.random() < NAMES:
                while after < len(words) and tags[after] in GOES_ON:
                    after += 1
                kept += [Token(start, end, word) for word in _written(chance.choice(self.names), chance)]
            else:
                others = self.near.get(text.lower())
                text = _cased(chance.choice(others), text) if others and chance.random() < share else text
                kept.append(Token(start, end, text))
            at = after
        return Sentence(tuple(kept), frozenset(breaks), sentence.bullet, sentence.line)


def unmarked(texts: Sequence[tuple[Sequence[Placed], Sequence[Tags]]], exchange: Exchange,
             data: Path) -> Iterator[list[Placed]]:
    """Texts to be marked: COPIES of each given one (its tags of knowledge tell its names), and task statements."""
    chance = random.Random(0)
    for _ in range(COPIES):
        for placed, tagged in texts:
            yield [(exchange.varied(sentence, tags, chance), section, headed)
                   for (sentence, section, headed), tags in zip(placed, tagged, strict=True)
                   if len(sentence.tokens) >= LEAST]
    tasks = onet_tasks(data)
    chance.shuffle(tasks)
    for begin in range(0, len(tasks), TOGETHER):
        section = chance.choice(SECTIONS)
        yield [(sentence, section, 0) for task in tasks[begin : begin + TOGETHER]
               for sentence in sentences(_plain(task, chance))]


def _plain(task: str, chance: random.Random) -> str:
    """Mostly without commas, as the marked ads are, and half of the time without a full stop, as in a list."""
    task = task.replace(",", "") if chance.random() < 0.6 else task
    return task.rstrip(".") if chance.random() < 0.5 else task


def _written(name: str, chance: random.Random) -> list[str]:
    """The words of a name as ads write them: mostly with capitals."""
    way = chance.random()
    return [word.upper() if way < 0.2 and len(word) < 6 else word if way < 0.4 else word[:1].upper() + word[1:]
            for word in name.split()]


def _cased(word: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if like[:1].isupper() else word
