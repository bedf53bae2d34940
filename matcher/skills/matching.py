"""Find what a person means while they type: by a name, its beginning, and in spite of its spelling."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from matcher.ranking.link import Hit, Linker
from matcher.skills.text import key, readings, tails

How = Literal["exact", "alias", "starts", "spelling", "parts"]
Outcome = Literal["sure", "did_you_mean", "unknown"]

SHORTEST_GUESS = 4  # letters before spelling is forgiven
LONGEST_GUESS = 120  # letters after which a text is a page and no name
NEAR = 0.75  # likeness (1 - edits / length) of a spelling worth showing
FAR = 0.65  # likeness worth showing when there is nothing better, if the first letter agrees
SURE_SPELLING = 0.85  # likeness of a spelling taken as meant
SURE_LINK = 0.80  # chance at which the linker's answer is taken as meant
POSSIBLE_LINK = 0.25  # chance under which it is not even shown
MARGIN = 0.04  # how far the second-best spelling must stay behind
INNER_WORD = 400.0  # what a match at a later word costs, in units of weight
OTHER_LANGUAGE = 1e6  # what a name in another language than the reader's costs: it comes after all others
COMPLETED = 0.5  # names of a smaller share are completed from their first word only
OWN_NAME = 50.0  # what a thing's own name is worth beside its other names


@dataclass(frozen=True, slots=True)
class Surface:
    """One name of one thing. `own` marks its own name; `weight` says how common the thing is (0 is rare).

    `share` is how much of that weight this name carries when names are completed; `linked` says whether the name may
    be guessed at. `language` is that of the name (`en`, `es`); nothing for names that are the same in both.
    """

    id: str
    label: str
    text: str
    own: bool
    weight: float
    linked: bool = True
    share: float = 1.0
    language: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing the text may mean: its id and shown name, the name that matched, how, and how sure (0 to 1)."""

    id: str
    label: str
    matched: str
    how: How
    confidence: float


@dataclass(frozen=True, slots=True)
class Understood:
    """`sure`: `best` is meant; `did_you_mean`: ask, with `best` and `others`; `unknown`: offer to propose it."""

    outcome: Outcome
    best: Suggestion | None
    others: tuple[Suggestion, ...] = ()


