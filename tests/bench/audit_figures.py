"""`python -m tests.bench.audit_figures DATA`: every figure of the audit beside its target and what simpler rules say.

The data of `audit/xing` are only measured here: no row of them is copied into the project. With `--table D.csv` they
are written as decisions to a file of your own, for `python -m matcher audit --decisions D.csv`.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from matcher.ranking import audit, audit_lists, audit_proxy, audit_twins
from matcher.ranking.audit import Tally, Verdict
from matcher.ranking.audit_lists import Ranked
from matcher.ranking.audit_search import ALTERNATIVES
from matcher.ranking.audit_tables import Decided, score_tables, stage_tables
from matcher.ranking.learned import Stage1
from matcher.ranking.ranker import Stage0
from tests.rules import ranking_facts as draw
from tests.rules.ranker_suite import SIMPLE, judged

Figure = tuple[str, float, float | None, Mapping[str, float]]  # name, value, target, what others reach
SEX = ("sex",)
FIRST = 10
DRAWS = 2000


def profiles(folder: Path) -> list[tuple[str, int, str]]:
    """(query, place from 1, sex or "" where it is not one of the two that were noted) of every ranked profile."""
    found = []
    for path in sorted((folder / "data").glob("*.json")):
        data = json.loads(path.read_text("utf-8"))
        for place, one in enumerate(data["profiles"], start=1):
            sex = one["profile"][0].get("sex", "")
            found.append((data["category"], place, sex if sex in ("f", "m") else ""))
    return found


def decisions(rows: Sequence[tuple[str, int, str]]) -> list[Decided]:
    """Being among the first ten of a query, as a decision; the score falls with the place."""
    return [Decided(query, "first 10", place <= FIRST, {"sex": sex}, -float(place)) for query, place, sex in rows]


def write_table(rows: Sequence[Decided], path: Path) -> None:
    """The decisions as the audit command reads them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("role", "stage", "selected", "score", "sex"))
        out.writerows((row.role, row.stage, int(bool(row.selected)), row.score, row.groups["sex"]) for row in rows)


def ranked(rows: Sequence[tuple[str, int, str]]) -> tuple[list[Ranked], dict[str, tuple[str]]]:
    """The same as lists of names, and who is in which group."""
    lists: dict[str, list[str]] = {}
    groups: dict[str, tuple[str]] = {}
    for query, place, sex in rows:
        name = f"{query} {place}"
        lists.setdefault(query, []).append(name)
        if sex:
            groups[name] = (sex,)
    return [Ranked(names, names) for names in lists.values()], groups


def xing(folder: Path) -> list[Figure]:
    """The worked example: 57 queries, up to 40 ranked profiles each."""
    rows = profiles(folder)
    [first] = stage_tables(decisions(rows), [SEX])
    [within] = score_tables(decisions(rows), [SEX], within_roles=True)
    [raw] = score_tables(decisions(rows), [SEX], within_roles=False)
    lists, groups = ranked(rows)
    skew = audit_lists.skew(SEX, lists, groups, FIRST)
    women = next(row for row in first.rows if row.group == ("f",))
    single = [audit_lists.skew(SEX, [one], groups, FIRST).least for one in lists]
    exposure = {row.group[0]: row.exposure or 0.0 for row in skew.rows}
    alone = [_four_fifths(decisions(rows), query) for query in dict.fromkeys(row[0] for row in rows)]
    return [
        ("xing: profiles", float(len(rows)), None, {"of unknown sex": float(first.unknown.n or 0)}),
        ("xing: impact ratio, first 10, women", women.ratio or 0.0, None,
         {"low": women.low or 0.0, "high": women.high or 0.0, "p": women.p or 1.0, "points": women.detectable or 0.0}),
        ("xing: impact ratio, above the median within query", _least(within), None, {"raw pooled": _least(raw)}),
        ("xing: MinSkew@10 over all queries", skew.least or 0.0, math.log(0.8),
         {"worst single query": min(value for value in single if value is not None)}),
        ("xing: exposure of women", exposure["f"], None, {"men": exposure["m"]}),
        ("xing: queries called adverse", float(sum(word is Verdict.ADVERSE for word, _ in alone)), None,
         {"bare four fifths": float(sum(low for _, low in alone)), "queries": float(len(alone))}),
    ]  # fmt: skip


