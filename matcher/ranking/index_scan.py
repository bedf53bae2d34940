"""The index's search: sums of all requirements block by block, and a look at those whose sum can still be enough."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"
from typing import Any, NamedTuple

import numpy as np

from matcher.ranking.index_jit import compiled
from matcher.ranking.index_loops import has, liking, offer, program_fit, room, ruled_out
from matcher.ranking.index_people import BLOCK, SHIFT

STRIDE = 64  # sums that are looked at together
BINS = 256


class Posts(NamedTuple):
    """Who holds each skill, by skill and block: packed values and places inside the block."""

    at: Any
    held: Any


class Wants(NamedTuple):
    """R requirements as in `index_terms.Terms`."""

    own: Any
    worth: Any
    fresh: Any
    near: Any
    other_at: Any
    other: Any
    other_near: Any


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
    """The rest of what is stored of people; `left` (n) says what rules each out, empty where that is asked later.
    `placed` (n) the row in each place, `hinted` (blocks) all that `hints` say there."""

    answers: Any
    shifts: Any
    hints: Any
    program_at: Any
    program: Any
    trained_for: Any
    trained_row: Any
    refused: Any
    left: Any
    placed: Any
    hinted: Any


class Desk(NamedTuple):
    """Who of one block gets a closer look: rows, sums, and copies of their answers side by side."""

    row: Any
    total: Any
    answers: Any
    shifts: Any


@compiled
def span_of(at, blocks, block, skill):
    """Where the postings of a skill in a block begin and end."""
    if skill < 0 or skill >= (len(at) - 1) // blocks:
        return 0, 0
    spot = skill * blocks + block
    return at[spot], at[spot + 1]


@compiled
def inside_of(post):
    """A posting's place inside its block. Unsigned, so that no index is taken as negative."""
    return np.uint64(post) & np.uint64(65535)


@compiled
def level_of(post):
    """The level that is held, less 1."""
    return np.uint64(post) >> np.uint64(30)


@compiled
def add_own(total, held, low, high, worth, fresh):
    """One requirement's own skill: what each who holds it gains."""
    for spot in range(low, high):
        post = np.uint64(held[spot])
        total[inside_of(post)] += worth[post >> np.uint64(23)] + fresh[(post >> np.uint64(16)) & np.uint64(127)]


@compiled
def add(total, near, posts, wants, wanted, blocks, block):
    """One requirement for one block. Near skills: each raises what the nearest so far gave."""
    low, high = span_of(posts.at, blocks, block, wants.own[wanted])
    add_own(total, posts.held, low, high, wants.worth[wanted], wants.fresh[wanted])
    if wants.other_at[wanted] == wants.other_at[wanted + 1]:
        return
    near[: len(total)] = 0.0
    for spot in range(low, high):
        near[inside_of(posts.held[spot])] = wants.near[wanted, level_of(posts.held[spot])]
    for item in range(wants.other_at[wanted], wants.other_at[wanted + 1]):
        low, high = span_of(posts.at, blocks, block, wants.other[item])
        for spot in range(low, high):
            inside = inside_of(posts.held[spot])
            reach = wants.other_near[item, level_of(posts.held[spot])]
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
            if rows[at[item, 0]] >= begin:  # else of a block that was passed over
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
def gather(total, begin, low, high, wish, folk, desk):
    """Put on the desk who in one block has a sum from `low` up to `high`, as far as a quick look allows them."""
    size = 0
    inside = next_over(total, 0, low)
    while inside < len(total):
        row = np.int64(folk.placed[begin + inside])
        if (total[inside] < high and folk.hints[row] & wish.masks[0] and folk.hints[row] & wish.masks[1]
                and not (len(folk.left) and folk.left[row])):
            desk.row[size], desk.total[size], size = row, total[inside], size + 1
        inside = next_over(total, inside + 1, low)
    for item in range(size):  # all at once from slow memory: one by one each would be waited for
        for answer in range(8):
            desk.answers[item, answer] = folk.answers[desk.row[item], answer]
    return size


@compiled
def look(best, slack, lazy, doubled, begin, total, low, high, wish, folk, desk, found, scores, size):
    """Take the rows of one block whose sum is from `low` (or what is needed by then) up to `high`."""
    need = max(low, np.float32(best[0] - slack - wish.most))
    for item in range(gather(total, begin, need, high, wish, folk, desk)):
        if desk.total[item] < need or (
                lazy and ruled_out(desk.answers, desk.shifts, item, wish.role, wish.bits, wish.spoke)):
            continue
        row = desk.row[item]
        score = desk.total[item] + liking(desk.answers, desk.shifts, item, wish.role, wish.bits, wish.spoke,
                                          wish.weights)
        if score >= best[0] - slack and doubled:
            score -= wish.weights[2] * twice(folk.program_at, folk.program, row, wish.fit)
        if score >= best[0] - slack and not (lazy and has(folk.refused, 0, len(folk.refused), row)):
            if size == len(found):
                found, scores, size = room(found, scores, size, best[0] - slack)
            found[size], scores[size], size = row, score, size + 1
            offer(best, score)
            need = max(low, np.float32(best[0] - slack - wish.most))
    return found, scores, size


@compiled
def scan(best, slack, filtered, base, posts, wants, wish, folk):
    """Rows that may be among the best, with their sums.

    `best` is the heap of the best sums so far, over all parts; every row within `slack` of its smallest comes back.
    """
    people, blocks = len(folk.hints), len(folk.hinted)
    totals, near, answers = np.zeros(BLOCK, np.float32), np.zeros(BLOCK, np.float32), np.empty((BLOCK, 8))
    desk = Desk(np.empty(BLOCK, np.int64), np.empty(BLOCK, np.float32), answers, answers.view(np.uint64))
    found, scores, size = np.zeros(1024, np.int64), np.zeros(1024), 0
    spots, gains = cursors(folk.trained_for, wish.fit)
    lazy, doubled = filtered and len(folk.left) == 0, len(gains) > 0
    for block in range(blocks):
        if not (folk.hinted[block] & wish.masks[0] and folk.hinted[block] & wish.masks[1]):
            continue
        begin = block << SHIFT
        total = totals[: min(BLOCK, people - begin)]
        total[:] = base
        for wanted in range(len(wants.own)):
            add(total, near, posts, wants, wanted, blocks, block)
        add_programs(total, begin, begin + len(total), spots, gains, folk.trained_row, wish.weights[2])
        low, high, share = np.float32(0.0), np.float32(np.inf), 8 * len(best)
        while low > -np.inf:
            # While nothing is known of the best, the highest sums come first: then few others need a look.
            known = best[0] > -np.inf or share >= len(total)
            low = np.float32(-np.inf) if known else best_of(total, share)
            found, scores, size = look(best, slack, lazy, doubled, begin, total, low, high, wish, folk, desk, found,
                                       scores, size)
            high, share = low, 4 * share
    return found[:size], scores[:size]
