"""The index in files that all processes of a host share in memory: a folder for each generation, put in at once."""

import json
import os
import shutil
import uuid
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from matcher.ranking import features
from matcher.ranking.index import PeopleIndex
from matcher.ranking.index_people import FRESH, STRENGTH, People
from matcher.ranking.index_words import Lexicon, Words

CURRENT = "current"
WORDS = ("skills", "schedules", "organizations", "occupations")


class IndexFault(Exception):
    """The files cannot be used: made by another version, not whole, or not there."""


def save(index: PeopleIndex, folder: Path, **about: Any) -> Path:
    """Write the index as a new generation and make it the current one; the one before is kept, older ones go.

    `about` (plain values, such as the version of the facts) comes back from `load`. Readers never see half a
    generation: a finished folder is made current by one rename.
    """
    index.tidy()
    if not index.parts:
        raise IndexFault("nobody is in the index")
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"generation-{uuid.uuid4().hex}"
    made.mkdir()
    for item in fields(People):
        np.save(made / f"{item.name}.npy", np.asarray(getattr(index.parts[0].rows, item.name)), allow_pickle=False)
    words = {name: getattr(index.words, name).names for name in WORDS}
    (made / "words.json").write_text(json.dumps(words), encoding="utf-8")
    manifest = {"format": _format(), "people": len(index), "about": about}
    (made / "manifest.json").write_text(json.dumps(manifest, sort_keys=True), encoding="utf-8")
    before = _current(folder)
    pointer = folder / f"{CURRENT}.{made.name}"
    pointer.write_text(made.name, encoding="utf-8")
    os.replace(pointer, folder / CURRENT)
    for old in folder.glob("generation-*"):
        if old.name not in (made.name, before):
            shutil.rmtree(old, ignore_errors=True)
    return made


def load(folder: Path) -> tuple[PeopleIndex, dict[str, Any]]:
    """The current generation, mapped and not read: pages come in as they are needed, once for all processes.

    Changes that come after it are upserts of the process that needs them. Raises IndexFault.
    """
    name = _current(folder)
    if not name:
        raise IndexFault(f"{folder.name} holds no index yet")
    made = folder / name
    try:
        manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
        if manifest["format"] != _format():
            raise IndexFault(f"{name} was made by another version")
        words = json.loads((made / "words.json").read_text(encoding="utf-8"))
        # Copy on write, so that the compiled loops see the same kind of array as in memory; nothing is ever written.
        arrays = {item.name: np.asarray(np.load(made / f"{item.name}.npy", mmap_mode="c", allow_pickle=False))
                  for item in fields(People)}
    except (OSError, ValueError, KeyError) as error:
        raise IndexFault(f"{name} is not whole: {error}") from error
    lexicon = Lexicon(*(Words(words[kind]) for kind in WORDS))
    return PeopleIndex([People(**arrays)], lexicon), dict(manifest["about"])


def generation(folder: Path) -> str:
    """Name of the current generation, empty when there is none: another name means there is something newer."""
    return _current(folder)


def _current(folder: Path) -> str:
    try:
        return (folder / CURRENT).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _format() -> list[Any]:
    """What the stored numbers mean: the schema and the tables that strength and freshness were taken from."""
    return [features.SCHEMA, [item.name for item in fields(People)], float(STRENGTH.sum()), float(FRESH.sum())]
