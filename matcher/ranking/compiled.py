"""What the two compiled pools share: facts by row, and the last steps from columns to a list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic

import numpy as np

from matcher.ranking.logistics import Flags, Floats
from matcher.ranking.ranker import Ranker, Scored
from matcher.ranking.reasons import Reason
from matcher.ranking.rows import Facts, Rows


@dataclass(frozen=True, slots=True)
class Ranking:
    """A list and what was left out of it: ids with too little, and filter hits by code.

    `hits` is for the audit alone; `shown_hits` and `considered` leave out every pair where the person excluded the
    organization, so that such a person is not even in a count. `in_reach` counts all who passed the filters, also
    those past the cut of the list. `needs` is filled, and the list empty, where the one
    who asks says too little.
    """

    lines: tuple[Scored, ...]
    considered: int
    too_little: tuple[str, ...] = ()
    hits: Mapping[str, int] = field(default_factory=dict)
    shown_hits: Mapping[str, int] = field(default_factory=dict)
    needs: tuple[Reason, ...] = ()
    in_reach: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """One list asked of a pool: how to rank, where to cut, and how to draw among near-ties (by id)."""

    ranker: Ranker
    draw: Callable[[str], int]
    width: Callable[[list[str]], float]
    needs: tuple[Reason, ...]
    top: int | None


class Compiled(Generic[Facts]):
    """Facts of one kind, held by row."""

    def __init__(self, width: int) -> None:
        self._rows: Rows[Facts] = Rows(width)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, name: str) -> bool:
        return name in self._rows

    def get(self, name: str) -> Facts:
        """The facts held under this id; KeyError when there are none."""
        return self._rows.get(name)

    def facts(self) -> list[Facts]:
        """All facts held, in no particular order."""
        return self._rows.facts()

    def _answer(
        self, question: Question, hits: Mapping[str, Flags], excluded: Flags, columns: Callable[[], Floats]
    ) -> Ranking:
        alive, enough, here = self._rows.alive, self._rows.enough, self._passing(hits)
        considered = int(np.count_nonzero(alive & ~excluded))
        vague = tuple(sorted(self._rows.name(row) for row in np.flatnonzero(here & ~enough).tolist()))
        counts = _counts(hits, alive), _counts(hits, alive & ~excluded)
        if question.needs:
            return Ranking((), considered, vague, *counts, question.needs, int(np.count_nonzero(here)))
        rows = np.flatnonzero(here & enough)
        names = [self._rows.name(row) for row in rows.tolist()]
        draws, width = (lambda row: question.draw(names[row])), question.width(names)
        lines = question.ranker.lines(columns()[:, rows], names, draws, width, question.top)
        return Ranking(tuple(lines), considered, vague, *counts, in_reach=int(np.count_nonzero(here)))

    def _passing(self, hits: Mapping[str, Flags]) -> Flags:
        here = self._rows.alive.copy()
        for hit in hits.values():
            here &= ~hit
        return here


def _counts(hits: Mapping[str, Flags], among: Flags) -> dict[str, int]:
    tally = {code: int(np.count_nonzero(hit & among)) for code, hit in hits.items()}
    return {code: number for code, number in tally.items() if number}
