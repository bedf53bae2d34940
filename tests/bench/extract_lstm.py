"""Teaches the net: a long short-term memory over sums of signs and word vectors, with PyTorch, then packs it small."""

from __future__ import annotations

import io
import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.extract_net import TAGS
from matcher.ranking.extract_seen import Seen

NETS, NUMBERS, WIDTH, SIZE = 2, 32, 64, 128  # nets, numbers of a word, sums that enter, cells of a memory each way
ROUNDS, RATE, TOGETHER, LEAST, TWICE = 4, 3e-3, 32, 3, 2
DROP, WORDS_OFF, SIGNS_OFF, SECOND = 0.3, 0.1, 0.2, 0.5  # shares left out while it learns; what the second label counts
FINE = 8.0  # steps of a word's numbers within a standard deviation
LEVELS = 63  # steps of a weight on each side of 0
SETTINGS = {"nets": NETS, "numbers": NUMBERS, "width": WIDTH, "size": SIZE, "net_rounds": ROUNDS}
KINDS = frozenset("s c o f1 f2 f3 t1 t2 e2 e3 n at end sec bul len has topic cue w h part p3 z4 head".split())
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Marked = tuple[Seen, Sequence[Floats]]  # a text with, for each sentence, the chances of the tags [labels, words, TAGS]


@dataclass(frozen=True, slots=True)
class Words:
    """Words and the few numbers that tell what each is like; the last row, all 0, stands for others."""

    row: dict[str, int]
    numbers: Floats  # [words + 1, NUMBERS]
    scale: Floats  # [NUMBERS]: the least step of each

    @classmethod
    def of(cls, words: Sequence[str], vectors: Floats) -> Words:
        """The first principal axes of the vectors, as coarse as they will ship."""
        table = (vectors - vectors.mean(axis=0)).astype(np.float64)
        axes = np.linalg.svd(table.T @ table)[0][:, :NUMBERS]
        axes *= np.where(axes[np.abs(axes).argmax(axis=0), np.arange(NUMBERS)] < 0, -1, 1)
        table = table @ axes
        table /= table.std(axis=0).mean()
        scale = np.maximum(table.std(axis=0) / FINE, 1e-9)
        whole = np.vstack([np.clip(np.round(table / scale), -127, 127) * scale, np.zeros(NUMBERS)])
        return cls({word: at for at, word in enumerate(words)}, whole.astype(np.float32), scale.astype(np.float32))


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence: its words' rows, the rows of their signs (1 and up, filled with 0), the chances of their tags."""

    words: Ints
    signs: Ints  # [words, most signs of a word]
    chances: Floats  # [labels, words, TAGS]


def signs_of(seen: Seen) -> Iterator[list[list[str]]]:
    """For each sentence the signs of its words that the net looks at."""
    at = 0
    for words, (core, more) in zip(seen.words, seen.whole, strict=True):
        whole = [*core, *more]
        rows = []
        for word in words:
            here, there = seen.own[at]
            listed = [*whole, *word.core, *word.more, *here, *there]
            rows.append(sorted({sign for sign in listed if sign.partition("=")[0] in KINDS}))
            at += 1
        yield rows


def numbered(texts: Sequence[Marked], words: Words) -> tuple[list[str], list[Example]]:
    """Signs that are seen LEAST times or more, and examples."""
    listed = [(here, [word.low for word in line], chances) for seen, marks in texts
              for here, line, chances in zip(signs_of(seen), seen.words, marks, strict=True)]
    counts = Counter(sign for rows, *_ in listed for signs in rows for sign in signs)
    kept = sorted(sign for sign, count in counts.items() if count >= LEAST)
    row = {sign: at for at, sign in enumerate(kept, start=1)}
    most = max(len(signs) for rows, *_ in listed for signs in rows)
    examples = []
    for rows, lows, chances in listed:
        found = np.zeros((len(rows), most), np.int64)
        for at, signs in enumerate(rows):
            known = [row[sign] for sign in signs if sign in row]
            found[at, : len(known)] = known
        examples.append(Example(np.array([words.row.get(low, len(words.row)) for low in lows]), found, chances))
    return kept, examples


def taught(torch: Any, texts: Sequence[Marked], more: Sequence[Marked], words: Words) -> bytes:
    """NETS nets, each begun at another place, as the bytes of their file; `texts` are read TWICE as often as `more`."""
    kept, examples = numbered([*texts, *more], words)
    examples += examples[: sum(len(marks) for _, marks in texts)] * (TWICE - 1)
    return packed(kept, words, [_one(torch, examples, len(kept), words, seed) for seed in range(NETS)])


