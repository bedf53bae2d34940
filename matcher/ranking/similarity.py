"""How near two skills are: a person who knows one is no stranger to the other."""

import hashlib
from collections.abc import Iterable, Mapping

from matcher.ranking.facts import FactError

Neighbors = tuple[tuple[str, float], ...]


class Similarity:
    """Neighbors of each skill with a similarity above 0 and at most 1; a skill is always 1 to itself.

    Read as given: (k, k', s) says how far knowing k' helps with k. Give both directions for a symmetric relation.
    """

    def __init__(self, triples: Iterable[tuple[str, str, float]] = ()) -> None:
        forward: dict[str, dict[str, float]] = {}
        backward: dict[str, dict[str, float]] = {}
        for skill, neighbor, value in triples:
            if not 0.0 < value <= 1.0:
                problem = f"{value!r} between {skill!r} and {neighbor!r} is not above 0 and up to 1"
                raise FactError("similarity", problem)
            if skill == neighbor:
                continue
            if forward.setdefault(skill, {}).setdefault(neighbor, float(value)) != value:
                raise FactError("similarity", f"{skill!r} and {neighbor!r} are given two values")
            backward.setdefault(neighbor, {})[skill] = float(value)
        self._forward = _frozen(forward)
        self._backward = _frozen(backward)

    def neighbors(self, skill: str) -> Neighbors:
        """Skills that help with `skill`, itself left out, in a fixed order."""
        return self._forward.get(skill, ())

    def helped_by(self, skill: str) -> Neighbors:
        """Skills that `skill` helps with, itself left out, in a fixed order."""
        return self._backward.get(skill, ())

    def between(self, skill: str, neighbor: str) -> float:
        """How far knowing `neighbor` helps with `skill`, 0 to 1."""
        return 1.0 if skill == neighbor else dict(self.neighbors(skill)).get(neighbor, 0.0)

    def digest(self) -> str:
        """A hash of every triple: two similarities with the same digest rank alike."""
        rows = sorted(self._forward.items())
        lines = (f"{skill}\t{other}\t{value!r}" for skill, row in rows for other, value in row)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _frozen(table: Mapping[str, Mapping[str, float]]) -> dict[str, Neighbors]:
    return {skill: tuple(sorted(row.items())) for skill, row in table.items()}
