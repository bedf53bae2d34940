"""`python -m seeds.models.link.teach DATA`: makes everything in this folder again from the public facts."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.link import Linker
from matcher.ranking.link_features import COLUMNS
from matcher.ranking.link_model import LOOKED_AT, SIGNS, LinkModel
from matcher.ranking.link_text import plain
from seeds.models.link import teach_aliases, teach_data, teach_examples, teach_sense, teach_words
from seeds.models.link import teach_weights as weights
from seeds.models.link.teach_examples import Example
from seeds.models.link.teach_sense import Sense

HERE = Path(__file__).parent
FOLDS = 5
KINDS = {  # which examples teach a kind of list, and how much each counts
    "names": {"so_tags": 1.0, "tools": 0.7, "brands": 0.5, "classes": 0.5, "titles": 0.2, "neighbours": 0.2},
    "titles": {"titles": 1.0},
    "phrases": {"tool_names": 1.0, "classes": 1.0},
}
MEASURED = {"names": {"so_tags"}, "titles": {"titles"}, "phrases": {"tool_names", "classes"}}
# Weights of the semantic columns (owner, name), set by hand on top of the default models.
SEMANTIC = {"names": (0.0, 9.0), "titles": (20.0, 10.0), "phrases": (10.0, 5.0)}
FEEDBACK = {"titles": 1.0}  # the likeliest titles count as much as the typed one (Rocchio's usual choice); not fitted
# Titles: chosen on titles of held-out O*NET occupations, in lists with one and with several names an entry: 96 % right
# there, and 2.5 % taken wrongly where the right answer was removed. Phrases: the same on classes of commodities.
SURE_SEMANTIC = {"titles": 0.985, "phrases": 0.97}
USUAL_COSINE = 0.6  # of a right answer: what "none of them" has to gain when the columns are added
Doubles = NDArray[np.float64]
Scored = list[tuple[Example, Doubles]]


def main(argv: list[str]) -> int:
    """Teach words, aliases and weights; the extra has to be installed. `--semantic` also calibrates it."""
    data = Path(argv[0])
    teach_aliases.write(data)
    texts = teach_data.onet_texts(data)
    sense = teach_sense.learn(texts)
    if "--keep-words" not in argv:
        teach_words.store(teach_words.teach(texts, sense), HERE / "words.npz")
    blank_models(HERE)
    with tempfile.TemporaryDirectory() as folder:
        examples = make_examples(data, texts, sense, Path(folder))
    for kind in KINDS:
        teach_kind(kind, examples)
        add_semantic(kind)
    if "--semantic" in argv:
        calibrate_semantic(data)
    return 0


def add_semantic(kind: str, **numbers: float) -> None:
    """The default model with the semantic columns added by hand-set weights."""
    stored = json.loads((HERE / f"{kind}.json").read_text("utf-8"))
    owner, name = SEMANTIC[kind]
    stored["columns"] += ["semantic_name", "semantic_owner"]
    stored["linear"] += [name, owner]
    stored["none"] += stored["steepness"] * USUAL_COSINE * (owner + name)
    stored |= {"sure": SURE_SEMANTIC.get(kind, stored["sure"]), **numbers}
    (HERE / f"{kind}_semantic.json").write_text(json.dumps(stored, separators=(",", ":")) + "\n", "utf-8")


def calibrate_semantic(data: Path) -> None:
    """Steepness and none of the names model with the extra, on the first 500 queries of so_tags."""
    from matcher.ranking.link_semantic import SentenceVectors

    surfaces, asked = teach_examples.so_tags(data)
    linker = Linker(surfaces, semantic=SentenceVectors.load())
    examples = teach_examples.of_queries(linker, asked[:500], "so_tags", 1.0, removed_too=1.0)
    scored = [(linker.model.scores(example.table), example.right) for example in examples]
    steepness, none = weights.calibrate(scored)
    add_semantic("names", steepness=steepness, none=none)


def blank_models(folder: Path) -> None:
    """Models that score nothing, so that candidates can be made before anything is learned; none is overwritten."""
    for kind in KINDS:
        if not (path := folder / f"{kind}.json").exists():
            store(path, _unlearned(np.zeros(len(COLUMNS))))


def make_examples(data: Path, texts: Sequence[teach_data.Text], sense: Sense, folder: Path) -> list[Example]:
    """Examples of every source. O*NET titles that are asked are held out of the word vectors they are met with."""
    held = np.random.default_rng(1).random(len(texts)) < 0.2
    kept = [text for text, out in zip(texts, held, strict=True) if not (out and text.title)]
    asked = [text for text, out in zip(texts, held, strict=True) if out and text.title]
    unheard = {plain(text.text) for text in asked}
    learned = {name: row for name, row in sense.items() if name not in unheard}
    teach_words.store(teach_words.teach(kept, learned), folder / "words.npz")
    (folder / "aliases.tsv").write_text("".join("\t".join(row) + "\n" for row in teach_aliases.own()), "utf-8")
    blank_models(folder)
    tasks = {"so_tags": teach_examples.so_tags(data), "titles": teach_examples.titles(kept, asked, 2000),
             "neighbours": teach_examples.neighbours(asked, 2600, 400), "tools": teach_examples.tools(data, 800),
             "tool_names": teach_examples.tool_names(data, 1000), "classes": teach_examples.classes(data, 500),
             "brands": teach_examples.brands(data)}
    examples: list[Example] = []
    for source, (surfaces, queries) in tasks.items():
        linker = Linker(surfaces, weights=HERE if source == "so_tags" else folder)
        examples += teach_examples.of_queries(linker, queries, source, 1.0,
                                              removed_too=1.0 if source == "so_tags" else 0.5)
    return examples


def teach_kind(kind: str, examples: list[Example]) -> None:
    """Fit, calibrate on held-out folds, and write one model."""
    chosen = [replace(example, weight=KINDS[kind][example.source]) for example in examples
              if example.source in KINDS[kind]]
    scored: Scored = []
    for fold in range(FOLDS):
        measured = [example for example in chosen if example.source in MEASURED[kind] and _fold(example) == fold]
        model = fit(kind, [example for example in chosen if _fold(example) != fold])
        scored += [(example, model.scores(example.table)) for example in measured]
    steepness, none = weights.calibrate([(scores, example.right) for example, scores in scored])
    whole = replace(fit(kind, chosen), steepness=steepness, none=none)
    trust = weights.fit_trust(whole, scored)
    whole = replace(whole, trust=trust)
    store(HERE / f"{kind}.json", replace(whole, sure=report(kind, whole, scored), feedback=FEEDBACK.get(kind, 0.0)))


def _unlearned(linear: Doubles) -> LinkModel:
    """These weights and nothing else: no trees, no calibration."""
    none = np.zeros((0, 1), np.float32)
    return LinkModel(COLUMNS, linear.astype(np.float32), none.astype(np.int64), none, np.zeros((0, 2)), 1.0, 0.0,
                     np.zeros(len(SIGNS) + 3), 0.9, 0.1)


def _fold(example: Example) -> int:
    return (example.key * 7919 + len(example.source)) % FOLDS


def fit(kind: str, examples: list[Example]) -> LinkModel:
    """A model without calibration. Lists of titles and phrases keep the weights set by hand: fits on what may teach
    did worse on what only measures."""
    start = {"titles": weights.MEANING_MOST, "phrases": weights.MEANING_FIRST}.get(kind, weights.START)
    hand = weights.numbers(start, COLUMNS)
    model = _unlearned(hand)
    if kind != "names":
        return model
    stack = weights.Stack(examples, COLUMNS)
    linear, none = weights.fit_linear(stack, COLUMNS, hand * 1.5)
    trees = weights.fit_trees(stack, COLUMNS, linear, none)
    return replace(model, linear=linear.astype(np.float32), feature=np.array(trees["feature"]),
                   threshold=np.array(trees["threshold"], np.float32), leaf=np.array(trees["leaf"]))


def report(name: str, model: LinkModel, scored: Scored) -> float:
    """Print held-out figures; returns the lowest chance at which at most 2.5 % are accepted wrongly and 96 % right."""
    first = [(float(model.chances(scores, example.table).max()), example.right[int(scores.argmax())] > 0,
              bool(example.right.any())) for example, scores in scored]
    chance, right, there = (np.array(column) for column in zip(*first, strict=True))
    print(f"{name}: P@1 of those found {right[there].mean():.3f}")
    best = 0.97
    for limit in np.arange(0.97, 0.3, -0.01):
        taken = there & (chance >= limit)
        precise, wrong = right[taken].mean() if taken.any() else 1.0, (chance[~there] >= limit).mean()
        if round(limit * 100) % 10 == 0:
            print(f"  {limit:.2f}: answers {taken.sum() / there.sum():.3f} at {precise:.3f}, removed {wrong:.3f}")
        if precise >= 0.96 and wrong <= 0.025:
            best = float(limit)
    print(f"  sure from {best:.2f}")
    return round(best, 2)


def store(path: Path, model: LinkModel) -> None:
    """Write the model as plain numbers; without trees only the columns that count or are looked at."""
    def short(value: Any) -> Any:
        return [short(inner) for inner in value] if isinstance(value, list) else round(value, 6)

    trees, linear = len(model.leaf) > 0, model.linear.astype(float)
    kept = [at for at, name in enumerate(model.columns)
            if trees or not linear.any() or linear[at] or name in LOOKED_AT]
    content = {"columns": [model.columns[at] for at in kept], "linear": short([float(linear[at]) for at in kept]),
               "steepness": model.steepness, "none": model.none, "trust": short(model.trust.tolist()),
               "sure": model.sure, "possible": model.possible, "feedback": model.feedback,
               "feature": model.feature.tolist() if trees else [],
               "threshold": short(model.threshold.astype(float).tolist()) if trees else [],
               "leaf": short(model.leaf.tolist()) if trees else []}
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
