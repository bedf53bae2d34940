"""Builds `aliases.tsv` from our own list, O*NET short titles, language aliases and brand aliases."""

from __future__ import annotations

from pathlib import Path

from matcher.ranking.link_text import plain
from seeds.models.link.teach_data import brand_aliases, language_aliases, short_titles

HERE = Path(__file__).parent
NOTE = ("# kind, other form, usual form. Own list first; then O*NET 29.3 short titles (CC BY 4.0, modified),\n"
        "# linguist language aliases (MIT) and simple-icons aliases (CC0).\n")


def own() -> list[tuple[str, str, str]]:
    """Rows of our own list."""
    rows, kind = [], "name"
    for line in (HERE / "own_aliases.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]").removesuffix("s")
        elif line and not line.startswith("#"):
            usual, _, others = line.partition(": ")
            rows += [(kind, other.strip(), usual) for other in others.split(", ")]
    return rows


def write(data: Path) -> int:
    """Write the table; returns how many rows it has. A form that means many things is left out."""
    rows = own()
    for pairs in (short_titles(data), language_aliases(data), brand_aliases(data)):
        meant: dict[str, set[str]] = {}
        for other, usual in pairs:
            meant.setdefault(plain(other), set()).add(usual)
        rows += [("name", other, usual) for other, usual in pairs
                 if 0 < len(meant[plain(other)]) <= 3 and plain(other) != plain(usual)]
    unique = list(dict.fromkeys(rows))
    (HERE / "aliases.tsv").write_text(NOTE + "".join("\t".join(row) + "\n" for row in unique), "utf-8")
    return len(unique)
