"""Make the shipped tables from the public sources: `python -m seeds.taxonomy.build DATA_FOLDER` (developers only)."""

from __future__ import annotations

import argparse
import gzip
import io
import json
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path

from seeds.taxonomy import labor, occupations, similar, technology
from seeds.taxonomy.sources import SOURCES

HERE = Path(__file__).parent


def main() -> int:
    """Write every table and SOURCES.json beside this file; the same data gives the same bytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with onet_29_3, bls, training and aliases")
    data = parser.parse_args().data
    table = technology.build(data)
    write("skills", SKILL_COLUMNS, (flat(astuple(row)) for _, row in sorted(table.rows.items())))
    write("skill_aliases", ("skill_id", "alias", "source"), sorted(table.aliases.values()))
    write("occupations", OCCUPATION_COLUMNS, occupations.occupations(data))
    write("titles", ("occupation_code", "title", "reported", "language"), occupations.titles(data))
    write("occupation_skills", TYPICAL_COLUMNS, occupations.typical(data, table.code_of))
    write("related", ("occupation_code", "related_code", "tier", "position"), occupations.related(data))
    write("labor", labor.COLUMNS, sorted((*labor.projections(data), *labor.wages(data)), key=lambda row: row[:5]))
    write("cip_soc", ("cip", "soc", "cip_title"), sorted(set(labor.crosswalk(data))))
    write("similar", ("skill_id", "neighbor_id", "similarity"), similar.pairs(data, table))
    text = json.dumps(SOURCES, indent=2, ensure_ascii=False) + "\n"
    (HERE / "SOURCES.json").write_text(text, encoding="utf-8")
    return 0


SKILL_COLUMNS = ("id", "kind", "name", "hot", "in_demand", "commodity_code", "commodity", "uses", "name_es")
OCCUPATION_COLUMNS = ("code", "title", "soc", "job_zone", "below_bachelor_percent", "short_experience_percent",
                      "title_es")
TYPICAL_COLUMNS = ("occupation_code", "skill_id", "importance", "level", "hot", "in_demand")


def flat(values: Iterable[object]) -> list[object]:
    """Booleans as 0 and 1."""
    return [int(value) if isinstance(value, bool) else value for value in values]


def write(name: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Write one gzipped tab-separated table without a timestamp; tabs and line breaks inside a value are refused."""
    text = io.StringIO()
    count = 0
    for row in (columns, *rows):
        cells = [str(cell) for cell in row]
        if any("\t" in cell or "\n" in cell for cell in cells):
            raise ValueError(f"{name}: a value holds a tab or a line break: {cells}")
        text.write("\t".join(cells) + "\n")
        count += 1
    target = HERE / f"{name}.tsv.gz"
    with target.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=9) as out:
        out.write(text.getvalue().encode("utf-8"))
    print(f"{name}: {count - 1:,} rows, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    raise SystemExit(main())