class Names:
    """All names of one kind of thing, made searchable once and kept."""

    def __init__(self, surfaces: Iterable[Surface]) -> None:
        ordered = sorted(surfaces, key=lambda one: (-one.weight, not one.own, one.id, one.text))
        self._surfaces: Sequence[Surface] = ordered
        self._exact: dict[str, list[int]] = {}
        pairs: list[tuple[str, int]] = []
        for place, surface in enumerate(self._surfaces):
            for reading in readings(surface.text):
                forms = tails(reading, 4 if surface.share >= COMPLETED else 1)
                for form in forms[:1]:
                    self._exact.setdefault(form, []).append(place)
                pairs += [(form, -place - 1 if later else place) for later, form in enumerate(forms)]
        pairs.sort()
        self._keys = [form for form, _ in pairs]
        self._places: NDArray[np.int32] = np.array([place for _, place in pairs], np.int32)
        linked = [place for place, surface in enumerate(self._surfaces) if surface.linked]
        self._near = {place: key(self._surfaces[place].text) for place in linked}
        self._labels = {self._surfaces[place].id: self._surfaces[place].label for place in linked}
        self._linker: Linker | None = None

    def exact(self, text: str) -> list[Suggestion]:
        """Things that carry exactly this name; their own name before others, then the commonest."""
        places = self._exact.get(key(text), ())
        named = (self._surfaces[place] for place in places)
        found = sorted(named, key=lambda one: (not one.own, not _plural(one.label, text)))
        return _once(
            Suggestion(one.id, one.label, one.text, "exact" if one.own else "alias", 1.0 if one.own else 0.97)
            for one in found
        )

    def label(self, identifier: str) -> str | None:
        """The shown name of a thing, or None if it is not on the list."""
        return self._labels.get(identifier)

    def starts(self, text: str, limit: int, language: str = "") -> list[Suggestion]:
        """Things with a name, or a later word of one, that begins so; common ones first, a language before others."""
        form = key(text)
        if not form:
            return []
        first, last = bisect_left(self._keys, form), bisect_left(self._keys, form + "\U0010ffff")
        places = self._places[first:last].tolist()
        best = nsmallest(limit * 6, places, key=lambda place: self._cost(place, language))
        hits = (self._surfaces[place if place >= 0 else -place - 1] for place in best)
        return _once(Suggestion(one.id, one.label, one.text, "starts", 0.9) for one in hits)[:limit]

    def _cost(self, place: int, language: str) -> float:
        surface = self._surfaces[place if place >= 0 else -place - 1]
        cost = -surface.weight * surface.share
        if language and surface.language not in ("", language):
            cost += OTHER_LANGUAGE
        if place < 0:
            return cost + INNER_WORD
        return cost - OWN_NAME if surface.own else cost

    def near(self, text: str, limit: int, least: float = NEAR, *, unfinished: bool = False) -> list[Suggestion]:
        """Things with a name spelled nearly so, nearest first; names of few letters are not guessed.

        `unfinished` compares with the beginnings of the names only.
        """
        form = key(text)
        if len(form) < SHORTEST_GUESS:
            return []
        ends = (len(form), len(form) + 1) if unfinished else (None,)
        found = [hit for end in ends for hit in self._likest(form, end, least, limit * 3)]
        found = [hit for hit in found if hit[1] >= NEAR or self._near[hit[2]][0] == form[0]]
        ordered = sorted(found, key=lambda hit: (-round(hit[1], 3), hit[2]))
        hits = ((self._surfaces[place], round(likeness, 3)) for _, likeness, place in ordered)
        return _once(Suggestion(one.id, one.label, one.text, "spelling", value) for one, value in hits)[:limit]

    def _likest(self, form: str, end: int | None, least: float, limit: int) -> list[tuple[str, float, int]]:
        """Names, or their first `end` letters, that are at least so like the form: (name, likeness, place)."""
        names = self._near if end is None else {place: name[:end] for place, name in self._near.items()}
        return process.extract(form, names, scorer=OSA.normalized_similarity, score_cutoff=least, limit=limit)

    def linked(self, text: str, limit: int) -> list[Suggestion]:
        """What the linker makes of the text: words in another order, short forms, learned likeness."""
        if not SHORTEST_GUESS <= len(key(text)) <= LONGEST_GUESS:
            return []
        hits = (hit for hit in self._link().lookup(text, limit) if hit.score >= POSSIBLE_LINK)
        return [Suggestion(hit.id, self._labels[hit.id], hit.label, _how(hit), round(hit.score, 3)) for hit in hits]

    def _link(self) -> Linker:
        """The linker, built the first time that it is needed: about a second for ten thousand names."""
        if self._linker is None:
            self._linker = Linker((one.id, one.text) for one in self._surfaces if one.linked)
        return self._linker

    def warm(self) -> None:
        """Build what is otherwise built at the first hard question."""
        self._link()

    def suggest(self, text: str, limit: int, language: str = "") -> list[Suggestion]:
        """What to show under a box while somebody types: surest first, each thing once, at most `limit`."""
        found = _once((*self.exact(text), *self.starts(text, limit, language)))
        if len(found) < limit:
            found = _once((*found, *self.near(text, limit)))
        if not found:
            found = self.near(text, limit, unfinished=True) or self.near(text, limit, FAR) or self.linked(text, limit)
        return found[:limit]

    def understand(self, text: str) -> Understood:
        """What a finished text means."""
        named = self.exact(text)
        if named and (len(named) == 1 or (_is_own(named[0], text) and not _is_own(named[1], text))):
            return Understood("sure", named[0], tuple(named[1:]))
        if named:
            return Understood("did_you_mean", named[0], tuple(named[1:5]))
        spelled = self.near(text, 5)
        if spelled and _stands_out(spelled, text):
            return Understood("sure", spelled[0], tuple(spelled[1:]))
        linked = self.linked(text, 5)
        if linked and not spelled and linked[0].confidence >= SURE_LINK:
            return Understood("sure", linked[0], tuple(linked[1:]))
        found = _once((*spelled, *linked))[:5] or self.starts(text, 5) or self.near(text, 3, FAR)
        return Understood("did_you_mean", found[0], tuple(found[1:])) if found else Understood("unknown", None)


def _how(hit: Hit) -> How:
    return "spelling" if hit.how == "spelling" else "parts"


def _plural(label: str, text: str) -> bool:
    return key(label) == key(text) + "s"


def _is_own(suggestion: Suggestion, text: str) -> bool:
    """Whether the text is the thing's own name, in the singular or the plural."""
    return suggestion.how == "exact" or _plural(suggestion.label, text)


def _stands_out(spelled: Sequence[Suggestion], text: str) -> bool:
    """Whether the nearest spelling is near enough, begins alike, and is alone there."""
    second = spelled[1].confidence if len(spelled) > 1 else 0.0
    near = spelled[0].confidence >= SURE_SPELLING and spelled[0].confidence - second >= MARGIN
    return near and key(spelled[0].matched)[0] == key(text)[0]


def _once(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """The first suggestion of each thing, in order."""
    found: dict[str, Suggestion] = {}
    for suggestion in suggestions:
        found.setdefault(suggestion.id, suggestion)
    return list(found.values())
