"""Reads the public facts that teach the linker: O*NET titles, tasks and tools, language names, brand names."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import NamedTuple


class Text(NamedTuple):
    """A text that O*NET lists under an occupation, and how much it counts in teaching."""

    text: str
    occupation: str
    weight: float
    title: bool
    technology: bool = False


def onet(folder: Path, table: str) -> list[dict[str, str]]:
    """Rows of one O*NET table by column name."""
    with gzip.open(folder / "onet_29_3" / f"{table}.tsv.gz", "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def onet_texts(folder: Path) -> list[Text]:
    """Titles count 1, tasks 0.5, names of technologies 0.3 (one technology stands under many occupations)."""
    code = "O*NET-SOC Code"
    texts = []
    for row in onet(folder, "Occupation Data"):
        texts += [Text(row["Title"], row[code], 1.0, True), Text(row["Description"], row[code], 1.0, False)]
    for row in onet(folder, "Alternate Titles"):
        texts.append(Text(row["Alternate Title"], row[code], 1.0, True))
        if row["Short Title"] not in ("", "n/a"):
            texts.append(Text(row["Short Title"], row[code], 1.0, True))
    reported = onet(folder, "Sample of Reported Titles")
    texts += [Text(row["Reported Job Title"], row[code], 1.0, True) for row in reported]
    texts += [Text(row["Task"], row[code], 0.5, False) for row in onet(folder, "Task Statements")]
    texts += [Text(row["Example"], row[code], 0.3, False, True) for row in onet(folder, "Technology Skills")]
    return texts


def short_titles(folder: Path) -> list[tuple[str, str]]:
    """(short, full) job titles, as `CEO`, `Chief Executive Officer`."""
    pairs = []
    for row in onet(folder, "Alternate Titles"):
        short, full = row["Short Title"], row["Alternate Title"]
        if short in ("", "n/a"):
            continue
        before, _, inside = full.partition(" (")
        inside = inside.rstrip(")")
        pairs.append((short, inside if before == short and inside else before))
    return sorted(set(pairs))


def language_aliases(folder: Path) -> list[tuple[str, str]]:
    """(alias, name) of programming languages."""
    stored = json.loads((folder / "aliases" / "linguist_languages.json").read_text("utf-8"))
    return [(alias, name) for name, facts in stored.items() for alias in facts.get("aliases", [])]


def brand_aliases(folder: Path) -> list[tuple[str, str]]:
    """(alias, name) of brands and tools."""
    stored = json.loads((folder / "aliases" / "simple_icons.json").read_text("utf-8"))
    pairs = []
    for icon in stored:
        aliases = icon.get("aliases", [])
        pairs += [(alias, icon["title"]) for alias in aliases if isinstance(alias, str)]
    return pairs


def brand_names(folder: Path) -> list[str]:
    """Names of brands and tools."""
    return [icon["title"] for icon in json.loads((folder / "aliases" / "simple_icons.json").read_text("utf-8"))]


def link_task(folder: Path, task: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]], dict[str, set[str]]]:
    """Surfaces, queries and right answers of one task."""
    def pairs(name: str) -> list[tuple[str, str]]:
        lines = (folder / "link" / task / name).read_text("utf-8").split("\n")
        return [(row[0], row[1]) for row in (line.split("\t") for line in lines) if len(row) > 1]

    right: dict[str, set[str]] = {}
    for line in (folder / "link" / task / "qrels.txt").read_text("utf-8").splitlines():
        query, _, identifier, grade = line.split()
        if int(grade) > 0:
            right.setdefault(query, set()).add(identifier)
    return pairs("surfaces.tsv"), pairs("queries.tsv"), right
