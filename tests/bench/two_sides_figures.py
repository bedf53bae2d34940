"""`python -m tests.bench.two_sides_figures`: what two sides cost in order and bring in matches."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from threadpoolctl import threadpool_limits

from matcher.ranking import acceptance, promotion
from matcher.ranking.acceptance import Answers
from matcher.ranking.features import COLUMNS
from matcher.ranking.ranker import Ranker
from tests.bench import ranking_figures, simulate
from tests.bench.simulate import HELD_OUT, PEOPLE, ROLES, Floats, Judged, World

SIZES = (16, 64, 256)
SEEDS = tuple(range(111, 119))
ADVANCED = 2  # the grade from which an employer asks a person on
FIRST = 10
#: How people answer: a share of yes, and how much more of the logit a standard deviation of wish and closeness brings.
HABITS: Mapping[str, tuple[float, float, float]] = {
    "wishes decide": (0.75, 1.2, 0.8), "wishes matter a little": (0.85, 0.5, 0.3), "by chance": (0.75, 0.0, 0.0),
}


@dataclass
class Figures:
    """By habit and judged roles, one value a hub: nDCG for the employer and matches in ten, with one side and two."""

    by: dict[tuple[str, int, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    def mean(self, habit: str, size: int, name: str) -> float:
        """The mean over hubs; NaN where there is none."""
        values = self.by.get((habit, size, name), [])
        return float(np.mean(values)) if values else float("nan")


def willing(world: World, habit: str) -> Floats:
    """The true chance (roles, people) that a person says yes to a role."""
    base, *weights = HABITS[habit]
    total = np.zeros(world.columns[:, 0].shape)
    for name, weight in zip(("preference", "closeness"), weights, strict=True):
        column = world.columns[:, COLUMNS.index(name)]
        total += weight * (column - column.mean()) / column.std()
    return np.asarray(1.0 / (1.0 + np.exp(-(np.log(base / (1.0 - base)) + total))))


def answers_of(world: World, judged: Sequence[Judged], yes: Floats, draw: np.random.Generator) -> Answers:
    """What those say whom the employers asked on; everybody else was never asked."""
    columns, roles, accepted = [], [], []
    for role, item in enumerate(judged):
        asked = item.people[item.grades >= ADVANCED]
        columns.append(world.columns[role][:, asked])
        roles.append(np.full(len(asked), role))
        accepted.append(draw.random(len(asked)) < yes[role, asked])
    return Answers(np.concatenate(columns, axis=1), np.concatenate(roles).astype(np.intp),
                   np.concatenate(accepted).astype(np.float64))


def measure(seeds: Sequence[int] = SEEDS, sizes: Sequence[int] = SIZES) -> Figures:
    """All figures, one thread."""
    found = Figures()
    with threadpool_limits(1):
        for seed in seeds:
            world, draw = simulate.world(seed), np.random.default_rng(seed * 1000)
            judged = [simulate.judge(world, role, draw) for role in range(ROLES)]
            for size in sizes:
                table = ranking_figures.table_of(world, judged[:size])
                employer = promotion.decide(table, world.similarity).ranker
                for habit in HABITS:
                    yes = willing(world, habit)
                    side = acceptance.decide(answers_of(world, judged[:size], yes, np.random.default_rng(seed + size)))
                    _add(found, (habit, size), world, yes, employer, acceptance.joined(employer, side, table.columns))
                    found.by[habit, size, "ece"] += [side.figures["ece"]] if "ece" in side.figures else []
                    found.by[habit, size, "answers"].append(float(side.figures["answers"]))
                    found.by[habit, size, "used"].append(float(side.accepts is not None))
    return found


def _add(found: Figures, key: tuple[str, int], world: World, yes: Floats, one: Ranker, two: Ranker) -> None:
    grades = world.grades[ROLES:]
    for name, ranker in (("one", one), ("two", two)):
        scores = np.array([ranker.score(world.columns[role]) for role in range(ROLES, ROLES + HELD_OUT)])
        table = promotion.Table(np.zeros((8, grades.size)), np.repeat(np.arange(HELD_OUT), PEOPLE),
                                grades.ravel() / 4.0, np.ones(grades.size))
        found.by[*key, f"ndcg_{name}"].append(float(np.nanmean(promotion.ndcg_by_role(table, scores.ravel()))))
        first = np.argsort(-scores, axis=1, kind="stable")[:, :FIRST]
        both = np.where(grades >= ADVANCED, yes[ROLES:], 0.0)  # the employer asks, and the person says yes
        found.by[*key, f"matches_{name}"].append(float(np.take_along_axis(both, first, axis=1).sum(axis=1).mean()))


def change(found: Figures, habit: str, size: int, name: str) -> float:
    """By how much of itself a figure changes with the second side."""
    before = found.mean(habit, size, f"{name}_one")
    return found.mean(habit, size, f"{name}_two") / before - 1.0


def lines(found: Figures) -> Iterator[str]:
    """A table: what the employer's order loses beside what is gained in matches."""
    yield ("| people answer | judged roles | answers | second side used | nDCG@10, one side | two sides | change | "
           f"matches in the first {FIRST}, one side | two sides | change | ECE of a yes |")
    yield "|" + "---|" * 11
    for habit, size in dict.fromkeys(key[:2] for key in found.by):
        used = 100 * found.mean(habit, size, "used")
        cells = [found.mean(habit, size, name) for name in ("ndcg_one", "ndcg_two", "matches_one", "matches_two")]
        order, matches = (change(found, habit, size, name) for name in ("ndcg", "matches"))
        yield (f"| {habit} | {size} | {found.mean(habit, size, 'answers'):.0f} | "
               f"{used:.0f} % | {cells[0]:.3f} | {cells[1]:.3f} | {100 * order:+.1f} % | "
               f"{cells[2]:.2f} | {cells[3]:.2f} | {100 * matches:+.1f} % | {found.mean(habit, size, 'ece'):.3f} |")


def figures(found: Figures) -> list[tuple[str, float, float | None, Mapping[str, float]]]:
    """What is gained in matches less what the employer's order gives up, both as shares of what one side reaches."""
    rows = []
    for habit, size in dict.fromkeys(key[:2] for key in found.by):
        order, matches = (change(found, habit, size, name) for name in ("ndcg", "matches"))
        rows.append((f"{habit}, {size} judged roles: matches gained less nDCG given up", min(order, 0.0) + matches, 0.0,
                     {"change in matches": matches, "change in nDCG": order}))
    return rows


def plan(quick: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Which seeds and sizes to measure."""
    return (SEEDS[:1], SIZES[1:2]) if quick else (SEEDS, SIZES)


def main(argv: list[str]) -> int:
    """Print the table."""
    start = time.process_time()
    seeds = tuple(int(word) for word in argv if word.isdigit()) or SEEDS
    for line in lines(measure(seeds)):
        print(line)
    print(f"{time.process_time() - start:.0f} CPU seconds, seeds {', '.join(map(str, seeds))}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
