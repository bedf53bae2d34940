"""The learned combination: small decision trees kept as plain numbers, and the step from their sum to a confidence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
MODELS = Path(__file__).resolve().parents[2] / "seeds" / "models" / "link"
LISTED = 50  # how many of the nearest take part in the confidence


@dataclass(frozen=True, slots=True)
class LinkModel:
    """Complete binary trees of one depth, and P(right) = exp(a·s) / (exp(b) + Σ exp(a·s)) with "none of them" in b."""

    columns: tuple[str, ...]
    feature: NDArray[np.int64]  # trees × inner nodes
    threshold: Floats
    leaf: NDArray[np.float64]  # trees × leaves
    steepness: float
    none: float
    sure: float
    possible: float

    @classmethod
    def load(cls, path: Path) -> LinkModel:
        """Read the numbers of one model; ValueError if they do not fit together."""
        stored = json.loads(path.read_text("utf-8"))
        model = cls(tuple(stored["columns"]), np.array(stored["feature"], np.int64),
                    np.array(stored["threshold"], np.float32), np.array(stored["leaf"], np.float64),
                    *(float(stored[name]) for name in ("steepness", "none", "sure", "possible")))
        if model.leaf.shape[1] != model.feature.shape[1] + 1 or model.feature.max() >= len(model.columns):
            raise ValueError(f"{path.name}: the trees do not fit the columns")
        return model

    @property
    def semantic(self) -> bool:
        """Whether the model needs the semantic columns."""
        return any(name.startswith("semantic") for name in self.columns)

    def scores(self, table: Floats) -> NDArray[np.float64]:
        """Sum of the leaves each row of `table` (rows × columns) falls into; higher is nearer."""
        trees = np.arange(len(self.feature))
        node = np.zeros((len(table), len(trees)), np.int64)
        for _ in range(int(np.log2(self.leaf.shape[1]))):
            column, limit = self.feature[trees, node], self.threshold[trees, node]
            node = 2 * node + 1 + (np.take_along_axis(table, column, axis=1) > limit)
        return np.asarray(self.leaf[trees, node - self.feature.shape[1]].sum(axis=1))

    def confidence(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Chance that each candidate is the right one; with "none of them" the chances sum to 1."""
        raised = self.steepness * scores
        top = max(float(raised.max(initial=self.none)), self.none)
        nearest = np.sort(raised)[::-1][:LISTED]
        total = np.exp(nearest - top).sum() + np.exp(self.none - top)
        return np.asarray(np.exp(raised - top) / total)
