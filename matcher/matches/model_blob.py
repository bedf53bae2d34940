"""A model to a row's bytes and back: what the store writes, held in the database and checked before it is used."""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher import ranking
from matcher.matches.models import RankerModel
from matcher.ranking import store
from matcher.ranking.ranker import Ranker
from matcher.ranking.similarity import Similarity
from matcher.ranking.store import MANIFEST, MODEL, ModelRefused

VERSION = "1"

__all__ = ["ModelRefused", "Packed", "code_version", "pack", "unpack"]


@dataclass(frozen=True, slots=True)
class Packed:
    """A model file, its manifest, and the file's SHA-256."""

    blob: bytes
    manifest: dict[str, Any]
    sha256: str


def pack(ranker: Ranker, facts: Mapping[str, Any]) -> Packed:
    """The ranker as the store writes it; `facts` say what it learned from and how well."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store.save(ranker, folder, facts=facts)
        blob = (folder / MODEL).read_bytes()
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    return Packed(blob, manifest, hashlib.sha256(blob).hexdigest())


def unpack(row: RankerModel, similarity: Similarity) -> Ranker:
    """The ranker in a row; ModelRefused unless row, manifest and file agree in every hash."""
    if hashlib.sha256(row.blob).hexdigest() != row.sha256:
        raise ModelRefused("the model in the database is not the one that was trained")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / MODEL).write_bytes(row.blob)
        (folder / MANIFEST).write_text(json.dumps(row.manifest), "utf-8")
        return store.load(folder, similarity, expected=row.hash)


@lru_cache(maxsize=1)
def code_version() -> str:
    """A short hash over the ranking code: two models of one version were trained by the same program."""
    found = hashlib.sha256(VERSION.encode())
    for path in sorted(Path(str(ranking.__file__)).parent.glob("*.py")):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:12]
