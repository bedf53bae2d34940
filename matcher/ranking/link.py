"""Free text -> the skill, occupation or program it names, with a confidence, over any list of labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.link_aliases import Aliases, load_aliases
from matcher.ranking.link_features import SEMANTIC, SIMILARITIES, KnownWords, Query, Scan, columns_of, rows_of, scan
from matcher.ranking.link_model import MODELS, LinkModel
from matcher.ranking.link_surfaces import Meanings, SlowVectors, Surfaces
from matcher.ranking.link_text import plain, uncamel, without_brackets
from matcher.ranking.link_vectors import ListedVectors, NameVectors, unit

How = Literal["exact", "alias", "spelling", "parts", "abbreviation", "learned"]
Outcome = Literal["sure", "did_you_mean", "unknown"]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]
# Words that end most job titles: a list where most names hold one is a list of occupations.
TITLE_WORDS = frozenset((
    "manager director supervisor engineer technician assistant operator specialist analyst coordinator administrator "
    "officer worker clerk teacher nurse driver consultant developer designer mechanic inspector instructor agent "
    "representative executive advisor therapist scientist installer assembler cleaner attendant planner buyer maker "
    "technologist programmer accountant trainer counselor architect editor producer artist leader head guide cook "
    "salesperson seller tester auditor broker trader physician surgeon researcher professor lecturer intern associate "
    "trainee apprentice handler repairer fitter welder machinist controller secretary guard dealer broker").split())
MOSTLY_TITLES = 0.5
SHORT_NAMES = 2.2  # words a label has on average in a list of names rather than phrases
LONE_NAMES = 1.5  # names an entry has on average, under which its name alone is too little to go by
AT_ONCE = 50_000  # names of a list whose sentence vectors are all computed when it is built
SAME = 5.0  # what an equal name adds to a score when the likeliest are chosen
_LEADERS = 3  # how many of the likeliest are looked at
_FORMS = 3  # how many readings of what was typed are compared
_NEAR = 60  # candidates compared in full; more if more are asked for


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing the text may name. `score` is the calibrated chance (0..1) that it is the one meant."""

    id: str
    label: str
    score: float
    how: How


@dataclass(frozen=True, slots=True)
class Understood:
    """`sure`: take `best`; `did_you_mean`: ask, with `best` and `others`; `unknown`: nothing here fits."""

    outcome: Outcome
    best: Hit | None
    others: tuple[Hit, ...]


