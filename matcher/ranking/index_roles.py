"""Any number of open roles as an index: exactly the lists of the pool of roles, in one compiled pass over them."""

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.ranking import features, logistics
from matcher.ranking import index_role_loops as loops
from matcher.ranking.compiled import Ranking
from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.features import Slot
from matcher.ranking.index import WIDER
from matcher.ranking.index_found import Found, gathered, named
from matcher.ranking.index_linear import Linear, linear
from matcher.ranking.index_parts import Part, Parts
from matcher.ranking.index_role_rows import Roles, joined
from matcher.ranking.index_words import Lexicon
from matcher.ranking.logistics import Floats
from matcher.ranking.order import GROUP_LIMIT, margin, tie_hash
from matcher.ranking.ranker import Ranker, candidate_needs
from matcher.ranking.similarity import Similarity

Rows = NDArray[np.int64]
_SLACK = 1e-9  # sums are in double precision; only the order of adding differs


class RoleIndex(Parts[RoleFacts, Roles]):
    """The open roles of one pool. Lists are those of RolePool, bit for bit."""

    def __init__(self, parts: Sequence[Roles] = (), words: Lexicon | None = None) -> None:
        super().__init__(parts, words)
        self._errors: dict[int, tuple[Ranker, Roles, list[float]]] = {}

    def _compiled(self, facts: Sequence[RoleFacts]) -> Roles:
        return Roles.from_facts(facts, self.words)

    def _joined(self, parts: Sequence[Part[Roles]]) -> Roles:
        return joined([part.rows for part in parts], [part.flags for part in parts])

    def rank_for(
        self, candidate: CandidateFacts, *, ranker: Ranker, day: date, seed: int,
        top: int | None = 50, filtered: bool = True, near_ties: bool = True,
    ) -> Ranking:  # fmt: skip
        """The first `top` roles for a person: the same Ranking, bit for bit, as RolePool.rank_for."""
        self.take_in()
        asked = _Asked(candidate, ranker.near, filtered, self.words, self.parts)
        hits, shown, counts = np.zeros(6, dtype=np.int64), np.zeros(6, dtype=np.int64), np.zeros(2, dtype=np.int64)
        vague: list[str] = []
        within: list[Rows] = []
        for part in self.parts:
            more, seen, both, reached, unsaid = loops.tally(filtered, *asked.checks, part.flags, *asked.seen(part.rows))
            hits, shown, counts = hits + more, shown + seen, counts + both
            vague += [part.rows.names[row].decode() for row in unsaid]
            within.append(reached)
        told = int(counts[0]), tuple(sorted(vague)), named(hits), named(shown)
        if needs := candidate_needs(candidate):
            return Ranking((), *told, needs, int(counts[1]))
        width, ordinal = self._width(ranker, within) if near_ties else 0.0, day.toordinal()
        found = self._best(asked, ranker, None if top is None else top + GROUP_LIMIT, within)
        if top is not None:
            found = found.from_score(ranker, width, top)
        draw = np.array([tie_hash(name, candidate.id, ordinal, seed) for name in found.names], dtype=np.uint64)
        return Ranking(found.lines(ranker, draw, width, top), *told, in_reach=int(counts[1]))

    def _best(self, asked: "_Asked", ranker: Ranker, most: int | None, within: list[Rows]) -> Found:
        sums = linear(ranker)
        if sums is None or most is None:
            return self._gather(asked, within)
        slack = _SLACK * (1.0 + sum(sums.weights) + abs(sums.base))
        further = 2.5
        while True:
            chosen, last = asked.scan(sums, most, further * slack)
            found = self._gather(asked, chosen)
            if not np.isfinite(last) or len(found.keys) < most:
                return found
            least = -np.partition(-found.scored(ranker), most - 1)[most - 1]
            if sums.score_at(ranker, last - (further - 1.0) * slack) < least:
                return found
            further *= WIDER**3

    def _gather(self, asked: "_Asked", chosen: Sequence[Rows]) -> Found:
        keys: list[bytes] = []
        columns = []
        for part, rows in zip(self.parts, chosen, strict=True):
            if len(rows):
                keys += part.rows.names[rows].tolist()
                columns.append(asked.columns(part.rows, rows))
        return gathered(keys, columns)

    def _width(self, ranker: Ranker, within: list[Rows]) -> float:
        """`Ranker.width_over` all roles in reach, from squares that are kept while the part lasts."""
        squares: list[float] = []
        for part, rows in zip(self.parts, within, strict=True):
            every = self._squares(ranker, part.rows)
            squares += [every[row] for row in rows.tolist()]
        return margin(math.sqrt(math.fsum(squares) / len(squares))) if squares else 0.0

    def _squares(self, ranker: Ranker, roles: Roles) -> list[float]:
        kept = self._errors.get(id(roles))
        if kept is None or kept[0] is not ranker or kept[1] is not roles:
            alive = {id(part.rows) for part in self.parts}
            self._errors = {key: value for key, value in self._errors.items() if key in alive}
            errors = [ranker.standard_error(roles.facts(row, self.words)) ** 2 if roles.flags[row] == 2 else 0.0
                      for row in range(len(roles))]  # fmt: skip
            kept = self._errors[id(roles)] = (ranker, roles, errors)
        return kept[2]


