"""Numbers for names: skills, schedules, organizations and occupations as the index stores them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.logistics import SHARED_DIGITS

MOST_SCHEDULES = 63  # they are kept as the bits of one number, the last bit for all that nobody else names


class Words:
    """Names numbered in the order they came; a number is never given to another name."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names: list[str] = []
        self._number: dict[str, int] = {}
        for name in names:
            self.number(name)

    def __len__(self) -> int:
        return len(self.names)

    def number(self, name: str) -> int:
        """The number of a name, a new one when it has none."""
        found = self._number.get(name)
        if found is None:
            found = self._number[name] = len(self.names)
            self.names.append(name)
        return found

    def find(self, name: str | None) -> int:
        """The number of a name, -1 when it has none."""
        return -1 if name is None else self._number.get(name, -1)


@dataclass(frozen=True)
class Lexicon:
    """All names of one index."""

    skills: Words = field(default_factory=Words)
    schedules: Words = field(default_factory=Words)
    organizations: Words = field(default_factory=Words)
    occupations: Words = field(default_factory=Words)
    _groups: dict[str, list[int]] = field(default_factory=dict, init=False)
    _grouped: list[int] = field(default_factory=lambda: [0], init=False)

    def copy(self) -> "Lexicon":
        """The same names under the same numbers; new ones are no longer shared."""
        return Lexicon(*(Words(words.names) for words in
                         (self.skills, self.schedules, self.organizations, self.occupations)))

    def sizes(self) -> tuple[int, ...]:
        """How many names of each kind: as they only grow, equal sizes mean that nothing new was numbered."""
        return len(self.skills), len(self.schedules), len(self.organizations), len(self.occupations)

    def occupations_in(self, group: str) -> list[int]:
        """Numbers of the occupations whose code begins so; groups of 5, 6 or 7 characters."""
        for number in range(self._grouped[0], len(self.occupations)):
            code = self.occupations.names[number]
            for digits, _ in SHARED_DIGITS:
                self._groups.setdefault(code[:digits], []).append(number)
        self._grouped[0] = len(self.occupations)
        return self._groups.get(group, [])

    def bits(self, schedules: Iterable[str], *, new: bool) -> int:
        """Schedules as bits; with `new` unseen ones are numbered, else they share the last bit. ValueError past 63."""
        numbers = [self.schedules.number(name) if new else self.schedules.find(name) for name in schedules]
        if len(self.schedules) > MOST_SCHEDULES:
            raise ValueError(f"the index holds {MOST_SCHEDULES} kinds of schedule, here are {len(self.schedules)}")
        return sum({1 << (number if number >= 0 else MOST_SCHEDULES) for number in numbers})

    def schedules_of(self, bits: int) -> frozenset[str]:
        """The names of bits."""
        return frozenset(name for number, name in enumerate(self.schedules.names) if bits >> number & 1)


def encoded(names: Iterable[str]) -> NDArray[np.bytes_]:
    """Ids as fixed-width UTF-8."""
    found = [name.encode() for name in names]
    return np.array(found, dtype=f"S{max(map(len, found), default=1)}")
