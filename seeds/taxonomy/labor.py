"""Make the table of labor-market facts: wages by area, and what is projected for the next ten years."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from seeds.taxonomy import reading

Row = tuple[object, ...]
COLUMNS = (
    "source",
    "period",
    "area_type",
    "area",
    "soc",
    "employment",
    "employment_projected",
    "change_percent",
    "annual_openings",
    "median_hourly_cents",
    "median_annual_cents",
    "p10_annual_cents",
    "p90_annual_cents",
    "entry_education",
    "work_experience",
    "on_the_job_training",
)
ALL = "00-0000"
NATION = "United States"
AREA_TYPES = {"N": "nation", "S": "state", "M": "metro"}
LARGE_METRO = 400_000  # jobs: every occupation is kept for metropolitan areas at least this large
FAMILIES = ("15-", "43-", "49-")  # computer, office and installation work is kept for every metropolitan area
PROJECTED = "2024-2034"


def wages(data: Path) -> Iterator[Row]:
    """The nation and every state in full; large metropolitan areas in full, smaller ones for a few families."""
    rows = list(reading.wages(data))
    large = {row["area"] for row in rows if row["soc"] == ALL and int(count(row) or 0) >= LARGE_METRO}
    for row in rows:
        soc, kind = row["soc"], AREA_TYPES[row["area_type"]]
        broad = soc != ALL and soc.endswith("0") and kind != "nation"
        small = kind == "metro" and row["area"] not in large
        if broad or (small and soc != ALL and not soc.startswith(FAMILIES)):
            continue
        area = NATION if kind == "nation" else row["area"]
        measures = [cents(row[name]) for name in WAGE_COLUMNS]
        yield ("bls-oews", "2025", kind, area, soc, count(row), "", "", "", *measures, "", "", "")


WAGE_COLUMNS = ("median_hourly_wage", "median_annual_wage", "p10_annual_wage", "p90_annual_wage")


def projections(data: Path) -> Iterator[Row]:
    """Employment now and in ten years, openings a year, typical entry; the first row is the sum of all."""
    rows = reading.projections(data)
    now, then, openings = (sum(number(row[name]) for row in rows) for name in EMPLOYMENT)
    change = round(100 * (then / now - 1), 1)
    blank = ("", "", "", "")
    head = ("bls-projections", PROJECTED, "nation", NATION)
    yield (*head, ALL, jobs(now), jobs(then), change, jobs(openings), *blank, "", "", "")
    for row in rows:
        yield (
            *head,
            row["Occupation Code"],
            *(jobs(number(row[name])) for name in EMPLOYMENT[:2]),
            number(row["Employment Percent Change, 2024-2034"]),
            jobs(number(row[EMPLOYMENT[2]])),
            *blank,
            row["Typical Entry-Level Education"],
            row["Work Experience in a Related Occupation"],
            row["Typical on-the-job Training"],
        )


EMPLOYMENT = ("Employment 2024", "Employment 2034", "Occupational Openings, 2024-2034 Annual Average")


def number(text: str) -> float:
    """A figure of the projections table, which writes thousands with commas."""
    return float(text.replace(",", ""))


def jobs(thousands: float) -> int:
    """Thousands of jobs as jobs."""
    return round(thousands * 1000)


def count(row: dict[str, str]) -> str:
    """Employment of a wage row; blank where it is not published."""
    return row["employment"] if row["employment"].isdigit() else ""


def cents(dollars: str) -> int | str:
    """Dollars as whole cents; blank where the source gives no figure (`-` not published, `#` above its top)."""
    return round(float(dollars) * 100) if dollars[:1].isdigit() else ""


def crosswalk(data: Path) -> Iterator[Row]:
    """cip, soc, title of the field of study; rows that match nothing are left out."""
    for row in reading.crosswalk(data):
        cip, soc = row["CIP2020Code"].strip(), row["SOC2018Code"].strip()
        if cip and soc and not cip.startswith("99.9") and not soc.startswith("99-"):
            yield cip.zfill(7), soc, row["CIP2020Title"].strip().rstrip(".")
