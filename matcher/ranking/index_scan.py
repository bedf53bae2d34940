"""The index's search: sums of the rarest requirements for everyone, the commonest only for whom they can still lift."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"
from typing import Any, NamedTuple

import numpy as np

from matcher.ranking.index_jit import compiled
from matcher.ranking.index_loops import has, liking, offer, program_fit, room, ruled_out
from matcher.ranking.index_people import BLOCK, FRESH_CODE, MONTHS, NEVER, SHIFT, STRENGTH_CODE

STRIDE = 64  # sums that are looked at together
BINS = 256
DEAR = 48  # to finish the sum of one row costs about as much as to add so many postings


class Held(NamedTuple):
    """What people hold: `at` begins each row's items in the rest."""

    at: Any
    skill: Any
    level: Any
    tier: Any
    proved: Any
    used: Any


class Posts(NamedTuple):
    """Who holds each skill, by skill and block: rows inside the block and packed values."""

    at: Any
    row: Any
    value: Any


class Wants(NamedTuple):
    """R requirements as in `index_terms.Terms`; `bound` (R) is the most that each can add to a sum."""

    own: Any
    worth: Any
    fresh: Any
    near: Any
    other_at: Any
    other: Any
    other_near: Any
    bound: Any


class Links(NamedTuple):
    """For each skill the requirements it answers: `first` (skills) begins a chain through `then`."""

    first: Any
    then: Any
    slot: Any
    near: Any
    own: Any


class Wish(NamedTuple):
    """What the role said besides skills, what that is worth, and the most that it can be worth to anyone."""

    role: Any
    bits: Any
    spoke: Any
    fit: Any
    weights: Any
    most: Any
    masks: Any


class Folk(NamedTuple):
    """The rest of what is stored of people; `left` (n) says what rules each out, empty where that is asked later."""

    answers: Any
    shifts: Any
    hints: Any
    program_at: Any
    program: Any
    trained_for: Any
    trained_row: Any
    refused: Any
    left: Any


@compiled
def span_of(at, blocks, block, skill):
    """Where the postings of a skill in a block begin and end."""
    if skill < 0 or skill >= (len(at) - 1) // blocks:
        return 0, 0
    spot = skill * blocks + block
    return at[spot], at[spot + 1]


@compiled
def cost(posts, wants, wanted, blocks, block):
    """How many postings one requirement has in a block, near skills included."""
    low, high = span_of(posts.at, blocks, block, wants.own[wanted])
    every = high - low
    for item in range(wants.other_at[wanted], wants.other_at[wanted + 1]):
        low, high = span_of(posts.at, blocks, block, wants.other[item])
        every += high - low
    return every


@compiled
def add_own(total, row, value, low, high, worth, fresh):
    """One requirement's own skill: what each who holds it gains. Unsigned, so that no index is taken as negative."""
    for post in range(low, high):
        packed = np.uint64(value[post])
        total[np.uint64(row[post])] += worth[packed >> np.uint64(7)] + fresh[packed & np.uint64(127)]


@compiled
def add(total, near, posts, wants, wanted, blocks, block):
    """One requirement for the rows of one block. Near skills: each raises what the nearest so far gave."""
    low, high = span_of(posts.at, blocks, block, wants.own[wanted])
    add_own(total, posts.row, posts.value, low, high, wants.worth[wanted], wants.fresh[wanted])
    if wants.other_at[wanted] == wants.other_at[wanted + 1]:
        return
    near[: len(total)] = 0.0
    for post in range(low, high):
        near[posts.row[post]] = wants.near[wanted, posts.value[post] >> 14]
    for item in range(wants.other_at[wanted], wants.other_at[wanted + 1]):
        low, high = span_of(posts.at, blocks, block, wants.other[item])
        for post in range(low, high):
            inside = posts.row[post]
            reach = wants.other_near[item, posts.value[post] >> 14]
            if reach > near[inside]:
                total[inside] += reach - near[inside]
                near[inside] = reach


