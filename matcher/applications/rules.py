"""Pure decisions about applications: when an answer is due, what an answer must hold, who may see a name."""

from collections.abc import Mapping
from datetime import date, timedelta

from matcher.kit.words import N_

OPEN_STATES = ("draft", "submitted", "in_review", "shortlisted", "interviewing", "offered")
WAITING_STATES = ("submitted", "in_review")
REVEALED_STATES = frozenset({"shortlisted", "interviewing", "offered", "accepted"})
REMIND_SHARE = 0.5
ESCALATE_SHARE = 0.75

ANSWERS: Mapping[str, str] = {
    "must_skill": N_("A must-have skill is not there yet"),
    "evidence": N_("Others had more to show for the same skills"),
    "schedule": N_("The hours do not fit"),
    "place": N_("The place does not fit"),
    "pay": N_("The pay does not fit"),
    "start": N_("The start does not fit"),
    "interview": N_("Another person did better in the interview"),
    "need_changed": N_("We no longer need this role as it was"),
    "filled": N_("The role is filled"),
    "closed": N_("The employer closed the role"),
    "other": N_("Something else, as said below"),
}
EMPLOYER_ANSWERS = tuple(code for code in ANSWERS if code not in {"filled", "closed"})
LEAST_WORDS = 20


def answer_due(submitted_on: date, hub_days: int) -> date:
    """The day by which an application must be answered (invariant 12)."""
    return submitted_on + timedelta(days=hub_days)


def remind_on(submitted_on: date, due: date) -> date:
    """The day the employer is reminded: half way."""
    return submitted_on + timedelta(days=int((due - submitted_on).days * REMIND_SHARE))


def escalate_on(submitted_on: date, due: date) -> date:
    """The day the hub is told: three quarters of the way."""
    return submitted_on + timedelta(days=int((due - submitted_on).days * ESCALATE_SHARE))


def name_shows(state: str, revealed: bool) -> bool:
    """Name and contact show from shortlist on, and stay shown (invariant 10)."""
    return revealed or state in REVEALED_STATES
