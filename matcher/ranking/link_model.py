"""The learned combination, kept as plain numbers: similarities -> score -> chance that a candidate is the one meant."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
MODELS = Path(__file__).resolve().parents[2] / "seeds" / "models" / "link"
LISTED = 50  # how many of the nearest take part in the chance
SIGNS = ("squash_equal", "root_equal", "cover_query", "cover_label", "ratio", "meaning_name", "query_unknown",
         "via_alias", "query_words", "label_words", "digits_equal")
# What the linker looks at beside the weights: how a hit was found, and which of an entry's names speaks for it.
LOOKED_AT = {*SIGNS, "exact", "squash_ratio", "cosine", "initials_of_label", "initials_of_query"}


@dataclass(frozen=True, slots=True)
class LinkModel:
    """Score s = columns · linear + trees. Chance = softmax of a·s against "none of them" (b).

    `feedback` is how much nearness to the likeliest candidates counts beside nearness to what was typed.
    `trust` corrects the first candidate's chance by logistic regression on it, its lead and `SIGNS`.
    """

    columns: tuple[str, ...]
    linear: Floats
    feature: NDArray[np.int64]  # trees × inner nodes; no trees: 0 × 1
    threshold: Floats
    leaf: Doubles  # trees × leaves
    steepness: float
    none: float
    trust: Doubles
    sure: float
    possible: float
    feedback: float = 0.0

    @classmethod
    def load(cls, path: Path) -> LinkModel:
        """Read the numbers of one model; ValueError if they do not fit together."""
        stored = json.loads(path.read_text("utf-8"))
        feature = np.array(stored["feature"] or np.zeros((0, 1)), np.int64)
        leaf = np.array(stored["leaf"] or np.zeros((0, 2)), np.float64)
        model = cls(tuple(stored["columns"]), np.array(stored["linear"], np.float32), feature,
                    np.array(stored["threshold"] or np.zeros((0, 1)), np.float32), leaf, float(stored["steepness"]),
                    float(stored["none"]), np.array(stored["trust"], np.float64), float(stored["sure"]),
                    float(stored["possible"]), float(stored.get("feedback", 0.0)))
        fits = len(model.linear) == len(model.columns) and len(model.trust) == len(SIGNS) + 3
        if not fits or leaf.shape[1] != feature.shape[1] + 1 or feature.max(initial=0) >= len(model.columns):
            raise ValueError(f"{path.name}: the numbers do not fit the columns")
        return model

    def weight(self, column: str) -> float:
        """The linear weight of a column; 0 for one that the model does not have."""
        return float(self.linear[self.columns.index(column)]) if column in self.columns else 0.0

    def scores(self, table: Floats) -> Doubles:
        """Score of each row of `table` (rows × columns); higher is nearer."""
        total = (table @ self.linear).astype(np.float64)
        if not len(self.feature):
            return total
        trees = np.arange(len(self.feature))
        node = np.zeros((len(table), len(trees)), np.int64)
        for _ in range(int(np.log2(self.leaf.shape[1]))):
            column, limit = self.feature[trees, node], self.threshold[trees, node]
            node = 2 * node + 1 + (np.take_along_axis(table, column, axis=1) > limit)
        return np.asarray(total + self.leaf[trees, node - self.feature.shape[1]].sum(axis=1))

    def chances(self, scores: Doubles, table: Floats) -> Doubles:
        """Chance (0..1) that each row is the one meant; the order of the scores is kept."""
        raw = softmax_with_none(scores, self.steepness, self.none)
        first = int(np.argmax(scores))
        trusted = 1 / (1 + np.exp(-float(self.trust @ self.evidence(scores, raw, table, first))))
        return np.asarray(raw * (trusted / max(float(raw[first]), 1e-12)))

    def evidence(self, scores: Doubles, raw: Doubles, table: Floats, first: int) -> Doubles:
        """What the trust in the first candidate goes by: 1, log odds, lead over the second, signs."""
        chance = float(np.clip(raw[first], 1e-4, 1 - 1e-4))
        others = np.delete(scores, first)
        lead = min(float(scores[first] - others.max(initial=scores[first] - 5)) * self.steepness, 5.0)
        signs = [float(table[first, self.columns.index(name)]) for name in SIGNS]
        signs[SIGNS.index("query_words")] = min(signs[SIGNS.index("query_words")], 6.0)
        signs[SIGNS.index("label_words")] = min(signs[SIGNS.index("label_words")], 6.0)
        return np.array([1.0, np.log(chance / (1 - chance)), lead, *signs])


def softmax_with_none(scores: Doubles, steepness: float, none: float) -> Doubles:
    """exp(a·s) / (exp(b) + Σ exp(a·s)), the sum over the `LISTED` nearest."""
    raised = steepness * scores
    top = max(float(raised.max(initial=none)), none)
    nearest = np.sort(raised)[::-1][:LISTED]
    return np.asarray(np.exp(raised - top) / (np.exp(nearest - top).sum() + np.exp(none - top)))
