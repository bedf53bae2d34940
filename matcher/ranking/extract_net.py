"""Small nets that read each sentence forward and backward: what a word is, in the light of all words around it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matcher.ranking.extract_chances import MEANS, Chances
from matcher.ranking.extract_features import Word
from matcher.ranking.extract_seen import Seen

Floats = NDArray[np.float32]
Arrays = Mapping[str, NDArray[Any]]
TAGS = "OBIES"  # outside, first of a span, inside one, its last word, a span of one word
_KEPT = 20_000  # words whose sums are kept: about 10 megabytes
_AT_ONCE = 4_000  # words that are read at once: about 60 megabytes
_TABLES = ("table", "project", "enter", "keep", "out")


@dataclass(slots=True)
class Nets:
    """Nets that know the same words and signs: sums over signs and a word's numbers, a memory, a layer of tags.

    Long short-term memories in both directions: Hochreiter and Schmidhuber (1997), Graves and Schmidhuber (2005).
    """

    reads: tuple[str, ...]
    signs: Mapping[str, int]  # sign -> row of `table`
    table: Floats  # [signs, nets * width]
    words: Mapping[str, int]  # word in small letters -> row of `vectors`
    vectors: Floats  # [words + 1, nets * width]: what a word's numbers give; the last row stands for all other words
    enter: Floats  # [nets * 2, width, 4 * size]: forward, backward; columns as `_gated` orders them
    keep: Floats  # [nets * 2, size, 4 * size]
    bias: Floats  # [nets * 2, 1, 4 * size]
    out: Floats  # [nets, 2 * size + width, labels * tags]
    shift: Floats  # [nets, 1, labels * tags]
    _known: dict[str, Floats] = field(default_factory=dict)

    @classmethod
    def of(cls, packed: bytes, reads: Sequence[str]) -> Nets:
        """From a file's arrays, whole numbers with a scale per column; ValueError or KeyError where they do not fit."""
        with np.load(io.BytesIO(packed), allow_pickle=False) as file:
            arrays = dict(file.items())
        signs, words, count = _rows(arrays["signs"]), _rows(arrays["words"]), int(arrays["nets"])
        numbers = _whole(arrays, "numbers")
        table, project, enter, keep, out = (np.stack([_whole(arrays, f"{name}{at}") for at in range(count)])
                                            for name in _TABLES)
        first, bias, shift = (np.stack([arrays[f"{name}{at}"].astype(np.float32) for at in range(count)])
                              for name in ("first", "bias", "shift"))
        width, size = table.shape[2], keep.shape[1] // 2
        fits = (numbers.shape == (len(words), project.shape[1]) and table.shape[1] == len(signs)
                and first.shape == (count, width) and enter.shape[1:] == (2 * width, 4 * size)
                and bias.shape == (count, 2, 4 * size) and out.shape[1:] == (2 * size + width, len(TAGS) * len(reads)))
        if not fits:
            raise ValueError(f"{count} nets whose parts do not fit together")
        enter, keep, bias = (_gated(table, size) for table in (enter, keep, bias))
        numbers = np.vstack([numbers, np.zeros_like(numbers[:1])])
        vectors = np.concatenate([numbers @ one + more for one, more in zip(project, first, strict=True)], axis=1)
        return cls(tuple(reads), signs, np.concatenate(list(table), axis=1), words, vectors,
                   enter.reshape(2 * count, width, -1), keep.reshape(2 * count, size, -1),
                   bias.reshape(2 * count, 1, -1), out, shift[:, None])

    def chances(self, seen: Seen) -> dict[str, list[Chances]]:
        """For each label and sentence the chances of the words, [words, 3], on the mean of the nets."""
        parts = [self._chances(part) for part in seen.parts(_AT_ONCE)]
        return {label: [one for part in parts for one in part[label]] for label in self.reads}

    def _chances(self, seen: Seen) -> dict[str, list[Chances]]:
        """The same of a text that is not too long."""
        entered = self._entered(seen)
        held = self._read(entered, np.array(seen.sizes))
        both = np.concatenate([held[0::2], held[1::2], entered], axis=2)
        scores = (np.matmul(both, self.out) + self.shift).reshape(*entered.shape[:2], len(self.reads), len(TAGS))
        rise = np.exp(scores - scores.max(axis=3, keepdims=True))
        fold = np.zeros((len(TAGS), 3))
        fold[np.arange(len(TAGS)), [MEANS[tag] for tag in TAGS]] = 1.0 / len(scores)
        chances = (rise / rise.sum(axis=3, keepdims=True)).sum(axis=0) @ fold
        ends = np.cumsum(seen.sizes)[:-1]
        return {label: np.split(chances[:, place], ends) for place, label in enumerate(self.reads)}

    def _entered(self, seen: Seen) -> Floats:
        """What enters the memories: [nets, words of all sentences, width]."""
        words = self._alone([word for words in seen.words for word in words])
        whole = self._sums([list(dict.fromkeys(core + more)) for core, more in seen.whole])  # each once, as was taught
        own = self._sums([core + more for core, more in seen.own])
        entered = np.maximum(words + own + np.repeat(whole, seen.sizes, axis=0), 0.0)
        return np.ascontiguousarray(entered.reshape(len(entered), len(self.out), -1).swapaxes(0, 1))

    def _alone(self, words: Sequence[Word]) -> Floats:
        """The sums of each word by itself, made once: [words, nets * width]."""
        known = self._known if len(self._known) < _KEPT else {}
        new = list({word.text: word for word in words if word.text not in known}.values())
        if new:
            sums = self._sums([word.core + word.more for word in new])
            sums += self.vectors[[self.words.get(word.low, -1) for word in new]]
            known |= {word.text: one for word, one in zip(new, sums, strict=True)}
        self._known = known
        return np.stack([known[word.text] for word in words])

    def _sums(self, signs: Sequence[Sequence[str]]) -> Floats:
        """For each list of signs the sum of their rows; signs without a row count nothing."""
        get = self.signs.get
        found = [[row for row in map(get, listed) if row is not None] for listed in signs]
        ends = np.cumsum([0, *map(len, found)])
        rows = np.fromiter((row for listed in found for row in listed), np.int64, int(ends[-1]))
        ones = np.ones(len(rows), np.float32)
        matrix = sparse.csr_matrix((ones, rows, ends), shape=(len(found), len(self.table)))
        return np.asarray(matrix @ self.table, np.float32)

    def _read(self, entered: Floats, sizes: NDArray[np.int64]) -> Floats:
        """What the memories hold after each word: [nets * 2, words, size]; the backward ones begin at the last word."""
        order = np.argsort(-sizes, kind="stable")  # the longest first, so that those that are still read stand in front
        begins, ends = (np.cumsum(sizes) - sizes)[order], np.cumsum(sizes)[order]
        still = np.searchsorted(-sizes[order], -np.arange(sizes.max())).tolist()  # sentences that have a word there
        ahead = np.concatenate([begins[:count] + step for step, count in enumerate(still)])
        back = np.concatenate([ends[:count] - 1 - step for step, count in enumerate(still)])
        sides = np.stack([entered[:, ahead], entered[:, back]], axis=1).reshape(len(self.enter), len(ahead), -1)
        gates = np.matmul(sides, self.enter) + self.bias
        size, at = self.keep.shape[1], 0
        steps = np.empty((*gates.shape[:2], size), np.float32)  # what is held, step by step
        before = memory = np.zeros((len(gates), len(sizes), size), np.float32)
        for count in still:
            gate, kept, last = gates[:, at : at + count], memory[:, :count], steps[:, at : at + count]
            gate += np.matmul(before[:, :count], self.keep)
            np.tanh(gate, out=gate)
            opened = gate[..., : 3 * size]
            opened *= 0.5
            opened += 0.5
            kept *= opened[..., size : 2 * size]
            kept += opened[..., :size] * gate[..., 3 * size :]
            np.tanh(kept, out=last)
            last *= opened[..., 2 * size :]
            before, at = last, at + count
        held = np.empty_like(steps)
        held[0::2, ahead], held[1::2, back] = steps[0::2], steps[1::2]
        return held


def _gated(table: Floats, size: int) -> Floats:
    """Columns in, forget, new, out -> in, forget, out, new; the three that open are halved: σ(x) = (1 + tanh(x/2)) / 2.

    So one tanh makes all gates at once.
    """
    come, forget, new, leave = np.split(table, 4, axis=-1)
    return np.concatenate([come / 2, forget / 2, leave / 2, new], axis=-1)


def _rows(lines: NDArray[Any]) -> dict[str, int]:
    """Lines of text, kept as bytes, with their places."""
    return {line: row for row, line in enumerate(lines.tobytes().decode("utf-8").split("\n"))}


def _whole(arrays: Arrays, name: str) -> Floats:
    """A table from its whole numbers and the scale of each column."""
    numbers, scale = arrays[name], arrays[f"{name}_scale"]
    if numbers.ndim != 2 or scale.shape != numbers.shape[1:]:
        raise ValueError(f"{name}: {numbers.shape} numbers with scales for {scale.shape}")
    return np.asarray(numbers.astype(np.float32) * scale.astype(np.float32), np.float32)
