"""The open roles of one hub, compiled so that all of them are scored for a person at once, to the same bits."""

from collections import defaultdict
from datetime import date

import numpy as np

from matcher.ranking import features, filters, logistics
from matcher.ranking.compiled import Compiled, Question, Ranking
from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.features import Slot
from matcher.ranking.logistics import Flags, Floats
from matcher.ranking.order import tie_hash
from matcher.ranking.postings import Posting
from matcher.ranking.ranker import Ranker, candidate_needs, role_needs
from matcher.ranking.similarity import Similarity

_EMPTY = ((1.0,), (0.0,), (0.0,))  # asked, weight, must of a requirement that is not there: it adds exactly nothing


class RolePool(Compiled[RoleFacts]):
    """Roles of one hub, each requirement in a numbered slot."""

    def __init__(self) -> None:
        super().__init__(len(logistics.ROLE_FIELDS))
        self._skills: defaultdict[str, Posting] = defaultdict(lambda: Posting(1))
        self._asked = _blank(0, 64)  # slot, (asked, weight, must), row

    def upsert(self, facts: RoleFacts) -> None:
        """Add a role, or replace what is known of it; seen by the very next list."""
        self.remove(facts.id)
        row = self._rows.put(facts.id, facts, logistics.role_row(facts), enough=not role_needs(facts))
        self._make_room(len(facts.requirements))
        for slot, (wanted, numbers) in enumerate(zip(facts.requirements, features.asked(facts), strict=True)):
            self._asked[slot, :, row] = numbers
            self._skills[wanted.skill].put(row, float(slot))

    def remove(self, name: str) -> None:
        """Forget a role; nothing happens when it is not here."""
        if name not in self._rows:
            return
        row, facts = self._rows.take(name)
        for slot, wanted in enumerate(facts.requirements):
            self._asked[slot, :, row : row + 1] = _EMPTY
            self._skills[wanted.skill].drop(row)

    def rank_for(
        self, candidate: CandidateFacts, *, ranker: Ranker, day: date, seed: int,
        top: int | None = 50, filtered: bool = True, near_ties: bool = True,
    ) -> Ranking:  # fmt: skip
        """The first `top` roles for a person: bit for bit the lines of Ranker.rank_roles over those that pass."""
        said, ordinal = self._logistics(candidate), day.toordinal()
        excluded = self._excluded(candidate, filtered)
        hits = {**said.refusals, filters.EXCLUDED: excluded} if filtered else {}
        question = Question(
            ranker,
            draw=lambda name: tie_hash(name, candidate.id, ordinal, seed),
            width=lambda names: ranker.width_over([self.get(name) for name in names]) if near_ties else 0.0,
            needs=candidate_needs(candidate),
            top=top,
        )
        return self._answer(question, hits, excluded, lambda: self.columns(candidate, ranker.near, said))

    def columns(
        self, candidate: CandidateFacts, similarity: Similarity, said: logistics.Logistics | None = None
    ) -> Floats:
        """Feature columns (8, rows) of every row, free rows included."""
        said = said or self._logistics(candidate)
        occupations = (role.occupation if role else None for role in map(self._rows.at, range(self._rows.size)))
        program = [logistics.program_fit(candidate.programs, code) for code in occupations]
        slots = self._slots(candidate, similarity)
        return features.matrix(slots, said.preference, said.closeness, np.array(program, dtype=np.float64))

    def _slots(self, candidate: CandidateFacts, similarity: Similarity) -> list[Slot]:
        size = self._rows.size
        mine = np.zeros((4, len(self._asked), size))
        for item in candidate.skills:
            level, *proof = features.shown(item)
            if own := self._skills.get(item.skill):
                mine[:3, own.values[0].astype(np.intp), own.rows] = np.array((level, *proof))[:, None]
            for wanted, value in ((item.skill, 1.0), *similarity.helped_by(item.skill)):
                if other := self._skills.get(wanted):
                    spot = other.values[0].astype(np.intp), other.rows
                    reach = value * np.minimum(level / self._asked[spot[0], 0, spot[1]], 1.0)
                    mine[3][spot] = np.maximum(mine[3][spot], reach)
        return [Slot(*self._asked[slot, :, :size], *mine[:, slot]) for slot in range(len(self._asked))]

    def _logistics(self, candidate: CandidateFacts) -> logistics.Logistics:
        people = logistics.stack([logistics.person_row(candidate)], len(logistics.PERSON_FIELDS))
        every = [self._rows.at(row) for row in range(self._rows.size)]
        schedule = [logistics.schedule_fit(candidate.schedules, role.schedules) if role else 0.5 for role in every]
        return logistics.compare(people, self._rows.table, np.array(schedule, dtype=np.float64))

    def _excluded(self, candidate: CandidateFacts, filtered: bool) -> Flags:
        every = map(self._rows.at, range(self._rows.size))
        flags = [filtered and role is not None and filters.excludes(candidate, role) for role in every]
        return np.array(flags, dtype=np.bool_)

    def _make_room(self, slots: int) -> None:
        """Empty slots up to the role with the most requirements, and columns up to the last row."""
        while self._asked.shape[2] < self._rows.size:
            self._asked = np.concatenate((self._asked, _blank(len(self._asked), self._asked.shape[2])), axis=2)
        if slots > len(self._asked):
            more = _blank(slots - len(self._asked), self._asked.shape[2])
            self._asked = np.concatenate((self._asked, more))


def _blank(slots: int, size: int) -> Floats:
    return np.broadcast_to(np.array(_EMPTY), (slots, 3, size)).copy()
