"""A teacher for the small nets: all of all-MiniLM-L6-v2 taught to tag words; it says what it thinks of any sentence."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.extract_net import TAGS
from tests.bench.extract_lstm import rounds
from tests.bench.extract_minilm import SIZE, Minilm

ROUNDS, RATE, DECAY, TOGETHER, DROP = 5, 2e-4, 0.01, 16, 0.1
SECOND = 0.5  # what the second label counts
PIECES = 256  # of a sentence that are read
READ = 64  # sentences that are read at once
Words = Sequence[str]
Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Cut:
    """A sentence in pieces, the place of each word's first piece (words that were not read have none), its shapes."""

    pieces: list[int]
    firsts: dict[int, int]
    shapes: list[list[float]]

    @classmethod
    def of(cls, words: Words, minilm: Minilm) -> Cut:
        """A sentence as the model reads it."""
        cut = minilm.cutter.encode(list(words), is_pretokenized=True)
        firsts: dict[int, int] = {}
        for place, word in enumerate(cut.word_ids[:PIECES]):
            if word is not None:
                firsts.setdefault(word, place)
        return cls(cut.ids[:PIECES], firsts, [_shape(word) for word in words])


@dataclass(frozen=True, slots=True)
class Teacher:
    """The model taught to tag, with the layers that see what its last layer and a word's shape say."""

    minilm: Minilm
    shape: Any
    out: Any
    labels: int

    @classmethod
    def taught(cls, minilm: Minilm, marked: Sequence[tuple[Words, Ints]]) -> Teacher:
        """From sentences of words with their tags [labels, words]."""
        torch = minilm.torch
        torch.manual_seed(0)
        labels, nn = len(marked[0][1]), torch.nn
        own = {name: value.clone().requires_grad_() for name, value in minilm.weights.items()
               if value.is_floating_point()}
        shape, out = nn.Linear(len(_shape("a")), SIZE), nn.Linear(SIZE, labels * len(TAGS))
        made = cls(replace(minilm, weights=own), shape, out, labels)
        nn.init.normal_(out.weight, std=0.02)
        nn.init.zeros_(shape.weight)
        cuts = [(Cut.of(words, minilm), tags) for words, tags in marked]
        cuts = [one for one in cuts if one[0].firsts]
        learned = [*own.values(), *shape.parameters(), *out.parameters()]
        learner = torch.optim.AdamW(learned, lr=RATE, weight_decay=DECAY)
        sizes = [len(cut.pieces) for cut, _ in cuts]
        for rate, some in rounds(sizes, ROUNDS, TOGETHER, random.Random(0)):
            for group in learner.param_groups:
                group["lr"] = RATE * rate
            learner.zero_grad()
            made._loss([cuts[at] for at in some]).backward()
            nn.utils.clip_grad_norm_(learned, 1.0)
            learner.step()
        return made

    def opinions(self, sentences: Sequence[Words]) -> list[Floats]:
        """The chances of the tags [labels, words, TAGS] of each sentence; words beyond what is read are outside."""
        cuts = [Cut.of(words, self.minilm) for words in sentences]
        found = [np.zeros((self.labels, len(words), len(TAGS)), np.float32) for words in sentences]
        for one in found:
            one[..., 0] = 1.0
        order = sorted(range(len(cuts)), key=lambda at: len(cuts[at].pieces))
        with self.minilm.torch.inference_mode():
            for begin in range(0, len(order), READ):
                some = order[begin : begin + READ]
                chances = self._scores([cuts[at] for at in some], 0.0).softmax(2).numpy()
                places = [(at, word) for at in some for word in cuts[at].firsts]
                for (at, word), one in zip(places, chances, strict=True):
                    found[at][:, word] = one
        return found

    def _scores(self, cuts: Sequence[Cut], drop: float) -> Any:
        """The scores of the tags of all words that are read, one sentence after another: [words, labels, TAGS]."""
        torch = self.minilm.torch
        held, _ = self.minilm.read([cut.pieces for cut in cuts], drop)
        longest = held.shape[1]
        places = [row * longest + place for row, cut in enumerate(cuts) for place in cut.firsts.values()]
        shapes = torch.tensor([cut.shapes[word] for cut in cuts for word in cut.firsts])
        said = torch.dropout(held.flatten(0, 1)[torch.tensor(places)] + self.shape(shapes), drop, drop > 0)
        return self.out(said).unflatten(1, (self.labels, len(TAGS)))

    def _loss(self, some: Sequence[tuple[Cut, Ints]]) -> Any:
        torch = self.minilm.torch
        scores = self._scores([cut for cut, _ in some], DROP)
        tags = torch.tensor(np.concatenate([tags[:, list(cut.firsts)] for cut, tags in some], axis=1))
        costs = [torch.nn.functional.cross_entropy(scores[:, label], tags[label]) for label in range(self.labels)]
        return costs[0] + SECOND * sum(costs[1:])


def _shape(word: str) -> list[float]:
    """What the pieces, all in small letters, do not tell of a word."""
    return [float(one) for one in (word[0].isupper(), word.isupper(), any(letter.isupper() for letter in word[1:]),
                                   any(letter.isdigit() for letter in word), not word[0].isalnum())]