def _least(one: audit.StageTable) -> float:
    return min(row.ratio for row in one.rows if row.ratio is not None)


def _four_fifths(rows: Sequence[Decided], query: str) -> tuple[Verdict, bool]:
    """Our word for one query alone, and whether the ratio by itself is under .8."""
    [one] = stage_tables([row for row in rows if row.role == query], [SEX])
    ratios = [row.ratio for row in one.rows if row.ratio is not None]
    return one.verdict, bool(ratios) and min(ratios) < audit.FOUR_FIFTHS


def worked() -> list[Figure]:
    """48 of 80 against 12 of 40, to the last printed digit."""
    row = audit.compare({("m",): Tally(80, 48), ("f",): Tally(40, 12)})[("f",)]
    values = {"impact ratio": (row.ratio, 0.50, 2), "z": (row.z, -3.10, 2), "p": (row.p, 0.0019, 4),
              "interval, low": (row.low, 0.30, 2), "interval, high": (row.high, 0.83, 2)}  # fmt: skip
    return [(f"check value: {name}", round(value or 0.0, digits), target, {})
            for name, (value, target, digits) in values.items()]


def by_chance(size: int, rate: float) -> Figure:
    """How often two groups that are treated alike are called adverse, beside the ratio alone."""
    drawn = np.random.default_rng(9).binomial(size, rate, size=(DRAWS, 2)).tolist()
    words, low = 0, 0
    for one, other in drawn:
        rows = audit.compare({("a",): Tally(size, one), ("b",): Tally(size, other)}).values()
        words += any(row.verdict is Verdict.ADVERSE for row in rows)
        low += any((row.ratio if row.ratio is not None else 1.0) < audit.FOUR_FIFTHS for row in rows)
    name = f"false alarms, {size} a group treated alike, rate {rate:.2f}"
    return name, words / DRAWS, 0.05, {"bare four fifths": low / DRAWS}


def isolation() -> list[Figure]:
    """Twins and proxies on drawn people, for the fixed weights and for a learned model."""
    people = draw.crowd(50, 12, seed=2)
    learned = Stage1(draw.NEAR).fit(*judged(loves="weighted_cover"))
    moved = {name: audit_twins.ask(ranker, [SIMPLE], people) for name, ranker in (("stage 0", Stage0(draw.NEAR)),
                                                                                  ("stage 1", learned))}  # fmt: skip
    random = np.random.default_rng(3)
    labels = [("f",) if at % 2 else ("m",) for at in range(400)]
    columns = random.random((400, 8))
    planted = columns + 0.6 * np.outer([group == ("f",) for group in labels], np.eye(8)[2])
    clean, found = (max(one.auc or 0.0 for one in audit_proxy.proxies(SEX, values, labels))
                    for values in (columns, planted))
    return [
        ("twins whose score moved, of 10,000 (stage 0)", float(moved["stage 0"].moved), 0.0,
         {"asked": float(moved["stage 0"].asked)}),
        ("twins whose score moved, of 10,000 (stage 1)", float(moved["stage 1"].moved), 0.0,
         {"asked": float(moved["stage 1"].asked)}),
        ("proxy test, AUC where there is no proxy", clean, audit_proxy.LIMIT, {"a planted proxy": found}),
        ("models compared for less adverse impact", float(len(ALTERNATIVES)), 20.0, {}),
    ]  # fmt: skip


def figures(data: Path) -> list[Figure]:
    """Every figure of the audit: (name, value, target or None, baselines by name)."""
    found = [*worked(), by_chance(30, 0.3), by_chance(30, 0.2), by_chance(300, 0.3), *isolation()]
    folder = data / "audit" / "xing"
    return found + xing(folder) if folder.exists() else found


def main(argv: list[str]) -> int:
    """Print every figure beside its target and baselines, or write the worked example as a table."""
    if "--table" in argv:
        path = Path(argv[argv.index("--table") + 1])
        write_table(decisions(profiles(Path(argv[0]) / "audit" / "xing")), path)
        return 0
    for name, value, target, others in figures(Path(argv[0])):
        aim = "" if target is None else f" · target {target:.4g}"
        rest = "".join(f" · {other} {number:.4g}" for other, number in others.items())
        print(f"{name}: {value:.4g}{aim}{rest}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
