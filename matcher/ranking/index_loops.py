"""The index's inner loops over people: sums by requirement, declared filters, the best so far, and who was left out."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"
import math

import numpy as np

from matcher.ranking.index_jit import compiled
from matcher.ranking.index_people import (
    BLOCK,
    FLOOR,
    MAX_KM,
    MONTHS,
    NEVER,
    READY,
    SHIFT,
    SHIFTS,
    WISH,
)  # fmt: skip
from matcher.ranking.logistics import EARTH_KM, FAR_KM, NEAR_KM

TOO_FAR, REMOTE, SCHEDULE, PAY, START, EXCLUDED = 1, 2, 4, 8, 16, 32  # in the order of filters.CODES
STRIDE = 64  # sums that are looked at together
MODE, MONEY, OPEN, BEGIN = 3, 4, 5, 6  # places in role_row


@compiled
def kilometres(here, row, role):
    """`logistics.distance_km` of one pair, in the same steps."""
    dx, dy, dz = here[row, 0] - role[0], here[row, 1] - role[1], here[row, 2] - role[2]
    square = (dx * dx + dy * dy) + dz * dz
    return (EARTH_KM * math.sqrt(square)) * (1.0 + square * (1.0 / 24.0 + square * (3.0 / 640.0)))


@compiled
def remote_fit(wish, mode):
    """`logistics._remote_fit` of one pair; `wish` holds yes, hybrid and no as bits, 0 where nothing was said."""
    if mode == 0.0 or wish == 0.0:
        return 0.5
    return float((int(wish) >> (int(mode) - 1)) & 1)


@compiled
def schedule_fit(mine, bits, spoke):
    """`logistics.schedule_fit` of one pair, schedules as bits."""
    if mine == 0 or not spoke:
        return 0.5
    return 0.0 if mine & bits == 0 else 1.0


@compiled
def pay_fit(floor, pay, is_open):
    """`logistics._pay_fit` of one pair."""
    if math.isnan(floor) or math.isnan(pay):
        return 0.5
    return 1.0 if pay >= floor else (0.5 if is_open == 1.0 else 0.0)


@compiled
def start_fit(ready, starts):
    """`logistics._start_fit` of one pair."""
    if math.isnan(ready) or math.isnan(starts):
        return 0.5
    return 1.0 if ready <= starts else 0.0


@compiled
def refusals(people, shifts, row, role, bits, spoke):
    """Which declared wishes rule one pair out, as bits; the excluded organization is looked up elsewhere."""
    found = 0
    if role[MODE] != 1.0 and kilometres(people, row, role) > people[row, MAX_KM]:
        found |= TOO_FAR
    if remote_fit(people[row, WISH], role[MODE]) == 0.0:
        found |= REMOTE
    if schedule_fit(shifts[row, SHIFTS], bits, spoke) == 0.0:
        found |= SCHEDULE
    if pay_fit(people[row, FLOOR], role[MONEY], role[OPEN]) == 0.0:
        found |= PAY
    if start_fit(people[row, READY], role[BEGIN]) == 0.0:
        found |= START
    return found


@compiled
def has(rows, low, high, row):
    """Whether `row` is in rows[low:high], which are in order."""
    while low < high:
        middle = (low + high) // 2
        if rows[middle] < row:
            low = middle + 1
        elif rows[middle] > row:
            high = middle
        else:
            return True
    return False


@compiled
def liking(people, shifts, row, role, bits, spoke, weights):
    """The weighted preference and closeness of one pair."""
    wished = ((remote_fit(people[row, WISH], role[MODE]) + schedule_fit(shifts[row, SHIFTS], bits, spoke))
              + pay_fit(people[row, FLOOR], role[MONEY], role[OPEN])) + start_fit(people[row, READY], role[BEGIN])
    near = 1.0
    if role[MODE] != 1.0:
        km = kilometres(people, row, role)
        near = 0.0 if math.isnan(km) else 1.0 - min(max((km - NEAR_KM) / (FAR_KM - NEAR_KM), 0.0), 1.0)
    return weights[0] * (wished / 4.0) + weights[1] * near


@compiled
def program_fit(program_at, program, row, fit):
    """How near the closest of a person's programs is."""
    best = 0.0
    for item in range(program_at[row], program_at[row + 1]):
        best = max(best, fit[program[item]])
    return best


