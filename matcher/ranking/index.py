"""The people of a hub, a state or a country as an index: exactly the lists of the pool, without looking at everyone."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.ranking import index_sift as sift
from matcher.ranking.compiled import Ranking
from matcher.ranking.explain import Explanation
from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.index_asked import Asked, Wanted
from matcher.ranking.index_explain import explain_rows
from matcher.ranking.index_found import PATTERNS, Found, by_code, gathered, named
from matcher.ranking.index_linear import linear
from matcher.ranking.index_loops import EXCLUDED
from matcher.ranking.index_parts import Part, Parts
from matcher.ranking.index_people import RANKED, VAGUE, People, joined
from matcher.ranking.index_words import Lexicon
from matcher.ranking.logistics import Floats
from matcher.ranking.order import GROUP_LIMIT, margin, tie_hashes
from matcher.ranking.ranker import Ranker, role_needs
from matcher.ranking.similarity import Similarity

Rows = NDArray[np.int64]
_PATTERNS = np.arange(PATTERNS)
CLOSE = 2.5  # a sum may be off by the slack both ways
WIDER = 8.0  # how much further the next look goes when the first did not prove enough


class PeopleIndex(Parts[CandidateFacts, People]):
    """The people of one pool. Lists are those of CandidatePool, bit for bit."""

    def __init__(self, parts: Sequence[People] = (), words: Lexicon | None = None) -> None:
        super().__init__(parts, words)
        self._wanted: Wanted | None = None  # the last role: whose list was asked for is soon asked to be explained

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
        width = margin(ranker.standard_error(role)) if near_ties else 0.0
        found = self._best(asked, ranker, None if top is None else top + GROUP_LIMIT)
        if top is not None:
            found = found.from_score(ranker, width, top)
        lines = found.lines(ranker, tie_hashes(role.id, found.keys, day.toordinal(), seed), width, top)
        return Ranking(lines, considered, vague, hits, shown, in_reach=in_reach)

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
        asked = self._asked(role, filtered=False)
        found: dict[int, Explanation] = {}
        for part, rows, spots in self.places(names):
            columns, slots = asked.taken_apart(part, ranker.near, rows)
            told = asked.told(part.rows, ranker.near, rows)
            here = [names[spot] for spot in spots]
            found.update(zip(spots, explain_rows(ranker, role, here, columns, asked.needs, slots, told), strict=True))
        return [found[spot] for spot in range(len(names))]

    def contenders(
        self, role: RoleFacts, similarity: Similarity, *, filtered: bool = True
    ) -> tuple[list[str], Floats]:
        """Ids (n) and columns (8, n) of all who can be ranked for a role."""
        asked = self._asked(role, filtered)
        found = self._gather(asked, similarity, asked.everyone())
        return found.names, found.columns

    def _asked(self, role: RoleFacts, filtered: bool) -> Asked:
        self.take_in()
        wanted = self._wanted
        if wanted is None or not wanted.fits(role, self.words):
            wanted = self._wanted = Wanted(role, self.words)
        return Asked(wanted, filtered, self.words, self.parts)

    def _tally(self, asked: Asked) -> tuple[dict[str, int], dict[str, int], tuple[int, int], tuple[str, ...]]:
        counts = np.zeros((3, PATTERNS), dtype=np.int64)
        vague: list[str] = []
        for part in self.parts:
            more, rows = sift.count(asked.left(part), part.flags)
            counts += more
            vague += [part.rows.names[row].decode() for row in rows]
        held = counts[VAGUE] + counts[RANKED]
        seen = np.where(_PATTERNS & EXCLUDED, 0, held)
        return named(by_code(held)), named(by_code(seen)), (int(seen.sum()), int(held[0])), tuple(sorted(vague))

    def _best(self, asked: Asked, ranker: Ranker, most: int | None) -> Found:
        sums = linear(ranker)
        if sums is None or most is None:
            return self._gather(asked, ranker.near, asked.everyone())
        further = CLOSE
        while True:
            chosen, last, slack = asked.scan(ranker.near, sums, most, further)
            found = self._gather(asked, ranker.near, chosen)
            if not np.isfinite(last) or len(found.keys) < most:
                return found  # fewer than asked for are in reach: nobody was left out
            least = -np.partition(-found.scored(ranker), most - 1)[most - 1]
            if sums.score_at(ranker, last - (further - 1.0) * slack) < least:
                return found
            further *= WIDER

    def _gather(self, asked: Asked, similarity: Similarity, chosen: Sequence[Rows]) -> Found:
        keys: list[bytes] = []
        columns = []
        for part, rows in zip(self.parts, chosen, strict=True):
            if len(rows):
                keys += part.rows.names[rows].tolist()
                columns.append(asked.measured(part, similarity, rows))
        return gathered(keys, columns)


def of_people(people: Iterable[CandidateFacts]) -> PeopleIndex:
    """An index of these people, in one part."""
    index = PeopleIndex()
    for person in people:
        index.upsert(person)
    index.tidy()
    return index
