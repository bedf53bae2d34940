"""What is compared between a query and each candidate: one named column per similarity."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from matcher.ranking.link_roots import NameWords, spans, totals
from matcher.ranking.link_signs import FLAGS
from matcher.ranking.link_surfaces import Meanings, Surfaces
from matcher.ranking.link_text import roots, squash
from matcher.ranking.link_vectors import unit

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SIMILARITIES = ("ratio", "squash_ratio", "token_set", "token_sort", "jaro", "cosine", "cover_query", "cover_label",
                "bm25", "cosine_owner", "meaning_name", "meaning_owner")
SHAPES = ("query_length", "query_words", "label_words", "query_unknown", "query_meaning", "label_meaning",
          "owner_names", "commonness")
COLUMNS = SIMILARITIES + FLAGS + ("via_alias",) + SHAPES + tuple(f"{name}_gap" for name in SIMILARITIES)
SEMANTIC = ("semantic_name", "semantic_owner")
RERANKED = 30  # candidates for which slow vectors are computed when the list is too long to do it for all
COLUMNS_SEMANTIC = COLUMNS + SEMANTIC + tuple(f"{name}_gap" for name in SEMANTIC)


@dataclass(frozen=True, slots=True)
class Query:
    """One way of reading what was typed: its plain form, and how it came about."""

    name: str
    alias: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass over the whole list gives for one query form."""

    query: Query
    cosine: Floats  # per name
    owners: dict[str, Floats]  # per owner, by column name
    vectors: dict[str, Floats]  # the query's, by column prefix

    @property
    def merit(self) -> list[Floats]:
        """What is added up to find the owners worth comparing in full."""
        wanted = ("cosine_best", "bm25", "meaning_owner", "semantic_owner")
        return [self.owners[name] for name in wanted if name in self.owners]


def scan(surfaces: Surfaces, meanings: Mapping[str, Meanings], query: Query) -> Scan:
    """Compare one query form with everything, by array work only; `meanings` by column prefix."""
    known, total = surfaces.words.weights(query.name)
    cosine = surfaces.grams.cosines(query.name)
    found = {"bm25": np.asarray(surfaces.words.bm25(known) / max(total * 2.2, 1e-9), np.float32),
             "cosine_best": surfaces.highest(cosine)}
    vectors: dict[str, Floats] = {}
    for prefix, meaning in meanings.items():
        vector = meaning.source.of([query.name])[0]
        vectors[prefix] = vector
        if not meaning.later:
            found[f"{prefix}_owner"] = np.asarray(meaning.owners @ vector, np.float32)
    return Scan(query, cosine, found, vectors)


def rows_of(surfaces: Surfaces, owners: Ints, cosine: Floats, most: int = 3) -> Ints:
    """Up to `most` names of each owner, those nearest by letters; sorted."""
    sizes = surfaces.many[owners]
    rows, begin = spans(surfaces.first[owners], sizes)
    if len(rows) == len(owners):
        return rows
    order = np.lexsort((-cosine[rows], np.repeat(np.arange(len(owners)), sizes)))
    place = np.arange(len(rows)) - np.repeat(begin, sizes)
    return np.sort(rows[order][place < most])


def columns_of(surfaces: Surfaces, meanings: Mapping[str, Meanings], known_words: KnownWords, scanned: Scan,
               owners_wanted: Ints, rows: Ints, wanted: Container[str]) -> dict[str, Floats]:
    """The wanted columns for the given name rows (of sorted owners) and one query form."""
    name, labels = scanned.query.name, [surfaces.names[row] for row in rows.tolist()]
    owners = surfaces.owner[rows]
    found = _fuzzy(name, labels, [surfaces.signs.squashed[row] for row in rows.tolist()], wanted)
    known, total = surfaces.words.weights(name)
    shared = surfaces.words.shared(known, rows)
    found["cosine"] = scanned.cosine[rows]
    found["cover_query"] = np.asarray(shared / max(total, 1e-9), np.float32)
    found["cover_label"] = np.asarray(shared / np.maximum(surfaces.words.label_weight[rows], 1e-9), np.float32)
    found |= {column: values[owners] for column, values in scanned.owners.items()}
    place = np.searchsorted(owners_wanted, owners)
    of_owners = _of_owners(surfaces, meanings, scanned, owners_wanted)
    found |= {column: values[place] for column, values in of_owners.items()}
    found |= surfaces.signs.compare(name, rows, wanted)
    found["via_alias"] = np.full(len(rows), float(scanned.query.alias), np.float32)
    found |= _shapes(surfaces, name, rows, owners)
    found["query_unknown"] = np.full(len(rows), 1 - sum(known.values()) / max(total, 1e-9), np.float32)
    found["query_meaning"] = np.full(len(rows), known_words.share(name), np.float32)
    found["label_meaning"] = known_words.labels[rows]
    return found


