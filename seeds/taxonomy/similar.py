"""Compute how near skills are to one another, so that who knows PostgreSQL is no stranger to MySQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from seeds.taxonomy import reading
from seeds.taxonomy.technology import SkillTable

Matrix = NDArray[np.float64]
Pair = tuple[str, str, float]
NEAREST = 12
DIMENSIONS = 60
FLOOR = 0.25  # a similarity below this says nothing
DEMAND_WEIGHT = 3.0  # an occupation whose employers ask for a technology counts three times
OWN_SIMILARITY = 0.5  # our own judgement that two skills lie side by side
PSEUDO_USES = 3.0  # a technology seen in few occupations has an uncertain neighborhood
CO_USE, TREE = 0.55, 0.3


def pairs(data: Path, table: SkillTable) -> Iterator[Pair]:
    """skill, neighbor, similarity in (0, 1]; at most a dozen computed neighbors per skill, nearest first."""
    best: dict[tuple[str, str], float] = {}
    for one, other, value in (*technology_pairs(data, table), *element_pairs(data), *own_pairs(table)):
        best[one, other] = max(value, best.get((one, other), 0.0))
    by_skill: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for (one, other), value in best.items():
        by_skill[one].append((-value, other))
    for one, found in sorted(by_skill.items()):
        yield from ((one, other, -value) for value, other in sorted(found)[:NEAREST])


def technology_pairs(data: Path, table: SkillTable) -> Iterator[Pair]:
    """Co-use in occupations and the commodity tree, `0.55 * cosine * shrinkage + 0.3 * tree`.

    Cosine of truncated singular vectors of the positive pointwise mutual information of occupation x technology
    (Levy and Goldberg 2014). Shrinkage is `g / (g + 3)`, g the geometric mean of the two counts of occupations. The
    two weights leave the top of the scale to tools that our own table calls of one kind.
    """
    counts, skills = co_use(data, table)
    vectors = embed(ppmi(counts))
    uses = np.array([table.rows[skill].uses for skill in skills], dtype=float)
    geometric = np.sqrt(np.outer(uses, uses))
    similarity = CO_USE * np.clip(vectors @ vectors.T, 0, 1) * geometric / (geometric + PSEUDO_USES)
    similarity += TREE * tree([table.rows[skill].commodity_code for skill in skills])
    yield from nearest(similarity, skills)


def co_use(data: Path, table: SkillTable) -> tuple[csr_matrix, list[str]]:
    """Occupation x technology weights, for technologies that at least two occupations use."""
    skills = sorted(row.id for row in table.rows.values() if row.uses >= 2)
    column = {skill: place for place, skill in enumerate(skills)}
    cells: dict[tuple[str, int], float] = {}
    for row in reading.onet(data, "Technology Skills"):
        skill = table.code_of[row["Example"]]
        if skill in column:
            key = (row["O*NET-SOC Code"], column[skill])
            cells[key] = max(cells.get(key, 0), DEMAND_WEIGHT if row["In Demand"] == "Y" else 1.0)
    line = {code: place for place, code in enumerate(sorted({code for code, _ in cells}))}
    places = [(line[code], skill) for code, skill in cells]
    shape = (len(line), len(skills))
    return csr_matrix((list(cells.values()), tuple(np.array(places).T)), shape=shape), skills


def ppmi(counts: csr_matrix) -> Matrix:
    """`max(0, ln(p(o, t) / (p(o) p(t)^0.75)))`, with the context smoothing of Levy, Goldberg and Dagan 2015."""
    dense = counts.toarray().astype(float)
    total = dense.sum()
    rows = dense.sum(axis=1, keepdims=True) / total
    columns = dense.sum(axis=0, keepdims=True) ** 0.75
    columns /= columns.sum()
    with np.errstate(divide="ignore"):
        information = np.log(dense / total / (rows * columns))
    return np.maximum(information, 0.0)


def embed(information: Matrix) -> Matrix:
    """Unit vectors of the columns in the leading singular directions, weighted by the root of their strength."""
    _, strength, directions = np.linalg.svd(information, full_matrices=False)
    vectors = directions[:DIMENSIONS].T * np.sqrt(strength[:DIMENSIONS])
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Matrix = vectors / np.where(length > 0, length, 1)
    return unit


def tree(codes: list[str]) -> Matrix:
    """Nearness in the commodity tree: 1 same commodity, 0.5 same class, 0.2 same family, else 0."""
    found = np.zeros((len(codes), len(codes)))
    for digits, value in ((4, 0.2), (6, 0.5), (8, 1.0)):
        prefix = np.array([code[:digits] if code else str(place) for place, code in enumerate(codes)])
        found[prefix[:, None] == prefix[None, :]] = value
    return found


def nearest(similarity: Matrix, names: list[str]) -> Iterator[Pair]:
    """The dozen nearest of each name, over the floor."""
    np.fill_diagonal(similarity, 0)
    for place, name in enumerate(names):
        order = np.argsort(-similarity[place].round(3), kind="stable")[:NEAREST]
        for other in order:
            value = min(1.0, round(float(similarity[place, other]), 3))
            if value >= FLOOR:
                yield name, names[other], value


def element_pairs(data: Path) -> Iterator[Pair]:
    """Skills and knowledge: correlation over occupations of importance, less each occupation's and element's mean.

    Taking out the occupation's mean leaves what is particular to the work; demanding work is high on everything.
    """
    cells: dict[tuple[str, str], float] = {}
    for name in ("Skills", "Knowledge"):
        for row in reading.onet(data, name):
            if row["Scale ID"] == "IM":
                cells[row["O*NET-SOC Code"], "onet:" + row["Element ID"]] = float(row["Data Value"])
    elements = sorted({element for _, element in cells})
    codes = [code for code in sorted({code for code, _ in cells}) if all((code, e) in cells for e in elements)]
    values = np.array([[cells[code, element] for element in elements] for code in codes])
    values -= values.mean(axis=1, keepdims=True)
    similarity = np.corrcoef(values.T)
    for one, other, value in nearest(similarity, elements):
        if value >= 0.5:
            yield one, other, round(value * 0.8, 3)


def own_pairs(table: SkillTable) -> Iterator[Pair]:
    """Pairs from our own tables, both ways: skills side by side, and tools of one kind."""
    for one, other in table.near:
        yield one, other, OWN_SIMILARITY
        yield other, one, OWN_SIMILARITY
    for row in reading.own("kinds.tsv"):
        for one, other in permutations(row["skills"].split(), 2):
            if not {one, other} <= table.rows.keys():
                raise ValueError(f"{row['kind']} names an unknown skill: {one}, {other}")
            yield one, other, float(row["similarity"])
