"""Pure decisions about placements: when checks fall due, when they may be answered, what an employer's word proves."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from matcher.kit.words import N_
from matcher.placements.models import CHECK_DAYS

LINK_DAYS = 45
ANSWER_WINDOW = timedelta(days=LINK_DAYS)
STILL_WORDS: Mapping[str, str] = {"yes": N_("Yes"), "no": N_("No"), "unknown": N_("I don’t know")}
CONFIRMATION_WORDS: Mapping[str, str] = {
    "self_reported": N_("The person says so"), "provider_reported": N_("The provider says so"),
    "employer_confirmed": N_("The employer confirmed it"), "wage_record": N_("Wage records show it"),
}
END_REASONS: Mapping[str, str] = {
    "better_job": N_("They found a better job"), "promoted": N_("They moved up inside the organization"),
    "fit": N_("The work did not fit"), "attendance": N_("Attendance"), "skills": N_("Skills were missing"),
    "supports": N_("Transport, childcare or health"), "budget": N_("We had to cut the position"),
    "contract": N_("The contract ended as planned"), "check": N_("Reported in a check"), "other": N_("Something else"),
}


def check_dates(started_on: date) -> dict[int, date]:
    """Day number to the date the check is due: 30, 90, 180 and 365 days after the start."""
    return {day: started_on + timedelta(days=day) for day in CHECK_DAYS}


def may_answer(due_on: date, today: date) -> bool:
    """A check cannot be answered early (invariant 8)."""
    return today >= due_on


def effective(answers: Iterable[Any], side: str) -> Any | None:
    """The answer that counts for a side: the newest. Earlier ones stay on record."""
    return max((a for a in answers if a.side == side), key=lambda a: (a.created_at, a.id), default=None)


def unreachable_on(due_on: date) -> date:
    """The day a check without an answer is set aside as unknown."""
    return due_on + ANSWER_WINDOW
