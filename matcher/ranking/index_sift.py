"""Whom a declared wish rules out, for everyone at once: a quick look in single precision, exact where it is close."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"
import numpy as np

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
WHOLE = np.float32(2**24)  # whole numbers up to here are exact in single precision
PATTERNS = 64


@compiled
def far(left, here, reach, begin, span, x, y, z):
    """Places beyond reach, and those within a few metres of it."""
    for row in range(begin, begin + span):
        dx, dy, dz = here[0, row] - x, here[1, row] - y, here[2, row] - z
        gap = ((dx * dx + dy * dy) + dz * dz) - reach[row]
        close = abs(gap) <= reach[row] * np.float32(1e-3) + np.float32(1e-10)
        left[row] |= np.uint8(TOO_FAR) * np.uint8(gap > 0) | np.uint8(ASK) * np.uint8(close & (reach[row] < 100))


@compiled
def over(left, mine, begin, span, limit, code):
    """Answers above a limit, and those that single precision may have made equal to it."""
    for row in range(begin, begin + span):
        close = (mine[row] == limit) & (limit >= WHOLE)
        left[row] |= np.uint8(code) * np.uint8(mine[row] > limit) | np.uint8(ASK) * np.uint8(close)


@compiled
def strangers(left, mine, begin, span, bits, code):
    """Answers that share no bit with the role's."""
    for row in range(begin, begin + span):
        left[row] |= np.uint8(code) * np.uint8((mine[row] & bits) == 0)


@compiled
def sift(people, bits, refused, role, shifts, spoke, exact, here, reach, floor, ready, ways, when):
    """For each row what rules it out, as bits in the order of filters.CODES; `exact`: schedules do not fit 32 bits."""
    left, cursor = np.zeros(len(reach), dtype=np.uint8), 0
    for block in range((len(reach) + BLOCK - 1) // BLOCK):
        begin = block << SHIFT
        span = min(BLOCK, len(reach) - begin)
        if role[MODE] != 1.0 and role[0] == role[0]:
            far(left, here, reach, begin, span, np.float32(role[0]), np.float32(role[1]), np.float32(role[2]))
        if role[MONEY] == role[MONEY] and role[OPEN] == 0.0:
            over(left, floor, begin, span, np.float32(role[MONEY]), PAY)
        if role[BEGIN] == role[BEGIN]:
            over(left, ready, begin, span, np.float32(role[BEGIN]), START)
        if role[MODE] > 0.0:
            strangers(left, ways, begin, span, np.uint8(1 << (int(role[MODE]) - 1)), REMOTE)
        if spoke and not exact:
            strangers(left, when, begin, span, np.uint32(shifts & np.uint64(0xFFFFFFFF)), SCHEDULE)
        for row in range(begin, begin + span):
            if left[row] & ASK or exact:
                left[row] = refusals(people, bits, row, role, shifts, spoke)
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
