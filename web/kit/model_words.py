"""Says in plain words what a model is, what changed with it, and what the release tests found."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web.kit.reasons import PART_WORDS

STAGE_WORDS: Mapping[int, Any] = {
    0: _l("Fixed weights"), 1: _l("Learned weights"), 2: _l("Learned steps"),
}
STAGE_LEADS: Mapping[int, Any] = {
    0: _l("Stage 0: weights that were written down by people, the same in every hub. Nothing is learned yet."),
    1: _l("Stage 1: the same eight parts, weighted by what people decided in this hub. No part can count against "
          "anybody for having more."),
    2: _l("Stage 2: as stage 1, and parts may count more together than apart. Still no part can count against anybody "
          "for having more."),
}
CHECK_WORDS: Mapping[str, Any] = {
    "not_worse": _l("Ranks no worse than the model in use"), "calibrated": _l("Says the chance it means"),
    "answers_calibrated": _l("People say yes as often as it says"),
    "twins": _l("Twins that differ in what must not count score the same"),
    "skew": _l("Every group has its share of the first ten places"), "adverse": _l("No group is kept out"),
    "proxy": _l("Groups cannot be guessed from what it looks at"),
    "alternatives": _l("Other models were compared"), "file": _l("The file is the one that was trained"),
}
SMALLEST_CHANGE = 2.0  # points of 100


def points(value: float) -> str:
    """Points of 100, whole."""
    return str(format_decimal(round(value)))


def change_lines(changes: Mapping[str, Any], most: int = 4) -> list[str]:
    """The largest moves in what counts, as sentences; one saying so when nothing moved much."""
    rows = sorted(zip(changes.get("columns", ()), changes.get("before", ()), changes.get("after", ()), strict=True),
                  key=lambda row: -abs(row[2] - row[1]))
    found = []
    for name, before, after in rows[:most]:
        if abs(after - before) >= SMALLEST_CHANGE:
            words = {"part": str(PART_WORDS[name]), "before": points(before), "after": points(after)}
            more = after > before
            found.append(_("%(part)s: counts more, %(after)s of 100 points where it was %(before)s", **words) if more
                         else _("%(part)s: counts less, %(after)s of 100 points where it was %(before)s", **words))
    found = found or [_("Every part counts about as much as before.")]
    return [line[:1].upper() + line[1:] for line in map(str, found)]


def failed_lines(gate: Sequence[Mapping[str, Any]]) -> list[str]:
    """The tests that were not passed, each as a sentence with its figure."""
    return [f"{CHECK_WORDS.get(check['code'], check['code'])}: {figure_words(check)}"
            for check in gate if check["passed"] is False]


def figure_words(check: Mapping[str, Any]) -> str:
    """The figure of one test beside its limit."""
    figures, code = check["figures"], check["code"]
    if code == "not_worse":
        said = str(_("%(new)s against %(old)s on %(roles)s roles it had not seen", new=number(figures["new"], 3),
                     old=number(figures["running"], 3), roles=figures["roles"]))
        return said + _within(figures)
    if code in ("calibrated", "answers_calibrated"):
        return str(_("off by %(ece)s on average", ece=number(figures["ece"], 3))) + _within(figures)
    if code == "twins":
        return str(_("%(moved)s of %(twins)s moved", moved=number(figures["value"], 0), twins=figures["about"]))
    if code == "adverse":
        return str(ngettext("%(num)s group kept out", "%(num)s groups kept out", int(figures["value"] or 0)))
    if figures.get("value") is None:
        return str(_("too few people to tell"))
    return str(_("%(value)s, limit %(limit)s", value=number(figures["value"], 2), limit=number(figures["limit"], 2)))


def _within(figures: Mapping[str, Any]) -> str:
    """The interval of a figure, where one was kept."""
    between = figures.get("between")
    if between is None:
        return ""
    low, high = number(between["low"], 3), number(between["high"], 3)
    return " " + (str(_("(difference between %(low)s and %(high)s)", low=low, high=high)) if "gain" in figures
                  else str(_("(between %(low)s and %(high)s)", low=low, high=high)))


def number(value: float, digits: int) -> str:
    """A number with so many digits, in the reader's manner."""
    return str(format_decimal(round(value, digits), format="#,##0." + "0" * digits if digits else "#,##0"))
