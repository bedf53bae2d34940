"""`python -m tests.bench.ranking_figures [--quick]`: learning curves on the made-up hub, ours beside the baselines."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from threadpoolctl import threadpool_limits

from matcher.ranking import baselines, evaluate, promotion, weights
from matcher.ranking.baselines import Rows
from matcher.ranking.promotion import Table
from tests.bench import learners, simulate
from tests.bench.simulate import HELD_OUT, ROLES, Floats, Judged, World

SIZES = (0, 1, 2, 4, 8, 16, 32, 64, 128, 256)
SEEDS = tuple(range(101, 109))  # what was tuned was tuned on other seeds
SETTINGS = (("linear", False), ("interacting", False), ("linear", True))
OURS = "ours"


@dataclass
class Curve:
    """nDCG@10 on held-out roles by setting, size and ranker: a mean for each seed; and what ours chose."""

    by: dict[tuple[str, int, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    stages: dict[tuple[str, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    calibration: dict[tuple[str, int], list[float]] = field(default_factory=lambda: defaultdict(list))


def name_of(truth: str, biased: bool) -> str:
    """What a setting is called in tables."""
    return f"{truth}, biased labels" if biased else truth


def measure(
    seeds: Sequence[int] = SEEDS, sizes: Sequence[int] = SIZES, settings: Sequence[tuple[str, bool]] = SETTINGS
) -> Curve:
    """All curves, one thread each: on a shared machine the threads of small fits only wait for each other."""
    curve = Curve()
    with threadpool_limits(1):
        for seed in seeds:
            for truth, biased in settings:
                _one(curve, simulate.world(seed, truth), seed, name_of(truth, biased), biased, sizes)
    return curve


def _one(curve: Curve, world: World, seed: int, name: str, biased: bool, sizes: Sequence[int]) -> None:
    draw = np.random.default_rng(seed * 1000 + biased)
    judged = [simulate.judge(world, role, draw, biased=biased) for role in range(ROLES)]
    rules = {**baselines.FIXED, **learners.FIXED}
    fixed = {key: _ndcg(world, make(world.roles[ROLES:], world.people)) for key, make in rules.items()}
    for size in sizes:
        for key, value in fixed.items():
            curve.by[name, size, key].append(value)
        table = table_of(world, judged[:size])
        decision = promotion.decide(table, world.similarity)
        scores = np.array([decision.ranker.score(world.columns[role]) for role in range(ROLES, ROLES + HELD_OUT)])
        curve.by[name, size, OURS].append(_ndcg(world, scores))
        curve.stages[name, size].append(decision.ranker.stage)
        if "calibration_error" in decision.figures:
            curve.calibration[name, size].append(decision.figures["calibration_error"])
        for key, scores in _learned(world, judged[:size], biased) if size else ():
            curve.by[name, size, key].append(_ndcg(world, scores))


def table_of(world: World, judged: Sequence[Judged]) -> Table:
    """The judgments of the first roles as ours learns from them."""
    if not judged:
        return Table(np.zeros((8, 0)), np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0))
    columns = np.concatenate([world.columns[role][:, item.people] for role, item in enumerate(judged)], axis=1)
    number = np.repeat(np.arange(len(judged)), [len(item.people) for item in judged])
    chances = np.concatenate([item.propensity for item in judged]).tolist()
    grades = np.concatenate([item.grades for item in judged])
    return Table(columns, number, grades / 4.0, weights.inverse_propensity(chances).values)


def _learned(world: World, judged: Sequence[Judged], biased: bool) -> Iterator[tuple[str, Floats]]:
    """The learning baselines; with biased labels once more with the field that gives the group away."""
    for with_proxy in (False, True) if biased else (False,):
        def rows_of(role: int, people, proxy: bool = with_proxy) -> Floats:
            found = world.columns[role][:, people].T
            return np.column_stack((found, world.proxy[people])) if proxy else found

        rows = Rows(
            np.concatenate([rows_of(role, item.people) for role, item in enumerate(judged)]),
            np.concatenate([item.grades for item in judged]).astype(float), [len(item.people) for item in judged],
        )
        everyone = np.arange(len(world.people))
        asked = np.concatenate([rows_of(role, everyone) for role in range(ROLES, ROLES + HELD_OUT)])
        for key, learn in {**learners.LEARNING, **baselines.LEARNING}.items():
            yield key + (" + proxy" if with_proxy else ""), learn(rows, asked).reshape(HELD_OUT, -1)


def _ndcg(world: World, scores: Floats) -> float:
    """Mean nDCG@10 against the truth of the held-out roles, ties counted as they fall on average."""
    people = len(world.people)
    grades = world.grades[ROLES:]
    table = Table(np.zeros((8, grades.size)), np.repeat(np.arange(HELD_OUT), people), grades.ravel() / 4.0,
                  np.ones(grades.size))
    return float(np.nanmean(promotion.ndcg_by_role(table, scores.ravel())))


@dataclass(frozen=True)
class Verdict:
    """Ours at one size: its mean, the best other, the gain over it, the paired p, and whether ours is first or tied."""

    name: str
    size: int
    ours: float
    other: str
    best: float
    p: float
    holds: bool


def verdicts(curve: Curve) -> list[Verdict]:
    """First or tied: not below the best baseline at p < .05, paired by seed; with biased labels: within .01 of it."""
    found = []
    for name, size in sorted({key[:2] for key in curve.by}):
        rows = {key[2]: values for key, values in curve.by.items() if key[:2] == (name, size)}
        ours = rows.pop(OURS)
        other = max(rows, key=lambda key: float(np.mean(rows[key])))
        gain, p = evaluate.paired_t(ours, rows[other])
        holds = gain >= -0.01 if "biased" in name else gain >= 0.0 or p >= 0.05
        found.append(Verdict(name, size, float(np.mean(ours)), other, float(np.mean(rows[other])), p, holds))
    return found


def lines(curve: Curve) -> Iterator[str]:
    """Tables of the curves, a verdict beside each row."""
    by_size = {(item.name, item.size): item for item in verdicts(curve)}
    for name in dict.fromkeys(key[0] for key in curve.by):
        columns = list(dict.fromkeys(key[2] for key in curve.by if key[0] == name))
        columns = [OURS, *(key for key in columns if key != OURS)]
        yield f"### {name}: nDCG@10 on {HELD_OUT} roles left out"
        yield "| judged roles | " + " | ".join(columns) + " | stage | best other, p | first or tied |"
        yield "|" + "---|" * (len(columns) + 4)
        for size in dict.fromkeys(key[1] for key in curve.by if key[0] == name):
            cells = [f"{np.mean(curve.by[name, size, key]):.3f}" if (name, size, key) in curve.by else "–"
                     for key in columns]
            item, stages = by_size[name, size], curve.stages[name, size]
            told = "/".join(str(stage) for stage in sorted(set(stages)))
            yield f"| {size} | " + " | ".join(cells) + (
                f" | {told} | {item.other} {item.best - item.ours:+.3f}, p {item.p:.3f} | "
                f"{'yes' if item.holds else '**no**'} |")
        yield ""


def calibrated(curve: Curve) -> list[tuple[str, float, float | None, dict[str, float]]]:
    """ECE on roles left out of the fit, worst over sizes, where a model was learned."""
    found: list[tuple[str, float, float | None, dict[str, float]]] = []
    for name in dict.fromkeys(key[0] for key in curve.calibration):
        rows = {key[1]: values for key, values in curve.calibration.items() if key[0] == name and values}
        if rows:
            by_size = {f"{size} roles": float(np.mean(values)) for size, values in rows.items()}
            found.append((f"{name}: ECE of the chances, mean over sizes", float(np.mean([*by_size.values()])), 0.05,
                          by_size))
    return found


def plan(quick: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Which seeds and sizes to measure."""
    return (SEEDS[:1], (0, 4, 16, 64)) if quick else (SEEDS, SIZES)


