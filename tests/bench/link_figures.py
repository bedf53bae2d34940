"""`python -m tests.bench.link_figures DATA`: every figure of the linker beside its target and simple methods."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from matcher.ranking.link import Linker
from matcher.ranking.link_grams import GramIndex
from matcher.ranking.link_text import plain

FOLDS = 5
GROWN = "jobbert_titles"  # the set whose queries name their answers as one town's people do
Asked = list[tuple[str, str]]
Right = dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class Task:
    """One task: which figure counts, what is aimed at, and how deep the lists go."""

    name: str
    figure: str
    target: float
    depth: int = 10


TASKS = (
    Task("so_tags", "P@1", 0.60), Task("talentclef_english", "MAP", 0.42, 1000), Task("jobbert_titles", "R@5", 0.50),
    Task("esco_skills_house_validation", "P@1", 0.40), Task("esco_skills_tech_validation", "P@1", 0.40),
)


def read(folder: Path) -> tuple[Asked, Asked, Right, Asked]:
    """Surfaces, queries, right answers, and queries without a right answer (may be none)."""
    def pairs(name: str) -> Asked:
        path = folder / name
        lines = path.read_text("utf-8").split("\n") if path.exists() else []
        return [(row[0], row[1]) for row in (line.split("\t") for line in lines) if len(row) > 1]

    right: Right = {}
    for line in (folder / "qrels.txt").read_text("utf-8").splitlines():
        query, _, identifier, grade = line.split()
        if int(grade) > 0:
            right.setdefault(query, set()).add(identifier)
    return pairs("surfaces.tsv"), pairs("queries.tsv"), right, pairs("no_label_queries.tsv")


def figure(kind: str, ranked: list[str], right: set[str]) -> float:
    """P@1, R@5 or average precision of one list."""
    if kind == "P@1":
        return float(ranked[:1] != [] and ranked[0] in right)
    if kind == "R@5":
        return len(set(ranked[:5]) & right) / len(right)
    found, total = 0, 0.0
    for place, identifier in enumerate(ranked, start=1):
        if identifier in right:
            found += 1
            total += found / place
    return total / len(right)


def mean(task: Task, asked: Asked, right: Right, rank: Callable[[str], list[str]]) -> float:
    """The task's figure over its queries."""
    return float(np.mean([figure(task.figure, rank(text), right[query]) for query, text in asked if query in right]))


def by_grams(surfaces: Asked, depth: int) -> Callable[[str], list[str]]:
    """Character 2-4-gram TF-IDF alone."""
    index = GramIndex.build([plain(label) for _, label in surfaces])

    def rank(text: str) -> list[str]:
        order = np.argsort(-index.cosines(plain(text)), kind="stable")[: depth * 20]
        return list(dict.fromkeys(surfaces[at][0] for at in order))[:depth]

    return rank


def by_ratio(surfaces: Asked, depth: int) -> Callable[[str], list[str]]:
    """rapidfuzz ratio alone."""
    names = [plain(label) for _, label in surfaces]

    def rank(text: str) -> list[str]:
        scores = process.cdist([plain(text)], names, scorer=fuzz.ratio)[0]
        order = np.argsort(-scores, kind="stable")[: depth * 20]
        return list(dict.fromkeys(surfaces[at][0] for at in order))[:depth]

    return rank


def by_linker(surfaces: Asked, depth: int, semantic: object = None) -> Callable[[str], list[str]]:
    """The linker."""
    linker = Linker(surfaces, semantic=semantic)  # type: ignore[arg-type]
    return lambda text: [hit.id for hit in linker.lookup(text, depth)]


def grown(folder: Path, task: Task, way: Callable[[Asked, int], Callable[[str], list[str]]]) -> float:
    """A way's figure on each fifth of the queries where people had confirmed what the other four fifths mean.

    A confirmed query is one more label of its answer, as it is on the site: cross-validated, nothing else is learned.
    """
    surfaces, asked, right, _ = read(folder / task.name)
    figures = []
    for fold in range(FOLDS):
        apart = asked[fold::FOLDS]
        held = {query for query, _ in apart}
        confirmed = [(answer, text) for query, text in asked if query not in held
                     for answer in sorted(right.get(query, ()))]
        figures.append(mean(task, apart, right, way([*surfaces, *confirmed], task.depth)))
    return float(np.mean(figures))


def outcomes(linker: Linker, asked: Asked, right: Right, nowhere: Asked) -> dict[str, float]:
    """Share answered as sure, how precisely, and false accepts with the right answer removed or never there.

    An entry whose label is what was asked is right, whatever the task's answers say (talentclef leaves it out).
    """
    named = linker.surfaces
    same = {query: {named.ids[owner] for owner in named.same_as(plain(text))} for query, text in asked}
    hits = [(linker.judge(linker.lookup(text, 5)), right[query] | same[query]) for query, text in asked]
    sure = [outcome.best.id in meant for outcome, meant in hits if outcome.outcome == "sure" and outcome.best]
    removed = [linker.judge(linker.lookup_without(text, frozenset(right[query] | same[query]), 5)).outcome == "sure"
               for query, text in asked]
    figures = {"sure": len(sure) / len(asked), "sure_precision": float(np.mean(sure)) if sure else 1.0,
               "false_accepts_removed": float(np.mean(removed))}
    if nowhere:
        figures["false_accepts_no_label"] = float(np.mean([linker.understand(text).outcome == "sure"
                                                           for _, text in nowhere]))
    return figures


def speed(linker: Linker, asked: Asked) -> dict[str, float]:
    """Processor milliseconds per lookup: median and 95th percentile."""
    taken = []
    for _, text in asked[:300]:
        start = time.process_time()
        linker.lookup(text, 10)
        taken.append((time.process_time() - start) * 1000)
    return {"ms_p50": float(np.percentile(taken, 50)), "ms_p95": float(np.percentile(taken, 95))}


def measure(folder: Path, task: Task, limit: int | None, semantic: object = None) -> dict[str, float]:
    """All figures of one task."""
    surfaces, asked, right, nowhere = read(folder / task.name)
    asked = asked[:limit] if limit else asked
    start = time.process_time()
    linker = Linker(surfaces, semantic=semantic)  # type: ignore[arg-type]
    figures = {"surfaces": float(len(surfaces)), "build_s": time.process_time() - start}
    figures[task.figure] = mean(task, asked, right, lambda text: [hit.id for hit in linker.lookup(text, task.depth)])
    figures |= outcomes(linker, asked, right, nowhere) | speed(linker, asked)
    return figures


def main(argv: list[str]) -> int:
    """Print every task: target, ours, baselines, outcomes, speed."""
    data, limit = Path(argv[0]) / "link", next((int(word) for word in argv[1:] if word.isdigit()), None)
    semantic = None
    if "--semantic" in argv:
        from matcher.ranking.link_semantic import SentenceVectors

        semantic = SentenceVectors.load()
    print("Accuracy of the weights that so_tags taught is by cross-validation in the model card, not here.")
    for task in TASKS:
        surfaces, asked, right, _ = read(data / task.name)
        asked = asked[:limit] if limit else asked
        ours = measure(data, task, limit, semantic)
        grams = mean(task, asked, right, by_grams(surfaces, min(task.depth, 200)))
        ratio = mean(task, asked, right, by_ratio(surfaces, min(task.depth, 200)))
        print(f"{task.name}: {task.figure} ours {ours[task.figure]:.3f} · target {task.target:.2f} · "
              f"character n-grams {grams:.3f} · ratio {ratio:.3f}")
        print("   " + " · ".join(f"{name} {value:.3f}" for name, value in ours.items() if name != task.figure),
              flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
