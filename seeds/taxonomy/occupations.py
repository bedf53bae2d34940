"""Make the tables of occupations: titles, zones, typical skills with level, and related occupations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from seeds.taxonomy import reading
from seeds.taxonomy.naming import folded

Row = tuple[object, ...]
MIN_IMPORTANCE = 2.5  # O*NET's scale is 1-5; below this an element is not typical of the work
BELOW_BACHELOR = range(1, 6)  # categories of required education, up to an associate's degree
UP_TO_TWO_YEARS = range(1, 6)  # categories of related work experience, up to two years


def occupations(data: Path) -> Iterator[Row]:
    """Code, title, SOC, job zone, percent below bachelor's, percent with up to two years of experience, in Spanish."""
    zones = {row["O*NET-SOC Code"]: row["Job Zone"] for row in reading.onet(data, "Job Zones")}
    spanish = {row["code"]: row["title"] for row in reading.own("spanish_titles.tsv")}
    education = shares(data, "RL", BELOW_BACHELOR)
    experience = shares(data, "RW", UP_TO_TWO_YEARS)
    for row in reading.onet(data, "Occupation Data"):
        code = row["O*NET-SOC Code"]
        figures = zones.get(code, ""), education.get(code, ""), experience.get(code, "")
        yield code, row["Title"], code[:7], *figures, spanish.get(code, "")


def shares(data: Path, scale: str, categories: range) -> dict[str, float]:
    """Occupation -> percent of the people asked who chose one of the categories of a scale."""
    total: dict[str, float] = defaultdict(float)
    for row in reading.onet(data, "Education, Training, and Experience"):
        if row["Scale ID"] == scale and row["Category"]:
            chosen = float(row["Category"]) in categories
            total[row["O*NET-SOC Code"]] += float(row["Data Value"] or 0) if chosen else 0.0
    return {code: round(value, 1) for code, value in total.items()}


def titles(data: Path) -> Iterator[Row]:
    """code, other title, whether workers reported it, language; each title once per occupation."""
    sample = reading.onet(data, "Sample of Reported Titles")
    reported = {(row["O*NET-SOC Code"], row["Reported Job Title"]) for row in sample}
    official = {row["O*NET-SOC Code"]: folded(row["Title"]) for row in reading.onet(data, "Occupation Data")}
    found = dict.fromkeys(reported, True)
    for row in reading.onet(data, "Alternate Titles"):
        for title in (row["Alternate Title"], row["Short Title"]):
            if title and title != "n/a":
                found.setdefault((row["O*NET-SOC Code"], title), False)
    seen: set[tuple[str, str]] = set()
    for (code, title), flag in sorted(found.items(), key=lambda item: (item[0][0], not item[1], item[0][1])):
        key = (code, folded(title))
        if key not in seen and folded(title) != official.get(code):
            seen.add(key)
            yield code, title[:200], int(flag), "en"
    for row in reading.own("spanish_titles.tsv"):
        for title in (row["title"], *filter(None, row["others"].split(";"))):
            if (row["code"], folded(title)) not in seen:
                seen.add((row["code"], folded(title)))
                yield row["code"], title, 0, "es"


def typical(data: Path, code_of: dict[str, str]) -> Iterator[Row]:
    """code, skill, importance, level, hot, in demand: elements first, then technologies (no importance or level)."""
    for name in ("Skills", "Knowledge"):
        yield from elements(reading.onet(data, name))
    merged: dict[tuple[str, str], list[bool]] = {}
    for row in reading.onet(data, "Technology Skills"):
        flags = merged.setdefault((row["O*NET-SOC Code"], code_of[row["Example"]]), [False, False])
        flags[0] |= row["Hot Technology"] == "Y"
        flags[1] |= row["In Demand"] == "Y"
    for (code, skill), (hot, demanded) in sorted(merged.items()):
        yield code, skill, "", "", int(hot), int(demanded)


def elements(rows: reading.Rows) -> Iterator[Row]:
    """The elements that matter to an occupation, with importance 1-5 and level on our ladder."""
    values: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in rows:
        if row["Recommend Suppress"] != "Y":
            values[row["O*NET-SOC Code"], row["Element ID"]][row["Scale ID"]] = float(row["Data Value"])
    for (code, element), found in sorted(values.items()):
        importance = found.get("IM", 0.0)
        if importance >= MIN_IMPORTANCE and "LV" in found:
            yield code, "onet:" + element, importance, ladder(found["LV"]), 0, 0


def ladder(level: float) -> int:
    """O*NET's level 0-7 on our ladder 1-4: four equal parts, so up to 1.75 is 1 and over 5.25 is 4."""
    return min(4, max(1, int(-(-level // 1.75))))


def related(data: Path) -> Iterator[Row]:
    """code, related code, tier, position (1 is the nearest)."""
    for row in reading.onet(data, "Related Occupations"):
        yield row["O*NET-SOC Code"], row["Related O*NET-SOC Code"], row["Relatedness Tier"], int(row["Index"])
