"""Make the table of skills and their other names: technologies, O*NET elements, and our own few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from seeds.taxonomy import reading
from seeds.taxonomy.naming import derived_aliases, folded, slug

COMMON = 4  # occupations that use a technology before its short forms are believed
# Two elements share the name Mathematics; the skill says what it is.
ELEMENT_NAMES = {"2.A.1.e": "Using mathematics", "2.A.1.f": "Using science", "2.C.1.b": "Office administration"}


@dataclass
class SkillRow:
    """One skill on its way into the table."""

    id: str
    kind: str
    name: str
    hot: bool = False
    in_demand: bool = False
    commodity_code: str = ""
    commodity: str = ""
    uses: int = 0
    name_es: str = ""


@dataclass
class SkillTable:
    """All skills, their other names, and which code an O*NET name became."""

    rows: dict[str, SkillRow] = field(default_factory=dict)
    aliases: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """Folded alias -> (skill id, alias, source): one alias means one skill."""
    code_of: dict[str, str] = field(default_factory=dict)
    near: list[tuple[str, str]] = field(default_factory=list)

    def names(self) -> dict[str, str]:
        """Folded shown name -> skill id; the most used wins where two are written alike."""
        ordered = sorted(self.rows.values(), key=lambda row: (row.uses, row.id))
        return {folded(row.name): row.id for row in ordered}

    def alias(self, skill: str, text: str, source: str, taken: dict[str, str]) -> None:
        """Keep another name unless it is a shown name or another skill had it first."""
        key = folded(text)
        if key and taken.get(key) is None and key not in self.aliases:
            self.aliases[key] = (skill, text.strip(), source)


def build(data: Path) -> SkillTable:
    """The whole table. Order decides who keeps a disputed alias: ours, O*NET's, languages, brands, derived."""
    table = SkillTable()
    technologies(table, reading.onet(data, "Technology Skills"))
    elements(table, data)
    ours = own_skills(table)
    taken = table.names()
    for skill, text in ours:
        table.alias(skill, text, "own", taken)
    for name, code in sorted(table.code_of.items()):
        table.alias(code, name, "onet", taken)
    borrowed(table, reading.languages(data), "linguist", taken)
    derive(table, taken)
    borrowed(table, reading.brands(data), "simple-icons", taken)
    in_spanish(table, taken)
    return table


def technologies(table: SkillTable, rows: reading.Rows) -> None:
    """Add each distinct technology under its code; names that give the same code are one technology."""
    shown = {row["onet_name"]: row for row in reading.own("names.tsv")}
    uses = Counter(row["Example"] for row in rows)
    commodities: dict[str, Counter[tuple[str, str]]] = {}
    for row in rows:
        commodities.setdefault(row["Example"], Counter())[row["Commodity Code"], row["Commodity Title"]] += 1
    hot = {row["Example"] for row in rows if row["Hot Technology"] == "Y"}
    demanded = {row["Example"] for row in rows if row["In Demand"] == "Y"}
    for name in sorted(uses, key=lambda name: (name not in shown, -uses[name], name)):
        entry = shown.get(name, {"shown": name, "code": ""})
        code = "tech:" + (entry["code"] or slug(entry["shown"]))
        table.code_of[name] = code
        (commodity_code, commodity), _ = min(commodities[name].items(), key=lambda item: (-item[1], item[0]))
        row = table.rows.setdefault(
            code, SkillRow(code, "technology", entry["shown"], False, False, commodity_code, commodity)
        )
        row.uses += uses[name]
        row.hot |= name in hot
        row.in_demand |= name in demanded


def elements(table: SkillTable, data: Path) -> None:
    """Add O*NET's skill and knowledge elements."""
    for kind, name in (("skill", "Skills"), ("knowledge", "Knowledge")):
        for row in reading.onet(data, name):
            code = "onet:" + row["Element ID"]
            shown = ELEMENT_NAMES.get(row["Element ID"], row["Element Name"])
            table.rows.setdefault(code, SkillRow(code, kind, shown))


def own_skills(table: SkillTable) -> Iterable[tuple[str, str]]:
    """Add the skills that O*NET lacks; give back every alias of our own with its skill. Unknown codes are refused."""
    found = []
    for row in reading.own("skills.tsv"):
        code = row["code"]
        if code not in table.rows:
            kind = "technology" if code.startswith("tech:") else "own"
            table.rows[code] = SkillRow(code, kind, row["name"])
        found += [(code, alias) for alias in row["aliases"].split(";") if alias]
        table.near += [(code, other) for other in row["near"].split()]
    found += [(row["skill"], row["alias"]) for row in reading.own("aliases.tsv")]
    unknown = {code for code, _ in found} | {other for _, other in table.near}
    if unknown := unknown - table.rows.keys():
        raise ValueError(f"own tables name unknown skills: {sorted(unknown)}")
    return found


def in_spanish(table: SkillTable, taken: dict[str, str]) -> None:
    """Add how skills are called in Spanish, the shown name first; a name that English uses keeps its English sense."""
    for row in reading.own("spanish.tsv"):
        table.rows[row["skill"]].name_es = row["name"]
        for text in (row["name"], *row["aliases"].split(";")):
            table.alias(row["skill"], text, "spanish", taken)


def borrowed(table: SkillTable, entries: dict[str, list[str]], source: str, taken: dict[str, str]) -> None:
    """Take the aliases of every entry whose name is a technology that we know."""
    for name, aliases in sorted(entries.items()):
        skill = _technology(table, name, taken)
        for text in aliases if skill else ():
            if skill and len(text) > 2:
                table.alias(skill, text, source, taken)


def _technology(table: SkillTable, text: str, taken: dict[str, str]) -> str | None:
    key = folded(text)
    skill = taken.get(key) or table.aliases.get(key, (None,))[0]
    return skill if skill and skill.startswith("tech:") else None


def derive(table: SkillTable, taken: dict[str, str]) -> None:
    """Add the names that follow from O*NET's way of writing; one that would mean two technologies is left out.

    Only for technologies that several occupations use: the short form of a rare one is noise to everybody else.
    """
    candidates: dict[str, dict[str, str]] = {}
    for name, code in sorted(table.code_of.items()):
        row = table.rows[code]
        if row.uses >= COMMON or row.hot or row.in_demand:
            for text in derived_aliases(name):
                candidates.setdefault(folded(text), {})[code] = text
    for meanings in candidates.values():
        if len(meanings) == 1:
            code, text = next(iter(meanings.items()))
            table.alias(code, text, "derived", taken)
