"""Other ways of writing a name, from a table of facts: whole names that mean the same, and short forms of words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from matcher.ranking.link_text import plain

LONGEST_PHRASE = 3


@dataclass(frozen=True, slots=True)
class Aliases:
    """`names`: plain name -> other names of the same thing; `words`: short form -> what it stands for."""

    names: dict[str, tuple[str, ...]]
    words: dict[str, str]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, str]]) -> Aliases:
        """Rows are (`name` or `word`, short or other form, usual form)."""
        names: dict[str, dict[str, None]] = {}
        words: dict[str, str] = {}
        for kind, other, usual in rows:
            left, right = plain(other), plain(usual)
            if not left or not right or left == right:
                continue
            if kind == "word":
                words.setdefault(left, right)
            else:
                names.setdefault(left, {})[right] = None
                names.setdefault(right, {})[left] = None
        return cls({name: tuple(others) for name, others in names.items()}, words)

    def forms(self, name: str, most: int = 4) -> list[str]:
        """Other plain forms of a plain name, nearest first; neither the name itself nor a form twice."""
        found = dict.fromkeys(self.names.get(name, ()))
        for other in list(found):
            found |= dict.fromkeys(self.names.get(other, ()))
        spelled = self._spelled_out(name)
        found |= dict.fromkeys((spelled, *self.names.get(spelled, ())))
        found.pop(name, None)
        return list(found)[:most]

    def _spelled_out(self, name: str) -> str:
        """The name with every known short form written out, longest phrase first."""
        tokens, out, at = name.split(), [], 0
        while at < len(tokens):
            for size in range(min(LONGEST_PHRASE, len(tokens) - at), 0, -1):
                full = self.words.get(" ".join(tokens[at : at + size]))
                if full:
                    break
            out.append(full or tokens[at])
            at += size
        return " ".join(out)


@lru_cache(maxsize=4)
def load_aliases(path: Path) -> Aliases:
    """Read `kind<TAB>form<TAB>usual form` lines; lines that start with # are notes."""
    lines = (line.rstrip("\n") for line in path.read_text("utf-8").splitlines())
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return Aliases.of((row[0], row[1], row[2]) for row in rows if len(row) >= 3)