def _of_owners(surfaces: Surfaces, meanings: Mapping[str, Meanings], scanned: Scan, owners: Ints) -> dict[str, Floats]:
    """Per owner, over all its names: the highest cosine in meaning, and the mean cosine of letters."""
    sizes = surfaces.many[owners]
    rows, begin = spans(surfaces.first[owners], sizes)
    found: dict[str, Floats] = {}
    for prefix, meaning in meanings.items():
        vector = scanned.vectors[prefix]
        if meaning.later:
            name, owner = _later(surfaces, meaning, vector, scanned, owners)
            found |= {f"{prefix}_name": name, f"{prefix}_owner": owner}
        else:
            found[f"{prefix}_name"] = np.asarray(np.maximum.reduceat(meaning.names[rows] @ vector, begin), np.float32)
    letters = scanned.cosine[rows]
    found["cosine_owner"] = np.asarray(np.add.reduceat(letters, begin) / sizes, np.float32)
    return found


def _later(surfaces: Surfaces, meaning: Meanings, vector: Floats, scanned: Scan, owners: Ints) -> tuple[Floats, Floats]:
    """Per owner: highest cosine in meaning of a few of its names, and the cosine of their mean.

    Computed for the `RERANKED` owners that are nearest without it; the others count as the least near of these.
    """
    merit = np.sum([values[owners] for values in scanned.merit], axis=0)
    best = np.sort(np.argsort(-merit, kind="stable")[:RERANKED])
    rows = rows_of(surfaces, owners[best], scanned.cosine)
    begin = np.searchsorted(surfaces.owner[rows], owners[best])
    vectors = meaning.of_rows(rows)
    nearest = np.maximum.reduceat(vectors @ vector, begin)
    columns = []
    for values in (nearest, unit(np.add.reduceat(vectors, begin, axis=0)) @ vector):
        column = np.full(len(owners), values.min(), np.float32)
        column[best] = values
        columns.append(column)
    return columns[0], columns[1]


@dataclass(frozen=True, slots=True)
class KnownWords:
    """The share of words that the word vectors know: of any name, and kept for the names of the list."""

    vocabulary: Container[str]
    labels: Floats

    @classmethod
    def build(cls, vocabulary: Container[str], words: NameWords) -> KnownWords:
        """The share for each of the names."""
        known = words.marked(vocabulary.__contains__, by_root=True).astype(np.float32)
        return cls(vocabulary, np.asarray(totals(known, words.first) / np.diff(words.first), np.float32))

    def share(self, name: str) -> float:
        """The share for one plain name."""
        words = roots(name)
        return sum(word in self.vocabulary for word in words) / max(len(words), 1)


def _fuzzy(name: str, labels: Sequence[str], tight: Sequence[str], wanted: Container[str]) -> dict[str, Floats]:
    """The wanted rapidfuzz similarities, 0..1."""
    def against(column: str, scorer, right: Sequence[str], scale: float = 0.01) -> None:  # type: ignore[no-untyped-def]
        if column in wanted:
            left = squash(name) if right is tight else name
            found[column] = process.cdist([left], right, scorer=scorer, dtype=np.float32)[0] * np.float32(scale)

    found: dict[str, Floats] = {}
    against("ratio", fuzz.ratio, labels)
    against("squash_ratio", fuzz.ratio, tight)
    against("token_set", fuzz.token_set_ratio, labels)
    against("token_sort", fuzz.token_sort_ratio, labels)
    against("jaro", JaroWinkler.similarity, labels, 1.0)
    return found


def _shapes(surfaces: Surfaces, name: str, rows: Ints, owners: Ints) -> dict[str, Floats]:
    """Sizes that tell how far the similarities can be believed."""
    same = np.ones(len(rows), np.float32)
    return {
        "query_length": same * np.float32(np.log1p(len(name))),
        "query_words": same * np.float32(len(name.split())),
        "label_words": surfaces.words_in(rows),
        "owner_names": np.log1p(surfaces.many[owners]).astype(np.float32),
        "commonness": surfaces.commonness[rows],
    }
