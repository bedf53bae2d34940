"""Yes-or-no signs that two names are one thing, prepared for all names of a list so that comparing is array work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.link_text import initials, root_key, roots, squash

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
PARTS = ("plain", "squashed", "key", "head", "first", "initials", "digits")
FLAGS = ("exact", "squash_equal", "root_equal", "head_equal", "first_equal", "initials_of_label",
         "initials_of_query", "starts_with", "inside", "digits_equal")


def parts_of(name: str) -> tuple[str, ...]:
    """The parts of a plain name that are compared for equality, in the order of `PARTS`."""
    words = roots(name)
    tokens = name.split()
    return (name, squash(name), root_key(name), words[-1] if words else "", words[0] if words else "",
            initials(tokens) if len(tokens) > 1 else "", "".join(ch for ch in name if ch.isdigit()))


@dataclass(frozen=True, slots=True)
class Signs:
    """Numbers instead of text: equal parts have equal numbers; 0 is the empty part."""

    number: dict[str, int]
    codes: Ints  # names × PARTS
    squashed: list[str]

    @classmethod
    def build(cls, names: Sequence[str]) -> Signs:
        """Parts of all names."""
        number = {"": 0}
        table = [[number.setdefault(part, len(number)) for part in parts_of(name)] for name in names]
        return cls(number, np.array(table, np.int64).reshape(len(names), len(PARTS)), [squash(name) for name in names])

    def compare(self, name: str, rows: Ints) -> dict[str, Floats]:
        """The flags of one plain name against the given rows, each 0 or 1."""
        mine = dict(zip(PARTS, (self.number.get(part, -1) for part in parts_of(name)), strict=True))
        theirs = {part: self.codes[rows, at] for at, part in enumerate(PARTS)}
        tight = squash(name)
        others = [self.squashed[row] for row in rows]
        found = {
            "exact": theirs["plain"] == mine["plain"],
            "squash_equal": theirs["squashed"] == mine["squashed"],
            "root_equal": theirs["key"] == mine["key"],
            "head_equal": (theirs["head"] == mine["head"]) & (theirs["head"] > 0),
            "first_equal": (theirs["first"] == mine["first"]) & (theirs["first"] > 0),
            "initials_of_label": (theirs["initials"] == mine["squashed"]) & (theirs["initials"] > 0),
            "initials_of_query": (theirs["squashed"] == mine["initials"]) & (mine["initials"] > 0),
            "starts_with": np.array([other.startswith(tight) or tight.startswith(other) for other in others]),
            "inside": np.array([min(len(tight), len(other)) > 2 and (other in tight or tight in other)
                                for other in others]),
            "digits_equal": theirs["digits"] == mine["digits"],
        }
        return {flag: values.astype(np.float32) for flag, values in found.items()}
