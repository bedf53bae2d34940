"""Meaning of names as short vectors, learned from what O*NET lists under one occupation: titles, tasks and tools."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matcher.ranking.link_roots import NameWords
from matcher.ranking.link_text import roots
from matcher.ranking.link_words import WordIndex

Floats = NDArray[np.float32]
PIECE_SIZES = (3, 4, 5)
FEW = 8  # names under which tables are more work than they save


def pieces(word: str, buckets: int) -> list[int]:
    """Hash buckets of the letters 3 to 5 long of `<word>`, so that unseen words have a meaning too."""
    marked = f"<{word}>"
    return [zlib.crc32(marked[at : at + size].encode()) % buckets
            for size in PIECE_SIZES for at in range(len(marked) - size + 1)]


@dataclass(slots=True)
class NameVectors:
    """Word and letter-piece vectors; a name is the sum of its words, scaled to length 1."""

    words: dict[str, int]
    table: NDArray[np.int8]  # (words + buckets) × dimensions
    scale: Floats  # one per row
    known: dict[str, Floats] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> NameVectors:
        """Read the numbers that `seeds/models/link/teach.py` wrote; no pickled objects are accepted."""
        with np.load(path, allow_pickle=False) as stored:
            words = bytes(stored["words"]).decode("utf-8").split("\n")
            return cls({word: row for row, word in enumerate(words)}, stored["table"], stored["scale"])

    @property
    def buckets(self) -> int:
        """How many letter-piece rows follow the word rows."""
        return len(self.table) - len(self.words)

    def word(self, word: str) -> Floats:
        """The vector of one word root: its own row, if it has one, plus the mean of its letter pieces."""
        found = self.known.get(word)
        if found is None:
            rows = [len(self.words) + bucket for bucket in pieces(word, self.buckets)]
            found = (self.table[rows] * self.scale[rows, None]).sum(axis=0, dtype=np.float32) / max(len(rows), 1)
            if (row := self.words.get(word)) is not None:
                found = found + self.table[row] * self.scale[row]
            if len(self.known) < 200_000:
                self.known[word] = found
        return found


@dataclass(frozen=True, slots=True)
class ListedVectors:
    """The vectors as one list of names sees them: words that many entries share say less.

    Weight of a word: the square root of its idf in the list (as in Arora, Liang and Ma 2017, chosen on held-out
    O*NET titles).
    """

    vectors: NameVectors
    words: WordIndex

    def of(self, names: Sequence[str]) -> Floats:
        """Unit vectors of plain names, names × dimensions; a name without words is all zero."""
        if len(names) < FEW:
            out = np.zeros((len(names), self.vectors.table.shape[1]), np.float32)
            for row, name in enumerate(names):
                for word in roots(name):
                    out[row] += self._weighted(word)
            return unit(out)
        words = NameWords.build(names)
        table = np.stack([self._weighted(word) for word in words.roots])
        counts = sparse.csr_matrix((np.ones(len(words.word), np.float32), words.root, words.first),
                                   shape=(len(names), len(table)))
        return unit(np.asarray(counts @ table, np.float32))

    def _weighted(self, word: str) -> Floats:
        return np.asarray(self.vectors.word(word) * np.float32(self.words.weight(word) ** 0.5), np.float32)


def unit(rows: Floats) -> Floats:
    """Each row divided by its length; zero rows stay zero."""
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)
