"""The index's exact columns: for chosen rows the very steps of `features.matrix` and `logistics.compare`, compiled."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"
from typing import Any, NamedTuple

import numpy as np

from matcher.ranking.features import COLUMNS
from matcher.ranking.index_jit import compiled
from matcher.ranking.index_loops import closeness, preference, program_fit
from matcher.ranking.index_people import FRESH, MONTHS, NEVER, STRENGTH

WIDTH = len(COLUMNS)


class Held(NamedTuple):
    """What people hold: `at` begins each row's items in the rest."""

    at: Any
    skill: Any
    level: Any
    tier: Any
    proved: Any
    used: Any


class Links(NamedTuple):
    """For each skill the requirements it answers: `first` (skills) begins a chain through `then`."""

    first: Any
    then: Any
    slot: Any
    near: Any
    own: Any


@compiled
def month(value):
    """Where a number of months stands in the tables of strength and freshness; -1 is "not said"."""
    return NEVER if value < 0 else min(value, MONTHS)


@compiled
def fill(held, row, links, asked, out):
    """What one row holds for each requirement: out (4, R) as level, strength, freshness, near."""
    out[:] = 0.0
    for item in range(held.at[row], held.at[row + 1]):
        link = links.first[held.skill[item]] if held.skill[item] < len(links.first) else -1
        while link >= 0:
            wanted = links.slot[link]
            if links.own[link]:
                out[0, wanted] = held.level[item]
                out[1, wanted] = STRENGTH[held.tier[item], month(held.proved[item])]
                out[2, wanted] = FRESH[month(held.used[item])]
            reach = links.near[link] * min(held.level[item] / asked[0, wanted], 1.0)
            out[3, wanted] = max(out[3, wanted], reach)
            link = links.then[link]


@compiled
def measure(rows, held, links, asked, wish, folk, columns, slots):
    """Columns (8, rows) in the order of COLUMNS; `asked` (3, R) as features.asked, `slots` (4, R, rows) see `fill`,
    or empty where nobody asks for them."""
    mine, musts, weights = np.zeros((4, asked.shape[1])), 0.0, 0.0
    for wanted in range(asked.shape[1]):
        weights += asked[1, wanted]
        musts += asked[2, wanted]
    musts, weights = max(musts, 1.0), max(weights, 1.0)
    for spot in range(len(rows)):
        row = rows[spot]
        fill(held, row, links, asked, mine)
        met, cover, near, proof, fresh = 0.0, 0.0, 0.0, 0.0, 0.0
        for wanted in range(asked.shape[1]):
            level, weight, must = asked[0, wanted], asked[1, wanted], asked[2, wanted]
            met += must * (1.0 if mine[0, wanted] >= level else 0.0)
            cover += weight * min(mine[0, wanted] / level, 1.0)
            near += weight * mine[3, wanted]
            proof += weight * mine[1, wanted]
            fresh += weight * mine[2, wanted]
        columns[0, spot], columns[1, spot], columns[2, spot] = met / musts, cover / weights, near / weights
        columns[3, spot] = proof / weights
        columns[4, spot] = preference(folk.answers, folk.shifts, row, wish.role, wish.bits, wish.spoke)
        columns[5, spot] = closeness(folk.answers, row, wish.role)
        columns[6, spot] = fresh / weights
        columns[7, spot] = program_fit(folk.program_at, folk.program, row, wish.fit)
        if slots.size:
            slots[:, :, spot] = mine


@compiled
def tell(rows, held, links, asked, order, said, best):
    """What is said of each requirement: said (rows, R, 4) as level, tier and the two ages, level 0 where the skill is
    not held; best (rows, R) the link of the nearest skill, the earliest in `order` of several."""
    reached = np.zeros(best.shape)
    for spot in range(len(rows)):
        for item in range(held.at[rows[spot]], held.at[rows[spot] + 1]):
            link = links.first[held.skill[item]] if held.skill[item] < len(links.first) else -1
            while link >= 0:
                wanted = links.slot[link]
                if links.own[link]:
                    said[spot, wanted, 0], said[spot, wanted, 1] = held.level[item], held.tier[item]
                    said[spot, wanted, 2], said[spot, wanted, 3] = held.proved[item], held.used[item]
                reach = links.near[link] * min(held.level[item] / asked[0, wanted], 1.0)
                old = best[spot, wanted]
                if reach > reached[spot, wanted] or (reach == reached[spot, wanted] and order[link] < order[old]):
                    reached[spot, wanted], best[spot, wanted] = reach, link
                link = links.then[link]
