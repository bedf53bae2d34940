"""Yes-or-no signs that two names are one thing, prepared for all names of a list so that comparing is array work."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.link_roots import NameWords
from matcher.ranking.link_text import initials, roots, squash

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
PARTS = ("plain", "squashed", "key", "initials", "digits", "head", "first")
FLAGS = ("exact", "squash_equal", "root_equal", "head_equal", "first_equal", "initials_of_label",
         "initials_of_query", "starts_with", "inside", "digits_equal")


def parts_of(name: str, words: Sequence[str]) -> tuple[str, ...]:
    """The parts of a plain name with these roots that are compared for equality, in the order of `PARTS`."""
    tokens, tight = name.split(), squash(name)
    digits = "" if tight.isalpha() else "".join(ch for ch in tight if ch.isdigit())
    return (name, tight, " ".join(sorted(words)), initials(tokens) if len(tokens) > 1 else "", digits,
            words[-1] if words else "", words[0] if words else "")


@dataclass(frozen=True, slots=True)
class Signs:
    """Numbers instead of text: equal parts have equal numbers; 0 is the empty part."""

    number: dict[str, int]
    codes: Ints  # names × PARTS
    squashed: list[str]

    @classmethod
    def build(cls, names: Sequence[str], words: NameWords) -> Signs:
        """Parts of all names."""
        parts = [parts_of(name, roots) for name, roots in zip(names, words.root_lists(), strict=True)]
        number = {"": 0}
        table = [number.setdefault(part, len(number)) for row in parts for part in row]
        return cls(number, np.array(table, np.int64).reshape(len(names), len(PARTS)), [row[1] for row in parts])

    def same(self, name: str) -> dict[str, int]:
        """The number of each part of one plain name; -1 for a part that no listed name has."""
        parts = parts_of(name, roots(name))
        return dict(zip(PARTS, (self.number.get(part, -1) for part in parts), strict=True))

    def compare(self, name: str, rows: Ints, wanted: Container[str]) -> dict[str, Floats]:
        """The wanted flags of one plain name against the given rows, each 0 or 1."""
        mine = self.same(name)
        theirs = dict(zip(PARTS, self.codes[rows].T, strict=True))
        found = {
            "exact": theirs["plain"] == mine["plain"],
            "squash_equal": theirs["squashed"] == mine["squashed"],
            "root_equal": theirs["key"] == mine["key"],
            "head_equal": (theirs["head"] == mine["head"]) & (theirs["head"] > 0),
            "first_equal": (theirs["first"] == mine["first"]) & (theirs["first"] > 0),
            "initials_of_label": (theirs["initials"] == mine["squashed"]) & (theirs["initials"] > 0),
            "initials_of_query": (theirs["squashed"] == mine["initials"]) & (mine["initials"] > 0),
            "digits_equal": theirs["digits"] == mine["digits"],
        }
        if "starts_with" in wanted or "inside" in wanted:
            found |= self._within(squash(name), rows)
        return {flag: values.astype(np.float32) for flag, values in found.items()}

    def _within(self, tight: str, rows: Ints) -> dict[str, NDArray[np.bool_]]:
        """Whether one of the two names, without spaces, begins with the other or holds it."""
        others = [self.squashed[row] for row in rows.tolist()]
        inside = [min(len(tight), len(other)) > 2 and (other in tight or tight in other) for other in others]
        starts = [other.startswith(tight) or tight.startswith(other) for other in others]
        return {"starts_with": np.array(starts), "inside": np.array(inside)}
