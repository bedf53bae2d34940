"""Pure decisions about placements: when checks fall due, when they may be answered, what an employer's word proves."""

from datetime import date, timedelta

from matcher.placements.models import CHECK_DAYS

LINK_DAYS = 45
ANSWER_WINDOW = timedelta(days=LINK_DAYS)


def check_dates(started_on: date) -> dict[int, date]:
    """Day number to the date the check is due: 30, 90, 180 and 365 days after the start."""
    return {day: started_on + timedelta(days=day) for day in CHECK_DAYS}


def may_answer(due_on: date, today: date) -> bool:
    """A check cannot be answered early (invariant 8)."""
    return today >= due_on


def unreachable_on(due_on: date) -> date:
    """The day a check without an answer is set aside as unknown."""
    return due_on + ANSWER_WINDOW
