"""The taggers that ship: loaded only where every file is the one that the manifest names, and how they are heard."""

from __future__ import annotations

import gzip
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pycrfsuite

from matcher.ranking.extract_features import VERSION, Lists, Row, Signs

MODELS = Path(__file__).resolve().parents[2] / "seeds" / "models" / "extract"
Label = Literal["knowledge", "skill"]
LABELS: tuple[Label, ...] = ("knowledge", "skill")
Chances = list[tuple[float, float, float]]  # per word: outside, first of a span, inside one
Span = tuple[int, int, Label, float]


class ModelRefused(Exception):
    """The model's folder is not the one that was made: a file is missing, changed, or of another version."""


@dataclass(frozen=True, slots=True)
class Tagger:
    """One conditional random field. Its tags have a letter (O, B, I) for each label that it `reads`, in that order."""

    field: Any
    data: bytes  # the field reads it in place: it has to stay as long as the field
    reads: tuple[Label, ...]
    every: bool  # reads every sign, or the core ones only

    @classmethod
    def of(cls, data: bytes, reads: Sequence[Label], every: bool) -> Tagger:
        """A tagger from the bytes that training wrote; ValueError where they are none."""
        tagger = pycrfsuite.Tagger()
        tagger.open_inmemory(data)
        return cls(tagger, data, tuple(reads), every)

    def chances(self, rows: Any) -> dict[Label, Chances]:
        """What it thinks of each word of a sentence (lists of signs, or `packed`), for each of its labels."""
        self.field.set(rows)
        tags, marginal = self.field.labels(), self.field.marginal
        words = [{tag: marginal(tag, at) for tag in tags} for at in range(len(rows))]
        found: dict[Label, Chances] = {}
        for place, label in enumerate(self.reads):
            by_letter = [[tag for tag in tags if tag[place] == letter] for letter in "OBI"]
            found[label] = [(sum(map(word.__getitem__, by_letter[0])), sum(map(word.__getitem__, by_letter[1])),
                             sum(map(word.__getitem__, by_letter[2]))) for word in words]
        return found


@dataclass(frozen=True, slots=True)
class Model:
    """Taggers, the lists that their signs need, and how readily a span is taken.

    `lean[label]` is added to the log chance of "outside": below 0 more spans are found.
    """

    lists: Lists
    taggers: Sequence[Tagger]
    lean: Mapping[str, float]
    manifest: Mapping[str, Any]

    def chances(self, rows: Sequence[Row]) -> dict[Label, Chances]:
        """For each label what the taggers think, on the mean, of the words of a sentence."""
        opinions = []
        for every in (False, True):
            readers = [tagger for tagger in self.taggers if tagger.every is every]
            packed = pycrfsuite.ItemSequence(seen(rows, every)) if readers else None
            opinions += [tagger.chances(packed) for tagger in readers]
        return {label: mean([said[label] for said in opinions if label in said]) for label in LABELS}

    def spans(self, rows: Sequence[Row]) -> list[Span]:
        """The spans of a sentence: first word, after the last, label, mean chance of the words."""
        return [(first, after, label, _sureness(chances[first:after])) for label, chances in self.chances(rows).items()
                for first, after in decode(chances, self.lean[label])]


def seen(rows: Sequence[Row], every: bool) -> list[Signs]:
    """The signs of one sentence that a tagger looks at: every one, or the core ones only."""
    return [[*row.core, *row.more] for row in rows] if every else [row.core for row in rows]


@lru_cache(maxsize=4)
def load(folder: Path = MODELS) -> Model:
    """The model in a folder, read once per process; ModelRefused where anything is not as the manifest says."""
    manifest = _manifest(folder)
    data = {name: _checked(folder / name, digest) for name, digest in manifest["files"].items()}
    try:
        taggers = [Tagger.of(data[one["file"]], one["reads"], bool(one["every"])) for one in manifest["taggers"]]
        lists = Lists.read(data["names.tsv.gz"].decode("utf-8"), data["words.tsv.gz"].decode("utf-8"))
        lean: dict[str, float] = {label: float(manifest["lean"][label]) for label in LABELS}
    except (KeyError, TypeError, ValueError) as problem:
        raise ModelRefused(f"{folder}: the manifest and the files do not fit together ({problem!r})") from None
    if not all(any(label in tagger.reads for tagger in taggers) for label in LABELS):
        raise ModelRefused(f"{folder}: no tagger reads {' or '.join(LABELS)}")
    return Model(lists, taggers, lean, manifest)


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest; ModelRefused where there is none, or it is of another version."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        version = manifest["features"]
        named = {name: str(facts["sha256"]) for name, facts in manifest["files"].items() if Path(name).name == name}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise ModelRefused(f"{folder}/manifest.json cannot be used ({problem!r})") from None
    if version != VERSION:
        raise ModelRefused(f"{folder}: made for signs of version {version}, not {VERSION}. Teach it again.")
    return {**manifest, "files": named}


def _checked(path: Path, digest: str) -> bytes:
    """The unpacked content of a file that is exactly the one named; nothing of another one is unpacked."""
    try:
        packed = path.read_bytes()
    except OSError as problem:
        raise ModelRefused(f"{path}: cannot be read ({problem.strerror})") from None
    if hashlib.sha256(packed).hexdigest() != digest:
        raise ModelRefused(f"{path}: not the file that the manifest names (its SHA-256 differs)")
    return gzip.decompress(packed)


def mean(opinions: Sequence[Chances]) -> Chances:
    """The mean of several taggers' chances."""
    if len(opinions) == 1:
        return opinions[0]
    count = len(opinions)
    return [(sum(one[0] for one in word) / count, sum(one[1] for one in word) / count,
             sum(one[2] for one in word) / count) for word in zip(*opinions, strict=True)]


def decode(chances: Chances, lean: float) -> list[tuple[int, int]]:
    """The likeliest spans (Viterbi over B, I, O; I only after B or I), with `lean` added to the log chance of O."""
    best = (0.0, -math.inf, -math.inf)
    back: list[tuple[int, int, int]] = []
    for outside, first, inside in chances:
        top = max(range(3), key=best.__getitem__)
        before = 1 if best[1] > best[2] else 2
        back.append((top, top, before))
        best = (best[top] + math.log(outside + 1e-9) + lean, best[top] + math.log(first + 1e-9),
                best[before] + math.log(inside + 1e-9))
    tag = max(range(3), key=best.__getitem__)
    tags: list[int] = []
    for came in reversed(back):
        tags.append(tag)
        tag = came[tag]
    return _runs(tags[::-1])


def _runs(tags: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for at, tag in enumerate(tags):
        if tag == 1:
            found.append((at, at + 1))
        elif tag == 2 and found:
            found[-1] = (found[-1][0], at + 1)
    return found


def _sureness(words: Chances) -> float:
    """The mean chance that the words belong to a span."""
    return round(1.0 - sum(word[0] for word in words) / len(words), 3)