def _one(torch: Any, examples: Sequence[Example], signs: int, words: Words, seed: int) -> dict[str, Any]:
    """The weights of one net, by name."""
    torch.manual_seed(seed)
    labels = len(examples[0].chances)
    nn = torch.nn
    net = nn.ModuleDict({
        "table": nn.EmbeddingBag(signs + 1, WIDTH, mode="sum", padding_idx=0), "project": nn.Linear(NUMBERS, WIDTH),
        "memory": nn.LSTM(WIDTH, SIZE, batch_first=True, bidirectional=True),
        "out": nn.Linear(2 * SIZE + WIDTH, labels * len(TAGS))})
    nn.init.normal_(net["table"].weight, std=0.1)
    numbers = torch.tensor(words.numbers)
    learner = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.01)
    sizes = [len(one.words) for one in examples]
    for rate, some in rounds(sizes, ROUNDS, TOGETHER, random.Random(seed)):
        for group in learner.param_groups:
            group["lr"] = RATE * rate
        loss = _loss(torch, net, numbers, [examples[at] for at in some])
        learner.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        learner.step()
    return {name: value.detach().numpy() for name, value in net.state_dict().items()}


def rounds(sizes: Sequence[int], times: int, together: int, chance: random.Random) -> Iterator[tuple[float, list[int]]]:
    """All places `times` times over, those of like size together; with each some the share of the rate of learning.

    The share goes up for a tenth of the way, then down.
    """
    steps, step = times * math.ceil(len(sizes) / together), 0
    for _ in range(times):
        order = list(range(len(sizes)))
        chance.shuffle(order)
        groups = []
        for begin in range(0, len(order), 20 * together):
            part = sorted(order[begin : begin + 20 * together], key=sizes.__getitem__)
            groups += [part[at : at + together] for at in range(0, len(part), together)]
        chance.shuffle(groups)
        for some in groups:
            yield min(1.0, step / (0.1 * steps)) * max(0.0, (steps - step) / steps), some
            step += 1


def _loss(torch: Any, net: Any, numbers: Any, some: Sequence[Example]) -> Any:
    """Cross entropy with the chances, the second label counted SECOND; words and signs are left out at random."""
    longest, count, labels = max(len(one.words) for one in some), len(some), len(some[0].chances)
    words = np.full((count, longest), len(numbers) - 1)
    signs = np.zeros((count, longest, some[0].signs.shape[1]), np.int64)
    wanted = np.zeros((labels, count, longest, len(TAGS)), np.float32)
    for at, one in enumerate(some):
        size = len(one.words)
        words[at, :size], signs[at, :size], wanted[:, at, :size] = one.words, one.signs, one.chances
    rows = torch.tensor(signs).flatten(0, 1)
    rows *= torch.rand(rows.shape) > SIGNS_OFF
    said = numbers[torch.tensor(words)] * (torch.rand(count, longest, 1) > WORDS_OFF)
    drop = torch.nn.functional.dropout
    entered = drop(torch.relu(net["project"](said) + net["table"](rows).unflatten(0, (count, longest))), DROP)
    sizes = torch.tensor([len(one.words) for one in some])
    pack = torch.nn.utils.rnn
    held, _ = net["memory"](pack.pack_padded_sequence(entered, sizes, batch_first=True, enforce_sorted=False))
    held = drop(pack.pad_packed_sequence(held, batch_first=True)[0], DROP)
    scores = net["out"](torch.cat([held, entered], 2)).unflatten(2, (labels, len(TAGS))).log_softmax(3)
    costs = [-(scores[:, :, place] * torch.tensor(wanted[place])).sum() / sizes.sum() for place in range(labels)]
    return costs[0] + SECOND * sum(costs[1:])


def packed(kept: Sequence[str], words: Words, states: Sequence[dict[str, Any]]) -> bytes:
    """The file that `matcher.ranking.extract_net` reads: whole numbers with a scale per column."""
    arrays: dict[str, Any] = {"nets": np.array(len(states)), **_coarse("numbers", words.numbers[:-1], words.scale)}
    for name, listed in (("signs", kept), ("words", sorted(words.row, key=words.row.__getitem__))):
        arrays[name] = np.frombuffer("\n".join(listed).encode(), np.uint8)
    sides = ("", "_reverse")
    for at, state in enumerate(states):
        enter, keep = (np.vstack([state[f"memory.weight_{part}_l0{side}"].T for side in sides])
                       for part in ("ih", "hh"))
        tables = {"table": state["table.weight"][1:], "project": state["project.weight"].T, "enter": enter,
                  "keep": keep, "out": state["out.weight"].T}
        for name, table in tables.items():
            arrays |= _coarse(f"{name}{at}", table, np.maximum(np.abs(table).max(axis=0), 1e-9) / LEVELS)
        bias = np.stack([state[f"memory.bias_ih_l0{side}"] + state[f"memory.bias_hh_l0{side}"] for side in sides])
        arrays |= {f"first{at}": state["project.bias"], f"bias{at}": bias, f"shift{at}": state["out.bias"]}
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def _coarse(name: str, table: Floats, scale: Floats) -> dict[str, Any]:
    """A table as whole numbers, and the scale of its columns."""
    scale = scale.astype(np.float32)
    return {name: np.clip(np.round(table / scale), -127, 127).astype(np.int8), f"{name}_scale": scale}