@compiled
def offer(best, value):
    """Put a value among the best so far: `best` is a heap, its smallest first."""
    if value <= best[0]:
        return
    spot, size = 0, len(best)
    while True:
        child = 2 * spot + 1
        if child >= size:
            break
        if child + 1 < size and best[child + 1] < best[child]:
            child += 1
        if best[child] >= value:
            break
        best[spot] = best[child]
        spot = child
    best[spot] = value


@compiled
def add_own(total, row, value, low, high, worth, fresh):
    """One requirement's own skill: what each who holds it gains. Unsigned, so that no index is taken as negative."""
    for post in range(low, high):
        packed = np.uint64(value[post])
        total[np.uint64(row[post])] += worth[packed >> np.uint64(7)] + fresh[packed & np.uint64(127)]


@compiled
def add_near(total, near, at, row, value, other, other_near, low, high, blocks, block):
    """Near skills of one requirement: each raises what the nearest so far gave."""
    skills = (len(at) - 1) // blocks
    for item in range(low, high):
        if other[item] >= skills:
            continue
        spot = other[item] * blocks + block
        for post in range(at[spot], at[spot + 1]):
            inside = row[post]
            reach = other_near[item, value[post] >> 14]
            if reach > near[inside]:
                total[inside] += reach - near[inside]
                near[inside] = reach


@compiled
def add_block(total, near, span, block, blocks, at, row, value, own, worth, fresh, own_near, other_at, other, reach):
    """Sums of all requirements for the rows of one block."""
    skills = (len(at) - 1) // blocks
    for wanted in range(len(own)):
        low, high = 0, 0
        if 0 <= own[wanted] < skills:
            spot = own[wanted] * blocks + block
            low, high = at[spot], at[spot + 1]
        add_own(total, row, value, low, high, worth[wanted], fresh[wanted])
        if other_at[wanted] < other_at[wanted + 1]:
            near[:span] = 0.0
            for post in range(low, high):
                near[row[post]] = own_near[wanted, value[post] >> 14]
            add_near(total, near, at, row, value, other, reach, other_at[wanted], other_at[wanted + 1], blocks, block)


@compiled
def any_over(some, need):
    """Whether any of these sums is at least `need`; without a way out, so that it becomes vector code."""
    found = np.uint8(0)
    for inside in range(len(some)):
        found |= np.uint8(1) if some[inside] >= need else np.uint8(0)
    return found > 0


@compiled
def next_over(total, start, span, need):
    """The first row from `start` on whose sum is at least `need`, `span` when there is none."""
    inside = start
    while inside < span:
        if inside % STRIDE == 0 and inside + STRIDE <= span and not any_over(total[inside : inside + STRIDE], need):
            inside += STRIDE
            continue
        if total[inside] >= need:
            return inside
        inside += 1
    return span


@compiled
def room(found, scores, size, cut):
    """Keep only those still in reach; twice the space when more than half stay."""
    kept = 0
    for item in range(size):
        if scores[item] >= cut:
            found[kept], scores[kept] = found[item], scores[item]
            kept += 1
    if 2 * kept <= len(found):
        return found, scores, kept
    more, sums = np.zeros(2 * len(found), dtype=np.int64), np.zeros(2 * len(found))
    more[:kept], sums[:kept] = found[:kept], scores[:kept]
    return more, sums, kept


