"""Teaches a conditional random field: L-BFGS on the log likelihood of the tags with an L2 penalty, compiled loops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]
NEVER = -1e4


@dataclass(frozen=True, slots=True)
class Signed:
    """Words as rows of numbered signs, sentence by sentence."""

    ids: NDArray[np.int32]
    word_ends: NDArray[np.int64]  # [words + 1], into ids
    sentence_ends: NDArray[np.int64]  # [sentences + 1], into words


def numbered(sentences: Iterable[Sequence[Sequence[str]]], least: int) -> tuple[list[str], Signed]:
    """The signs that are seen `least` times or more, in order of the alphabet, and the words in their numbers."""
    held = [list(words) for words in sentences]
    counts = Counter(sign for words in held for signs in words for sign in signs)
    kept = sorted(sign for sign, count in counts.items() if count >= least)
    row = {sign: at for at, sign in enumerate(kept)}
    found = [[row[sign] for sign in signs if sign in row] for words in held for signs in words]
    return kept, Signed(np.fromiter((one for signs in found for one in signs), np.int32),
                        np.cumsum([0, *map(len, found)]), np.cumsum([0, *map(len, held)]))


def taught(data: Signed, tags: NDArray[np.int64], signs: int, allowed: Floats, starts: Floats, *, l2: float,
           rounds: int) -> tuple[Floats, Floats]:
    """Weights [signs, tags] and steps [tag, next tag]; `allowed` and `starts` are 0, or NEVER where a tag cannot be."""
    count = len(allowed)
    size = signs * count
    gold = np.zeros((len(tags), count), np.float32)
    gold[np.arange(len(tags)), tags] = 1.0

    def cost(weights: Floats) -> tuple[float, Floats]:
        scores = np.zeros_like(gold)
        _add(data.ids, data.word_ends, weights[:size].reshape(-1, count).astype(np.float32), scores)
        chances, gain = np.zeros_like(gold), np.zeros((count, count))
        loss = _through(scores, data.sentence_ends, weights[size:].reshape(count, count) + allowed, starts, tags,
                        chances, gain)
        slope = np.zeros((signs, count), np.float32)
        _share(data.ids, data.word_ends, chances - gold, slope)
        gain[allowed < 0] = 0.0
        return loss + l2 * float(weights @ weights), np.concatenate([slope.ravel(), gain.ravel()]) + 2 * l2 * weights

    best: Any = minimize(cost, np.zeros(size + count * count), jac=True, method="L-BFGS-B",
                         options={"maxiter": rounds, "maxfun": 2 * rounds, "maxcor": 6})
    return best.x[:size].reshape(-1, count), best.x[size:].reshape(count, count) + allowed


@njit(cache=True, fastmath=True)  # type: ignore[misc]
def _add(ids, ends, weights, scores):
    """Sum of the weights of each word's signs."""
    for word in range(len(ends) - 1):
        for at in range(ends[word], ends[word + 1]):
            for tag in range(weights.shape[1]):
                scores[word, tag] += weights[ids[at], tag]


@njit(cache=True, fastmath=True)  # type: ignore[misc]
def _share(ids, ends, wrong, slope):
    """What each word's error says of its signs."""
    for word in range(len(ends) - 1):
        if np.abs(wrong[word]).max() < 1e-4:
            continue
        for at in range(ends[word], ends[word + 1]):
            for tag in range(wrong.shape[1]):
                slope[ids[at], tag] += wrong[word, tag]


@njit(cache=True, fastmath=True)  # type: ignore[misc]
def _through(scores, ends, steps, starts, gold, chances, gain):
    """Forward and backward through each sentence; returns the loss, fills chances and the slope of the steps."""
    count, loss = scores.shape[1], 0.0
    longest = np.diff(ends).max()
    ahead, back, rise = np.zeros((longest, count)), np.zeros((longest, count)), np.zeros((longest, count))
    step, start = np.exp(steps), np.exp(starts)
    for sentence in range(len(ends) - 1):
        first, size = ends[sentence], ends[sentence + 1] - ends[sentence]
        loss += _forward(scores, first, size, step, start, rise, ahead)
        _backward(size, step, rise, back)
        for at in range(size):
            total = 0.0
            for tag in range(count):
                total += ahead[at, tag] * back[at, tag]
            for tag in range(count):
                chances[first + at, tag] = ahead[at, tag] * back[at, tag] / total
            now = gold[first + at]
            loss -= scores[first + at, now]
            if at:
                before = gold[first + at - 1]
                loss -= steps[before, now]
                gain[before, now] -= 1.0
                _moves(ahead[at - 1], rise[at], back[at], step, gain)
    return loss


@njit(cache=True, fastmath=True)  # type: ignore[misc]
def _forward(scores, first, size, step, start, rise, ahead):
    """Fills the chances from the left, scaled; returns the log of their sum."""
    count, found = scores.shape[1], 0.0
    for at in range(size):
        top = scores[first + at].max()
        total = 0.0
        for tag in range(count):
            rise[at, tag] = np.exp(scores[first + at, tag] - top)
            came = start[tag]
            if at:
                came = 0.0
                for before in range(count):
                    came += ahead[at - 1, before] * step[before, tag]
            ahead[at, tag] = came * rise[at, tag]
            total += ahead[at, tag]
        for tag in range(count):
            ahead[at, tag] /= total
        found += top + np.log(total)
    return found


@njit(cache=True, fastmath=True)  # type: ignore[misc]
def _backward(size, step, rise, back):
    """Fills the chances from the right, scaled."""
    count = len(step)
    for tag in range(count):
        back[size - 1, tag] = 1.0
    for at in range(size - 2, -1, -1):
        total = 0.0
        for tag in range(count):
            came = 0.0
            for after in range(count):
                came += step[tag, after] * rise[at + 1, after] * back[at + 1, after]
            back[at, tag] = came
            total += came
        for tag in range(count):
            back[at, tag] /= total


@njit(cache=True, fastmath=True)  # type: ignore[misc]
def _moves(ahead, rise, back, step, gain):
    """Adds the chance of each step between two words."""
    total = 0.0
    for tag in range(len(step)):
        for after in range(len(step)):
            total += ahead[tag] * step[tag, after] * rise[after] * back[after]
    for tag in range(len(step)):
        for after in range(len(step)):
            gain[tag, after] += ahead[tag] * step[tag, after] * rise[after] * back[after] / total
