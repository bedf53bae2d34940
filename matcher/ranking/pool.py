"""The people of one hub, compiled so that all of them are scored for a role in a few milliseconds, to the same bits."""

from collections import defaultdict
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.ranking import features, filters, logistics
from matcher.ranking.compiled import Compiled, Question, Ranking
from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.features import Slot
from matcher.ranking.logistics import Flags, Floats
from matcher.ranking.order import margin, tie_hash
from matcher.ranking.postings import Posting
from matcher.ranking.ranker import Ranker, candidate_needs, role_needs
from matcher.ranking.similarity import Similarity

Indices = NDArray[np.intp]


class CandidatePool(Compiled[CandidateFacts]):
    """Candidates of one hub. Every row is scored, none skipped: at this size a dense scan is exact and quick."""

    def __init__(self) -> None:
        super().__init__(len(logistics.PERSON_FIELDS))
        self._skills: defaultdict[str, Posting] = defaultdict(lambda: Posting(3))
        self._sets: defaultdict[tuple[str, str], set[int]] = defaultdict(set)

    def upsert(self, facts: CandidateFacts) -> None:
        """Add a person, or replace what is known of them; seen by the very next list."""
        self.remove(facts.id)
        row = self._rows.put(facts.id, facts, logistics.person_row(facts), enough=not candidate_needs(facts))
        for item in facts.skills:
            self._skills[item.skill].put(row, *features.shown(item))
        for key in _marks(facts):
            self._sets[key].add(row)

    def remove(self, name: str) -> None:
        """Forget a person; nothing happens when they are not here."""
        if name not in self._rows:
            return
        row, facts = self._rows.take(name)
        for item in facts.skills:
            self._skills[item.skill].drop(row)
        for key in _marks(facts):
            self._sets[key].discard(row)

    def rank_for(
        self, role: RoleFacts, *, ranker: Ranker, day: date, seed: int,
        top: int | None = 50, filtered: bool = True, near_ties: bool = True,
    ) -> Ranking:  # fmt: skip
        """The first `top` people for a role: the same lines, bit for bit, as Ranker.rank over those who pass."""
        said, ordinal = self._logistics(role), day.toordinal()
        excluded, hits = self._hits(role, said, filtered)
        question = Question(
            ranker,
            draw=lambda name: tie_hash(role.id, name, ordinal, seed),
            width=lambda _: margin(ranker.standard_error(role)) if near_ties else 0.0,
            needs=role_needs(role),
            top=top,
        )
        return self._answer(question, hits, excluded, lambda: self.columns(role, ranker.near, said))

    def contenders(self, role: RoleFacts, similarity: Similarity, *, filtered: bool = True) -> tuple[list[str], Floats]:
        """Ids (n) and columns (8, n) of all who can be ranked for a role."""
        said = self._logistics(role)
        here = self._passing(self._hits(role, said, filtered)[1]) & self._rows.enough
        rows = np.flatnonzero(here)
        return [self._rows.name(row) for row in rows.tolist()], self.columns(role, similarity, said)[:, rows]

    def columns(self, role: RoleFacts, similarity: Similarity, said: logistics.Logistics | None = None) -> Floats:
        """Feature columns (8, rows) of every row, free rows included."""
        said = said or self._logistics(role)
        slots = self._slots(role, similarity)
        return features.matrix(slots, said.preference, said.closeness, self._programs(role.occupation))

    def _slots(self, role: RoleFacts, similarity: Similarity) -> list[Slot]:
        slots, size = [], self._rows.size
        for wanted, numbers in zip(role.requirements, features.asked(role), strict=True):
            mine, near = np.zeros((3, size)), np.zeros(size)
            if own := self._skills.get(wanted.skill):
                mine[:, own.rows] = own.values
            for neighbor, value in ((wanted.skill, 1.0), *similarity.neighbors(wanted.skill)):
                if other := self._skills.get(neighbor):
                    reach = value * np.minimum(other.values[0] / numbers[0], 1.0)
                    near[other.rows] = np.maximum(near[other.rows], reach)
            level, weight, must = (np.array([number]) for number in numbers)
            slots.append(Slot(level, weight, must, mine[0], mine[1], mine[2], near))
        return slots

    def _logistics(self, role: RoleFacts) -> logistics.Logistics:
        roles = logistics.stack([logistics.role_row(role)], len(logistics.ROLE_FIELDS))
        schedule = np.full(self._rows.size, 0.5)
        if role.schedules:
            schedule[self._members("said", "schedules")] = 0.0
            for name in role.schedules:
                schedule[self._members("schedules", name)] = 1.0
        return logistics.compare(self._rows.table, roles, schedule)

    def _programs(self, occupation: str | None) -> Floats:
        found = np.zeros(self._rows.size)
        if occupation is not None:
            for digits, value in reversed(logistics.SHARED_DIGITS):
                found[self._members("programs", occupation[:digits])] = value
        return found

    def _hits(self, role: RoleFacts, said: logistics.Logistics, filtered: bool) -> tuple[Flags, dict[str, Flags]]:
        if not filtered:
            return self._flags(np.zeros(0, dtype=np.intp)), {}
        excluded = self._flags(self._members("excluded", role.organization))
        return excluded, {**said.refusals, filters.EXCLUDED: excluded}

    def _members(self, kind: str, name: str | None) -> Indices:
        rows = self._sets.get((kind, name), set()) if name is not None else set()
        return np.fromiter(rows, dtype=np.intp, count=len(rows))

    def _flags(self, rows: Indices) -> Flags:
        flags = np.zeros(self._rows.size, dtype=np.bool_)
        flags[rows] = True
        return flags


def _marks(facts: CandidateFacts) -> list[tuple[str, str]]:
    """Every set a person is in: schedules, having said one, excluded organizations, program groups."""
    prefixes = {code[:digits] for code in facts.programs for digits, _ in logistics.SHARED_DIGITS}
    marks = [("schedules", name) for name in facts.schedules] + [("excluded", name) for name in facts.excluded]
    return marks + [("programs", name) for name in prefixes] + ([("said", "schedules")] if facts.schedules else [])
