"""What is compared between a query and each candidate: one named column per similarity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from matcher.ranking.link_surfaces import Meanings, Surfaces, root_key
from matcher.ranking.link_text import initials, squash
from matcher.ranking.link_words import roots

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SIMILARITIES = ("ratio", "squash_ratio", "token_set", "token_sort", "jaro", "cosine", "cover_query", "cover_label",
                "bm25", "meaning_name", "meaning_owner")
FLAGS = ("exact", "squash_equal", "root_equal", "via_alias", "head_equal", "first_equal", "initials_of_label",
         "initials_of_query", "starts_with", "inside", "digits_equal")
SHAPES = ("query_length", "query_words", "label_words", "query_unknown", "owner_names", "commonness")
COLUMNS = SIMILARITIES + FLAGS + SHAPES + tuple(f"{name}_gap" for name in SIMILARITIES)
SEMANTIC = ("semantic_name", "semantic_owner")
COLUMNS_SEMANTIC = COLUMNS + SEMANTIC + tuple(f"{name}_gap" for name in SEMANTIC)


@dataclass(frozen=True, slots=True)
class Query:
    """One way of reading what was typed: plain form, and whether the alias table wrote it."""

    name: str
    alias: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass over the whole list gives for one query form."""

    query: Query
    cosine: Floats  # per name
    bm25: Floats  # per owner
    meaning: Floats  # per owner
    vector: Floats
    semantic: Floats | None  # per owner
    semantic_vector: Floats | None


def scan(surfaces: Surfaces, meanings: Meanings | None, semantic: Meanings | None, query: Query) -> Scan:
    """Compare one query form with everything, by array work only."""
    known, total = surfaces.words.weights(query.name)
    bm25 = surfaces.words.bm25(known) / max(total * 2.2, 1e-9)
    vector = meanings.source.of([query.name])[0] if meanings else np.zeros(1, np.float32)
    meaning = meanings.owners @ vector if meanings else np.zeros(len(surfaces.ids), np.float32)
    semantic_vector = semantic.source.of([query.name])[0] if semantic else None
    by_semantic = semantic.owners @ semantic_vector if semantic and semantic_vector is not None else None
    return Scan(query, surfaces.grams.cosines(query.name), bm25, meaning, vector, by_semantic, semantic_vector)


def rows_of(surfaces: Surfaces, owners: Ints, cosine: Floats, most: int = 4) -> Ints:
    """Up to `most` names of each owner, those nearest by letters."""
    ends = np.append(surfaces.first[1:], len(surfaces.names))
    picked: list[int] = []
    for owner in owners:
        start, end = int(surfaces.first[owner]), int(ends[owner])
        if end - start <= most:
            picked.extend(range(start, end))
        else:
            picked.extend((start + np.argpartition(-cosine[start:end], most)[:most]).tolist())
    return np.array(picked, np.int64)


def columns_of(surfaces: Surfaces, meanings: Meanings | None, semantic: Meanings | None, scanned: Scan,
               rows: Ints) -> dict[str, Floats]:
    """Every column for the given name rows and one query form."""
    name, labels = scanned.query.name, [surfaces.names[row] for row in rows]
    owners = surfaces.owner[rows]
    found = _fuzzy(name, labels)
    known, total = surfaces.words.weights(name)
    shared = surfaces.words.shared(known, rows)
    found["cosine"] = scanned.cosine[rows]
    found["cover_query"] = shared / max(total, 1e-9)
    found["cover_label"] = shared / np.maximum(surfaces.words.label_weight[rows], 1e-9)
    found["bm25"] = scanned.bm25[owners]
    found["meaning_owner"] = scanned.meaning[owners]
    found["meaning_name"] = meanings.names[rows] @ scanned.vector if meanings else np.zeros(len(rows), np.float32)
    found |= _flags(name, labels)
    found["via_alias"] = np.full(len(rows), float(scanned.query.alias), np.float32)
    found |= _shapes(surfaces, name, labels, rows, owners, sum(known.values()) / max(total, 1e-9))
    if semantic and scanned.semantic is not None:
        found["semantic_owner"] = scanned.semantic[owners]
        found["semantic_name"] = semantic.names[rows] @ scanned.semantic_vector
    return found


def _fuzzy(name: str, labels: Sequence[str]) -> dict[str, Floats]:
    """rapidfuzz similarities, 0..1."""
    def against(scorer, left: str, right: Sequence[str], scale: float = 0.01) -> Floats:  # type: ignore[no-untyped-def]
        return process.cdist([left], right, scorer=scorer, dtype=np.float32)[0] * np.float32(scale)

    return {
        "ratio": against(fuzz.ratio, name, labels),
        "squash_ratio": against(fuzz.ratio, squash(name), [squash(label) for label in labels]),
        "token_set": against(fuzz.token_set_ratio, name, labels),
        "token_sort": against(fuzz.token_sort_ratio, name, labels),
        "jaro": against(JaroWinkler.similarity, name, labels, 1.0),
    }


def _flags(name: str, labels: Sequence[str]) -> dict[str, Floats]:
    """Yes-or-no signs that two names are one."""
    tight, key, words = squash(name), root_key(name), roots(name)
    first_letters, digits = initials(name.split()), _digits(name)
    table = np.zeros((len(labels), len(FLAGS)), np.float32)
    for row, label in enumerate(labels):
        other, parts = squash(label), roots(label)
        table[row] = (
            label == name, other == tight, root_key(label) == key, 0.0,
            bool(words) and bool(parts) and parts[-1] == words[-1],
            bool(words) and bool(parts) and parts[0] == words[0],
            len(parts) > 1 and initials(label.split()) == tight,
            len(first_letters) > 1 and first_letters == other,
            other.startswith(tight) or tight.startswith(other),
            len(tight) > 2 and len(other) > 2 and (other in tight or tight in other),
            _digits(label) == digits,
        )
    return {flag: table[:, at] for at, flag in enumerate(FLAGS)}


def _digits(name: str) -> str:
    return "".join(ch for ch in name if ch.isdigit())


def _shapes(surfaces: Surfaces, name: str, labels: Sequence[str], rows: Ints, owners: Ints,
            known: float) -> dict[str, Floats]:
    """Sizes that tell how far the similarities can be believed."""
    many = np.diff(np.append(surfaces.first, len(surfaces.names)))
    same = np.ones(len(rows), np.float32)
    return {
        "query_length": same * np.float32(np.log1p(len(name))),
        "query_words": same * np.float32(len(name.split())),
        "label_words": np.array([label.count(" ") + 1 for label in labels], np.float32),
        "query_unknown": same * np.float32(1 - known),
        "owner_names": np.log1p(many[owners]).astype(np.float32),
        "commonness": surfaces.commonness[rows],
    }
