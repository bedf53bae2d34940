"""The taggers that ship: loaded only where every file is the one that the manifest names, and how they are heard."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from matcher.ranking.extract_chances import Chances, Tagger, decode, mean
from matcher.ranking.extract_features import VERSION, Lists
from matcher.ranking.extract_net import Nets
from matcher.ranking.extract_seen import Places, Seen
from matcher.ranking.extract_text import Sentence
from matcher.ranking.extract_weights import Weights

MODELS = Path(__file__).resolve().parents[2] / "seeds" / "models" / "extract"
Label = Literal["knowledge", "skill"]
LABELS: tuple[Label, ...] = ("knowledge", "skill")
NETS_SHARE = 0.7  # what the nets count beside the taggers: the best of five shares on ads that had taught neither
Span = tuple[int, int, Label, float]


class ModelRefused(Exception):
    """The model's folder is not the one that was made: a file is missing, changed, or of another version."""


@dataclass(frozen=True, slots=True)
class Model:
    """Taggers, the weights and lists that they read with, nets, and how readily a span is taken.

    The nets together count `NETS_SHARE`, all taggers together the rest. `lean[label]` is added to the log chance of
    "outside": below 0 more spans are found.
    """

    weights: Weights
    taggers: Sequence[Tagger]
    nets: Nets
    lean: Mapping[str, float]
    manifest: Mapping[str, Any]

    @property
    def lists(self) -> Lists:
        """The lists that ship with the model."""
        return self.weights.lists

    def chances(self, sentences: Sequence[Sentence], places: Places) -> dict[Label, list[Chances]]:
        """For each label and sentence what taggers and nets together think of the words."""
        seen = Seen.of(sentences, places, self.lists)
        said = self.weights.read(seen)
        read = self.nets.chances(seen)
        heard = [tagger.chances(said) for tagger in self.taggers]
        taggers = {label: mean([one[label] for one in heard if label in one]) for label in LABELS}
        return {label: [(1 - NETS_SHARE) * one + NETS_SHARE * other
                        for one, other in zip(taggers[label], read[label], strict=True)] for label in LABELS}

    def spans(self, sentences: Sequence[Sentence], places: Places) -> list[list[Span]]:
        """The spans of each sentence: first word, after the last, label, mean chance of the words."""
        found: list[list[Span]] = [[] for _ in sentences]
        for label, chances in self.chances(sentences, places).items():
            for here, one in zip(found, chances, strict=True):
                here += [(first, after, label, _sureness(one[first:after]))
                         for first, after in decode(one, self.lean[label])]
        return found


@lru_cache(maxsize=4)
def load(folder: Path = MODELS) -> Model:
    """The model in a folder, read once per process; ModelRefused where anything is not as the manifest says."""
    manifest = _manifest(folder)
    data = {name: _checked(folder / name, digest) for name, digest in manifest["files"].items()}
    try:
        taggers = [Tagger.of(one) for one in manifest["taggers"]]
        lists = Lists.read(data["names.tsv.gz"].decode("utf-8"), data["words.tsv.gz"].decode("utf-8"))
        weights = weights_of(lists, data["signs.txt.gz"], data["weights.npy.gz"])
        lean: dict[str, float] = {label: float(manifest["lean"][label]) for label in LABELS}
        nets = Nets.of(data["nets.npz.gz"], LABELS)
        if max(one.first + len(one.tags) for one in taggers) > weights.table.shape[1]:
            raise ValueError("a tagger without its columns")
    except (KeyError, TypeError, ValueError) as problem:
        raise ModelRefused(f"{folder}: the manifest and the files do not fit together ({problem!r})") from None
    if not all(any(label in tagger.reads for tagger in taggers) for label in LABELS):
        raise ModelRefused(f"{folder}: no tagger reads {' or '.join(LABELS)}")
    return Model(weights, taggers, nets, lean, manifest)


def weights_of(lists: Lists, signs: bytes, table: bytes) -> Weights:
    """Weights from a sign per line and an array of numbers with a row for each; ValueError where they do not fit."""
    listed = signs.decode("utf-8").split("\n")
    rows = np.load(io.BytesIO(table), allow_pickle=False).astype(np.float32)
    if rows.ndim != 2 or len(rows) != len(listed):
        raise ValueError(f"{len(listed)} signs and an array of {rows.shape}")
    return Weights(lists, {sign: row for row, sign in enumerate(listed)}, rows)


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


def _sureness(words: Chances) -> float:
    """The mean chance that the words belong to a span."""
    return round(1.0 - float(words[:, 0].mean()), 3)
