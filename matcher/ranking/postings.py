"""Who has a skill, as arrays that grow, shrink and change one row at a time."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.logistics import Floats

_START = 8
_Scalar = TypeVar("_Scalar", bound=np.generic)


class Posting:
    """Rows that have one thing, each with `width` numbers; the order inside means nothing."""

    __slots__ = ("_rows", "_size", "_values", "_where")

    def __init__(self, width: int) -> None:
        self._rows = np.zeros(_START, dtype=np.intp)
        self._values = np.zeros((width, _START))
        self._size = 0
        self._where: dict[int, int] = {}

    def __len__(self) -> int:
        return self._size

    @property
    def rows(self) -> NDArray[np.intp]:
        """The rows, shape (n,)."""
        return self._rows[: self._size]

    @property
    def values(self) -> Floats:
        """Their numbers, shape (width, n)."""
        return self._values[:, : self._size]

    def put(self, row: int, *numbers: float) -> None:
        """Add a row that is not in yet."""
        if self._size == len(self._rows):
            self._rows = grown(self._rows)
            self._values = grown(self._values)
        self._rows[self._size] = row
        self._values[:, self._size] = numbers
        self._where[row] = self._size
        self._size += 1

    def drop(self, row: int) -> None:
        """Take a row out; the last one fills its place."""
        spot, last = self._where.pop(row), self._size - 1
        if spot != last:
            self._rows[spot] = self._rows[last]
            self._values[:, spot] = self._values[:, last]
            self._where[int(self._rows[spot])] = spot
        self._size = last


def grown(array: NDArray[_Scalar]) -> NDArray[_Scalar]:
    """The array with its last axis doubled, the new half zero."""
    return np.concatenate((array, np.zeros_like(array)), axis=-1)
