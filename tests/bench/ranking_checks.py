"""Figures of the three stages besides order: exact reasons, deletions, what reasons cost, and the cap's cost."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from matcher.ranking import congestion
from matcher.ranking.boosted import Stage2
from matcher.ranking.explain import explain
from matcher.ranking.facts import CandidateFacts
from matcher.ranking.learned import Stage1
from matcher.ranking.ranker import Ranker, Stage0
from tests.bench import ranking_figures, simulate
from tests.bench.simulate import HELD_OUT, ROLES, World

Figure = tuple[str, float, float | None, Mapping[str, float]]
PAIRS, FIRST, SEED = 1000, 20, 201


def figures(quick: bool = False) -> list[Figure]:
    """Every figure: (name, value, target or None, beside it)."""
    world = simulate.world(SEED, "interacting")
    found: list[Figure] = []
    for stage, ranker in stages(world, quick).items():
        found += [*_reasons(stage, ranker, world), _deletion(stage, ranker, world), _cost(stage, ranker, world)]
        found += _cap(stage, ranker, world)
    return found


def stages(world: World, quick: bool) -> dict[str, Ranker]:
    """One ranker of each stage, learned from the made-up hub, whether or not the rule would have let it rank."""
    draw = np.random.default_rng(SEED)
    judged = [simulate.judge(world, role, draw) for role in range(64 if quick else ROLES)]
    few, many = (ranking_figures.table_of(world, judged[:size]) for size in (32, len(judged)))
    near = world.similarity
    return {"stage 0": Stage0(near), "stage 1": few.fitted(Stage1(near)), "stage 2": many.fitted(Stage2(near))}


def _pairs(world: World) -> list[tuple[int, int]]:
    draw = np.random.default_rng(SEED)
    return list(zip(draw.integers(0, len(world.roles), PAIRS).tolist(),
                    draw.integers(0, len(world.people), PAIRS).tolist(), strict=True))


def _reasons(stage: str, ranker: Ranker, world: World) -> list[Figure]:
    worst = 0.0
    for role, person in _pairs(world):
        told = explain(ranker, world.roles[role], world.people[person])
        parts = [told.base, *(item.share for item in told.findings), *told.rest.values()]
        worst = max(worst, abs(math.fsum(parts) - (told.score or 0.0)))
    return [(f"{stage}: parts of the score against the score, worst of {PAIRS:,} pairs, at most", worst, 1e-9, {})]


def _deletion(stage: str, ranker: Ranker, world: World) -> Figure:
    """How often taking away the skill that counts most lowers the score; beside it the mean falls."""
    draw, whole, most, chance = np.random.default_rng(SEED), [], [], []
    for role, person in [*_pairs(world), *_pairs(world)[::-1]]:
        told = explain(ranker, world.roles[role], world.people[person])
        held = [item for item in told.findings if item.held]
        if held and len(whole) < PAIRS:
            whole.append(told.score or 0.0)
            top = max(held, key=lambda item: (item.share, item.skill)).skill
            most.append((world.roles[role], without(world.people[person], top)))
            other = str(draw.choice([item.skill for item in held]))
            chance.append((world.roles[role], without(world.people[person], other)))
    drops, others = np.array(whole) - ranker.predict(most), np.array(whole) - ranker.predict(chance)
    return (f"{stage}: share of {len(whole):,} pairs that fall without the skill that counts most",
            float((drops > 0).mean()), 0.99, {"mean fall": float(drops.mean()), "a random skill": float(others.mean())})


def without(person: CandidateFacts, skill: str) -> CandidateFacts:
    """The same person without one skill."""
    return replace(person, skills=tuple(item for item in person.skills if item.skill != skill))


def _cost(stage: str, ranker: Ranker, world: World) -> Figure:
    """Scoring 500 people and taking the first 20 scores apart."""
    columns = np.concatenate([world.columns[role] for role in range(3)], axis=1)[:, :500]
    taken = []
    for _ in range(9):
        start = time.process_time()
        scores = ranker.score(columns)
        for row in np.argsort(-scores)[:FIRST]:
            ranker.shares(columns[:, row])
        taken.append((time.process_time() - start) * 1000.0)
    return f"{stage}: milliseconds to score 500 and take the first {FIRST} apart", float(np.median(taken)), 10.0, {}


def _cap(stage: str, ranker: Ranker, world: World) -> list[Figure]:
    """The congestion cap over the held-out roles' lists; its cost in scores, and in the truth that it cannot see."""
    names = [person.id for person in world.people]
    lists, grades = {}, {}
    for role in range(ROLES, ROLES + HELD_OUT):
        scores = ranker.score(world.columns[role])
        order = np.argsort(-scores, kind="stable")[:congestion.DEPTH]
        lists[str(role)] = [(names[row], float(scores[row])) for row in order]
        grades[str(role)] = dict(zip(names, world.grades[role].tolist(), strict=True))
    found = congestion.smallest_cap(lists)
    free = {name: [person for person, _ in line] for name, line in lists.items()}
    capped = {name: [*(p for p in ids if p not in found.more.get(name, ())), *found.more.get(name, ())]
              for name, ids in free.items()}
    before, after = found.before, found.after
    return [
        (f"{stage}: loss of nDCG by the cap of {found.cap} of {HELD_OUT} lists", found.loss, congestion.MOST_LOSS,
         {"true nDCG@10 without": _true(free, grades), "with": _true(capped, grades)}),
        (f"{stage}: Gini of first places with the cap", after.gini, None,
         {"without": before.gini, "most held by one, with": float(after.most), "most, without": float(before.most),
          "people seen, with": float(after.seen), "seen, without": float(before.seen)}),
    ]  # fmt: skip


def _true(orders: Mapping[str, Sequence[str]], grades: Mapping[str, Mapping[str, int]]) -> float:
    from matcher.ranking.evaluate import ndcg

    return float(np.mean([ndcg(order, grades[name]) for name, order in orders.items()]))