class Linker:
    """Links text to (id, label) surfaces; several labels per id are several names of one thing.

    What people confirmed is one more label: hand in (id, what they typed) with the rest, and it is exact from then on.
    `weights` is a folder of learned numbers (default: the ones that ship). `semantic` is a source of sentence
    vectors (`link_semantic.SentenceVectors`), used only if given. Building is the slow part: keep the object.
    """

    def __init__(self, surfaces: Iterable[tuple[str, str]], *, weights: Path | None = None,
                 semantic: SlowVectors | None = None) -> None:
        folder = weights or MODELS
        self.surfaces = Surfaces.build(surfaces)
        self.aliases: Aliases = load_aliases(folder / "aliases.tsv")
        self.vectors = _vectors(folder)
        self.kind = self._kind()
        self.meanings = self._meanings(semantic)
        self.known_words = KnownWords.build(self.vectors.words, self.surfaces.parts)
        self.model = LinkModel.load(folder / f"{self.kind}{'_semantic' if semantic else ''}.json")
        self.wanted = frozenset(column.removesuffix("_gap") for column in self.model.columns)

    def lookup(self, text: str, k: int = 10) -> list[Hit]:
        """The `k` likeliest things, best first, one hit per id; [] if the text holds no letters or digits."""
        return self.lookup_without(text, frozenset(), k)

    def lookup_without(self, text: str, removed: frozenset[str], k: int = 10) -> list[Hit]:
        """Like `lookup`, as if the ids in `removed` were not on the list (for measuring false accepts)."""
        queries = self.readings(text)
        if not queries or not self.surfaces.ids:
            return []
        owners, rows, table = self.table(queries, removed, max(_NEAR, k + k // 2))
        if not len(owners):
            return []
        raw = np.round(self._same_first(self.scores(owners, table), table), 6)  # equals stay equal, however added up
        order = sorted(range(len(owners)), key=lambda at: (-raw[at], self.surfaces.ids[owners[at]]))
        placed = np.empty_like(raw)  # chances go by what was typed alone: feedback moves places, it proves nothing
        placed[order] = np.sort(np.round(self._same_first(self.model.scores(table), table), 6))[::-1]
        chances = self.model.chances(placed, table)
        return [Hit(self.surfaces.ids[owners[at]], self.surfaces.labels[rows[at]], float(chances[at]),
                    self._how(table[at])) for at in order[:k]]

    def understand(self, text: str) -> Understood:
        """What to do with the text: take it, ask, or say that it is not known."""
        hits = self.lookup(text, 5)
        return self.judge(hits)

    def judge(self, hits: list[Hit]) -> Understood:
        """The outcome for hits that `lookup` returned."""
        likely = [hit for hit in hits if hit.score >= self.model.possible]
        if not likely:
            return Understood("unknown", None, ())
        outcome: Outcome = "sure" if likely[0].score >= self.model.sure else "did_you_mean"
        return Understood(outcome, likely[0], tuple(likely[1:]))

    def readings(self, text: str) -> list[Query]:
        """Ways to read the text: as typed, without brackets, camel case parted, aliases."""
        typed = dict.fromkeys(plain(form) for form in (text, without_brackets(text), uncamel(text)))
        typed.pop("", None)
        found = {name: Query(name) for name in typed}
        for name in typed:
            for form in self.aliases.forms(name):
                found.setdefault(form, Query(form, alias=True))
        return list(found.values())[:_FORMS]

    def table(self, queries: list[Query], removed: frozenset[str], near: int) -> tuple[Ints, Ints, Floats]:
        """Candidates (owners), the name row that speaks best for each, and their columns for the model."""
        scans = [scan(self.surfaces, self.meanings, query) for query in queries]
        owners = self._candidates(scans, removed, near)
        if not len(owners):
            return owners, owners, np.zeros((0, len(self.model.columns)), np.float32)
        parts, part_rows = [], []
        for scanned in scans:
            rows = rows_of(self.surfaces, owners, scanned.cosine)
            parts.append(columns_of(self.surfaces, self.meanings, self.known_words, scanned, owners, rows,
                                    self.wanted))
            part_rows.append(rows)
        rows = np.concatenate(part_rows)
        columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        chosen = _best_rows(self.surfaces.owner[rows], columns)
        picked = {name: values[chosen] for name, values in columns.items()}
        self._add_gaps(picked)
        table = np.stack([picked[name] for name in self.model.columns], axis=1)
        return self.surfaces.owner[rows[chosen]], rows[chosen], np.asarray(table, np.float32)

    def scores(self, owners: Ints, table: Floats) -> Doubles:
        """The model's score of each candidate that `table` gave.

        In a list of lone names it also counts how near in meaning each candidate is to the likeliest ones (feedback
        as in Rocchio 1971, the likeliest counting as much as what was typed): where entries have one name each, that
        name alone says little of what they are. No score rises; the nearest keeps its own.
        """
        raw = self.model.scores(table)
        if not self.model.feedback or len(self.surfaces.names) >= LONE_NAMES * len(self.surfaces.ids):
            return raw
        strength = raw + SAME * self._same(table)
        first = sorted(range(len(owners)), key=lambda at: (-strength[at], self.surfaces.ids[owners[at]]))[:_LEADERS]
        share = np.exp(strength[first] - strength[first[0]]).astype(np.float32)
        for prefix, meaning in self.meanings.items():
            rows = meaning.of_owners(owners, self.surfaces.first)
            near = rows @ unit((share @ rows[first])[None])[0]
            counts = self.model.feedback * (self.model.weight(f"{prefix}_name") + self.model.weight(f"{prefix}_owner"))
            raw = raw + counts * (near - near.max())
        return raw

    def _same_first(self, raw: Doubles, table: Floats) -> Doubles:
        """The scores with those of equal names above all others."""
        return raw + np.where(self._same(table) > 0, max(float(raw.max()) - float(raw.min()), 0.0) + 1e-6, 0.0)

    def _same(self, table: Floats) -> Floats:
        """1 for each row whose name is what was typed, not an alias of it."""
        return self._column(table, "exact") * (1 - self._column(table, "via_alias"))

    def _meanings(self, semantic: SlowVectors | None) -> dict[str, Meanings]:
        """Vectors of the list by column prefix; the slow ones of a long list are computed as they are asked for."""
        names, first = self.surfaces.names, self.surfaces.first
        found = {"meaning": Meanings.build(ListedVectors(self.vectors, self.surfaces.words), names, first)}
        if semantic:
            found["semantic"] = Meanings.build(semantic.suited(self.kind), names, first, later=len(names) > AT_ONCE)
        return found

    def _kind(self) -> Literal["names", "titles", "phrases"]:
        """What the list is made of; each kind has its own weights."""
        if self.surfaces.share_with_word(TITLE_WORDS) >= MOSTLY_TITLES:
            return "titles"
        words = sum(name.count(" ") + 1 for name in self.surfaces.names) / max(len(self.surfaces.names), 1)
        return "names" if words <= SHORT_NAMES else "phrases"

    def _candidates(self, scans: list[Scan], removed: frozenset[str], near: int) -> Ints:
        """Owners that are the same in some way, and those nearest by letters, words and meaning; sorted."""
        merit = np.full(len(self.surfaces.ids), -1.0, np.float32)
        found: set[int] = set()
        for scanned in scans:
            found.update(self.surfaces.same_as(scanned.query.name)[:near])
            np.maximum(merit, np.sum(scanned.merit, axis=0), out=merit)
            for values in scanned.merit:
                found.update(_top(values, near // 4))
        found.update(_top(merit, near))
        gone = {at for at in found if self.surfaces.ids[at] in removed}
        return np.array(sorted(found - gone), np.int64)

    def _add_gaps(self, columns: dict[str, Floats]) -> None:
        """How far each similarity stays behind the best candidate's."""
        for name in (*SIMILARITIES, *SEMANTIC):
            if f"{name}_gap" in self.model.columns:
                columns[f"{name}_gap"] = columns[name] - columns[name].max()

    def _column(self, table: Floats, name: str) -> Floats:
        return table[:, self.model.columns.index(name)]

    def _how(self, row: Floats) -> How:
        """Which sign speaks for the hit, in words of the interface."""
        value = dict(zip(self.model.columns, row.tolist(), strict=True))
        same = max(value["exact"], value["squash_equal"], value["root_equal"])
        if value["via_alias"] and same:
            return "alias"
        if value["exact"]:
            return "exact"
        if same or value["squash_ratio"] >= 0.85:
            return "spelling"
        if value["initials_of_label"] or value["initials_of_query"]:
            return "abbreviation"
        return "parts" if max(value["cover_query"], value["cover_label"]) >= 0.99 else "learned"


def _top(values: Floats, count: int) -> list[int]:
    """Positions of the `count` highest values above zero."""
    above = np.flatnonzero(values > 0)
    if len(above) > count:
        above = above[np.argpartition(values[above], len(above) - count)[-count:]]
    return list(above.tolist())


def _best_rows(owners: Ints, columns: dict[str, Floats]) -> Ints:
    """One row per owner: the name and reading that agree most."""
    merit = (columns["squash_ratio"] + columns["cosine"] + columns["meaning_name"] + 2 * columns["exact"]
             + columns["squash_equal"] + columns["root_equal"] - 0.05 * columns["via_alias"])
    order = np.lexsort((np.arange(len(owners)), -merit, owners))
    return order[np.unique(owners[order], return_index=True)[1]]


def _vectors(folder: Path) -> NameVectors:
    """The word vectors that ship, read once per folder."""
    if folder not in _LOADED:
        _LOADED[folder] = NameVectors.load(folder / "words.npz")
    return _LOADED[folder]


_LOADED: dict[Path, NameVectors] = {}
