"""Names of skills as the taxonomy ships them, with short forms and Spanish forms: words in a text -> id and label."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from matcher.ranking.extract_features import lower
from matcher.ranking.extract_text import Sentence, tokens

if TYPE_CHECKING:
    from matcher.ranking.link import Linker

TAXONOMY = Path(__file__).resolve().parents[2] / "seeds" / "taxonomy"
SPANISH = "spanish"  # the source of the names that Spanish has for skills
SURE = 0.80  # chance at which the linker's answer is taken, as on the pages
_LONGEST_LINKED = 5  # words; longer phrases name no single skill
_ACCENTS = str.maketrans("áéíóúüñàèìòùç", "aeiouunaeiouc")
_ENDINGS = ("software", "programming", "language", "skills", "framework", "experience")


class Named(NamedTuple):
    """A skill of the taxonomy."""

    id: str
    label: str


def key(text: str) -> str:
    """The form in which names are compared: small letters without accents, words as the tagger cuts them."""
    words = (lower(token.text) for token in tokens(text[:200]) if token.text not in ",;()")
    return " ".join(words).translate(_ACCENTS)


def words_of(sentence: Sentence) -> list[str]:
    """The words of a sentence in the form in which they are compared; signs stay as they are."""
    return [key(token.text) or token.text for token in sentence.tokens]


def written_as_name(word: str) -> bool:
    """Whether capitals or signs stand in the word as in names, not only a capital at its beginning."""
    return any(letter.isupper() or not letter.isalpha() for letter in word[1:])


@dataclass(slots=True)
class Names:
    """All names by their key. A name that several skills share belongs to the commonest of them."""

    known: Mapping[str, Named]
    longest: Mapping[str, int]  # first word -> words of the longest name that begins so
    everyday: frozenset[str]  # keys that are also everyday words, such as `go` and `access`
    own_language: frozenset[str]  # keys of the Spanish forms
    labels: Mapping[str, str]  # id -> name
    surfaces: tuple[tuple[str, str], ...]  # every (id, name)
    _linked: dict[str, Named | None] = field(default_factory=dict)

    def named(self, text: str) -> Named | None:
        """The skill with exactly this name, with or without a closing word such as `software`; else None."""
        form = key(text)
        found = self.known.get(form)
        if found is None and " " in form and form.rsplit(" ", 1)[1] in _ENDINGS:
            found = self.known.get(form.rsplit(" ", 1)[0])
        return found

    def link(self, text: str) -> Named | None:
        """The skill that a text names: exactly, or where the linker is sure; else None."""
        found = self.named(text)
        form = key(text)
        if found is not None or not form or form.count(" ") >= _LONGEST_LINKED or len(form) < 4:
            return found
        if form not in self._linked:
            if len(self._linked) > 20_000:
                self._linked.clear()
            understood = _linker(self).understand(text)
            best = understood.best if understood.outcome == "sure" else None
            self._linked[form] = Named(best.id, self.labels[best.id]) if best and best.score >= SURE else None
        return self._linked[form]

    def inside(self, words: list[str]) -> list[tuple[int, int, Named]]:
        """Longest names among lower-case words, left to right: (first, after last, skill)."""
        found, at = [], 0
        while at < len(words):
            for size in range(min(self.longest.get(words[at], 0), len(words) - at), 0, -1):
                named = self.known.get(" ".join(words[at : at + size]))
                if named is not None:
                    found.append((at, at + size, named))
                    at += size
                    break
            else:
                at += 1
        return found


@lru_cache(maxsize=2)
def load(taxonomy: Path = TAXONOMY) -> Names:
    """The names that ship, read once per process."""
    labels: dict[str, str] = {}
    known: dict[str, Named] = {}
    rows = sorted(_rows(taxonomy / "skills.tsv.gz"), key=lambda row: -int(row["uses"] or 0))
    for row in sorted(rows, key=lambda row: row["kind"] == "technology"):
        labels[row["id"]] = row["name"]
        known.setdefault(key(row["name"]), Named(row["id"], row["name"]))
        if row["kind"] == "technology" and row["name"].endswith(" software"):
            known.setdefault(key(row["name"].removesuffix(" software")), Named(row["id"], row["name"]))
    surfaces = list(labels.items())
    aliases = list(_rows(taxonomy / "skill_aliases.tsv.gz"))
    surfaces += [(row["skill_id"], row["alias"]) for row in aliases if row["source"] != SPANISH]
    for identifier, name in surfaces[len(labels) :]:
        if identifier in labels:
            known.setdefault(key(name), Named(identifier, labels[identifier]))
    spanish = [(row["skill_id"], row["alias"]) for row in aliases if row["source"] == SPANISH]
    forms = {key(name): Named(code, labels[code]) for code, name in spanish if code in labels}
    known |= {name: named for name, named in forms.items() if name not in known}
    known.pop("", None)
    longest: dict[str, int] = {}
    for name in known:
        words = name.split(" ")
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return Names(known, longest, _EVERYDAY, frozenset(forms) - _EVERYDAY, labels, tuple(surfaces))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


@lru_cache(maxsize=2)
def _linker_of(surfaces: tuple[tuple[str, str], ...]) -> Linker:
    from matcher.ranking.link import Linker  # loads its word vectors: only when a name is not known exactly

    return Linker(surfaces)


def _linker(names: Names) -> Linker:
    return _linker_of(names.surfaces)


# Names that are everyday words too: without other signs they are not taken for a skill.
_EVERYDAY = frozenset(
    "access act aim base basic be box brief chef clear common core dash delta design draft eve express factor flow "
    "focus "
    "forth go hack hub icon inform insight io just julia key keynote less link logo lean make maple mercury motion "
    "move nation nice numbers origin outlook pages perfect pick plan point prolog project publisher pure r racket red "
    "reference rest ring rust sage scheme script self sketch slash slim spark spirit spring stream swift teams track "
    "unity vision visual vim wave whiteboard word work works writer zoom c d e b j k excel reading writing speaking "
    "selling sales phone calls email internet computer computers training safety transport research "
    "ciencia derecho fisica historia leyes maquetas medicina musica navegadores produccion quimica".split())
