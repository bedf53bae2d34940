"""What the fairness lab draws: curves, calibration, weights, drift and lessons, in words and numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matcher.matches.model_drift import CHANGED, STEADY
from matcher.matches.models import RankerModel, RankingWatch
from matcher.outcomes.fairness_words import FACTOR_WORDS
from matcher.outcomes.rules import SMALLEST_CELL, publish
from matcher.ranking.features import COLUMNS
from matcher.ranking.ranker import WEIGHTS
from web.kit import charts
from web.kit.fairness import about_words
from web.kit.figures import shown
from web.kit.model_words import CHECK_WORDS, figure_words, number
from web.kit.reasons import PART_WORDS
from web.kit.words import translate

GRADE_ROWS = ("0", "1", "2", "3", "4")
LOSSES = ("never_shown", "no_response", "closed", "withdrawn", "open", "not_read", "no_reason")


@dataclass(frozen=True)
class Drawn:
    """A chart with the sentence that says what it shows, and the rows of its table."""

    chart: charts.Chart
    words: str
    rows: Sequence[Sequence[str]]


def learning(model: RankerModel) -> Drawn | None:
    """How well roles left out are ranked after learning from so many judged roles, beside the fixed weights."""
    curve = model.metrics.get("curve") or []
    if not curve:
        return None
    values = [point[name] for point in curve for name in ("learned", "fixed")]
    low, high = max(0.0, min(values) - 0.05), min(1.0, max(values) + 0.05)
    labels = [(point["roles"], number(point["roles"], 0)) for point in curve]
    chart = charts.lines(
        [(_("Fixed weights"), "plain", [(point["roles"], point["fixed"]) for point in curve]),
         (_("Learned here"), "main", [(point["roles"], point["learned"]) for point in curve])],
        labels=labels, low=low, high=high)
    last = curve[-1]
    words = _("After %(roles)s judged roles the learned order scores %(learned)s on roles it has not seen; the fixed "
              "weights score %(fixed)s. 1 is the best order there could be.", roles=last["roles"],
              learned=number(last["learned"], 3), fixed=number(last["fixed"], 3))
    return Drawn(chart, words, [(number(point["roles"], 0), number(point["learned"], 3), number(point["fixed"], 3))
                                for point in curve])


def calibration(model: RankerModel) -> Drawn | None:
    """What the model said beside what happened, on roles it had not seen; groups under ten are left out."""
    return _said_and_seen(model.metrics.get("calibration") or {}, _("Pairs"))


def accepting(model: RankerModel) -> Drawn | None:
    """The same for the person's side: the chance of a yes beside the answers people gave; None where it has no say."""
    found = model.metrics.get("answers") or {}
    return _said_and_seen(found, _("Answers")) if found.get("outcome") == "two_sided" else None


def _said_and_seen(found: Mapping[str, Any], of_what: str) -> Drawn | None:
    points = [tuple(point) for point in found.get("points", []) if point[2] >= SMALLEST_CELL]
    if not points:
        return None
    top = min(1.0, max(0.5, max(max(point[0], point[1]) for point in points) + 0.05))
    words = _("Said and happened differ by %(ece)s on average (limit 0.05). On the dashed line both are equal.",
              ece=number(found["ece"], 3))
    if between := found.get("between"):
        words += " " + _("With so few of them chance alone would show about %(chance)s; the true difference "
                         "lies between %(low)s and %(high)s.", chance=number(between["chance"], 3),
                         low=number(between["low"], 3), high=number(between["high"], 3))
    rows = [(_percent(said), _percent(seen), number(size, 0)) for said, seen, size in points]
    return Drawn(charts.against([(said, seen, size) for said, seen, size in points], of_what, top=top), words, rows)


def weights(model: RankerModel | None) -> list[dict[str, Any]]:
    """How much each part counts, of 100 points, before and now; the fixed weights where nothing was learned."""
    if model is None:
        rows = [(name, 100 * WEIGHTS[name], 100 * WEIGHTS[name]) for name in COLUMNS]
    else:
        changes = model.changes
        rows = list(zip(changes["columns"], changes["before"], changes["after"], strict=True))
    found = [{"part": str(PART_WORDS[name]).capitalize(), "before": before, "after": after,
              "before_words": number(before, 0), "after_words": number(after, 0)} for name, before, after in rows]
    return sorted(found, key=lambda row: -row["after"])


