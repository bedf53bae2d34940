"""Read the public tables that the taxonomy is made from."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

Rows = list[dict[str, str]]
OWN = Path(__file__).parent / "own"


def onet(data: Path, name: str) -> Rows:
    """Rows of one O*NET table, named as O*NET names it."""
    with gzip.open(data / "onet_29_3" / f"{name}.tsv.gz", "rt", encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def wages(data: Path) -> Iterator[dict[str, str]]:
    """Rows of the occupational employment and wage statistics, every area."""
    with gzip.open(data / "bls" / "oews_2025.csv.gz", "rt", encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def projections(data: Path) -> Rows:
    """Rows of the employment projections."""
    return table(data / "bls" / "employment_projections_2024_2034.csv")


def crosswalk(data: Path) -> Rows:
    """Rows of the crosswalk between fields of study and occupations."""
    return table(data / "training" / "nj_soc2018_cip2020_crosswalk.csv")


def table(path: Path) -> Rows:
    """Rows of a comma-separated file."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def own(name: str) -> Rows:
    """Rows of one of the small tables kept beside this file by hand."""
    with (OWN / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def languages(data: Path) -> dict[str, list[str]]:
    """Programming language -> its aliases."""
    entries = json.loads((data / "aliases" / "linguist_languages.json").read_text(encoding="utf-8"))
    return {name: list(entry.get("aliases", [])) for name, entry in entries.items()}


def brands(data: Path) -> dict[str, list[str]]:
    """Brand or tool name -> its aliases."""
    entries = json.loads((data / "aliases" / "simple_icons.json").read_text(encoding="utf-8"))
    return {entry["title"]: list(entry.get("aliases", [])) for entry in entries}
