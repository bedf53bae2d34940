"""An index in files that all processes of a host share in memory: a folder for each generation, put in at once."""

import fcntl
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.ranking import features
from matcher.ranking.index import PeopleIndex
from matcher.ranking.index_people import BLOCK, FRESH, STRENGTH, People
from matcher.ranking.index_role_rows import Roles
from matcher.ranking.index_words import Lexicon, Words

CURRENT = "current"
WORDS = ("skills", "schedules", "organizations", "occupations")
Held = TypeVar("Held", People, Roles)


class IndexFault(Exception):
    """The files cannot be used: made by another version, not whole, somebody else's, or not there."""


@dataclass(frozen=True)
class Stored(Generic[Held]):
    """One generation: rows of one kind with their lexicon, further arrays beside them, and what else was noted."""

    rows: Held
    words: Lexicon
    beside: Mapping[str, NDArray[Any]]
    about: Mapping[str, Any]


def save(index: PeopleIndex, folder: Path, **about: Any) -> Path:
    """Write an index of people, see `put`; it is made one part first."""
    index.tidy()
    if not index.parts:
        raise IndexFault("nobody is in the index")
    return put(Stored(index.parts[0].rows, index.words, {}, about), folder)


def load(folder: Path) -> tuple[PeopleIndex, dict[str, Any]]:
    """The current generation as an index of people, see `take`."""
    found = take(People, folder)
    return PeopleIndex([found.rows], found.words), dict(found.about)


def put(stored: "Stored[Held]", folder: Path) -> Path:
    """Write a new generation and make it the current one; the one before is kept, older ones go.

    `about` (plain values, such as the version of the facts) comes back from `take`. Readers never see half a
    generation: a finished folder is made current by one rename. Only the owner may read the files.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = folder / f"generation-{uuid.uuid4().hex}"
    made.mkdir(mode=0o700)
    arrays = {item.name: getattr(stored.rows, item.name) for item in fields(stored.rows)} | dict(stored.beside)
    prints = {}
    for name, values in arrays.items():
        with _opened(made / f"{name}.npy") as file:
            np.save(file, np.asarray(values), allow_pickle=False)
        prints[name] = _print(made / f"{name}.npy")
    words = {name: getattr(stored.words, name).names for name in WORDS}
    manifest = json.dumps({"format": _format(type(stored.rows)), "words": words, "prints": prints,
                           "beside": sorted(stored.beside), "about": dict(stored.about)}, sort_keys=True)
    with _opened(made / "manifest.json") as file:
        file.write(manifest.encode())
    before = generation(folder)
    pointer = folder / f"{CURRENT}.{made.name}"
    with _opened(pointer) as file:
        file.write(f"{made.name} {hashlib.blake2b(manifest.encode()).hexdigest()}".encode())
    os.replace(pointer, folder / CURRENT)
    for old in folder.glob("generation-*"):
        if old.name not in (made.name, before):
            shutil.rmtree(old, ignore_errors=True)
    return made


def take(kind: type[Held], folder: Path) -> "Stored[Held]":
    """The current generation, mapped: pages come in as they are needed, once for all processes. Raises IndexFault.

    Every file is compared with its print first, because the compiled loops trust what they read. Changes that come
    after it are upserts of the process that needs them.
    """
    name, _, print_ = _current(folder).partition(" ")
    if not name:
        raise IndexFault(f"{folder.name} holds no index yet")
    made = folder / name
    try:
        text = (made / "manifest.json").read_bytes()
        if hashlib.blake2b(text).hexdigest() != print_ or made.stat().st_uid != os.getuid():
            raise IndexFault(f"{name} is not whole, or somebody else's")
        manifest = json.loads(text)
        if manifest["format"] != _format(kind):
            raise IndexFault(f"{name} was made by another version")
        arrays = {item: _mapped(made / f"{item}.npy", print_) for item, print_ in manifest["prints"].items()}
        beside = {item: arrays.pop(item) for item in manifest["beside"]}
        lexicon = Lexicon(*(Words(manifest["words"][words]) for words in WORDS))
        return Stored(kind(**arrays), lexicon, beside, manifest["about"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexFault(f"{name} is not whole: {error}") from error


def generation(folder: Path) -> str:
    """Name of the current generation, empty when there is none: another name means there is something newer."""
    return _current(folder).partition(" ")[0]


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Alone among all processes of this host; whoever dies lets go."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _opened(folder / "lock") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """To be written, by and for the owner alone."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        yield file


def _current(folder: Path) -> str:
    try:
        return (folder / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""


def _print(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()


def _mapped(path: Path, print_: str) -> NDArray[Any]:
    """Copy on write, so that the compiled loops see the same kind of array as in memory; nothing is ever written."""
    if _print(path) != print_:
        raise IndexFault(f"{path.name} of {path.parent.name} is not whole")
    return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))


def _format(kind: type[Any]) -> list[Any]:
    """What the stored numbers mean: the schema, the size of a block, and the tables that strength and freshness were
    taken from."""
    names = [item.name for item in fields(kind)]
    return [kind.__name__, features.SCHEMA, names, BLOCK, float(STRENGTH.sum()), float(FRESH.sum())]
