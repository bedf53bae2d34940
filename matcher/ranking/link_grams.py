"""Character n-grams of many short names as one sparse, weighted table: built and searched with array work only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

BUCKETS = 1 << 20
SIZES = (2, 3, 4)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def gram_counts(names: Sequence[str]) -> sparse.csr_matrix:
    """Counts of padded 2-, 3- and 4-grams, names × hashed grams.

    All names are laid end to end and every window is hashed at once, so that 90,000 names take about a second.
    """
    joined = "".join(f" {name} \0" for name in names)
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    owner = np.cumsum(codes == 0) - (codes == 0)
    rows, columns = [], []
    for size in SIZES:
        window, whole = _windows(codes, size)
        rows.append(owner[: len(window)][whole])
        columns.append(window[whole])
    row, column = np.concatenate(rows), np.concatenate(columns).astype(np.int64)
    table = sparse.coo_matrix((np.ones(len(row), np.float32), (row, column)), shape=(len(names), BUCKETS))
    return table.tocsr()


def _windows(codes: NDArray[np.uint64], size: int) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Hash of each window of `size` letters, and whether it lies inside one name."""
    count = max(len(codes) - size + 1, 0)
    value = np.full(count, size, np.uint64)
    whole = np.ones(count, bool)
    for shift in range(size):
        letters = codes[shift : shift + count]
        value = (value ^ letters) * _MULTIPLIER
        value ^= value >> np.uint64(29)
        whole &= letters != 0
    return value & np.uint64(BUCKETS - 1), whole


@dataclass(frozen=True, slots=True)
class GramIndex:
    """Names by weighted grams, kept by gram so that a lookup touches only the grams it has."""

    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    values: NDArray[np.float32]
    idf: NDArray[np.float32]
    size: int

    @classmethod
    def build(cls, names: Sequence[str]) -> GramIndex:
        """Index of the names in their order: tf = 1 + ln n, smoothed idf, unit length."""
        counts = gram_counts(names)
        seen = np.bincount(counts.indices, minlength=BUCKETS)
        idf = (np.log((1 + len(names)) / (1 + seen)) + 1).astype(np.float32)
        counts.data = (1 + np.log(counts.data)) * idf[counts.indices]
        lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
        counts.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(counts.indptr)).astype(np.float32)
        by_gram = counts.tocsc()
        return cls(by_gram.indptr.astype(np.int64), by_gram.indices.astype(np.int32),
                   by_gram.data.astype(np.float32), idf, len(names))

    def cosines(self, name: str) -> NDArray[np.float32]:
        """Cosine of one name with every indexed name, in their order."""
        counts = gram_counts([name])
        weights = (1 + np.log(counts.data)) * self.idf[counts.indices]
        weights /= max(float(np.sqrt((weights * weights).sum())), 1e-9)
        spans = [slice(self.starts[gram], self.starts[gram + 1]) for gram in counts.indices]
        if not spans:
            return np.zeros(self.size, np.float32)
        ends = np.cumsum([0] + [span.stop - span.start for span in spans])
        met = sparse.csc_matrix((np.concatenate([self.values[span] for span in spans]),
                                 np.concatenate([self.rows[span] for span in spans]), ends),
                                shape=(self.size, len(spans)))
        return np.asarray(met @ weights.astype(np.float32), np.float32)