def checks(gate: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The release tests by kind: failed when one of its parts failed, noted when none could be told; with the parts."""
    found = []
    for code in dict.fromkeys(check["code"] for check in gate):
        parts = [check for check in gate if check["code"] == code]
        said = [check["passed"] for check in parts]
        passed = False if False in said else True if True in said else None
        first = next(check for check in parts if check["passed"] is passed)
        found.append({"words": CHECK_WORDS.get(code, code), "passed": passed, "figure": figure_words(first),
                      "about": about_words(str(first["figures"].get("about", ""))), "parts": [
                          (about_words(str(check["figures"].get("about", ""))), check["passed"], figure_words(check))
                          for check in parts] if len(parts) > 1 else []})
    return found


def drift(watch: RankingWatch | None) -> list[dict[str, Any]]:
    """Each month's pairs against the first ones, by part, with a word for each."""
    rows = (watch.figures.get("drift") or []) if watch else []
    return [{
        "month": row["month"], "pairs": shown(publish(row["pairs"])), "reference": row["reference"],
        "cells": [_moved(row["psi"].get(name)) for name in COLUMNS],
    } for row in rows]


def moves(watch: RankingWatch | None) -> list[dict[str, Any]]:
    """For each month the part that moved most, for a page; the whole table is a download."""
    found = []
    for row in reversed((watch.figures.get("drift") or []) if watch else []):
        known = [(value, name) for name, value in row["psi"].items() if value is not None]
        value, name = max(known, default=(None, ""))
        found.append({"month": _month(row["month"]), "pairs": shown(publish(row["pairs"])),
                      "reference": row["reference"], "part": str(PART_WORDS[name]) if name else "", **_moved(value)})
    return found


def _month(text: str) -> str:
    return str(format_date(date.fromisoformat(f"{text}-01"), "LLLL yyyy"))


def alternatives(records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The record of other models that were compared, one table for each way of grouping."""
    return [{
        "title": translate(FACTOR_WORDS.get(tuple(record["factor"]), " × ".join(record["factor"]))),
        "better": record["better"], "best": record["best"], "pairs": number(record["pairs"], 0),
        "rows": [{"name": tried["name"], "ndcg": number(tried["ndcg"], 3), "equal": tried["equal"],
                  "ratio": number(tried["ratio"], 2) if tried["ratio"] is not None else _("too few to tell"),
                  "best": tried["name"] == record["best"], "in_use": tried["name"] == record["in_use"]}
                 for tried in record["tried"]],
    } for record in records]


def _moved(value: float | None) -> dict[str, str]:
    if value is None:
        return {"value": "", "word": "", "tone": "plain"}
    word, tone = (_("steady"), "leaf") if value < STEADY else (_("watch"), "sun") if value < CHANGED else \
        (_("changed"), "brick")
    return {"value": number(value, 2), "word": str(word), "tone": tone}


def drift_heads() -> list[str]:
    """The parts, in the order of the cells."""
    return [str(PART_WORDS[name]).capitalize() for name in COLUMNS]


def lessons(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How many decisions of each kind were learned from; small numbers are not shown."""
    words = {
        "0": _("Read and turned down, with a reason"), "1": _("Read, and a skill was confirmed since"),
        "2": _("Shortlisted"), "3": _("Hired, and the start confirmed"), "4": _("Still there after 90 days"),
    }
    grades = figures.get("grades") or {}
    return [(str(words[code]), shown(publish(int(grades.get(code, 0))))) for code in GRADE_ROWS]


def losses(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What taught nothing, and why: silence and closed roles are never a no."""
    words = {
        "never_shown": _("Decided, but never shown in a list before"), "no_response": _("No answer from the employer"),
        "closed": _("The role was closed or filled"), "withdrawn": _("The person withdrew or was hired elsewhere"),
        "open": _("Still open"), "not_read": _("Turned down without having been read"),
        "no_reason": _("Turned down for a reason that is not about the person"),
    }
    left_out = figures.get("left_out") or {}
    return [(str(words[code]), shown(publish(int(left_out[code])))) for code in LOSSES if left_out.get(code)]


SIDE_WORDS: Mapping[str, Any] = {
    "two_sided": _l("Two sides: the chance that the employer goes on, times the chance that the person says yes."),
    "no_gain": _l("One side: what people answered so far does not tell who will say yes, so only the employers' side "
                  "counts."),
    "costs_order": _l("One side: with the chance of a yes the lists would order people worse than the fixed weights "
                      "do."),
    "too_few_answers": _l("One side: too few people have answered an invitation or an offer, so only the employers' "
                          "side counts."),
}


def side(metrics: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    """Whether both sides speak, in a sentence, and how many answers there are of each kind; small numbers not shown."""
    found = metrics.get("answers") or {}
    silent = found.get("unanswered") or {}
    rows = [(_("Said yes to a time or an offer"), found.get("accepted", 0)),
            (_("Declined an offer, or left after being asked"), found.get("declined", 0)),
            (_("Not answered: never a no"), silent.get("unanswered", 0)),
            (_("Hired elsewhere before answering: never a no"), silent.get("elsewhere", 0))]
    return (str(SIDE_WORDS[found.get("outcome", "too_few_answers")]),
            [(str(words), shown(publish(int(count)))) for words, count in rows])


def _percent(value: float) -> str:
    return f"{number(100 * value, 0)}%"
