"""Whom a declared wish rules out, for everyone at once: a quick look in single precision, exact where it is close."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"
import numpy as np

from matcher.ranking.index_found import PATTERNS
from matcher.ranking.index_jit import compiled
from matcher.ranking.index_loops import (
    BEGIN,
    EXCLUDED,
    MODE,
    MONEY,
    OPEN,
    PAY,
    REMOTE,
    SCHEDULE,
    START,
    TOO_FAR,
    refusals,
)
from matcher.ranking.index_people import BLOCK, RANKED, SHIFT, VAGUE

ASK = 64  # the quick look cannot tell
STRIDE = 64  # rows that are looked at together
WHOLE = np.float32(2**24)  # whole numbers up to here are exact in single precision
LOW = np.uint64(2**31 - 1)


@compiled
def far(left, xs, ys, zs, reach, x, y, z):
    """Places beyond reach, and those within a few metres of it. (Plain loops over slices become vector code.)"""
    no, ask, beyond = np.uint8(0), np.uint8(ASK), np.uint8(TOO_FAR)
    for row in range(len(left)):
        dx, dy, dz = xs[row] - x, ys[row] - y, zs[row] - z
        gap = ((dx * dx + dy * dy) + dz * dz) - reach[row]
        close = np.float32(1e-3) * min(reach[row], np.float32(100.0)) + np.float32(1e-10)
        left[row] = left[row] | (beyond if gap > np.float32(0.0) else no) | (ask if abs(gap) <= close else no)


@compiled
def over(left, mine, limit, code):
    """Answers above a limit, and those that single precision may have made equal to it."""
    no, yes, ask = np.uint8(0), np.uint8(code), np.uint8(ASK)
    for row in range(len(left)):
        left[row] = left[row] | (yes if mine[row] > limit else no)
    if limit >= WHOLE:
        for row in range(len(left)):
            left[row] = left[row] | (ask if mine[row] == limit else no)


@compiled
def strangers(left, mine, bits, code):
    """Answers that share no bit with the role's."""
    no, yes = np.uint8(0), np.uint8(code)
    for row in range(len(left)):
        left[row] = left[row] | (no if mine[row] & bits else yes)


@compiled
def every_bit(some):
    """All bits of some bytes; without a way out, so that it becomes vector code."""
    found = np.uint8(0)
    for item in range(len(some)):
        found |= some[item]
    return found


@compiled
def sift(people, bits, refused, role, shifts, spoke, exact, here, reach, floor, ready, ways, when):
    """For each row what rules it out, as bits in the order of filters.CODES; `exact`: schedules do not fit 32 bits."""
    left, cursor = np.zeros(len(reach), dtype=np.uint8), 0
    for block in range((len(reach) + BLOCK - 1) // BLOCK):
        begin = block << SHIFT
        span = min(BLOCK, len(reach) - begin)
        end, part = begin + span, left[begin : begin + span]
        if role[MODE] != 1.0 and role[0] == role[0]:
            far(part, here[0, begin:end], here[1, begin:end], here[2, begin:end], reach[begin:end],
                np.float32(role[0]), np.float32(role[1]), np.float32(role[2]))
        if role[MONEY] == role[MONEY] and role[OPEN] == 0.0:
            over(part, floor[begin:end], np.float32(role[MONEY]), PAY)
        if role[BEGIN] == role[BEGIN]:
            over(part, ready[begin:end], np.float32(role[BEGIN]), START)
        if role[MODE] > 0.0:
            strangers(part, ways[begin:end], np.uint8(1 << (int(role[MODE]) - 1)), REMOTE)
        if spoke and not exact:
            # The last of the 32 bits is no schedule's own: only who said nothing has it.
            strangers(part, when[begin:end], np.uint32((shifts & LOW) | np.uint64(1 << 31)), SCHEDULE)
        for first in range(0, span, STRIDE):
            if exact or every_bit(part[first : first + STRIDE]) >= ASK:
                for row in range(first, min(first + STRIDE, span)):
                    if exact or part[row] >= ASK:
                        part[row] = refusals(people, bits, begin + row, role, shifts, spoke)
        while cursor < len(refused) and refused[cursor] < begin + span:
            left[refused[cursor]] |= EXCLUDED
            cursor += 1
    return left


@compiled
def count(left, flags):
    """Rows by what rules them out (64 patterns) and whether they say enough; rows in reach that do not."""
    tally, vague, size = np.zeros((3, PATTERNS), dtype=np.int64), np.empty(len(left), dtype=np.int64), 0
    for row in range(len(left)):
        tally[flags[row], left[row]] += 1
        if flags[row] == VAGUE and left[row] == 0:
            vague[size] = row
            size += 1
    return tally, vague[:size]


@compiled
def reached(left, flags):
    """Rows that can be ranked and that nothing rules out."""
    found, size = np.empty(len(left), dtype=np.int64), 0
    for row in range(len(left)):
        if flags[row] == RANKED and left[row] == 0:
            found[size] = row
            size += 1
    return found[:size]
