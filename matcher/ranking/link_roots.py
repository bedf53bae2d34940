"""The words of many names as numbers, laid end to end, so that whole lists are looked at with array work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.link_text import root, singular

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NameWords:
    """`word[first[i]:first[i + 1]]` are the words of name i, in their order; each word knows its root."""

    words: list[str]  # every distinct word
    word: Ints
    first: Ints  # one more than names
    root_of: Ints  # per distinct word
    roots: dict[str, int]  # in the order of `root_of`'s numbers

    @classmethod
    def build(cls, names: Sequence[str]) -> NameWords:
        """Number the words of plain names."""
        number: dict[str, int] = {}
        split = [name.split() for name in names]
        flat = [number.setdefault(word, len(number)) for words in split for word in words]
        first = np.cumsum([0, *map(len, split)], dtype=np.int64)
        roots: dict[str, int] = {}
        root_of = [roots.setdefault(root(singular(word)), len(roots)) for word in number]
        return cls(list(number), np.array(flat, np.int64), first, np.array(root_of, np.int64), roots)

    @property
    def root(self) -> Ints:
        """The root of every word, names end to end."""
        return np.asarray(self.root_of[self.word], np.int64)

    @property
    def name(self) -> Ints:
        """The name that every word stands in."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))

    def root_lists(self) -> list[list[str]]:
        """The roots of each name, in their order."""
        names = list(self.roots)
        flat = [names[number] for number in self.root.tolist()]
        return [flat[start:end] for start, end in pairwise(self.first.tolist())]

    def marked(self, holds: Callable[[str], bool], *, by_root: bool = False) -> NDArray[np.bool_]:
        """Whether it holds for each word, names end to end: asked once of every distinct word, or of its root."""
        if by_root:
            return np.asarray(np.array([holds(one) for one in self.roots], bool)[self.root], np.bool_)
        return np.asarray(np.array([holds(one) for one in self.words], bool)[self.word], np.bool_)


def totals(values: NDArray[np.float32], first: Ints) -> Floats:
    """Sum of the values of each group; the group i starts at `first[i]`, none is empty, the last entry is the end."""
    if len(first) < 2:
        return np.zeros(0, np.float32)
    return np.asarray(np.add.reduceat(values, first[:-1]), np.float32)


def spans(starts: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    """Positions `start … start + size - 1` of all groups end to end, and where each group begins among them."""
    begin = np.cumsum(sizes) - sizes
    return np.arange(int(sizes.sum())) + np.repeat(starts - begin, sizes), begin
