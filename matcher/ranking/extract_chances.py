"""From what the weights say to chances and spans: forward and backward through each sentence, then the best path."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Chances = NDArray[np.float64]  # [words, 3]: outside, first of a span, inside one
_TOGETHER = 64  # sentences of like length that are gone through at once
_NEVER = -1e4
MEANS = {"O": 0, "B": 1, "S": 1, "I": 2, "E": 2}  # S is a span of one word, E the last word of a longer one


@dataclass(frozen=True, slots=True)
class Tagger:
    """One conditional random field over its columns of the weights.

    Its tags have a letter (O, B, I, and E and S where it tells the last word) for each of the labels that it `reads`.
    """

    reads: tuple[str, ...]
    tags: tuple[str, ...]
    first: int  # its first column
    steps: NDArray[np.float64]  # [tag, next tag]: weights, with steps that cannot be taken out of reach
    starts: NDArray[np.float64]
    ends: NDArray[np.float64]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Tagger:
        """From the manifest's entry; KeyError or ValueError where it is none."""
        tags = tuple(str(tag) for tag in told["tags"])
        steps = np.asarray(told["steps"], np.float64)
        reads = tuple(str(label) for label in told["reads"])
        if steps.shape != (len(tags), len(tags)) or any(len(tag) != len(reads) for tag in tags):
            raise ValueError(f"tags {tags} do not fit their steps or labels")
        lasts = {place for place in range(len(reads)) if any(tag[place] in "ES" for tag in tags)}
        allowed = np.array([[_follows(one, two, lasts) for two in tags] for one in ("O" * len(reads), *tags)])
        ends = np.array([not any(tag[place] in "BI" for place in lasts) for tag in tags])
        return cls(reads, tags, int(told["first"]), np.where(allowed[1:], steps, _NEVER),
                   np.where(allowed[0], 0.0, _NEVER), np.where(ends, 0.0, _NEVER))

    def chances(self, said: Sequence[NDArray[np.float32]]) -> dict[str, list[Chances]]:
        """For each of its labels and each sentence [words, columns] the chances of the words."""
        found: list[Chances] = [np.zeros((0, 3))] * len(said)
        fold = np.zeros((len(self.tags), 3 * len(self.reads)))
        for row, tag in enumerate(self.tags):
            for place, letter in enumerate(tag):
                fold[row, 3 * place + MEANS[letter]] = 1.0
        order = sorted(range(len(said)), key=lambda at: len(said[at]))
        for begin in range(0, len(order), _TOGETHER):
            some = order[begin : begin + _TOGETHER]
            for at, chance in zip(some, self._through([said[at] for at in some]), strict=True):
                found[at] = chance @ fold
        return {label: [one[:, 3 * place : 3 * place + 3] for one in found] for place, label in enumerate(self.reads)}

    def _through(self, said: Sequence[NDArray[np.float32]]) -> Iterator[Chances]:
        """The chance of each tag at each word: forward and backward, scaled at every word (Rabiner 1989)."""
        sizes = np.array([len(one) for one in said])
        longest, count = int(sizes[-1]), len(self.tags)
        scores = np.zeros((longest, len(said), count))
        for at, one in enumerate(said):  # what is short ends at the last place, so that all end together
            scores[longest - len(one) :, at] = one[:, self.first : self.first + count]
        begin = longest - sizes
        rise = np.exp(scores - scores.max(axis=2, keepdims=True))
        steps, starts, ends = np.exp(self.steps), np.exp(self.starts), np.exp(self.ends)
        ahead, back = np.zeros_like(rise), np.zeros_like(rise)
        for at in range(longest):
            now = ahead[at - 1] @ steps if at else np.zeros_like(ahead[0])
            now[begin == at] = starts
            now *= rise[at]
            ahead[at] = now / np.maximum(now.sum(axis=1, keepdims=True), 1e-300)
            back[-1] = ends
        for at in range(longest - 2, -1, -1):
            now = (back[at + 1] * rise[at + 1]) @ steps.T
            back[at] = now / np.maximum(now.sum(axis=1, keepdims=True), 1e-300)
        both = ahead * back
        both /= np.maximum(both.sum(axis=2, keepdims=True), 1e-300)
        for at, start in enumerate(begin):
            yield both[start:, at]


def _follows(tag: str, after: str, lasts: set[int]) -> bool:
    """Whether a tag may follow another: I and E only after B or I, and where last words are told B and I only so."""
    return all((two in "IE") == (one in "BI") if place in lasts else two != "I" or one in "BI"
               for place, (one, two) in enumerate(zip(tag, after, strict=True)))


def mean(opinions: Sequence[Sequence[Chances]]) -> list[Chances]:
    """The mean of several taggers' chances, sentence by sentence."""
    return [sum(of_one[1:], of_one[0]) / len(of_one) for of_one in zip(*opinions, strict=True)]


def decode(chances: Chances, lean: float) -> list[tuple[int, int]]:
    """The likeliest spans (Viterbi over B, I, O; I only after B or I), with `lean` added to the log chance of O."""
    if np.all(chances[:, 0] * math.exp(lean) >= chances[:, 1:].max(axis=1)):
        return []
    best = (0.0, -math.inf, -math.inf)
    back: list[tuple[int, int, int]] = []
    logs = np.log(chances + 1e-9)
    logs[:, 0] += lean
    for outside, first, inside in logs.tolist():
        top = max(range(3), key=best.__getitem__)
        before = 1 if best[1] > best[2] else 2
        back.append((top, top, before))
        best = (best[top] + outside, best[top] + first, best[before] + inside)
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
