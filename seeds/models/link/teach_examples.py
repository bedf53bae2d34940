"""Makes the examples that teach the linker's weights: a query, its candidates' columns, and which are right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.link import Linker
from matcher.ranking.link_features import SIMILARITIES
from seeds.models.link.teach_data import Text, brand_aliases, brand_names, language_aliases, link_task, onet

Pair = tuple[str, str]
Asked = tuple[str, set[str]]


@dataclass(frozen=True, slots=True)
class Example:
    """One query: candidates × columns, the share of "right" each carries (all 0 = none of them), its weight."""

    table: NDArray[np.float32]
    right: NDArray[np.float64]
    weight: float
    source: str
    key: int  # examples of one query have one key, so that folds keep them together


def of_queries(linker: Linker, asked: Sequence[Asked], source: str, weight: float, *, near: int = 60,
               removed_too: float = 0.5, seed: int = 0) -> Iterable[Example]:
    """Examples of (text, right ids) queries; a share of them once more with the right answers taken away."""
    random = np.random.default_rng(seed)
    columns = list(linker.model.columns)
    for key, (text, ids) in enumerate(asked):
        queries = linker.readings(text)
        if not queries:
            continue
        owners, _, table = linker.table(queries, frozenset(), near)
        right = np.array([linker.surfaces.ids[owner] in ids for owner in owners])
        if right.any():
            yield Example(table, right / right.sum(), weight, source, key)
        if (random.random() < removed_too or not right.any()) and not right.all():
            yield Example(_gaps_again(table[~right], columns), np.zeros((~right).sum()), weight, source, key)


def _gaps_again(table: NDArray[np.float32], columns: list[str]) -> NDArray[np.float32]:
    """The columns as they would be without the rows that were taken out."""
    out = table.copy()
    for name in (*SIMILARITIES, "semantic_name", "semantic_owner"):
        if f"{name}_gap" in columns:
            values = out[:, columns.index(name)]
            out[:, columns.index(f"{name}_gap")] = values - values.max()
    return out


def so_tags(folder: Path) -> tuple[list[Pair], list[Asked]]:
    """Stack Overflow tag synonyms (CC BY-SA 4.0)."""
    surfaces, queries, right = link_task(folder, "so_tags")
    return surfaces, [(text, right[key]) for key, text in queries]


def titles(kept: Sequence[Text], held: Sequence[Text], count: int) -> tuple[list[Pair], list[Asked]]:
    """Held-out job titles -> occupation, by a few of its other titles (O*NET)."""
    random = np.random.default_rng(2)
    by_code: dict[str, list[str]] = {}
    for text in kept:
        if text.title:
            by_code.setdefault(text.occupation, []).append(text.text)
    surfaces = [(code, str(label)) for code, labels in sorted(by_code.items())
                for label in random.choice(labels, min(len(labels), int(random.integers(1, 25))), replace=False)]
    means: dict[str, set[str]] = {}
    for text in held:
        means.setdefault(text.text, set()).add(text.occupation)
    picked = random.choice(sorted(means), count, replace=False)
    return surfaces, [(str(text), means[str(text)]) for text in picked]


def neighbours(held: Sequence[Text], entries: int, count: int) -> tuple[list[Pair], list[Asked]]:
    """Held-out job titles -> the held-out titles of the same occupation, each an entry of its own (O*NET)."""
    random = np.random.default_rng(3)
    codes: dict[str, set[str]] = {}
    for text in held:
        codes.setdefault(text.text, set()).add(text.occupation)
    names = [str(name) for name in random.permutation(sorted(codes))]
    listed, asked = names[:entries], names[entries : entries + count]
    surfaces = [(f"n{at}", name) for at, name in enumerate(listed)]
    return surfaces, [(name, {f"n{at}" for at, other in enumerate(listed) if codes[name] & codes[other]})
                      for name in asked]


def tools(folder: Path, count: int) -> tuple[list[Pair], list[Asked]]:
    """Names of tools and technologies -> the commodity they are (O*NET)."""
    random = np.random.default_rng(4)
    means: dict[str, set[str]] = {}
    surfaces: dict[str, str] = {}
    for table in ("Tools Used", "Technology Skills"):
        for row in onet(folder, table):
            means.setdefault(row["Example"], set()).add(row["Commodity Code"])
            surfaces[row["Commodity Code"]] = row["Commodity Title"]
    picked = random.choice(sorted(means), count, replace=False)
    return sorted(surfaces.items()), [(str(text), means[str(text)]) for text in picked]


def tool_names(folder: Path, count: int) -> tuple[list[Pair], list[Asked]]:
    """Names of tools and technologies -> commodity, by its title and some of its other examples (O*NET)."""
    random = np.random.default_rng(6)
    _, asked = tools(folder, count)
    queries = {text for text, _ in asked}
    examples: dict[str, set[str]] = {}
    titled: dict[str, str] = {}
    for table in ("Tools Used", "Technology Skills"):
        for row in onet(folder, table):
            titled[row["Commodity Code"]] = row["Commodity Title"]
            if row["Example"] not in queries:
                examples.setdefault(row["Commodity Code"], set()).add(row["Example"])
    surfaces = []
    for code, title in sorted(titled.items()):
        known = sorted(examples.get(code, ()))
        shown = random.choice(known, min(len(known), int(random.integers(0, 12))), replace=False) if known else []
        surfaces += [(code, title), *((code, str(label)) for label in shown)]
    return surfaces, asked


def classes(folder: Path, count: int) -> tuple[list[Pair], list[Asked]]:
    """Names of commodities -> the class they belong to (UNSPSC as O*NET carries it)."""
    random = np.random.default_rng(5)
    rows = onet(folder, "UNSPSC Reference")
    surfaces = {row["Class Code"]: row["Class Title"] for row in rows}
    means: dict[str, set[str]] = {}
    for row in rows:
        means.setdefault(row["Commodity Title"], set()).add(row["Class Code"])
    picked = random.choice(sorted(means), count, replace=False)
    return sorted(surfaces.items()), [(str(text), means[str(text)]) for text in picked]


def brands(folder: Path) -> tuple[list[Pair], list[Asked]]:
    """Aliases of languages and brands -> their name (linguist MIT, simple-icons CC0)."""
    pairs = language_aliases(folder) + brand_aliases(folder)
    names = dict.fromkeys([name for _, name in pairs] + brand_names(folder))
    ids = {name: f"b{at}" for at, name in enumerate(names)}
    means: dict[str, set[str]] = {}
    for alias, name in pairs:
        means.setdefault(alias, set()).add(ids[name])
    return [(identifier, name) for name, identifier in ids.items()], sorted(means.items())
