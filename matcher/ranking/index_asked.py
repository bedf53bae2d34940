"""One role as it is put to all parts of an index of people: who is ruled out, who can be best, and their columns."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.ranking import features
from matcher.ranking import index_sift as sift
from matcher.ranking.facts import RoleFacts
from matcher.ranking.index_explain import Told
from matcher.ranking.index_linear import Linear
from matcher.ranking.index_measure import WIDTH, Held, Links, measure, tell
from matcher.ranking.index_parts import Part
from matcher.ranking.index_people import People
from matcher.ranking.index_scan import Folk, Posts, scan
from matcher.ranking.index_terms import Wishes, terms, wishes
from matcher.ranking.index_words import Lexicon
from matcher.ranking.logistics import Floats
from matcher.ranking.similarity import Similarity

Rows = NDArray[np.int64]
Left = NDArray[np.uint8]
_NOT_ASKED = np.zeros(0, dtype=np.uint8)
_NO_SLOTS = np.zeros((4, 0, 0))
Link = tuple[int, int, float, bool, int, str | None]  # next, slot, nearness, own, place among the near, its name


class Wanted:
    """What one role asks for, under the numbers of a lexicon: the same for all parts, kept for the next question."""

    def __init__(self, role: RoleFacts, words: Lexicon) -> None:
        self.role, self.sizes = role, words.sizes()
        self.organization = words.organizations.find(role.organization)
        self.plain: Wishes = wishes(role, words)
        self.needs = np.array(features.asked(role), dtype=np.float64).reshape(-1, 3).T.copy()
        self._chains: tuple[Similarity, Links, list[Link]] | None = None

    def fits(self, role: RoleFacts, words: Lexicon) -> bool:
        """Whether it is this role's, and no name has been numbered since."""
        return self.sizes == words.sizes() and role == self.role

    def chains(self, similarity: Similarity, words: Lexicon) -> tuple[Links, list[Link]]:
        """For each skill the requirements it answers, and the links of those chains; made once."""
        made = self._chains
        if made is None or made[0] is not similarity:
            made = self._chains = similarity, *_chains(self.role, similarity, words)
        return made[1:]


class Asked:
    """One role put to all parts."""

    def __init__(self, wanted: Wanted, filtered: bool, words: Lexicon, parts: Sequence[Part[People]]) -> None:
        self.wanted, self.filtered, self.words, self.parts = wanted, filtered, words, parts
        self.role, self.plain, self.needs = wanted.role, wanted.plain, wanted.needs
        self.organization = wanted.organization
        self._left: dict[int, Left] = {}

    def refused(self, people: People) -> Rows:
        """Rows, in order, of those who asked never to be shown to this organization."""
        low, high = np.searchsorted(people.refused_by, [self.organization, self.organization + 1])
        return people.refused_row[low:high] if self.organization >= 0 else people.refused_row[:0]

    def left(self, part: Part[People]) -> Left:
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
        plan, wish = terms(self.role, similarity, sums, self.words), self.plain.asked(sums, self.filtered)
        best, found = np.full(most, -np.inf), []
        for part in self.parts:
            people = part.rows
            posts = Posts(people.post_at, people.post)
            found.append(scan(best, further * plan.slack, self.filtered, plan.base, posts, plan.wants, wish,
                              self._folk(part)))  # fmt: skip
        last = float(best[0])
        return [rows[sums_ >= last - further * plan.slack] for rows, sums_ in found], last, plan.slack

    def measured(self, part: Part[People], similarity: Similarity, rows: Rows) -> Floats:
        """Feature columns (8, n) of some rows."""
        return self._measured(part, similarity, rows, _NO_SLOTS)

    def taken_apart(self, part: Part[People], similarity: Similarity, rows: Rows) -> tuple[Floats, Floats]:
        """Feature columns (8, n) of some rows, and what they are made of: (4, requirements, n) as level, strength,
        freshness and nearness."""
        slots = np.empty((4, self.needs.shape[1], len(rows)))
        return self._measured(part, similarity, rows, slots), slots

    def _measured(self, part: Part[People], similarity: Similarity, rows: Rows, slots: Floats) -> Floats:
        columns, (links, _) = np.empty((WIDTH, len(rows))), self.wanted.chains(similarity, self.words)
        measure(rows, held(part.rows), links, self.needs, self.plain.asked(None, self.filtered), self._folk(part),
                columns, slots)  # fmt: skip
        return columns

    def told(self, people: People, similarity: Similarity, rows: Rows) -> Told:
        """What the reasons are made of besides."""
        links, made = self.wanted.chains(similarity, self.words)
        order = np.array([turn for *_, turn, _ in made] + [np.iinfo(np.int32).max], dtype=np.int32)
        shape = len(rows), self.needs.shape[1]
        said, best = np.zeros((*shape, 4), dtype=np.int64), np.full(shape, -1)
        tell(rows, held(people), links, self.needs, order, said, best)
        return Told(said, best, [name for *_, name in made])

    def _folk(self, part: Part[People]) -> Folk:
        people = part.rows
        return Folk(people.answers, people.answers.view(np.uint64), part.hints, people.program_at, people.program,
                    people.trained_for, people.trained_row, self.refused(people),
                    self._left.get(id(part), _NOT_ASKED), people.placed, people.hinted)  # fmt: skip


def held(people: People) -> Held:
    """What people hold, as the compiled loops take it."""
    return Held(people.skill_at, people.skill, people.level, people.tier, people.proved, people.used)


def _chains(role: RoleFacts, similarity: Similarity, words: Lexicon) -> tuple[Links, list[Link]]:
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
    made: Any = list(zip(*links, strict=True)) if links else [()] * 4
    kinds = (np.int32, np.int32, np.float64, np.bool_)
    return Links(first, *(np.array(column, dtype=kind) for column, kind in zip(made, kinds, strict=False))), links
