"""A fairness audit as pages show it: rows in words, intervals to draw, and one careful sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response
from flask_babel import gettext as _

from matcher.kit.words import N_
from matcher.outcomes import fairness_actions
from matcher.outcomes.fairness_report import FairnessReport
from matcher.outcomes.fairness_words import FACTOR_WORDS, STAGE_LEADS, STAGE_WORDS, VERDICT_WORDS, group_words
from matcher.outcomes.models import AuditRun
from matcher.ranking.audit import GroupRow, StageTable, Verdict
from web.kit import charts, pages
from web.kit.model_words import number
from web.kit.words import translate

TONES: Mapping[Verdict | None, str] = {
    Verdict.ADVERSE: "brick", Verdict.WATCH: "sun", Verdict.CANNOT_TELL: "plain", Verdict.NO_EVIDENCE: "leaf",
    None: "plain",
}
PROMISE_WORDS: Mapping[bool | None, str] = {
    True: N_("means what it says"), False: N_("further off than 0.05"), None: N_("cannot be told yet"),
}


@dataclass(frozen=True)
class Shown:
    """One table of a stage with its chart and the sentence that says the same."""

    title: str
    factor: str
    rows: Sequence[Mapping[str, Any]]
    chart: charts.Intervals | None
    alt: str
    verdict: str
    tone: str


@dataclass(frozen=True)
class ShownStage:
    """A stage: its name, what it counts, its tables, and the gravest word."""

    name: str
    words: str
    lead: str
    tables: Sequence[Shown]
    verdict: str
    tone: str


def read(run: AuditRun | None) -> FairnessReport | None:
    """What a kept audit says; None where there is none, or where it was kept in the form of an earlier program."""
    if run is None:
        return None
    try:
        return fairness_actions.report_of(run)
    except (KeyError, TypeError):
        return None


def stages(report: FairnessReport) -> list[ShownStage]:
    """Every stage of an audit in order."""
    found = []
    for name in dict.fromkeys(table.stage for table in report.stages):
        tables = report.of_stage(name)
        gravest = min((table.verdict for table in tables), key=list(Verdict).index)
        found.append(ShownStage(name, translate(STAGE_WORDS[name]), translate(STAGE_LEADS[name]),
                                [table_of(table) for table in tables], translate(VERDICT_WORDS[gravest]),
                                TONES[gravest]))
    return found


def download(stages: Sequence[ShownStage], kind: str) -> Response:
    """Every row of every table that is shown, as CSV or XLSX."""
    heads = (_("Stage"), _("Factor"), _("Group"), _("People"), _("Got through"), _("Rate"), _("Impact ratio"),
             _("95 percent interval"), _("p, corrected"), _("Finding"))
    return pages.table_download(_("fairness-audit"), heads, [
        (stage.words, table.factor, row["group"], row["n"], row["selected"], row["rate"], row["ratio"],
         row["interval"], row["p"], row["word"]) for stage in stages for table in stage.tables
        for row in table.rows], kind)


def table_of(table: StageTable) -> Shown:
    """One table: hidden cells stay hidden, and what cannot be told is said so."""
    factor = translate(FACTOR_WORDS.get(table.factor, " × ".join(table.factor)))
    rows = [row_of(table, row) for row in table.rows]
    drawn = [(row["group"], row["low"], row["ratio_value"], row["high"], row["tone"]) for row in rows
             if row["ratio_value"] is not None]
    chart = charts.intervals(drawn) if len(drawn) > 1 else None
    alt = "; ".join(f"{row['group']}: {row['ratio']}" for row in rows if row["ratio_value"] is not None)
    return Shown(translate(STAGE_WORDS[table.stage]), factor, [*rows, _rest(table)], chart, alt,
                 translate(VERDICT_WORDS[table.verdict]), TONES[table.verdict])


def row_of(table: StageTable, row: GroupRow) -> dict[str, Any]:
    """One group in words."""
    name = ", ".join(translate(word) for word in group_words(table.factor, row.group))
    return {
        "group": name, "n": _count(row.n), "selected": _count(row.selected), "rate": _percent(row.rate),
        "ratio": number(row.ratio, 2) if row.ratio is not None else "", "ratio_value": row.ratio,
        "low": row.low if row.low is not None else row.ratio, "high": row.high if row.high is not None else row.ratio,
        "interval": _("%(low)s to %(high)s", low=number(row.low, 2), high=number(row.high, 2))
        if row.low is not None and row.high is not None else "",
        "p": number(row.p_holm, 3) if row.p_holm is not None else "", "word": _word(row),
        "tone": TONES[row.verdict] if not row.reference else "leaf",
    }


def _rest(table: StageTable) -> dict[str, Any]:
    row = table.unknown
    return {"group": _("Not known"), "n": _count(row.n), "selected": _count(row.selected), "rate": _percent(row.rate),
            "ratio": "", "ratio_value": None, "interval": "", "p": "", "word": "", "tone": "plain"}


def _word(row: GroupRow) -> str:
    if row.hidden and row.verdict is None:
        return str(_("too few to show"))
    if row.reference:
        return str(_("highest rate: the others are compared with it"))
    if row.left_out:
        return str(_("too few to compare"))
    return translate(VERDICT_WORDS[row.verdict]) if row.verdict else ""


def _count(value: int | None) -> str:
    return "–" if value is None else number(value, 0)


def _percent(value: float | None) -> str:
    return "" if value is None else f"{number(100 * value, 0)}%"


def about_words(about: str) -> str:
    """What a release test is about, in words: a factor, and a stage or a group of it; numbers stay as they are."""
    factor_name, _colon, rest = about.partition(": ")
    factor = tuple(factor_name.split(" × "))
    if factor not in FACTOR_WORDS:
        return ""
    said = translate(FACTOR_WORDS[factor])
    if not rest:
        return said
    values = tuple(rest.split(" × "))
    words = STAGE_WORDS.get(rest) or (group_words(factor, values) if len(values) == len(factor) else rest)
    return f"{said}: " + (translate(words) if isinstance(words, str) else ", ".join(translate(word) for word in words))


def promises(report: FairnessReport) -> list[dict[str, str]]:
    """What the ranker said and what became of it: everybody first, then each group; too few are said to be too few."""
    found = []
    for place, one in enumerate(report.calibrations):
        if place and not one.group:
            continue  # everybody again, under another factor
        found.append({
            "group": ", ".join(translate(word) for word in group_words(one.factor, one.group)) if one.group
            else _("Everybody"),
            "said": "–" if one.predicted is None else number(one.predicted, 2),
            "came": "–" if one.happened is None else number(one.happened, 2),
            "off": "–" if one.ece is None else number(one.ece, 3),
            "between": "" if one.low is None or one.high is None
            else _("%(low)s to %(high)s", low=number(one.low, 3), high=number(one.high, 3)),
            "word": _("too few to tell") if one.ece is None else translate(PROMISE_WORDS[one.good]),
        })
    return found


def lists_shown(report: FairnessReport) -> list[dict[str, Any]]:
    """Places and attention in the first ten, by group; rows with too few say so."""
    found = []
    for skew in report.skews:
        for row in skew.rows:
            known = row.skew is not None and row.exposure is not None
            found.append({
                "factor": translate(FACTOR_WORDS.get(skew.factor, "")),
                "group": ", ".join(translate(word) for word in group_words(skew.factor, row.group)),
                "places": _count(row.places) if known else "–",
                "expected": number(row.expected, 0) if known and row.expected is not None else "–",
                "skew": number(row.skew, 2) if known and row.skew is not None else _("too few to tell"),
                "exposure": number(row.exposure, 2) if known and row.exposure is not None else "",
            })
    return found
