"""`python -m matcher audit`: anybody's decisions in, tables by stage and group out, each row with one careful word."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from matcher.ranking import audit_cells
from matcher.ranking.audit import Group, GroupRow, Limits, StageTable, Verdict, gravest
from matcher.ranking.audit_intake import Decisions, read_decisions
from matcher.ranking.audit_tables import MIN_SHARE, score_tables, stage_tables
from matcher.ranking.files import BadInput, write_text

Options = argparse.Namespace
WORDS = {
    Verdict.ADVERSE: "adverse", Verdict.WATCH: "watch", Verdict.CANNOT_TELL: "cannot tell",
    Verdict.NO_EVIDENCE: "no evidence",
}  # fmt: skip
LEGEND = """
ratio: rate over the highest rate, with its 95 % interval. p: two-sided, by z, or by Fisher's exact test
where an expected count is under 5.
Holm: p corrected for the number of groups. points: the smallest difference this many people could show
(α .05, power .8). adverse: ratio under .80, corrected p under .05, and one person more or less does not change it.
cannot tell: only a difference over 20 points would have shown. watch: ratio under .80 otherwise.
No evidence is not proof of fairness, and none of this is legal advice.
"""


def main(argv: list[str]) -> int:
    """Audit a file of decisions; 0 when the tables were written, 2 when the input has to be corrected first."""
    try:
        options = _parser().parse_args(argv)
        _audit(options)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    except BadInput as problem:
        sys.stderr.write(f"audit: {' '.join(str(problem).split())}\n")  # a column's name may hold a line end
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("matcher audit", description="See who gets through, by stage and group.")
    parser.add_argument("--decisions", type=Path, required=True,
                        help="CSV: role, stage, selected (0/1 or yes/no), group columns; optional: score, candidate")
    parser.add_argument("--groups", type=_names, help="which group columns, with commas (default: all)")
    parser.add_argument("--cross", type=_names, action="append", default=[],
                        help="group columns to be crossed, such as sex,race; may be given again")
    parser.add_argument("--min-share", type=_share, default=MIN_SHARE,
                        help="groups under this share are not compared (default 0.02)")
    parser.add_argument("--scores", action="store_true", help="also by score: above the median, within roles and raw")
    parser.add_argument("--hide", action="store_true", help="hide small cells, so that the tables may be published")
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.add_argument("--out", type=Path, help="write to this file, not to the screen")
    return parser


def _audit(options: Options) -> None:
    found = read_decisions(options.decisions)
    factors = _factors(options, found)
    if options.scores and not any(row.score is not None for row in found.rows):
        raise BadInput(options.decisions, 1, "score", "holds no score to compare")
    limits = Limits(share=options.min_share)
    tables = {"stages": stage_tables(found.rows, factors, limits)}
    if options.scores:
        tables["within"] = score_tables(found.rows, factors, limits, within_roles=True)
        tables["raw"] = score_tables(found.rows, factors, limits, within_roles=False)
    if options.hide:
        tables = {kind: _hidden(own) for kind, own in tables.items()}
    text = _json(tables) if options.json else "\n".join(_lines(tables)) + LEGEND
    if options.out:
        write_text(options.out, text)
    else:
        sys.stdout.write(text)


def _factors(options: Options, found: Decisions) -> list[Group]:
    single = [(name,) for name in options.groups or found.columns]
    crossed = [tuple(names) for names in options.cross]
    for factor in [*single, *crossed]:
        for name in factor:
            if name not in found.columns:
                raise BadInput(options.decisions, 1, name, f"is not a group column ({', '.join(found.columns)})")
        if len(set(factor)) != len(factor):
            raise BadInput(options.decisions, 1, factor[0], "is crossed with itself")
    return list(dict.fromkeys([*single, *crossed]))


def _hidden(tables: Sequence[StageTable]) -> list[StageTable]:
    names = dict.fromkeys(one.stage for one in tables)
    return [one for name in names for one in audit_cells.suppress([own for own in tables if own.stage == name])]


def _json(tables: dict[str, list[StageTable]]) -> str:
    found: dict[str, Any] = {kind: [{**asdict(one), "verdict": one.verdict} for one in own]
                             for kind, own in tables.items()}
    found["verdict"] = gravest(one.verdict for one in tables["stages"])
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


HEADS = {
    "stages": "", "within": "scores above the median of their role, pooled", "raw": "scores above the median of all",
}  # fmt: skip


def _lines(tables: dict[str, list[StageTable]]) -> Iterator[str]:
    for kind, own in tables.items():
        for one in own:
            head = f"Stage {one.stage} by {' × '.join(one.factor)}: {WORDS[one.verdict]}"
            yield f"{head} ({HEADS[kind]})" if HEADS[kind] else head
            yield from _table(one)
            yield ""


def _table(one: StageTable) -> Iterator[str]:
    names = [" × ".join(row.group) for row in one.rows]
    width = max([len("unknown"), *map(len, names)])
    yield (f"  {'group':<{width}} {'people':>7} {'through':>7} {'rate':>6} {'ratio':>6} {'95 %':>11} {'z':>6} {'p':>6} "
           f"{'Holm':>6} {'points':>6}  word")
    for name, row in zip(names, one.rows, strict=True):
        yield f"  {name:<{width}} {_counts(row)} {_figures(row)}  {_word(row)}"
    yield f"  {'unknown':<{width}} {_counts(one.unknown)}"
    yield f"  {'all':<{width}} {_counts(one.total)}"


def _counts(row: GroupRow) -> str:
    if row.hidden:
        return f"{'–':>7} {'–':>7} {'–':>6}"
    return f"{row.n:>7} {row.selected:>7} {_number(row.rate, 3):>6}"


def _figures(row: GroupRow) -> str:
    bounds = f"{_number(row.low, 2)}–{_number(row.high, 2)}" if row.low is not None else ""
    z = "Fisher" if row.test == "fisher" else _number(row.z, 2)
    points = _number(row.detectable, 1)
    return f"{_number(row.ratio, 2):>6} {bounds:>11} {z:>6} {_p(row.p):>6} {_p(row.p_holm):>6} {points:>6}"


def _word(row: GroupRow) -> str:
    word = WORDS[row.verdict] if row.verdict else "highest rate" if row.reference else ""
    notes = [word, "left out: too few" if row.left_out else "", "too few to show" if row.hidden else "",
             "one person would change it" if row.flips else ""]
    return ", ".join(note for note in notes if note)


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _p(value: float | None) -> str:
    return "" if value is None else "<.0001" if value < 0.0001 else f"{value:.4f}".lstrip("0") if value < 1 else "1"


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    if not all(names):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of names with commas between them")
    return names


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value < 1.0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share from 0 to 1")
    return value