@compiled
def ruled_out(people, shifts, row, role, bits, spoke):
    """Whether any declared wish rules a pair out; the dearest question last."""
    if pay_fit(people[row, FLOOR], role[MONEY], role[OPEN]) == 0.0:
        return True
    if start_fit(people[row, READY], role[BEGIN]) == 0.0 or remote_fit(people[row, WISH], role[MODE]) == 0.0:
        return True
    if schedule_fit(shifts[row, SHIFTS], bits, spoke) == 0.0:
        return True
    return role[MODE] != 1.0 and kilometres(people, row, role) > people[row, MAX_KM]


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
def scan(best, slack, filtered, base, people, shifts, hints, program_at, program, trained_for, trained_row, refused,
         at, row, value, own, worth, fresh, own_near, other_at, other, reach, role, bits, spoke, fit, weights, most,
         masks, left):
    """Rows that may be among the best, with their sums.

    `best` is the heap of the best sums so far, over all parts; every row within `slack` of its smallest comes back.
    `left` (n) says of each row what rules it out (see index_sift); empty where that is asked only of the best.
    """
    blocks = max(1, (len(hints) + BLOCK - 1) // BLOCK)
    total, near = np.zeros(BLOCK, dtype=np.float32), np.zeros(BLOCK, dtype=np.float32)
    found, scores, size = np.zeros(1024, dtype=np.int64), np.zeros(1024), 0
    spots, gains = cursors(trained_for, fit if weights[2] > 0.0 else fit[:0])
    lazy = filtered and len(left) == 0
    for block in range(blocks):
        begin = block << SHIFT
        span = min(BLOCK, len(hints) - begin)
        total[:span] = base
        add_block(total, near, span, block, blocks, at, row, value, own, worth, fresh, own_near, other_at, other, reach)
        add_programs(total, begin, begin + span, spots, gains, trained_row, weights[2])
        need = np.float32(best[0] - slack - most)
        inside = next_over(total, 0, span, need)
        while inside < span:
            here = begin + inside
            if (hints[here] & masks[0] and hints[here] & masks[1] and not (len(left) and left[here])
                    and not (lazy and ruled_out(people, shifts, here, role, bits, spoke))):
                score = total[inside] + liking(people, shifts, here, role, bits, spoke, weights)
                if score >= best[0] - slack and len(gains) > 0:
                    score -= weights[2] * twice(program_at, program, here, fit)
                if score >= best[0] - slack and not (lazy and has(refused, 0, len(refused), here)):
                    if size == len(found):
                        found, scores, size = room(found, scores, size, best[0] - slack)
                    found[size], scores[size], size = here, score, size + 1
                    offer(best, score)
                    need = np.float32(best[0] - slack - most)
            inside = next_over(total, inside + 1, span, need)
    return found[:size], scores[:size]


@compiled
def programs(rows, program_at, program, fit):
    """The program column of some rows."""
    found = np.zeros(len(rows))
    for spot in range(len(rows)):
        found[spot] = program_fit(program_at, program, rows[spot], fit)
    return found


@compiled
def month(value):
    """Where a number of months stands in STRENGTH and FRESH; -1 is "not said"."""
    return NEVER if value < 0 else min(value, MONTHS)


@compiled
def fill(rows, skill_at, skill, level, proved, used, tier, strength, fresh, first, then, slot, near, own, asked, out):
    """What each of `rows` holds for each requirement: out (requirements, 4, rows) as level, strength, freshness, near.

    `first` (skills) begins a chain through `then` of the requirements a skill answers, with its nearness to each.
    """
    for spot in range(len(rows)):
        for item in range(skill_at[rows[spot]], skill_at[rows[spot] + 1]):
            link = first[skill[item]] if skill[item] < len(first) else -1
            while link >= 0:
                wanted = slot[link]
                if own[link]:
                    out[wanted, 0, spot] = level[item]
                    out[wanted, 1, spot] = strength[tier[item], month(proved[item])]
                    out[wanted, 2, spot] = fresh[month(used[item])]
                reach = near[link] * min(level[item] / asked[wanted], 1.0)
                out[wanted, 3, spot] = max(out[wanted, 3, spot], reach)
                link = then[link]


@compiled
def tell(rows, skill_at, skill, level, proved, used, tier, first, then, slot, near, own, asked, order, held, best):
    """What is said of each requirement: held (requirements, 4, rows) as level, tier and the two ages, level 0 where
    the skill is not held; best (requirements, rows) the link of the nearest skill, the earliest in `order` of several.
    """
    reached = np.zeros(best.shape)
    for spot in range(len(rows)):
        for item in range(skill_at[rows[spot]], skill_at[rows[spot] + 1]):
            link = first[skill[item]] if skill[item] < len(first) else -1
            while link >= 0:
                wanted = slot[link]
                if own[link]:
                    held[wanted, 0, spot], held[wanted, 1, spot] = level[item], tier[item]
                    held[wanted, 2, spot], held[wanted, 3, spot] = proved[item], used[item]
                reach = near[link] * min(level[item] / asked[wanted], 1.0)
                old = best[wanted, spot]
                if reach > reached[wanted, spot] or (reach == reached[wanted, spot] and order[link] < order[old]):
                    reached[wanted, spot], best[wanted, spot] = reach, link
                link = then[link]
