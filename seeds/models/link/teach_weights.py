"""Fits the numbers that combine the similarities, by cross entropy over each query's candidates and "none of them"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from matcher.ranking.link_features import SEMANTIC, SIMILARITIES
from matcher.ranking.link_model import LISTED, LinkModel, softmax_with_none
from seeds.models.link.teach_examples import Example

Doubles = NDArray[np.float64]
DEPTH, TREES = 4, 120
RISING = {*SIMILARITIES, *SEMANTIC, *(f"{name}_gap" for name in SIMILARITIES + SEMANTIC), "exact", "squash_equal",
          "root_equal"}
# Set by hand before any fit: letters count most, then meaning, then whole words; a shared last word ("manager",
# "software") says little by itself. Fits start here, and lists of titles and phrases keep these numbers.
START = {"ratio": 1.0, "squash_ratio": 2.0, "cosine": 4.0, "token_set": 0.5, "cover_query": 1.0, "cover_label": 1.0,
         "meaning_name": 2.0, "meaning_owner": 1.0, "bm25": 1.0, "squash_equal": 2.0, "root_equal": 1.0}
MEANING_FIRST = START | {"meaning_owner": 6.0, "head_equal": -0.5}
# Of titles twice that: better on titles of O*NET occupations that were held out of the word vectors.
MEANING_MOST = MEANING_FIRST | {"meaning_name": 4.0, "meaning_owner": 12.0}
# Columns that only tell how many labels an entry has: a fit on lists with one label each must not lean on them.
LIST_SHAPE = {"cosine_owner", "cosine_owner_gap", "owner_names"}
SETTINGS = {"max_depth": DEPTH, "num_leaves": 2**DEPTH, "learning_rate": 0.1, "min_data_in_leaf": 100,
            "lambda_l2": 3.0, "feature_fraction": 0.5, "seed": 1, "deterministic": True, "verbose": -1,
            "num_threads": 2, "min_sum_hessian_in_leaf": 1.0}


class Stack:
    """Examples laid end to end for array work."""

    def __init__(self, examples: Sequence[Example], columns: Sequence[str]) -> None:
        self.table = np.concatenate([example.table for example in examples])
        self.table[:, [columns.index(name) for name in columns if name in LIST_SHAPE]] = 0
        self.sizes = np.array([len(example.table) for example in examples])
        self.starts = np.concatenate([[0], np.cumsum(self.sizes)[:-1]])
        self.right = np.concatenate([example.right for example in examples])
        self.weight = np.array([example.weight for example in examples])
        self.spread = np.repeat(self.weight, self.sizes)

    def chances(self, scores: Doubles) -> tuple[Doubles, float]:
        """Softmax with "none" at score 0 within each query, and the weighted loss."""
        top = np.maximum(np.maximum.reduceat(scores, self.starts), 0)
        raised = np.exp(scores - np.repeat(top, self.sizes))
        total = np.add.reduceat(raised, self.starts) + np.exp(-top)
        loss = (self.weight * (np.log(total) + top)).sum() - (self.spread * self.right * scores).sum()
        return raised / np.repeat(total, self.sizes), float(loss)


def numbers(weights: Mapping[str, float], columns: Sequence[str]) -> Doubles:
    """A vector in the order of the columns."""
    return np.array([weights.get(name, 0.0) for name in columns])


def fit_linear(stack: Stack, columns: Sequence[str], start: Doubles, pull: float = 20.0) -> tuple[Doubles, float]:
    """Weights drawn to `start` (L2), similarities never below 0; also the score of "none of them"."""
    def loss(values: Doubles) -> tuple[float, Doubles]:
        scores = (stack.table @ values[:-1].astype(np.float32)).astype(float) - values[-1]
        chance, total = stack.chances(scores)
        slope = (chance - stack.right) * stack.spread
        away = values[:-1] - start
        down = stack.table.T @ slope.astype(np.float32) + 2 * pull * away
        return total + pull * float(away @ away), np.append(down, -slope.sum())

    bounds = [(0, None) if name in RISING else (None, None) for name in columns]
    for at, name in enumerate(columns):
        if name in LIST_SHAPE:
            bounds[at] = (0, 0)
    found = minimize(loss, np.append(start, 5.0), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)],
                     options={"maxiter": 80})
    return found.x[:-1], float(found.x[-1])


def fit_trees(stack: Stack, columns: Sequence[str], linear: Doubles, none: float) -> dict[str, Any]:
    """Trees that correct the linear scores; a similarity can only raise a score."""
    def slopes(scores: Doubles, _: Any) -> tuple[Doubles, Doubles]:
        chance, _ = stack.chances(scores)
        return (chance - stack.right) * stack.spread, np.maximum(chance * (1 - chance), 1e-3) * stack.spread

    start = (stack.table @ linear.astype(np.float32)).astype(float) - none
    data = lightgbm.Dataset(stack.table, stack.right, init_score=start)
    settings = SETTINGS | {"objective": slopes, "monotone_constraints": [int(name in RISING) for name in columns]}
    booster = lightgbm.train(settings, data, num_boost_round=TREES)
    return plain_trees(booster.dump_model()["tree_info"])


def plain_trees(dumped: list[dict[str, Any]]) -> dict[str, Any]:
    """Every tree as a complete binary tree of depth `DEPTH`: a branch that ended early repeats its leaf."""
    features, limits, leaves = [], [], []
    for tree in dumped:
        feature, limit, leaf = [0] * (2**DEPTH - 1), [0.0] * (2**DEPTH - 1), [0.0] * 2**DEPTH
        stack = [(0, tree["tree_structure"])]
        while stack:
            at, node = stack.pop()
            if at >= len(feature):
                leaf[at - len(feature)] = round(node["leaf_value"], 6)
                continue
            if "split_feature" in node:
                feature[at], limit[at] = node["split_feature"], round(float(np.float32(node["threshold"])), 7)
            stack += [(2 * at + 1, node.get("left_child", node)), (2 * at + 2, node.get("right_child", node))]
        features.append(feature)
        limits.append(limit)
        leaves.append(leaf)
    return {"feature": features, "threshold": limits, "leaf": leaves}


def calibrate(scored: Sequence[tuple[Doubles, Doubles]]) -> tuple[float, float]:
    """Steepness a and none b that make the right answers of held-out (scores, right) pairs likeliest."""
    def loss(values: Doubles) -> float:
        total = 0.0
        for scores, right in scored:
            raised = values[0] * scores
            whole = np.logaddexp.reduce(np.append(np.sort(raised)[::-1][:LISTED], values[1]))
            total -= float((right * (raised - whole)).sum()) if right.any() else values[1] - whole
        return total

    found = minimize(loss, np.array([1.0, float(np.median([s.max() for s, _ in scored]))]), method="Nelder-Mead")
    return float(found.x[0]), float(found.x[1])


def fit_trust(model: LinkModel, scored: Sequence[tuple[Example, Doubles]], ridge: float = 1.0) -> Doubles:
    """Logistic regression: is the first candidate right, by chance, lead and signs; drawn to the plain chance."""
    rows, right = [], []
    for example, scores in scored:
        raw, first = softmax_with_none(scores, model.steepness, model.none), int(scores.argmax())
        rows.append(model.evidence(scores, raw, example.table, first))
        right.append(example.right[first] > 0)
    table, target = np.array(rows), np.array(right, float)
    start = np.zeros(table.shape[1])
    start[1] = 1.0

    def loss(values: Doubles) -> tuple[float, Doubles]:
        score = table @ values
        away = values - start
        chance = 1 / (1 + np.exp(-score))
        return (float((np.logaddexp(0, score) - target * score).sum() + ridge * away @ away),
                table.T @ (chance - target) + 2 * ridge * away)

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)
