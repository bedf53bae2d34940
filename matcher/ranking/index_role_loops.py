"""The index's inner loops over roles: each role's requirements against the skills one person has."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"
import numpy as np

from matcher.ranking.index_jit import compiled
from matcher.ranking.index_loops import EXCLUDED, liking, offer, refusals, room, ruled_out
from matcher.ranking.index_people import SHIFTS, VAGUE


@compiled
def skill_sum(row, need_at, skill, level, weight, must, spot, held, near, sums):
    """The weighted sum of the columns that are made of skills; `sums` are the weights in the order of COLUMNS."""
    musts, weights, met, cover, reach, proof, fresh = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for need in range(need_at[row], need_at[row + 1]):
        share, asked, counts = float(weight[need]), int(level[need]), must[need] >> 1
        musts += counts
        weights += share
        mine = spot[skill[need]] if skill[need] < len(spot) else -1
        if mine < 0:
            continue
        if held[mine, 0] >= asked:
            met += counts
        cover += share * min(held[mine, 0] / asked, 1.0)
        proof += share * held[mine, 1]
        fresh += share * held[mine, 2]
        reach += share * near[mine, asked - 1]
    skills = (sums[1] * cover + sums[2] * reach) + (sums[3] * proof + sums[6] * fresh)
    return sums[0] * met / max(musts, 1.0) + skills / max(weights, 1.0)


@compiled
def excludes(organization, excluded):
    """Whether the person asked never to be shown to this organization."""
    return 0 <= organization < len(excluded) and excluded[organization]


@compiled
def scan(best, slack, filtered, base, person, shifts, excluded, fit, hints, answers, bits, organization, occupation,
         need_at, skill, level, weight, must, spot, held, near, sums, weights):
    """Roles that may be among the best, with their sums: `best` is the heap of the best so far, over all parts."""
    found, scores, size = np.zeros(1024, dtype=np.int64), np.zeros(1024), 0
    for row in range(len(hints)):
        if hints[row] == 0:
            continue
        role, shift = answers[row], bits[row, SHIFTS]
        if filtered and ruled_out(person, shifts, 0, role, shift, shift != 0):
            continue
        if filtered and excludes(organization[row], excluded):
            continue
        score = base + skill_sum(row, need_at, skill, level, weight, must, spot, held, near, sums)
        score += liking(person, shifts, 0, role, shift, shift != 0, weights)
        if occupation[row] >= 0 and occupation[row] < len(fit):
            score += weights[2] * fit[occupation[row]]
        if score < best[0] - slack:
            continue
        if size == len(found):
            found, scores, size = room(found, scores, size, best[0] - slack)
        found[size], scores[size], size = row, score, size + 1
        offer(best, score)
    return found[:size], scores[:size]


@compiled
def tally(filtered, person, shifts, excluded, flags, answers, bits, organization):
    """Counts as in index_loops.tally, with the rows in reach that can be ranked, and those that say too little."""
    hits, shown, counts = np.zeros(6, dtype=np.int64), np.zeros(6, dtype=np.int64), np.zeros(2, dtype=np.int64)
    reach, vague = np.empty(len(flags), dtype=np.int64), np.empty(len(flags), dtype=np.int64)
    reached, unsaid = 0, 0
    for row in range(len(flags)):
        if flags[row] == 0:
            continue
        left_out = 0
        if filtered:
            left_out = refusals(person, shifts, 0, answers[row], bits[row, SHIFTS], bits[row, SHIFTS] != 0)
            if excludes(organization[row], excluded):
                left_out |= EXCLUDED
        counts[0] += left_out & EXCLUDED == 0
        if left_out == 0 and flags[row] == VAGUE:
            vague[unsaid] = row
            unsaid += 1
        elif left_out == 0:
            reach[reached] = row
            reached += 1
        for code in range(6):
            hits[code] += left_out >> code & 1
            shown[code] += (left_out >> code & 1) * (left_out & EXCLUDED == 0)
    counts[1] = reached + unsaid
    return hits, shown, counts, reach[:reached], vague[:unsaid]


@compiled
def fill(rows, need_at, skill, level, weight, must, spot, held, near, out):
    """The requirements of `rows` in numbered slots: out (slots, 7, rows) as the fields of `features.Slot`."""
    for column in range(len(rows)):
        start = need_at[rows[column]]
        for need in range(start, need_at[rows[column] + 1]):
            slot, asked = need - start, int(level[need])
            out[slot, 0, column], out[slot, 1, column] = asked, weight[need]
            out[slot, 2, column] = must[need] >> 1
            mine = spot[skill[need]] if skill[need] < len(spot) else -1
            if mine >= 0:
                out[slot, 3, column], out[slot, 4, column] = held[mine, 0], held[mine, 1]
                out[slot, 5, column], out[slot, 6, column] = held[mine, 2], near[mine, asked - 1]
