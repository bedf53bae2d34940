"""The list that is linked to: every label in plain form, its owner, and the tables that find near ones fast."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.link_grams import GramIndex
from matcher.ranking.link_signs import PARTS, Signs, parts_of
from matcher.ranking.link_text import plain, roots, singular, uncamel, without_brackets
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


@dataclass(frozen=True, slots=True)
class Meanings:
    """Vectors of each name and of each owner (mean of its names)."""

    source: Vectors
    names: Floats
    owners: Floats

    @classmethod
    def build(cls, source: Vectors, names: list[str], owner: Ints, count: int) -> Meanings:
        """Vectors of all names and the mean of each owner's."""
        rows = source.of(names)
        total = np.zeros((count, rows.shape[1]), np.float32)
        np.add.at(total, owner, rows)
        return cls(source, rows, unit(total))


@dataclass(frozen=True, slots=True)
class Surfaces:
    """Names sorted by owner, so that the best name of each owner is one `reduceat` away."""

    ids: list[str]
    labels: list[str]  # as given, one per name row
    names: list[str]  # plain
    owner: Ints
    first: Ints  # first name row of each owner
    signs: Signs
    keyed: tuple[dict[int, list[int]], ...]  # by squashed name, root key and initials: owners
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
        words = WordIndex.build(names, owner_of, len(order))
        signs = Signs.build(names)
        return cls(
            ids=list(order), labels=[rows[key] for key in keys], names=names, owner=owner_of,
            first=np.searchsorted(owner_of, np.arange(len(order))).astype(np.int64),
            signs=signs, keyed=tuple(_keyed(owner_of, signs.codes[:, PARTS.index(part)]) for part in KEYED),
            grams=GramIndex.build(names), words=words, commonness=_commonness(names, words),
        )

    def same_as(self, name: str) -> list[int]:
        """Owners with a name equal to this one but for spaces or endings, or with these initials."""
        parts = dict(zip(PARTS, parts_of(name), strict=True))
        wanted = (parts["squashed"], parts["key"], parts["squashed"])
        return [owner for index, part in zip(self.keyed, wanted, strict=True)
                for owner in index.get(self.signs.number.get(part, -1), ())]

    def best_per_owner(self, per_name: Floats) -> Floats:
        """Highest value of each owner's names."""
        return np.asarray(np.maximum.reduceat(per_name, self.first), np.float32)

    def mean_per_owner(self, per_name: Floats) -> Floats:
        """Mean value of each owner's names."""
        many = np.diff(np.append(self.first, len(self.names)))
        return np.asarray(np.add.reduceat(per_name, self.first) / many, np.float32)

    def share_with_word(self, words: frozenset[str]) -> float:
        """The share of the names that hold one of these words, in the singular."""
        held = sum(any(singular(token) in words for token in name.split()) for name in self.names)
        return held / max(len(self.names), 1)


def _forms(label: str) -> list[str]:
    """The plain forms under which a label can be met; none if nothing readable is in it."""
    texts = (label, without_brackets(label), uncamel(label))
    return [form for form in dict.fromkeys(plain(text) for text in texts) if form]


def _keyed(owners: Ints, codes: Ints) -> dict[int, list[int]]:
    """Owners by the number of one part of their names; the empty part is left out."""
    found: dict[int, list[int]] = {}
    for owner, code in zip(owners.tolist(), codes.tolist(), strict=True):
        if code and owner not in (known := found.setdefault(code, [])):
            known.append(owner)
    return found


def _commonness(names: list[str], words: WordIndex) -> Floats:
    """ln(1 + number of owners with the name's rarest word): a name that others build on is the likelier one."""
    seen = np.diff(words.owners.indptr)
    return np.array([np.log1p(min((int(seen[words.vocabulary[word]]) for word in roots(name)), default=0))
                     for name in names], np.float32)
