"""Whole words of names as a sparse table: which share of one name's words the other has, and BM25 over all labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matcher.ranking.link_roots import NameWords, spans, totals
from matcher.ranking.link_text import roots

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
_K1, _B = 1.2, 0.5  # BM25 (Robertson and Zaragoza 2009), with less weight on length because names are short


@dataclass(frozen=True, slots=True)
class WordIndex:
    """Names × word roots (weighted by idf), and owners × word roots (BM25)."""

    vocabulary: dict[str, int]
    idf: Floats
    label_roots: Ints  # the distinct roots of each name, names end to end
    label_first: Ints  # where each name starts among them; one more than names
    label_weight: Floats
    owners: sparse.csc_matrix
    unseen: float

    @classmethod
    def build(cls, words: NameWords, owner: Ints, owners: int) -> WordIndex:
        """Index of the names; `owner[i]` says which of the `owners` things the name i belongs to."""
        many = max(len(words.roots), 1)
        pairs = np.unique(words.name * many + words.root)
        row, column = pairs // many, pairs % many
        first = np.searchsorted(row, np.arange(len(words.first))).astype(np.int64)
        counts = sparse.csr_matrix((np.ones(len(row), np.float32), (owner[row], column)), shape=(max(owners, 1), many))
        seen = np.bincount(counts.indices, minlength=many)
        idf = np.log1p((owners - seen + 0.5) / (seen + 0.5)).astype(np.float32)
        return cls(words.roots, idf, column, first, totals(idf[column], first), _bm25(counts, idf).tocsc(),
                   float(np.log1p(owners + 0.5)))

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

    def shared(self, known: dict[int, float], rows: Ints) -> Floats:
        """Sum of idf of the roots that each of the rows shares with the query."""
        query = np.zeros(len(self.idf), np.float32)
        query[list(known)] = list(known.values())
        at, begin = spans(self.label_first[rows], self.label_first[rows + 1] - self.label_first[rows])
        return totals(query[self.label_roots[at]], np.append(begin, len(at)))

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
