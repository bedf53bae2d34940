"""The list that is linked to: every label in plain form, its owner, and the tables that find near ones fast."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.index_jit import compiled
from matcher.ranking.link_grams import GramIndex
from matcher.ranking.link_roots import NameWords
from matcher.ranking.link_signs import PARTS, Signs
from matcher.ranking.link_text import plain, singular, uncamel, without_brackets
from matcher.ranking.link_vectors import unit
from matcher.ranking.link_words import WordIndex

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
KEYED = ("squashed", "key", "initials")


class Vectors(Protocol):
    """Anything that turns plain names into unit vectors."""

    def of(self, names: list[str]) -> Floats:
        """names × dimensions."""
        ...


class SlowVectors(Protocol):
    """Vectors that suit one kind of list or another, too slow for the names of a very long one."""

    def suited(self, kind: str) -> Vectors:
        """The vectors to use for a list of "names", "titles" or "phrases"."""
        ...


@dataclass(frozen=True, slots=True)
class Meanings:
    """Vectors of each name and of each owner (mean of its names); of a long list with a slow source, only of the
    names that are asked for, when they are."""

    source: Vectors
    listed: list[str]
    names: Floats  # names × dimensions; only the rows that `filled` marks are there
    owners: Floats  # owners × dimensions; none if the names come later
    filled: NDArray[np.bool_]

    @classmethod
    def build(cls, source: Vectors, names: list[str], first: Ints, *, later: bool = False) -> Meanings:
        """Vectors of all names and the mean of each owner's, or room for them (`later`); the names of owner i start
        at `first[i]`."""
        if later:
            width = source.of(names[:1]).shape[1]
            return cls(source, names, np.zeros((len(names), width), np.float32), np.zeros((0, width), np.float32),
                       np.zeros(len(names), bool))
        rows = source.of(names)
        owners = unit(np.add.reduceat(rows, first, axis=0) if len(first) else rows)
        return cls(source, names, rows, owners, np.ones(len(names), bool))

    @property
    def later(self) -> bool:
        """Whether vectors are computed only when they are asked for."""
        return not len(self.owners) and len(self.listed) > 0

    def of_rows(self, rows: Ints) -> Floats:
        """Vectors of these names, rows × dimensions; those that are not there yet are computed and kept."""
        missing = np.unique(rows[~self.filled[rows]])
        if len(missing):
            self.names[missing] = self.source.of([self.listed[row] for row in missing.tolist()])
            self.filled[missing] = True
        return np.asarray(self.names[rows], np.float32)

    def of_owners(self, owners: Ints, first: Ints) -> Floats:
        """Vectors of these owners; of a list whose names come later, of the first name of each."""
        return self.of_rows(first[owners]) if self.later else np.asarray(self.owners[owners], np.float32)


@dataclass(frozen=True, slots=True)
class Surfaces:
    """Names sorted by owner, so that the best name of each owner is found in one pass."""

    ids: list[str]
    labels: list[str]  # as given, one per name row
    names: list[str]  # plain
    owner: Ints
    first: Ints  # first name row of each owner
    many: Ints  # names of each owner
    parts: NameWords
    signs: Signs
    keyed: tuple[Keyed, ...]  # by squashed name, root key and initials: owners
    grams: GramIndex
    words: WordIndex
    commonness: Floats  # per name: in how many owners its rarest word occurs, log

    @classmethod
    def build(cls, surfaces: Iterable[tuple[str, str]]) -> Surfaces:
        """Index (id, label) pairs; empty labels are skipped, the order of ids is kept."""
        order: dict[str, int] = {}
        rows: dict[tuple[int, str], str] = {}
        for identifier, label in surfaces:
            for form in _forms(label):
                owner = order.setdefault(identifier, len(order))
                rows.setdefault((owner, form), label)
        keys = sorted(rows, key=lambda key: key[0])
        names = [form for _, form in keys]
        owner_of = np.array([owner for owner, _ in keys], np.int64)
        first = np.searchsorted(owner_of, np.arange(len(order))).astype(np.int64)
        many = np.diff(np.append(first, len(names)))
        parts = NameWords.build(names)
        words = WordIndex.build(parts, owner_of, len(order))
        signs = Signs.build(names, parts)
        return cls(
            ids=list(order), labels=[rows[key] for key in keys], names=names, owner=owner_of, first=first,
            many=many, parts=parts, signs=signs, words=words, grams=GramIndex.build(names),
            keyed=tuple(Keyed.build(owner_of, signs.codes[:, PARTS.index(part)]) for part in KEYED),
            commonness=_commonness(parts, words),
        )

    def same_as(self, name: str) -> list[int]:
        """Owners with a name equal to this one but for spaces or endings, or with these initials."""
        mine = self.signs.same(name)
        wanted = (mine["squashed"], mine["key"], mine["squashed"])
        return [owner for index, part in zip(self.keyed, wanted, strict=True) for owner in index.owners(part)]

    def highest(self, values: Floats) -> Floats:
        """The highest value of each owner's names, of one value (0 or more) per name."""
        return np.asarray(_highest(values, self.first, self.many), np.float32)

    def words_in(self, rows: Ints) -> Floats:
        """How many words each of these names has."""
        return np.asarray(self.parts.first[rows + 1] - self.parts.first[rows], np.float32)

    def share_with_word(self, words: frozenset[str]) -> float:
        """The share of the names that hold one of these words, in the singular."""
        held = self.parts.marked(lambda word: singular(word) in words)
        names = np.unique(self.parts.name[held])
        return len(names) / max(len(self.names), 1)


@dataclass(frozen=True, slots=True)
class Keyed:
    """Owners by the number of one part of their names, sorted by that number; the empty part is left out."""

    numbers: Ints
    owner: Ints

    @classmethod
    def build(cls, owner: Ints, codes: Ints) -> Keyed:
        """`codes[i]` is the part's number of the name i, that belongs to `owner[i]`; 0 is the empty part."""
        many = int(owner.max(initial=0)) + 1
        pairs = np.unique((codes * many + owner)[codes > 0])
        return cls(pairs // many, pairs % many)

    def owners(self, number: int) -> list[int]:
        """Owners with a name that has this part."""
        start, end = np.searchsorted(self.numbers, (number, number + 1))
        return [int(one) for one in self.owner[start:end]]


@compiled
def _highest(values: Floats, first: Ints, many: Ints) -> Floats:
    """The highest of each owner's `many` values (0 or more) from `first` on."""
    found = np.empty(len(first), np.float32)
    for owner in range(len(first)):
        best = np.float32(0)
        for at in range(first[owner], first[owner] + many[owner]):
            best = max(best, values[at])
        found[owner] = best
    return found


def _forms(label: str) -> list[str]:
    """The plain forms under which a label can be met; none if nothing readable is in it."""
    texts = (label, without_brackets(label), uncamel(label))
    return [form for form in dict.fromkeys(plain(text) for text in texts) if form]


def _commonness(parts: NameWords, words: WordIndex) -> Floats:
    """ln(1 + number of owners with the name's rarest word): a name that others build on is the likelier one."""
    if not len(parts.word):
        return np.zeros(len(parts.first) - 1, np.float32)
    seen = np.diff(words.owners.indptr)
    return np.log1p(np.minimum.reduceat(seen[parts.root], parts.first[:-1])).astype(np.float32)
