"""The people of a hub, a state or a country as an index: exactly the lists of the pool, without looking at everyone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.ranking import features, filters, logistics
from matcher.ranking import index_loops as loops
from matcher.ranking import index_sift as sift
from matcher.ranking.compiled import Ranking
from matcher.ranking.explain import Explanation
from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.features import Slot
from matcher.ranking.index_explain import Told, explain_rows
from matcher.ranking.index_linear import Linear, linear
from matcher.ranking.index_loops import EXCLUDED
from matcher.ranking.index_parts import Part, Parts
from matcher.ranking.index_people import FRESH, RANKED, STRENGTH, VAGUE, People, joined
from matcher.ranking.index_terms import Wishes, terms, wishes
from matcher.ranking.index_words import Lexicon
from matcher.ranking.logistics import Floats
from matcher.ranking.order import GROUP_LIMIT, least_needed, margin, tie_hash
from matcher.ranking.ranker import Ranker, role_needs
from matcher.ranking.similarity import Similarity

Rows = NDArray[np.int64]
_NOT_ASKED = np.zeros(0, dtype=np.uint8)
CLOSE = 2.5  # a sum may be off by the slack both ways
WIDER = 8.0  # how much further the next look goes when the first did not prove enough


@dataclass(frozen=True)
class Found:
    """People who can be in the list: ids and columns (8, n)."""

    names: list[str]
    columns: Floats

    def from_score(self, ranker: Ranker, width: float, top: int) -> "Found":
        """Only those who can stand in the first `top` places."""
        scores = ranker.score(self.columns)
        rows = np.flatnonzero(scores >= least_needed(scores, width, top))
        return Found([self.names[row] for row in rows.tolist()], self.columns[:, rows])


class PeopleIndex(Parts[CandidateFacts, People]):
    """The people of one pool. Lists are those of CandidatePool, bit for bit."""

    def _compiled(self, facts: Sequence[CandidateFacts]) -> People:
        return People.from_facts(facts, self.words)

    def _joined(self, parts: Sequence[Part[People]]) -> People:
        return joined([part.rows for part in parts], [part.flags for part in parts], len(self.words.skills))

    def rank_for(
        self, role: RoleFacts, *, ranker: Ranker, day: date, seed: int,
        top: int | None = 50, filtered: bool = True, near_ties: bool = True,
    ) -> Ranking:  # fmt: skip
        """The first `top` people for a role: the same Ranking, bit for bit, as CandidatePool.rank_for."""
        asked = self._asked(role, filtered)
        hits, shown, (considered, in_reach), vague = self._tally(asked)
        needs = role_needs(role)
        if needs:
            return Ranking((), considered, vague, hits, shown, needs, in_reach)
        width, ordinal = margin(ranker.standard_error(role)) if near_ties else 0.0, day.toordinal()
        found = self._best(asked, ranker, None if top is None else top + GROUP_LIMIT)
        if top is not None:
            found = found.from_score(ranker, width, top)
        lines = ranker.lines(found.columns, found.names,
                             lambda row: tie_hash(role.id, found.names[row], ordinal, seed), width, top)  # fmt: skip
        return Ranking(tuple(lines), considered, vague, hits, shown, in_reach=in_reach)

    def retrieve(self, role: RoleFacts, ranker: Ranker, most: int | None, *, filtered: bool = True) -> Found:
        """Everyone whose score is among the best `most`, with all ties of the last; in no particular order."""
        return self._best(self._asked(role, filtered), ranker, most)

    def shortlist(self, role: RoleFacts, ranker: Ranker, most: int, *, filtered: bool = True) -> list[str]:
        """Ids that hold the exact best `most`, and a few who may be as good: found without making anyone's features.

        Only for rankers with a weighted sum (see index_linear); ValueError for others.
        """
        sums = linear(ranker)
        if sums is None:
            raise ValueError(f"{type(ranker).__name__} has no weighted sum to stop early for")
        chosen, _, _ = self._asked(role, filtered).scan(ranker.near, sums, most, CLOSE)
        return [name.decode() for part, rows in zip(self.parts, chosen, strict=True)
                for name in part.rows.names[rows].tolist()]  # fmt: skip

    def explain(self, ranker: Ranker, role: RoleFacts, names: Sequence[str]) -> list[Explanation]:
        """The reasons for some of the people held, equal to `explain` of each; KeyError for one who is not here."""
        asked, found = self._asked(role, filtered=False), {}
        by_part: dict[int, list[tuple[str, int]]] = {}
        for name in names:
            place = self.place(name)
            if place is None:
                raise KeyError(name)
            by_part.setdefault(id(place[0]), []).append((name, place[1]))
        for part in self.parts:
            if here := by_part.get(id(part)):
                rows = np.array([row for _, row in here], dtype=np.int64)
                slots = asked.slots(part.rows, ranker.near, rows)
                columns = asked.columns(part, slots, rows)
                told = asked.told(part.rows, ranker.near, rows)
                told_all = explain_rows(ranker, role, [name for name, _ in here], columns, slots, told)
                found.update({item.candidate: item for item in told_all})
        return [found[name] for name in names]

    def contenders(
        self, role: RoleFacts, similarity: Similarity, *, filtered: bool = True
    ) -> tuple[list[str], Floats]:
        """Ids (n) and columns (8, n) of all who can be ranked for a role."""
        asked = self._asked(role, filtered)
        found = self._gather(asked, similarity, asked.everyone())
        return found.names, found.columns

    def _asked(self, role: RoleFacts, filtered: bool) -> "_Asked":
        self.take_in()
        return _Asked(role, filtered, self.words, self.parts)

    def _tally(self, asked: "_Asked") -> tuple[dict[str, int], dict[str, int], tuple[int, int], tuple[str, ...]]:
        counts = np.zeros((3, sift.PATTERNS), dtype=np.int64)
        vague: list[str] = []
        for part in self.parts:
            more, rows = sift.count(asked.left(part), part.flags)
            counts += more
            vague += [part.rows.names[row].decode() for row in rows]
        held = counts[VAGUE] + counts[RANKED]
        seen = np.where(np.arange(sift.PATTERNS) & EXCLUDED, 0, held)
        return named(_by_code(held)), named(_by_code(seen)), (int(seen.sum()), int(held[0])), tuple(sorted(vague))

    def _best(self, asked: "_Asked", ranker: Ranker, most: int | None) -> Found:
        sums = linear(ranker)
        if sums is None or most is None:
            return self._gather(asked, ranker.near, asked.everyone())
        further = CLOSE
        while True:
            chosen, last, slack = asked.scan(ranker.near, sums, most, further)
            found = self._gather(asked, ranker.near, chosen)
            if not np.isfinite(last) or len(found.names) < most:
                return found  # fewer than asked for are in reach: nobody was left out
            least = -np.partition(-ranker.score(found.columns), most - 1)[most - 1]
            if sums.score_at(ranker, last - (further - 1.0) * slack) < least:
                return found
            further *= WIDER

    def _gather(self, asked: "_Asked", similarity: Similarity, chosen: Sequence[Rows]) -> Found:
        names: list[str] = []
        columns = [np.zeros((len(features.COLUMNS), 0))]
        for part, rows in zip(self.parts, chosen, strict=True):
            if len(rows):
                names += [name.decode() for name in part.rows.names[rows].tolist()]
                columns.append(asked.columns(part, asked.slots(part.rows, similarity, rows), rows))
        return Found(names, np.concatenate(columns, axis=1))


class _Asked:
    """One role put to all parts."""

    def __init__(self, role: RoleFacts, filtered: bool, words: Lexicon, parts: Sequence[Part[People]]) -> None:
        self.role, self.filtered, self.words, self.parts = role, filtered, words, parts
        self.organization = words.organizations.find(role.organization)
        self.plain: Wishes = wishes(role, words)
        self._left: dict[int, NDArray[np.uint8]] = {}
        self._chains: tuple[Similarity, tuple[object, ...], list[Link]] | None = None

    def refused(self, people: People) -> Rows:
        """Rows, in order, of those who asked never to be shown to this organization."""
        low, high = np.searchsorted(people.refused_by, [self.organization, self.organization + 1])
        return people.refused_row[low:high] if self.organization >= 0 else people.refused_row[:0]

    def left(self, part: Part[People]) -> NDArray[np.uint8]:
        """For each row of a part what rules it out, as bits; worked out once."""
        if id(part) not in self._left:
            people, role = part.rows, self.plain.role
            if not self.filtered:
                self._left[id(part)] = np.zeros(len(people), dtype=np.uint8)
            else:
                self._left[id(part)] = sift.sift(
                    people.answers, people.answers.view(np.uint64), self.refused(people), role, self.plain.shifts,
                    self.plain.spoke, len(self.words.schedules) > 31, people.here, people.reach, people.floor,
                    people.ready, people.ways, people.shifts,
                )  # fmt: skip
        return self._left[id(part)]

    def everyone(self) -> list[Rows]:
        """All rows in reach that can be ranked, for each part."""
        return [sift.reached(self.left(part), part.flags) for part in self.parts]

    def scan(self, similarity: Similarity, sums: Linear, most: int, further: float) -> tuple[list[Rows], float, float]:
        """Rows of each part that can be among the best `most`, the least of their sums, and how exact a sum is."""
        plan, wish = terms(self.role, similarity, sums, self.words), self.plain
        best, found = np.full(most, -np.inf), []
        for part in self.parts:
            people = part.rows
            found.append(loops.scan(
                best, further * plan.slack, self.filtered, plan.base, people.answers, people.answers.view(np.uint64),
                part.hints, people.program_at, people.program, people.trained_for, people.trained_row,
                self.refused(people), people.post_at, people.post_row,
                people.post_value, plan.own, plan.worth, plan.fresh, plan.near, plan.other_at, plan.other,
                plan.other_near, wish.role, wish.shifts, wish.spoke, wish.fit, wish.weights(sums), wish.most(sums),
                wish.masks(self.filtered), self._left.get(id(part), _NOT_ASKED),
            ))  # fmt: skip
        last = float(best[0])
        return [rows[sums_ >= last - further * plan.slack] for rows, sums_ in found], last, plan.slack

    def columns(self, part: Part[People], slots: list[Slot], rows: Rows) -> Floats:
        """Feature columns (8, rows), by the very steps of `features.matrix` and `logistics.compare`."""
        people, role = part.rows, self.role
        shifts = people.bits(rows)
        schedule = np.full(len(rows), 0.5)
        if role.schedules:
            schedule[shifts != 0] = 0.0
            schedule[shifts & self.plain.shifts != 0] = 1.0
        asked = logistics.stack([logistics.role_row(role)], len(logistics.ROLE_FIELDS))
        said = logistics.compare(people.table(rows), asked, schedule)
        return features.matrix(slots, said.preference, said.closeness, self._programs(people, rows))

    def chains(self, similarity: Similarity) -> tuple[tuple[object, ...], list["Link"]]:
        """See _chains; made once."""
        if self._chains is None or self._chains[0] is not similarity:
            self._chains = similarity, *_chains(self.role, similarity, self.words)
        return self._chains[1:]

    def told(self, people: People, similarity: Similarity, rows: Rows) -> Told:
        """What the reasons are made of: held skills (requirements, 4, rows) and the nearest skill's name."""
        asked = np.array([level for level, _, _ in features.asked(self.role)], dtype=np.float64)
        chains, links = self.chains(similarity)
        order = np.array([turn for *_, turn, _ in links] + [np.iinfo(np.int32).max], dtype=np.int32)
        held, best = np.zeros((len(asked), 4, len(rows)), dtype=np.int64), np.full((len(asked), len(rows)), -1)
        loops.tell(rows, people.skill_at, people.skill, people.level, people.proved, people.used, people.tier, *chains,
                   asked, order, held, best)  # fmt: skip
        return Told(held, best, [name for *_, name in links])

    def slots(self, people: People, similarity: Similarity, rows: Rows) -> list[Slot]:
        """The requirements of the role with what the rows hold for each."""
        asked = features.asked(self.role)
        held = np.zeros((len(asked), 4, len(rows)))
        chains, _ = self.chains(similarity)
        loops.fill(rows, people.skill_at, people.skill, people.level, people.proved, people.used, people.tier, STRENGTH,
                   FRESH, *chains, np.array([level for level, _, _ in asked], dtype=np.float64), held)  # fmt: skip
        return [Slot(*(np.array([number]) for number in numbers), *mine)
                for numbers, mine in zip(asked, held, strict=True)]  # fmt: skip

    def _programs(self, people: People, rows: Rows) -> Floats:
        found: Floats = loops.programs(rows, people.program_at, people.program, self.plain.fit)
        return found