class _Asked:
    """One person put to all parts."""

    def __init__(
        self, person: CandidateFacts, similarity: Similarity, filtered: bool, words: Lexicon,
        parts: Sequence[Part[Roles]],
    ) -> None:  # fmt: skip
        self.person, self.filtered, self.parts = person, filtered, parts
        self.spot, self.held, self.near = _skills(person, similarity, words)
        x, y, z, max_km, yes, hybrid, no, floor, ready = logistics.person_row(person)
        wish = yes + 2.0 * hybrid + 4.0 * no if person.remote else 0.0
        self.shifts = np.uint64(words.bits(person.schedules, new=False))
        row = np.array([[x, y, z, max_km, wish, floor, ready, 0.0]])
        bits = np.zeros((1, 8), dtype=np.uint64)
        bits[0, 7] = self.shifts
        excluded = np.zeros(len(words.organizations), dtype=np.bool_)
        excluded[[n for name in person.excluded if (n := words.organizations.find(name)) >= 0]] = True
        self.checks = row, bits, excluded
        self.fit = np.zeros(len(words.occupations))
        for digits, value in reversed(logistics.SHARED_DIGITS):
            for code in person.programs:
                self.fit[words.occupations_in(code[:digits])] = value

    @staticmethod
    def seen(roles: Roles) -> tuple[Floats, NDArray[np.uint64], NDArray[np.int32]]:
        """What the filters read of each role."""
        return roles.answers, roles.answers.view(np.uint64), roles.organization

    def scan(self, sums: Linear, most: int, slack: float) -> tuple[list[Rows], float]:
        """Rows of each part that can be among the best `most`, and the least of their sums."""
        best, found = np.full(most, -np.inf), []
        liking = np.array([sums.of("preference"), sums.of("closeness"), sums.of("program")])
        for part in self.parts:
            roles = part.rows
            answers, bits, organization = self.seen(roles)
            found.append(loops.scan(
                best, slack, self.filtered, sums.base, *self.checks, self.fit, part.hints, answers, bits, organization,
                roles.occupation, roles.need_at, roles.skill, roles.level, roles.weight, roles.must, self.spot,
                self.held, self.near, np.array(sums.weights), liking,
            ))  # fmt: skip
        last = float(best[0])
        return [rows[scores >= last - slack] for rows, scores in found], last

    def columns(self, roles: Roles, rows: Rows) -> Floats:
        """Feature columns (8, rows), by the very steps of `features.matrix` and `logistics.compare`."""
        depth = int(np.diff(roles.need_at)[rows].max(initial=0))
        table = np.zeros((depth, 7, len(rows)))
        table[:, 0, :] = 1.0
        loops.fill(rows, roles.need_at, roles.skill, roles.level, roles.weight, roles.must, self.spot, self.held,
                   self.near, table)  # fmt: skip
        shifts = roles.shifts(rows)
        schedule = np.full(len(rows), 0.5)
        if self.person.schedules:
            schedule[shifts != 0] = 0.0
            schedule[shifts & self.shifts != 0] = 1.0
        people = logistics.stack([logistics.person_row(self.person)], len(logistics.PERSON_FIELDS))
        said = logistics.compare(people, roles.table(rows), schedule)
        code = roles.occupation[rows]
        program = np.where(code >= 0, self.fit[code], 0.0) if len(self.fit) else np.zeros(len(rows))
        return features.matrix([Slot(*slot) for slot in table], said.preference, said.closeness, program)


def _skills(
    person: CandidateFacts, similarity: Similarity, words: Lexicon
) -> tuple[NDArray[np.int32], Floats, Floats]:
    """By skill number the row of what a person has: level, strength, freshness, and nearness to each asked level."""
    reach: dict[int, list[float]] = {}
    held: dict[int, tuple[float, float, float]] = {}
    for item in person.skills:
        shown = features.shown(item)
        if (number := words.skills.find(item.skill)) >= 0:
            held[number] = shown
        for wanted, value in ((item.skill, 1.0), *similarity.helped_by(item.skill)):
            if (other := words.skills.find(wanted)) >= 0:
                mine = [value * min(shown[0] / asked, 1.0) for asked in (1.0, 2.0, 3.0, 4.0)]
                reach[other] = [max(pair) for pair in zip(mine, reach.get(other, mine), strict=True)]
    spot = np.full(len(words.skills), -1, dtype=np.int32)
    spot[list(reach)] = range(len(reach))
    own = [held.get(number, (0.0, 0.0, 0.0)) for number in reach]
    return spot, np.array(own, dtype=np.float64).reshape(-1, 3), np.array(list(reach.values())).reshape(-1, 4)