def intro(quick: bool) -> Iterator[str]:
    """What the tables show."""
    seeds, _ = plan(quick)
    yield (f"{len(seeds)} made-up hubs (seeds {seeds[0]}-{seeds[-1]}; settings were chosen on other seeds), each with "
           f"{simulate.PEOPLE} people,")
    yield (f"{ROLES} roles of {simulate.EMPLOYERS} employers with {simulate.JUDGED} judged people each, and {HELD_OUT} "
           "roles never judged, on which all are measured.")
    yield "With biased labels people are looked at down a list, half of the employers mark a group down, and learners"
    yield '"+ proxy" see a field that gives the group away; the measure stays the unbiased truth. p: paired by hub.'
    yield ""


def main(argv: list[str]) -> int:
    """Print the curves."""
    start = time.process_time()
    quick = "--quick" in argv
    seeds, sizes = plan(quick)
    seeds = tuple(int(word) for word in argv if word.isdigit()) or seeds
    curve = measure(seeds, sizes)
    for line in [*intro(quick), *lines(curve)]:
        print(line)
    for name, value, target, by_size in calibrated(curve):
        print(f"{name}: {value:.3f} (target {target}) " + ", ".join(f"{k} {v:.3f}" for k, v in by_size.items()))
    print(f"{time.process_time() - start:.0f} CPU seconds, seeds {', '.join(map(str, seeds))}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
