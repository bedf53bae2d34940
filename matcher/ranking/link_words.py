"""Whole words of names as a sparse table: which share of one name's words the other has, and BM25 over all labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matcher.ranking.link_text import roots

Floats = NDArray[np.float32]
_K1, _B = 1.2, 0.5  # BM25 (Robertson and Zaragoza 2009), with less weight on length because names are short


@dataclass(frozen=True, slots=True)
class WordIndex:
    """Names × word roots (weighted by idf), and owners × word roots (BM25)."""

    vocabulary: dict[str, int]
    idf: Floats
    labels: sparse.csr_matrix
    label_weight: Floats
    owners: sparse.csc_matrix
    unseen: float

    @classmethod
    def build(cls, names: Sequence[str], owner: NDArray[np.int64], owners: int) -> WordIndex:
        """Index of the names; `owner[i]` says which of the `owners` things the name i belongs to."""
        vocabulary: dict[str, int] = {}
        rows: list[int] = []
        columns: list[int] = []
        for row, name in enumerate(names):
            for word in set(roots(name)):
                rows.append(row)
                columns.append(vocabulary.setdefault(word, len(vocabulary)))
        shape = (len(names), max(len(vocabulary), 1))
        row_of, column_of = np.array(rows, np.int64), np.array(columns, np.int64)
        table = sparse.csr_matrix((np.ones(len(rows), np.float32), (row_of, column_of)), shape=shape)
        counts = sparse.csr_matrix((np.ones(len(rows), np.float32), (owner[row_of], column_of)),
                                   shape=(max(owners, 1), shape[1]))
        seen = np.bincount(counts.indices, minlength=shape[1])
        idf = np.log1p((owners - seen + 0.5) / (seen + 0.5)).astype(np.float32)
        weighted = table @ sparse.diags(idf)
        return cls(vocabulary, idf, table, np.asarray(weighted.sum(axis=1), np.float32).ravel(),
                   _bm25(counts, idf).tocsc(), float(np.log1p(owners + 0.5)))

    def weight(self, word: str) -> float:
        """idf of one root; one that is not on the list counts as the rarest."""
        column = self.vocabulary.get(word)
        return self.unseen if column is None else float(self.idf[column])

    def weights(self, name: str) -> tuple[dict[int, float], float]:
        """idf of the name's known roots by column, and the sum over all its roots, unknown ones included."""
        known: dict[int, float] = {}
        total = 0.0
        for word in set(roots(name)):
            column = self.vocabulary.get(word)
            total += self.weight(word)
            if column is not None:
                known[column] = float(self.idf[column])
        return known, total

    def shared(self, known: dict[int, float], rows: NDArray[np.int64]) -> Floats:
        """Sum of idf of the roots that each of the rows shares with the query."""
        query = np.zeros(self.labels.shape[1], np.float32)
        query[list(known)] = list(known.values())
        return np.asarray(self.labels[rows] @ query, np.float32)

    def bm25(self, known: dict[int, float]) -> Floats:
        """BM25 of the query against all labels of each owner taken together."""
        scores = np.zeros(self.owners.shape[0], np.float32)
        for column in known:
            span = slice(self.owners.indptr[column], self.owners.indptr[column + 1])
            scores[self.owners.indices[span]] += self.owners.data[span]
        return scores


def _bm25(counts: sparse.csr_matrix, idf: Floats) -> sparse.csr_matrix:
    """BM25 weight of each word in each owner's labels."""
    length = np.asarray(counts.sum(axis=1)).ravel()
    norm = _K1 * (1 - _B + _B * length / max(float(length.mean()), 1e-9))
    out = counts.copy()
    spread = np.repeat(norm, np.diff(out.indptr))
    out.data = (out.data * (_K1 + 1) / (out.data + spread) * idf[out.indices]).astype(np.float32)
    return out
