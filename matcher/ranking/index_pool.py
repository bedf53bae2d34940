"""Pools that answer from an index: for hubs with so many people or roles that scoring all of them takes long."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Generic

from matcher.ranking.compiled import Ranking
from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.index import PeopleIndex, of_people
from matcher.ranking.index_parts import Facts, Parts
from matcher.ranking.index_roles import RoleIndex
from matcher.ranking.logistics import Floats
from matcher.ranking.pool import CandidatePool
from matcher.ranking.ranker import Ranker
from matcher.ranking.role_pool import RolePool
from matcher.ranking.similarity import Similarity


class _OverIndex(Generic[Facts]):
    """What a pool holds is what its index holds."""

    index: Parts[Facts, Any]

    def __len__(self) -> int:
        return len(self.index)

    def __contains__(self, name: str) -> bool:
        return name in self.index

    def get(self, name: str) -> Facts:
        """The facts held under this id; KeyError when there are none."""
        return self.index.get(name)

    def facts(self) -> list[Facts]:
        """All facts held, in no particular order."""
        return self.index.facts()

    def upsert(self, facts: Facts) -> None:
        """Add one, or replace what is known of it; seen by the very next list."""
        self.index.upsert(facts)

    def remove(self, name: str) -> None:
        """Forget one; nothing happens when it is not here."""
        self.index.remove(name)


class IndexedPool(_OverIndex[CandidateFacts], CandidatePool):
    """The same lists as its parent, bit for bit."""

    def __init__(self, people: Iterable[CandidateFacts] = (), index: PeopleIndex | None = None) -> None:
        super().__init__()
        self.index: PeopleIndex = of_people(people) if index is None else index

    def snapshot(self) -> "IndexedPool":
        """The people as they are now; what comes later does not show in it. Their rows are shared, not copied."""
        return IndexedPool(index=self.index.snapshot())

    def rank_for(
        self, role: RoleFacts, *, ranker: Ranker, day: date, seed: int,
        top: int | None = 50, filtered: bool = True, near_ties: bool = True,
    ) -> Ranking:  # fmt: skip
        """The first `top` people for a role."""
        return self.index.rank_for(role, ranker=ranker, day=day, seed=seed, top=top, filtered=filtered,
                                   near_ties=near_ties)  # fmt: skip

    def contenders(
        self, role: RoleFacts, similarity: Similarity, *, filtered: bool = True
    ) -> tuple[list[str], Floats]:
        """Ids (n) and columns (8, n) of all who can be ranked for a role."""
        return self.index.contenders(role, similarity, filtered=filtered)


class IndexedRolePool(_OverIndex[RoleFacts], RolePool):
    """The same lists as its parent, bit for bit."""

    def __init__(self, index: RoleIndex | None = None) -> None:
        super().__init__()
        self.index: RoleIndex = RoleIndex() if index is None else index

    def rank_for(
        self, candidate: CandidateFacts, *, ranker: Ranker, day: date, seed: int,
        top: int | None = 50, filtered: bool = True, near_ties: bool = True,
    ) -> Ranking:  # fmt: skip
        """The first `top` roles for a person."""
        return self.index.rank_for(candidate, ranker=ranker, day=day, seed=seed, top=top, filtered=filtered,
                                   near_ties=near_ties)  # fmt: skip
