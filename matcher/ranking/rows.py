"""Numbered places for facts: a place freed by one is used by the next, and arrays grow by doubling."""

from typing import Generic, TypeVar

import numpy as np

from matcher.ranking.logistics import Flags, Floats
from matcher.ranking.postings import grown

Facts = TypeVar("Facts")
_START = 64


class Rows(Generic[Facts]):
    """Facts by id and by row, with a table (width, size) of numbers and two flags for each row."""

    def __init__(self, width: int) -> None:
        self._table = np.zeros((width, _START))
        self._alive = np.zeros(_START, dtype=np.bool_)
        self._enough = np.zeros(_START, dtype=np.bool_)
        self._row: dict[str, int] = {}
        self._names: list[str] = []
        self._facts: list[Facts | None] = []
        self._free: list[int] = []

    def __len__(self) -> int:
        return len(self._row)

    def __contains__(self, name: str) -> bool:
        return name in self._row

    @property
    def size(self) -> int:
        """Rows in use or free to use again."""
        return len(self._names)

    @property
    def table(self) -> Floats:
        """The numbers, shape (width, size)."""
        return self._table[:, : self.size]

    @property
    def alive(self) -> Flags:
        """Rows that hold someone, shape (size,)."""
        return self._alive[: self.size]

    @property
    def enough(self) -> Flags:
        """Rows whose facts say enough to be scored, shape (size,)."""
        return self._enough[: self.size]

    def name(self, row: int) -> str:
        """The id in a row."""
        return self._names[row]

    def get(self, name: str) -> Facts:
        """The facts under an id; KeyError when there are none."""
        facts = self._facts[self._row[name]]
        if facts is None:
            raise KeyError(name)
        return facts

    def at(self, row: int) -> Facts | None:
        """The facts in a row, None where it is free."""
        return self._facts[row]

    def facts(self) -> list[Facts]:
        """All facts held."""
        return [facts for facts in self._facts if facts is not None]

    def put(self, name: str, facts: Facts, numbers: tuple[float, ...], *, enough: bool) -> int:
        """Store under a new id; returns the row."""
        row = self._free.pop() if self._free else self._new_row()
        self._row[name], self._names[row], self._facts[row] = row, name, facts
        self._table[:, row] = numbers
        self._alive[row], self._enough[row] = True, enough
        return row

    def take(self, name: str) -> tuple[int, Facts]:
        """Free the row of an id; returns it with the facts that were there."""
        facts, row = self.get(name), self._row.pop(name)
        self._facts[row] = None
        self._alive[row] = self._enough[row] = False
        self._free.append(row)
        return row, facts

    def _new_row(self) -> int:
        if self.size == len(self._alive):
            self._table, self._alive, self._enough = grown(self._table), grown(self._alive), grown(self._enough)
        self._names.append("")
        self._facts.append(None)
        return self.size - 1
