"""The list that is linked to: every label in plain form, its owner, and the tables that find near ones fast."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.link_grams import GramIndex
from matcher.ranking.link_text import initials, plain, squash, uncamel, without_brackets
from matcher.ranking.link_vectors import unit
from matcher.ranking.link_words import WordIndex, roots

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


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
    exact: dict[str, list[int]]  # plain name -> owners
    squashed: dict[str, list[int]]
    rooted: dict[str, list[int]]
    initials: dict[str, list[int]]
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
        return cls(
            ids=list(order), labels=[rows[key] for key in keys], names=names, owner=owner_of,
            first=np.searchsorted(owner_of, np.arange(len(order))).astype(np.int64),
            exact=_keyed(keys, lambda name: name), squashed=_keyed(keys, squash),
            rooted=_keyed(keys, root_key), initials=_keyed(keys, _initials),
            grams=GramIndex.build(names), words=words, commonness=_commonness(names, words, len(order)),
        )

    def best_per_owner(self, per_name: Floats) -> Floats:
        """Highest value of each owner's names."""
        return np.asarray(np.maximum.reduceat(per_name, self.first), np.float32)


def root_key(name: str) -> str:
    """The roots of a name in sorted order: names with the same key differ in endings and order only."""
    return " ".join(sorted(roots(name)))


def _forms(label: str) -> list[str]:
    """The plain forms under which a label can be met; none if nothing readable is in it."""
    texts = (label, without_brackets(label), uncamel(label))
    return [form for form in dict.fromkeys(plain(text) for text in texts) if form]


def _initials(name: str) -> str:
    """First letters, for names of two words or more."""
    tokens = name.split()
    return initials(tokens) if len(tokens) > 1 else ""


def _keyed(keys: list[tuple[int, str]], form) -> dict[str, list[int]]:  # type: ignore[no-untyped-def]
    """Owners by a form of their names."""
    found: dict[str, list[int]] = {}
    for owner, name in keys:
        key = form(name)
        if key and owner not in (owners := found.setdefault(key, [])):
            owners.append(owner)
    return found


def _commonness(names: list[str], words: WordIndex, owners: int) -> Floats:
    """ln(1 + number of owners with the name's rarest word): a name that others build on is the likelier one."""
    seen = np.bincount(words.owners.indices * 0 + np.repeat(
        np.arange(words.owners.shape[1]), np.diff(words.owners.indptr)), minlength=words.owners.shape[1])
    return np.array([np.log1p(min((int(seen[words.vocabulary[word]]) for word in roots(name)), default=0))
                     for name in names], np.float32)
