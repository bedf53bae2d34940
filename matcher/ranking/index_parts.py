"""Facts in unchanging parts: a big one, small newer ones, and what has just changed; a newer row puts out an older."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.index_people import SILENT
from matcher.ranking.index_words import Lexicon

SMALL = 1 << 15  # parts up to this size together are made one while somebody waits
STEP = 4  # a part this many times the newer one is left alone, so that a row is moved only now and then


class Compiled(Protocol):
    """Rows compiled from facts."""

    @property
    def names(self) -> NDArray[np.bytes_]:
        """Ids."""

    @property
    def flags(self) -> NDArray[np.uint8]:
        """Whether each row can be ranked."""

    def row(self, name: str) -> int:
        """The row of an id, -1 when it is not here."""

    def find(self, names: Sequence[str]) -> NDArray[np.int64]:
        """The rows (n) of ids, -1 for each that is not here."""

    def hints(self) -> NDArray[np.uint8]:
        """A byte for each row, 0 where it cannot be ranked."""

    def facts(self, row: int, words: Lexicon) -> Any:
        """The facts of one row."""


Facts = TypeVar("Facts", CandidateFacts, RoleFacts)
Held = TypeVar("Held", bound=Compiled)


@dataclass
class Part(Generic[Held]):
    """Rows that never change, and which of them still hold (`flags` and `hints`, this process's own)."""

    rows: Held
    flags: NDArray[np.uint8]
    hints: NDArray[np.uint8]

    @classmethod
    def of(cls, rows: Held) -> Self:
        """A part of which every row holds."""
        return cls(rows, np.array(rows.flags), rows.hints())

    def put_out(self, row: int) -> None:
        """The row holds no longer."""
        self.flags[row] = SILENT
        self.hints[row] = 0


class Parts(Generic[Facts, Held]):
    """All facts of one kind. Not safe for several threads that change it at once: the owner holds a lock."""

    def __init__(self, parts: Sequence[Held] = (), words: Lexicon | None = None) -> None:
        self.words = words or Lexicon()
        self.parts: list[Part[Held]] = [Part.of(rows) for rows in parts]
        self._new: dict[str, Facts] = {}

    def __len__(self) -> int:
        return sum(int(np.count_nonzero(part.flags)) for part in self.parts) + len(self._new)

    def __contains__(self, name: str) -> bool:
        return name in self._new or self.place(name) is not None

    def get(self, name: str) -> Facts:
        """The facts held under this id; KeyError when there are none."""
        if name in self._new:
            return self._new[name]
        place = self.place(name)
        if place is None:
            raise KeyError(name)
        return self._facts(*place)

    def facts(self) -> list[Facts]:
        """All facts held, in no particular order."""
        held = [self._facts(part, row) for part in self.parts for row in np.flatnonzero(part.flags).tolist()]
        return held + list(self._new.values())

    def upsert(self, facts: Facts) -> None:
        """Add facts, or replace those under their id; seen by the very next list."""
        self.remove(facts.id)
        self._new[facts.id] = facts

    def remove(self, name: str) -> None:
        """Forget an id; nothing happens when it is not here."""
        if self._new.pop(name, None) is None and (place := self.place(name)):
            place[0].put_out(place[1])

    def snapshot(self) -> Self:
        """The same facts as they are now, apart from later changes; the rows themselves are shared."""
        self.take_in()
        made = type(self)((), self.words.copy())
        made.parts = [Part(part.rows, part.flags.copy(), part.hints.copy()) for part in self.parts]
        return made

    def place(self, name: str) -> tuple[Part[Held], int] | None:
        """The part and row that hold an id, None when none does; what is new must have been taken in."""
        for part in reversed(self.parts):
            row = part.rows.row(name)
            if row >= 0 and part.flags[row]:
                return part, row
        return None

    def places(self, names: Sequence[str]) -> list[tuple[Part[Held], NDArray[np.int64], list[int]]]:
        """For each part that holds some of these ids its rows, and where they stand among `names`; see `place`.

        KeyError for one who is not here.
        """
        found, open_ = [], np.arange(len(names))
        for part in reversed(self.parts):
            rows = part.rows.find([names[spot] for spot in open_.tolist()])
            here = rows >= 0
            here[here] = part.flags[rows[here]] != SILENT
            if here.any():
                found.append((part, rows[here], open_[here].tolist()))
            open_ = open_[~here]
        if len(open_):
            raise KeyError(names[open_[0]])
        return found

    def take_in(self) -> None:
        """Compile what is new, so that it is found."""
        if not self._new:
            return
        self.parts.append(Part.of(self._compiled(list(self._new.values()))))
        self._new = {}
        while len(self.parts) > 1:
            older, newer = (len(part.flags) for part in self.parts[-2:])
            if older > STEP * newer or older + newer > SMALL:
                return
            self._join(len(self.parts) - 2)

    def tidy(self) -> None:
        """Make one part of all; takes seconds for a million rows."""
        self.take_in()
        if len(self.parts) > 1 or any(not part.flags.all() for part in self.parts):
            self._join(0)

    def _join(self, first: int) -> None:
        self.parts[first:] = [Part.of(self._joined(self.parts[first:]))]

    def _facts(self, part: Part[Held], row: int) -> Facts:
        found: Facts = part.rows.facts(row, self.words)
        return found

    def _compiled(self, facts: Sequence[Facts]) -> Held:
        raise NotImplementedError

    def _joined(self, parts: Sequence[Part[Held]]) -> Held:
        raise NotImplementedError