Link = tuple[int, int, float, bool, int, str | None]  # next, slot, nearness, own, place among the near, its name


def _chains(role: RoleFacts, similarity: Similarity, words: Lexicon) -> tuple[tuple[object, ...], list[Link]]:
    """For each skill the requirements it answers, as chains: first (skills), then, slot, nearness, own; and the links
    they are made of."""
    first = np.full(len(words.skills), -1, dtype=np.int32)
    links: list[Link] = []

    def add(skill: str, slot: int, near: float, turn: int, name: str | None) -> None:
        if (number := words.skills.find(skill)) >= 0:
            links.append((int(first[number]), slot, near, turn == 0, turn, name))
            first[number] = len(links) - 1

    for slot, wanted in enumerate(role.requirements):
        add(wanted.skill, slot, 1.0, 0, None)
        for turn, (neighbor, value) in enumerate(similarity.neighbors(wanted.skill), start=1):
            add(neighbor, slot, value, turn, neighbor)
    then, slots, near, own, *_ = zip(*links, strict=True) if links else ((), (), (), ())
    return (first, np.array(then, dtype=np.int32), np.array(slots, dtype=np.int32), np.array(near, dtype=np.float64),
            np.array(own, dtype=np.bool_)), links  # fmt: skip


def _by_code(patterns: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.array([patterns[np.arange(len(patterns)) >> code & 1 == 1].sum() for code in range(6)])


def named(counts: NDArray[np.int64]) -> dict[str, int]:
    """Counts (6) by the code of the filter, those above 0."""
    return {code: int(number) for code, number in zip(filters.CODES, counts, strict=True) if number}


def of_people(people: Iterable[CandidateFacts]) -> PeopleIndex:
    """An index of these people, in one part."""
    index = PeopleIndex()
    for person in people:
        index.upsert(person)
    index.tidy()
    return index
