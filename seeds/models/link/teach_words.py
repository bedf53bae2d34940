"""Teaches the word vectors: a name's words and letter pieces are summed and must tell its O*NET occupation, and what
the sentence model makes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matcher.ranking.link_text import plain, roots
from matcher.ranking.link_vectors import NameVectors, pieces
from seeds.models.link.teach_data import Text
from seeds.models.link.teach_sense import Sense

Floats = NDArray[np.float32]
BUCKETS, DIMENSIONS, EPOCHS, BATCH, RATE, DROP, LEFT_OUT = 12_000, 48, 6, 1024, 0.01, 0.1, 0.25
STRESS = 10.0  # a slope far above Adam's smallest step


def teach(texts: Sequence[Text], sense: Sense, *, seed: int = 0) -> NameVectors:
    """Two tables side by side, each word's two halves of equal size on average; kept in 8 bits.

    One is a linear softmax over occupations (as in fastText, Joulin et al. 2017); in the other the sum comes as near
    as it can to `sense` by cosine (as model2vec does with single words, Tulkens and van Dongen 2024).
    """
    names = [_whole(text.text) for text in texts]
    seen = Counter(word for name in names for word in set(roots(name)))
    words = {word: row for row, word in enumerate(sorted(word for word, count in seen.items() if count > 1))}
    classes = {code: at for at, code in enumerate(sorted({text.occupation for text in texts}))}
    target = np.array([classes[text.occupation] for text in texts])
    weight = np.array([text.weight for text in texts], np.float32)
    told = _descend(_inputs(names, words), Told(target, weight, DIMENSIONS, len(classes)), seed)
    copied = _descend(_inputs(list(sense), words), Copied(np.stack(list(sense.values()))), seed)
    halves = [half / np.linalg.norm(half[: len(words)], axis=1).mean() for half in (told, copied)]
    table = np.concatenate(halves, axis=1)
    scale = np.maximum(np.abs(table).max(axis=1), 1e-9) / 127
    return NameVectors(words, np.round(table / scale[:, None]).astype(np.int8), scale.astype(np.float32))


def store(vectors: NameVectors, path: Path) -> None:
    """Write the numbers that `NameVectors.load` reads."""
    words = np.frombuffer("\n".join(vectors.words).encode(), np.uint8)
    np.savez_compressed(path, words=words, table=vectors.table, scale=vectors.scale)


def _whole(text: str) -> str:
    """Plain form of a text of any length (`plain` cuts at 200 letters)."""
    return " ".join(plain(text[at : at + 200]) for at in range(0, len(text), 200))


def _inputs(names: Sequence[str], words: dict[str, int]) -> sparse.csr_matrix:
    """names × (words + pieces), unit rows: each word counts 1 and its pieces together 1."""
    starts, columns, values = [0], [], []
    for name in names:
        counts: Counter[int] = Counter()
        for word in roots(name):
            if word in words:
                counts[words[word]] += 1.0  # type: ignore[assignment]
            found = _pieces(word)
            for bucket in found:
                counts[len(words) + bucket] += 1.0 / len(found)  # type: ignore[assignment]
        length = np.sqrt(sum(value * value for value in counts.values())) or 1.0
        columns.extend(counts.keys())
        values.extend(value / length for value in counts.values())
        starts.append(len(columns))
    shape = (len(names), len(words) + BUCKETS)
    return sparse.csr_matrix((np.array(values, np.float32), columns, starts), shape=shape)


_PIECES: dict[str, list[int]] = {}


def _pieces(word: str) -> list[int]:
    if word not in _PIECES:
        _PIECES[word] = pieces(word, BUCKETS)
    return _PIECES[word]


def _descend(inputs: sparse.csr_matrix, aim: Told | Copied, seed: int) -> Floats:
    """Adam on what is aimed at; returns the input table, with zeros for what no input has."""
    random = np.random.default_rng(seed)
    values = [random.normal(0, 0.1, (inputs.shape[1], aim.dimensions)).astype(np.float32), *aim.start(random)]
    first, second = [np.zeros_like(v) for v in values], [np.zeros_like(v) for v in values]
    order, step, steps = np.arange(inputs.shape[0]), 0, EPOCHS * (inputs.shape[0] // BATCH + 1)
    for _ in range(EPOCHS):
        random.shuffle(order)
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            slopes = aim.slopes(_thinned(inputs[rows], random), rows, values, random)
            step += 1
            rate = RATE * (1 - step / (steps + 1))
            for value, slope, m, v in zip(values, slopes, first, second, strict=True):
                m += 0.1 * (slope - m)
                v += 0.01 * (slope * slope - v)
                value -= rate * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.99**step)) + 1e-7)
    values[0][np.bincount(inputs.indices, minlength=inputs.shape[1]) == 0] = 0
    return values[0]


def _thinned(inputs: sparse.csr_matrix, random: np.random.Generator) -> sparse.csr_matrix:
    """The inputs with a share of the words and pieces left out, so that no name leans on one of them."""
    kept = (random.random(len(inputs.data)) > LEFT_OUT) / (1 - LEFT_OUT)
    inputs.data = (inputs.data * kept).astype(np.float32)
    return inputs


@dataclass(frozen=True, slots=True)
class Told:
    """Aim: the sum of a text's rows tells its occupation (weighted cross entropy)."""

    target: NDArray[np.int64]
    weight: Floats
    dimensions: int
    classes: int

    def start(self, random: np.random.Generator) -> list[Floats]:
        """Output weights and bias."""
        return [random.normal(0, 0.1, (self.dimensions, self.classes)).astype(np.float32),
                np.zeros(self.classes, np.float32)]

    def slopes(self, inputs: sparse.csr_matrix, rows: NDArray[np.int64], values: list[Floats],
               random: np.random.Generator) -> list[Floats]:
        """Slopes of the loss for one batch."""
        table, out, bias = values
        kept = (random.random((len(rows), table.shape[1])) > DROP).astype(np.float32) / np.float32(1 - DROP)
        hidden = (inputs @ table) * kept
        chance = hidden @ out + bias
        chance = np.exp(chance - chance.max(axis=1, keepdims=True))
        chance /= chance.sum(axis=1, keepdims=True)
        chance[np.arange(len(rows)), self.target[rows]] -= 1
        chance *= (self.weight[rows] / len(rows))[:, None]
        back = (chance @ out.T) * kept
        return [np.asarray(inputs.T @ back, np.float32), hidden.T @ chance, chance.sum(axis=0)]


@dataclass(frozen=True, slots=True)
class Copied:
    """Aim: the sum of a name's rows points where `wanted` (unit rows) does; the loss is 1 - cosine."""

    wanted: Floats

    @property
    def dimensions(self) -> int:
        """How long the vectors are."""
        return int(self.wanted.shape[1])

    def start(self, random: np.random.Generator) -> list[Floats]:
        """Nothing is taught beside the table."""
        return []

    def slopes(self, inputs: sparse.csr_matrix, rows: NDArray[np.int64], values: list[Floats],
               random: np.random.Generator) -> list[Floats]:
        """Slope of the loss for one batch."""
        hidden = inputs @ values[0]
        length = np.maximum(np.linalg.norm(hidden, axis=1, keepdims=True), 1e-6)
        hidden = hidden / length
        agreed = (hidden * self.wanted[rows]).sum(axis=1, keepdims=True)
        back = (agreed * hidden - self.wanted[rows]) / length * (STRESS / len(rows))
        return [np.asarray(inputs.T @ back, np.float32)]