@compiled
def any_over(some, need):
    """Whether any of these sums is at least `need`; without a way out, so that it becomes vector code."""
    found = np.uint8(0)
    for inside in range(len(some)):
        found |= np.uint8(1) if some[inside] >= need else np.uint8(0)
    return found > 0


@compiled
def next_over(total, start, need):
    """The first row from `start` on whose sum is at least `need`, the number of rows when there is none."""
    inside = start
    while inside < len(total):
        if inside % STRIDE == 0 and inside + STRIDE <= len(total) and not any_over(
                total[inside : inside + STRIDE], need):
            inside += STRIDE
            continue
        if total[inside] >= need:
            return inside
        inside += 1
    return len(total)


@compiled
def over(total, need):
    """How many sums are at least `need`."""
    found = np.int32(0)
    for inside in range(len(total)):
        found += np.int32(1) if total[inside] >= need else np.int32(0)
    return found


@compiled
def best_of(total, wanted):
    """A sum that about `wanted` rows reach, and at least so many where there are so many."""
    low, high = total.min(), total.max()
    if high <= low:
        return low
    bins, scale = np.zeros(BINS, dtype=np.int64), np.float32(BINS - 1) / (high - low)
    for inside in range(len(total)):
        bins[np.int64((total[inside] - low) * scale)] += 1
    seen, edge = 0, BINS
    while seen < wanted and edge > 0:
        edge -= 1
        seen += bins[edge]
    return low if edge == 0 else low + (np.float32(edge) - np.float32(0.5)) / scale


@compiled
def cursors(occupations, fit):
    """Where the rows of each fitting occupation begin and end, and how well it fits."""
    fitting = np.flatnonzero(fit > 0.0)
    at, worth = np.zeros((len(fitting), 2), dtype=np.int64), np.zeros(len(fitting))
    for item in range(len(fitting)):
        at[item, 0] = np.searchsorted(occupations, fitting[item])
        at[item, 1] = np.searchsorted(occupations, fitting[item] + 1)
        worth[item] = fit[fitting[item]]
    return at, worth


@compiled
def add_programs(total, begin, end, at, worth, rows, weight):
    """What programs add to the rows of one block; one with two fitting programs gets both for now."""
    for item in range(len(worth)):
        while at[item, 0] < at[item, 1] and rows[at[item, 0]] < end:
            total[rows[at[item, 0]] - begin] += weight * worth[item]
            at[item, 0] += 1


@compiled
def twice(program_at, program, row, fit):
    """How much more than the closest program `add_programs` gave a row."""
    every = 0.0
    for item in range(program_at[row], program_at[row + 1]):
        every += fit[program[item]]
    return every - program_fit(program_at, program, row, fit)


@compiled
def month(value):
    """Where a number of months stands in the tables of strength and freshness; -1 is "not said"."""
    return NEVER if value < 0 else min(value, MONTHS)


@compiled
def rest_of(held, links, wants, skip, row, own, near):
    """What the requirements marked in `skip` add to the sum of one row; `own` and `near` (R, 2) are room to work in."""
    own[:] = 0.0
    near[:] = 0.0
    for item in range(held.at[row], held.at[row + 1]):
        link = links.first[held.skill[item]] if held.skill[item] < len(links.first) else -1
        while link >= 0:
            wanted, level = links.slot[link], held.level[item] - 1
            if skip[wanted]:
                reach = links.near[link] * wants.near[wanted, level]
                if links.own[link]:
                    code = STRENGTH_CODE[held.tier[item], month(held.proved[item])]
                    own[wanted] = (wants.worth[wanted, (level << 7) | code]
                                   + wants.fresh[wanted, FRESH_CODE[month(held.used[item])]]) - reach
                near[wanted] = max(near[wanted], reach)
            link = links.then[link]
    return own.sum() + near.sum()


