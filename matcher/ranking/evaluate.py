"""How good an order is: nDCG, average precision, recall and reciprocal rank, with ties broken in the open."""

import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matcher.ranking.files import BadInput, read_fields

Judgments = Mapping[str, Mapping[str, int]]
RELEVANT = 1  # from this grade on
DEPTH = 10
_GRADES = range(5)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a TREC run."""

    id: str
    rank: int
    score: float


Run = Mapping[str, Sequence[Line]]
METRICS = (f"nDCG@{DEPTH}", "MAP", f"recall@{DEPTH}", "MRR")


def in_order(lines: Sequence[Line]) -> list[str]:
    """Ids by score, highest first; equal scores by the rank the run gives, and equal ranks by id."""
    return [line.id for line in sorted(lines, key=lambda line: (-line.score, line.rank, line.id))]


def ndcg(order: Sequence[str], grades: Mapping[str, int], depth: int = DEPTH) -> float:
    """Discounted gain against the best order: gain = grade, discount 1/log2(1+rank) (Järvelin and Kekäläinen 2002)."""
    best = sum(grade / math.log2(rank + 1) for rank, grade in enumerate(_ideal(grades)[:depth], start=1))
    gain = sum(max(grades.get(name, 0), 0) / math.log2(rank + 1) for rank, name in enumerate(order[:depth], start=1))
    return gain / best if best else 0.0


def average_precision(order: Sequence[str], grades: Mapping[str, int]) -> float:
    """Mean over all relevant ones of the precision where each is found; 0 for those not found."""
    wanted, hits, total = _relevant(grades), 0, 0.0
    for rank, name in enumerate(order, start=1):
        if name in wanted:
            hits += 1
            total += hits / rank
    return total / len(wanted) if wanted else 0.0


def recall(order: Sequence[str], grades: Mapping[str, int], depth: int = DEPTH) -> float:
    """Share of the relevant ones among the first `depth`."""
    wanted = _relevant(grades)
    return len(wanted.intersection(order[:depth])) / len(wanted) if wanted else 0.0


def reciprocal_rank(order: Sequence[str], grades: Mapping[str, int]) -> float:
    """1 / rank of the first relevant one, 0 when there is none."""
    wanted = _relevant(grades)
    return next((1.0 / rank for rank, name in enumerate(order, start=1) if name in wanted), 0.0)


def by_query(run: Run, judgments: Judgments) -> dict[str, dict[str, float]]:
    """Each metric for each judged query that has something relevant; a query the run leaves out gets 0."""
    found = {}
    for query, grades in judgments.items():
        if _relevant(grades):
            order = in_order(run.get(query, ()))
            values = (ndcg(order, grades), average_precision(order, grades), recall(order, grades),
                      reciprocal_rank(order, grades))  # fmt: skip
            found[query] = dict(zip(METRICS, values, strict=True))
    return found


def means(values: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Mean of each metric over the queries."""
    return {name: math.fsum(row[name] for row in values.values()) / max(len(values), 1) for name in METRICS}


def paired_t(one: Sequence[float], other: Sequence[float]) -> tuple[float, float]:
    """Mean difference and two-sided p of a paired t-test (Student 1908); p is 1 where all differences are 0."""
    from scipy import stats  # slow to load, and only needed for two runs

    differences = [a - b for a, b in zip(one, other, strict=True)]
    mean = math.fsum(differences) / max(len(differences), 1)
    if len(set(differences)) < 2:
        return mean, 1.0 if mean == 0.0 or len(differences) < 2 else 0.0
    return mean, float(stats.ttest_rel(one, other).pvalue)


def read_run(path: Path) -> dict[str, list[Line]]:
    """A TREC run: `qid Q0 id rank score name`; BadInput by line for anything else."""
    found: dict[str, dict[str, Line]] = {}
    for number, (query, _, name, rank, score, _) in read_fields(path, ("qid", "Q0", "id", "rank", "score", "name")):
        line = Line(name, int(_number(path, number, "rank", rank, whole=True)), _number(path, number, "score", score))
        if found.setdefault(query, {}).setdefault(name, line) is not line:
            raise BadInput(path, number, "id", f"{name!r} is given twice for {query!r}")
    return {query: list(lines.values()) for query, lines in found.items()}


def read_judgments(
    path: Path, queries: Container[str] | None = None, names: Container[str] | None = None
) -> dict[str, dict[str, int]]:
    """TREC judgments: `qid 0 id grade`, grades 0 to 4; BadInput by line for anything else, or for unknown ids."""
    found: dict[str, dict[str, int]] = {}
    for number, (query, _, name, text) in read_fields(path, ("qid", "0", "id", "grade")):
        grade = int(_number(path, number, "grade", text, whole=True))
        if grade not in _GRADES:
            raise BadInput(path, number, "grade", f"{grade} is not 0 to 4")
        if name in found.setdefault(query, {}):
            raise BadInput(path, number, "id", f"{name!r} is judged twice for {query!r}")
        for key, value, known in (("qid", query, queries), ("id", name, names)):
            if known is not None and value not in known:
                raise BadInput(path, number, key, f"{value!r} is in neither roles nor candidates")
        found[query][name] = grade
    return found


def _number(path: Path, line: int, key: str, text: str, *, whole: bool = False) -> float:
    try:
        value = int(text) if whole else float(text)
    except ValueError:
        raise BadInput(path, line, key, f"{text[:40]!r} is not a {'whole ' if whole else ''}number") from None
    if not math.isfinite(value) or abs(value) > 1e300:
        raise BadInput(path, line, key, f"{text[:40]!r} is out of range")
    return value


def _ideal(grades: Mapping[str, int]) -> list[int]:
    return sorted((grade for grade in grades.values() if grade > 0), reverse=True)


def _relevant(grades: Mapping[str, int]) -> set[str]:
    return {name for name, grade in grades.items() if grade >= RELEVANT}
