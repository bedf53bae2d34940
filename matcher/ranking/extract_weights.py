"""Adds up what the taggers' weights say of every word of a text, word by word and pair by pair, each looked up once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matcher.ranking.extract_features import STEPS, Lists, Word, pair
from matcher.ranking.extract_seen import Seen

Floats = NDArray[np.float32]
_WORDS, _PAIRS = 20_000, 40_000  # kept sums: about 8 and 12 megabytes
_GAP = 2  # empty places between sentences, as far as a word looks to either side


class Sums:
    """Rows of summed weights, made once for each key: an array [keys, parts, columns]; key 0 stands for nothing."""

    def __init__(self, parts: int, columns: int, most: int) -> None:
        self.rows = np.zeros((256, parts, columns), np.float32)
        self.places: dict[Hashable, int] = {}
        self.most = most

    def room(self, more: int) -> None:
        """Make room for so many new keys; where too many are kept, all are forgotten."""
        if len(self.places) + more > self.most:
            self.places.clear()
        needed = len(self.places) + more + 1
        if needed > len(self.rows):
            grown = np.zeros((max(needed, 2 * len(self.rows)), *self.rows.shape[1:]), np.float32)
            grown[: len(self.rows)] = self.rows
            self.rows = grown

    def find(self, keys: Sequence[Hashable], make: Callable[[int], Iterable[Iterable[str]]],
             weights: Weights) -> NDArray[np.int64]:
        """The row of each key. `make(at)` gives the signs of each part of keys[at], where it is not known yet."""
        new = {key: at for at, key in enumerate(keys) if key not in self.places}
        if new:
            self.room(len(new))
            if not self.places:  # all were forgotten: also those that were known a moment ago
                new = {key: at for at, key in enumerate(keys)}
                self.room(len(new))
            begin = len(self.places) + 1
            parts = self.rows.shape[1]
            summed = weights.sums([signs for at in new.values() for signs in make(at)])
            self.rows[begin : begin + len(new)] = summed.reshape(len(new), parts, -1)
            self.places |= {key: begin + number for number, key in enumerate(new)}
        places = self.places
        return np.fromiter((places[key] for key in keys), np.int64, len(keys))


@dataclass(slots=True)
class Weights:
    """The weights of all taggers side by side: one row per sign, one column per tagger and tag."""

    lists: Lists
    places: Mapping[str, int]  # sign -> row
    table: Floats
    _words: Sums = field(init=False)
    _pairs: Sums = field(init=False)
    _one_at_a_time: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._words = Sums(1 + len(STEPS), self.table.shape[1], _WORDS)
        self._pairs = Sums(4, self.table.shape[1], _PAIRS)
        edges = [[], *([f"{name}edge"] for name in STEPS.values())]
        self._words.rows[0] = self.sums(edges)

    def sums(self, signs: Sequence[Iterable[str]]) -> Floats:
        """For each list of signs the sum of their rows: [lists, columns]; signs without weights count nothing."""
        get = self.places.get
        found = [[row for row in map(get, listed) if row is not None] for listed in signs]
        ends = np.cumsum([0, *map(len, found)])
        rows = np.fromiter(chain.from_iterable(found), np.int64, int(ends[-1]))
        ones = np.ones(len(rows), np.float32)
        matrix = sparse.csr_matrix((ones, rows, ends), shape=(len(found), len(self.table)))
        return np.asarray(matrix @ self.table, np.float32)

    def read(self, seen: Seen) -> list[Floats]:
        """For each sentence what the weights say: [words, columns], the same as the sum over `signs`."""
        if not seen.sizes:
            return []
        own = self.sums([core + more for core, more in seen.own])
        whole = self.sums([core + more for core, more in seen.whole])
        found = self._near(seen.words) + own + np.repeat(whole, seen.sizes, axis=0)
        return np.split(found, np.cumsum(seen.sizes)[:-1])

    def _near(self, texts: Sequence[Sequence[Word]]) -> Floats:
        """What the words themselves, their neighbors, and the pairs around them say: [words of all, columns]."""
        flat = list(chain.from_iterable(texts))
        sides = [side for words in texts for side in pairwise(words)]
        at = _spread([len(words) for words in texts])
        word_at = np.zeros(at[-1] + _GAP + 1, np.int64)
        pair_at = np.zeros_like(word_at)  # a pair stands at its second word
        with self._one_at_a_time:
            word_at[at] = self._words.find([word.text for word in flat], lambda one: _of_word(flat[one]), self)
            pair_at[at[1:][np.diff(at) == 1]] = self._pairs.find(
                [(before.text, word.text) for before, word in sides], lambda one: self._of_pair(*sides[one]), self)
            words, joined = self._words.rows, self._pairs.rows
            found: Floats = words[word_at[at], 0]
            for part, step in enumerate(STEPS, start=1):
                found += words[word_at[at + step], part]
            for part, step in enumerate((0, 1, 2, -1)):
                found += joined[pair_at[at + step], part]
        return found

    def _of_pair(self, before: Word, word: Word) -> Iterable[Iterable[str]]:
        """The signs of a pair: of its second word, its first one, the word before both, the word after both."""
        said = pair(before, word, self.lists)
        return said.core + said.more, said.first, said.before, said.after


def _of_word(word: Word) -> Iterable[Iterable[str]]:
    """The signs of a word: for itself, and for the words that see it at each step."""
    return word.core + word.more, *(word.near[step] + word.far.get(step, []) for step in STEPS)


def _spread(sizes: Sequence[int]) -> NDArray[np.int64]:
    """The places of all words where empty ones stand around each sentence."""
    gaps = np.repeat(np.arange(1, len(sizes) + 1) * _GAP, sizes)
    return gaps + np.arange(len(gaps))