@compiled
def begin_block(total, near, posts, wants, order, blocks, block, base, bar, skip):
    """Add requirements from the rarest on until those left can lift few rows to `bar`; the most that they can add.

    `skip` (R) marks them. Where nothing is known of the best yet (`bar` is -inf) all are added.
    """
    rest = wants.bound.sum() + 0.0
    skip[:] = 1
    for turn in range(len(order)):
        if turn > 0 and base + rest < bar:
            few = over(total, np.float32(bar - rest)) * DEAR
            if few <= cost(posts, wants, order[turn], blocks, block):
                return rest
        add(total, near, posts, wants, order[turn], blocks, block)
        skip[order[turn]] = 0
        rest -= wants.bound[order[turn]]
    return 0.0


@compiled
def look(best, slack, lazy, doubled, begin, total, low, high, rest, held, links, wants, wish, folk, skip, room_,
         found, scores, size):
    """Take the rows of one block whose sum so far is from `low` (or what is needed by then) up to `high`."""
    need = max(low, np.float32(best[0] - slack - wish.most - rest))
    inside = next_over(total, 0, need)
    while inside < len(total):
        here = begin + inside
        if (total[inside] < high and folk.hints[here] & wish.masks[0] and folk.hints[here] & wish.masks[1]
                and not (len(folk.left) and folk.left[here])
                and not (lazy and ruled_out(folk.answers, folk.shifts, here, wish.role, wish.bits, wish.spoke))):
            score = total[inside] + liking(folk.answers, folk.shifts, here, wish.role, wish.bits, wish.spoke,
                                           wish.weights)
            if rest > 0.0 and score + rest >= best[0] - slack:
                score += rest_of(held, links, wants, skip, here, room_[0], room_[1])
            if score >= best[0] - slack and doubled:
                score -= wish.weights[2] * twice(folk.program_at, folk.program, here, wish.fit)
            if score >= best[0] - slack and not (lazy and has(folk.refused, 0, len(folk.refused), here)):
                if size == len(found):
                    found, scores, size = room(found, scores, size, best[0] - slack)
                found[size], scores[size], size = here, score, size + 1
                offer(best, score)
                need = max(low, np.float32(best[0] - slack - wish.most - rest))
        inside = next_over(total, inside + 1, need)
    return found, scores, size


@compiled
def by_cost(posts, wants, blocks):
    """The requirements, the rarest first."""
    every = np.zeros(len(wants.own), dtype=np.int64)
    for wanted in range(len(every)):
        for block in range(blocks):
            every[wanted] += cost(posts, wants, wanted, blocks, block)
    return np.argsort(every)


@compiled
def scan(best, slack, filtered, base, held, posts, wants, links, wish, folk):
    """Rows that may be among the best, with their sums.

    `best` is the heap of the best sums so far, over all parts; every row within `slack` of its smallest comes back.
    """
    people = len(folk.hints)
    blocks = max(1, (people + BLOCK - 1) // BLOCK)
    totals, near, skip = np.zeros(BLOCK, np.float32), np.zeros(BLOCK, np.float32), np.zeros(len(wants.own), np.uint8)
    found, scores, size, room_ = np.zeros(1024, np.int64), np.zeros(1024), 0, np.zeros((2, len(wants.own)))
    spots, gains = cursors(folk.trained_for, wish.fit)
    lazy, doubled, order = filtered and len(folk.left) == 0, len(gains) > 0, by_cost(posts, wants, blocks)
    for block in range(blocks):
        begin = block << SHIFT
        total = totals[: min(BLOCK, people - begin)]
        total[:] = base
        add_programs(total, begin, begin + len(total), spots, gains, folk.trained_row, wish.weights[2])
        rest = begin_block(total, near, posts, wants, order, blocks, block, base,
                           best[0] - slack - wish.most, skip)
        low, high, share = np.float32(0.0), np.float32(np.inf), 8 * len(best)
        while low > -np.inf:
            # While nothing is known of the best, the highest sums come first: then few others need a look.
            known = best[0] > -np.inf or share >= len(total)
            low = np.float32(-np.inf) if known else best_of(total, share)
            found, scores, size = look(best, slack, lazy, doubled, begin, total, low, high, rest, held, links, wants,
                                       wish, folk, skip, room_, found, scores, size)
            high, share = low, 4 * share
    return found[:size], scores[:size]
