"""Character n-grams of many short names as one sparse, weighted table: built and searched with array work only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.index_jit import compiled

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
BUCKETS = 1 << 20
SIZES = (2, 3, 4)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def windows(names: Sequence[str]) -> tuple[Ints, Ints]:
    """Every padded 2-, 3- and 4-gram of the names laid end to end: the name it is in, and its bucket.

    Every window is hashed at once, so that 90,000 names take a fraction of a second.
    """
    joined = "".join([f" {name} \0" for name in names])
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    inside = codes != 0
    owner = np.cumsum(~inside) - ~inside
    rows, buckets = [], []
    for size in SIZES:
        hashed, whole = _windows(codes, inside, size)
        rows.append(owner[: len(hashed)][whole])
        buckets.append(hashed[whole].astype(np.int64))
    return np.concatenate(rows), np.concatenate(buckets)


def _windows(codes: NDArray[np.uint64], inside: NDArray[np.bool_], size: int) -> tuple[NDArray[np.uint64],
                                                                                       NDArray[np.bool_]]:
    """Hash of each window of `size` letters, and whether it lies inside one name."""
    count = max(len(codes) - size + 1, 0)
    value = np.full(count, size, np.uint64)
    whole = np.ones(count, bool)
    for shift in range(size):
        value ^= codes[shift : shift + count]
        value *= _MULTIPLIER
        value ^= value >> np.uint64(29)
        whole &= inside[shift : shift + count]
    value &= np.uint64(BUCKETS - 1)
    return value, whole


@dataclass(frozen=True, slots=True)
class GramIndex:
    """Names by weighted grams, kept by gram so that a lookup touches only the grams it has."""

    starts: Ints
    rows: NDArray[np.int32]
    values: Floats
    idf: Floats
    size: int

    @classmethod
    def build(cls, names: Sequence[str]) -> GramIndex:
        """Index of the names: tf = 1 + ln n, smoothed idf, unit length."""
        row, bucket = windows(names)
        many = max(len(names), 1)
        bucket *= many
        bucket += row
        bucket.sort()  # by gram, then by name: the order in which they are kept
        new = np.flatnonzero(np.diff(bucket, prepend=-1))
        gram, rows = np.divmod(bucket[new], many)
        times = np.diff(np.append(new, len(bucket)))
        seen = np.bincount(gram, minlength=BUCKETS)
        idf = (np.log((1 + len(names)) / (1 + seen)) + 1).astype(np.float32)
        values = np.asarray((1 + np.log(times)) * idf[gram], np.float32)
        lengths = np.sqrt(np.bincount(rows, weights=values * values, minlength=many)).astype(np.float32)
        values /= np.maximum(lengths, np.float32(1e-9))[rows]
        return cls(np.concatenate([[0], np.cumsum(seen)]), rows.astype(np.int32), values, idf, len(names))

    def cosines(self, name: str) -> Floats:
        """Cosine of one name with every indexed name."""
        grams, times = np.unique(windows([name])[1], return_counts=True)
        weights = (1 + np.log(times)) * self.idf[grams]
        weights /= max(float(np.sqrt((weights * weights).sum())), 1e-9)
        found = np.zeros(self.size, np.float32)
        _add_up(self.starts[grams], self.starts[grams + 1], weights.astype(np.float32), self.rows, self.values, found)
        return found


@compiled
def _add_up(starts: Ints, ends: Ints, weights: Floats, rows: NDArray[np.int32], values: Floats, found: Floats) -> None:
    """Add `weights[i]` times the values from `starts[i]` to `ends[i]` to those of `found` that `rows` names."""
    for gram in range(len(starts)):
        weight = weights[gram]
        for at in range(starts[gram], ends[gram]):
            found[rows[at]] += weight * values[at]
