"""Rows whose skills grow older by the day: the dates behind the months lie beside them, so any day's rows are made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.index_people import STORED, People, joined
from matcher.ranking.index_words import Lexicon

Ordinals = NDArray[np.int32]
UNSAID = -1
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Dated:
    """People as of a day, and for each held skill the dates of its proof and last use as ordinals, -1: not said."""

    people: People
    words: Lexicon
    proved_on: Ordinals
    used_on: Ordinals

    def on(self, day: date) -> "Dated":
        """The same people as of another day."""
        stored: dict[str, Any] = {name: getattr(self.people, name) for name in STORED}
        stored["proved"], stored["used"] = months_since(self.proved_on, day), months_since(self.used_on, day)
        people = People.made(skills=len(self.words.skills), **stored)
        return Dated(people, self.words, self.proved_on, self.used_on)

    def changed(self, gone: Iterable[str], newer: "Dated") -> "Dated":
        """Without those of some ids, and with other people, whose words continue these."""
        flags = np.array(self.people.flags)
        rows = [row for name in gone if (row := self.people.row(name)) >= 0]
        flags[rows] = 0
        keep = np.repeat(flags > 0, np.diff(self.people.skill_at))
        people = joined([self.people, newer.people], [flags, newer.people.flags], len(newer.words.skills))
        return Dated(people, newer.words, np.concatenate((self.proved_on[keep], newer.proved_on)),
                     np.concatenate((self.used_on[keep], newer.used_on)))  # fmt: skip


def ordinals(dates: Sequence[date | None]) -> Ordinals:
    """Dates as numbers."""
    return np.array([UNSAID if item is None else item.toordinal() for item in dates], dtype=np.int32)


def months_since(then: Ordinals, day: date) -> NDArray[np.int32]:
    """Whole months from each date to a day, never negative, -1 where the date is not said."""
    days = (then.astype(np.int64) - _EPOCH).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    of_month = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    whole = (day.year - 1970) * 12 + day.month - 1 - months.astype(np.int64) - (day.day < of_month)
    return np.where(then == UNSAID, -1, np.maximum(whole, 0)).astype(np.int32)
