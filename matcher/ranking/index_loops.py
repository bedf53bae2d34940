"""The index's smallest loops: one pair's declared wishes and columns, and the heap of the best so far."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"
import math

import numpy as np

from matcher.ranking.index_jit import compiled
from matcher.ranking.index_people import FLOOR, MAX_KM, READY, SHIFTS, WISH
from matcher.ranking.logistics import EARTH_KM, FAR_KM, NEAR_KM

TOO_FAR, REMOTE, SCHEDULE, PAY, START, EXCLUDED = 1, 2, 4, 8, 16, 32  # in the order of filters.CODES
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
def preference(people, shifts, row, role, bits, spoke):
    """The preference column of one pair."""
    return (((remote_fit(people[row, WISH], role[MODE]) + schedule_fit(shifts[row, SHIFTS], bits, spoke))
             + pay_fit(people[row, FLOOR], role[MONEY], role[OPEN])) + start_fit(people[row, READY], role[BEGIN])) / 4.0


@compiled
def closeness(people, row, role):
    """The closeness column of one pair."""
    if role[MODE] == 1.0:
        return 1.0
    km = kilometres(people, row, role)
    return 0.0 if math.isnan(km) else 1.0 - min(max((km - NEAR_KM) / (FAR_KM - NEAR_KM), 0.0), 1.0)


@compiled
def liking(people, shifts, row, role, bits, spoke, weights):
    """The weighted preference and closeness of one pair."""
    return weights[0] * preference(people, shifts, row, role, bits, spoke) + weights[1] * closeness(people, row, role)


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
