"""Models on disk: the fitted numbers with skops, and a manifest without which nothing is loaded."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import skops.io

from matcher.ranking import features
from matcher.ranking.boosted import Stage2
from matcher.ranking.codec import canonical
from matcher.ranking.features import COLUMNS
from matcher.ranking.learned import Stage1
from matcher.ranking.ranker import Ranker, Stage0
from matcher.ranking.similarity import Similarity
from matcher.ranking.two_sides import Accepts, TwoSided

MODEL, MANIFEST = "model.skops", "manifest.json"
_LARGEST = 10_000_000
_DECIDING = ("acceptance", "boosted", "calibration", "certainty", "facts", "features", "learned", "logistics", "order",
             "pairwise", "promotion", "ranker", "similarity", "train", "two_sides", "weights")  # fmt: skip


class ModelRefused(Exception):
    """The folder holds no model that may be used here: not ours, changed, or for other columns or near skills."""


def save(ranker: Ranker, folder: Path, *, facts: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Write model and manifest into a folder; returns the manifest.

    `facts` say what it learned from and how well it ranks: figures, the span of the data, the day.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = {key: np.array(value) if isinstance(value, tuple) else value for key, value in ranker.state().items()}
    data = skops.io.dumps({"stage": ranker.stage, "sides": 2 if isinstance(ranker, TwoSided) else 1, "state": state})
    (folder / MODEL).write_bytes(data)
    manifest = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "stage": ranker.stage,
        "schema": features.SCHEMA,
        "columns": list(COLUMNS),
        "similarity": ranker.near.digest(),
        "fingerprint": ranker.fingerprint(),
        "code": code_version(),
        "facts": dict(facts or {}),
    }
    (folder / MANIFEST).write_text(canonical(manifest) + "\n", "utf-8")
    return manifest


def load(folder: Path, similarity: Similarity | None = None, *, expected: str | None = None) -> Ranker:
    """The ranker in a folder; ModelRefused unless every hash agrees, and `expected` (a fingerprint) where given."""
    manifest, data = _read(folder)
    if hashlib.sha256(data).hexdigest() != manifest.get("sha256"):
        raise ModelRefused("the model file is not the one in its manifest")
    if manifest.get("schema") != features.SCHEMA or manifest.get("columns") != list(COLUMNS):
        raise ModelRefused("the model was made for other columns")
    try:
        ranker = _restored(skops.io.loads(data, trusted=[]), similarity)
    except Exception as error:  # skops raises many kinds for a file that is not its own
        raise ModelRefused(f"the model file cannot be read ({type(error).__name__})") from None
    if ranker.near.digest() != manifest.get("similarity"):
        raise ModelRefused("the model was made with other near skills")
    if ranker.fingerprint() != manifest.get("fingerprint") or expected not in (None, ranker.fingerprint()):
        raise ModelRefused("the model is not the one it says it is")
    return ranker


def code_version() -> str:
    """SHA-256 over the source of everything that decides a score; two models are made alike where it is the same."""
    here = Path(__file__).parent
    return hashlib.sha256(b"".join((here / f"{name}.py").read_bytes() for name in _DECIDING)).hexdigest()


def _read(folder: Path) -> tuple[dict[str, Any], bytes]:
    try:
        if max((folder / name).stat().st_size for name in (MODEL, MANIFEST)) > _LARGEST:
            raise ModelRefused("the model is too large to be one of ours")
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        data = (folder / MODEL).read_bytes()
    except (OSError, ValueError, RecursionError):
        raise ModelRefused("there is no model and manifest that can be read") from None
    if not isinstance(manifest, dict):
        raise ModelRefused("the manifest is not one of ours")
    return manifest, data


def _restored(kept: Any, similarity: Similarity | None) -> Ranker:
    employer = _employer(kept, similarity)
    if kept["sides"] != 2:
        return employer
    return TwoSided(employer, Accepts().restore(kept["state"])).restore_sizes(kept["state"])


def _employer(kept: Any, similarity: Similarity | None) -> Ranker:
    if kept["stage"] == Stage0.stage:
        return Stage0(similarity)
    if kept["stage"] == Stage1.stage:
        return Stage1(similarity).restore(kept["state"])
    if kept["stage"] == Stage2.stage:
        return Stage2(similarity).restore(kept["state"])
    raise ValueError("no such stage")
