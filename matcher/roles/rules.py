"""What a posting may say, when it may carry the open flag, and which edits the hub reads again: pure decisions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from matcher.kit.errors import DomainError
from matcher.kit.words import N_

HOURS_A_YEAR = 2080
"""Forty hours in each of 52 weeks, as BLS reckons yearly from hourly wages in its OEWS figures."""
SKILLS_FOR_OPEN = 3
MOST_SKILLS = 20
MOST_POSITIONS = 500
LEVELS, WEIGHTS = range(1, 5), range(1, 4)
REVIEWED = ("title", "occupation_code", "pay_min_cents", "pay_max_cents", "pay_period", "employment_type", "degree")
"""Facts that the hub approved: with one of them changed, a role that is open goes back to the hub."""
EDITABLE = frozenset({"draft", "submitted", "changes_requested", "approved", "live", "paused"})
PUBLISHED = frozenset({"approved", "live", "paused"})
FIELD_WORDS: Mapping[str, str] = {
    "title": N_("Title"), "occupation_code": N_("Kind of work"), "summary": N_("What the work is"),
    "requirements": N_("Skills"), "pay": N_("Pay"), "progression": N_("Where it leads"), "schedules": N_("Hours"),
    "workplace": N_("Place"), "degree": N_("Degree"), "dates": N_("Dates"),
}
"""The fields that a hub comments on, in the order of the page."""
DEGREE_WORDS: Mapping[str, str] = {
    "none": N_("No degree asked for"), "or_equivalent": N_("A degree, or the skills shown another way"),
    "required": N_("Only people with a degree"),
}
WORKPLACE_WORDS: Mapping[str, str] = {
    "onsite": N_("At the workplace"), "hybrid": N_("Partly from home"), "remote": N_("From home"),
}
EMPLOYMENT_WORDS: Mapping[str, str] = {
    "full_time": N_("Full time"), "part_time": N_("Part time"), "apprenticeship": N_("Paid apprenticeship"),
    "intern": N_("Paid internship"), "contractor": N_("Contract"),
}
SCHEDULE_WORDS: Mapping[str, str] = {
    "days": N_("Days"), "evenings": N_("Evenings"), "nights": N_("Nights"), "weekends": N_("Weekends"),
    "rotating": N_("Changing shifts"), "flexible": N_("Flexible"),
}
LEVEL_WORDS: Mapping[int, str] = {
    1: N_("1: with help"), 2: N_("2: alone"), 3: N_("3: in hard cases"), 4: N_("4: teaches others"),
}
WEIGHT_WORDS: Mapping[int, str] = {1: N_("Useful"), 2: N_("Important"), 3: N_("The heart of the job")}

Fault = tuple[str, str]


def annual_cents(cents: int | None, period: str) -> int | None:
    """Pay in cents a year: hourly pay times 2,080 hours; yearly pay as it is; None stays None."""
    if cents is None:
        return None
    return cents * HOURS_A_YEAR if str(period) == "hour" else cents


# ------------------------------------------------------------------------------------ invariant 3: the open flag
_Test = Callable[[Any, Any], bool]
OPEN_CONDITIONS: tuple[tuple[str, str, _Test], ...] = (
    ("commitment", N_("Your organization has an active commitment to consider nontraditional candidates."),
     lambda posting, commitment: commitment is not None and str(commitment.state) in {"active", "at_risk"}),
    ("degree", N_("The role does not demand a degree with no other way in."),
     lambda posting, commitment: str(posting.degree) != "required"),
    ("pay", N_("The pay range is shown."),
     lambda posting, commitment: posting.pay_min_cents is not None and posting.pay_max_cents is not None),
    ("skills", N_("At least three skills are listed, each with a level."),
     lambda posting, commitment: len(posting.requirements) >= SKILLS_FOR_OPEN),
    ("progression", N_("The page says where the role leads."),
     lambda posting, commitment: bool(posting.progression.strip())),
)
OPEN_FAULTS: Mapping[str, str] = {
    "commitment": N_("There is no active commitment to consider nontraditional candidates. An owner can sign one."),
    "degree": N_("It demands a degree with no other way in. Allow skills shown another way."),
    "pay": N_("The pay is not shown. Give the lowest and the highest pay."),
    "skills": N_("Fewer than three skills are listed. Add skills with the level you need."),
    "progression": N_("It does not say where the role leads. Name the next job, or the next step in pay."),
}


def open_flag_conditions(posting: Any, commitment: Any) -> list[tuple[str, str, bool]]:
    """Invariant 3, condition by condition: (code, words, met).

    `posting` has degree, pay_min_cents, pay_max_cents, progression and requirements; `commitment` is the employer's
    commitment to consider that is in force in the posting's hub, or None.
    """
    return [(code, words, test(posting, commitment)) for code, words, test in OPEN_CONDITIONS]


def open_flag_faults(posting: Any, commitment: Any) -> list[Fault]:
    """What keeps the role from being called open to nontraditional candidates: (code, words) for each."""
    return [(code, OPEN_FAULTS[code]) for code, _, met in open_flag_conditions(posting, commitment) if not met]


# ------------------------------------------------------------------------------------------- what a posting may say
def check_facts(facts: Mapping[str, Any], *, filled: int = 0) -> None:
    """Raise DomainError, by the field, for facts that cannot stand: names, pay, positions, hours, progression."""
    if not str(facts.get("title") or "").strip():
        raise DomainError(N_("Give the role a title."), field="title")
    _check_pay(facts.get("pay_min_cents"), facts.get("pay_max_cents"), str(facts.get("pay_period") or "hour"))
    positions = facts.get("positions", 1)
    if not isinstance(positions, int) or not max(1, filled) <= positions <= MOST_POSITIONS:
        raise DomainError(N_("Say how many people you want to hire: at least %(least)s, at most %(most)s."),
                          field="positions", params={"least": max(1, filled), "most": MOST_POSITIONS})
    if set(facts.get("schedules") or ()) - SCHEDULE_WORDS.keys():
        raise DomainError(N_("Choose from the list."), field="schedules")


def _check_pay(low: int | None, high: int | None, period: str) -> None:
    if low is None and high is None:
        return
    if low is None or high is None:
        raise DomainError(N_("Give both ends of the pay range."), field="pay_max" if high is None else "pay_min")
    if low <= 0:
        raise DomainError(N_("Pay must be more than nothing."), field="pay_min")
    if high < low:
        raise DomainError(N_("The highest pay is below the lowest."), field="pay_max")
    yearly = annual_cents(high, period) or 0
    if yearly > 100_000_000 or (period == "year" and low < 500_000):
        raise DomainError(N_("Check the amount, and whether it is for an hour or a year."), field="pay_min")


Requirement = tuple[str, int, bool, int]


def check_requirements(rows: Sequence[Requirement], known: Iterable[str]) -> None:
    """Raise DomainError for a skill that is unknown or listed twice, or a level or weight that is not on the ladder."""
    if len(rows) > MOST_SKILLS:
        raise DomainError(N_("List at most %(most)s skills: the ones that decide."), field="requirements",
                          params={"most": MOST_SKILLS})
    ids = [row[0] for row in rows]
    if len(set(ids)) < len(ids):
        raise DomainError(N_("A skill is listed twice."), field="requirements")
    if set(ids) - set(known):
        raise DomainError(N_("A skill is not known in this hub."), field="requirements")
    if any(level not in LEVELS or weight not in WEIGHTS for _, level, _, weight in rows):
        raise DomainError(N_("Choose a level from 1 to 4 and a weight from 1 to 3."), field="requirements")


def submit_faults(posting: Any, today: date) -> list[Fault]:
    """What is missing before the hub can read a posting: (field, words)."""
    faults: list[Fault] = []
    if not posting.occupation_code:
        faults.append(("occupation", N_("Say what kind of work it is, so that people find it.")))
    if not posting.summary.strip():
        faults.append(("summary", N_("Write two or three sentences about the work.")))
    if not any(row.must for row in posting.requirements):
        faults.append(("requirements", N_("List at least one skill that is a must, with its level.")))
    if is_past(posting.closes_on, today):
        faults.append(("closes_on", N_("The last day to apply has passed. Set a new one.")))
    if posting.filled >= posting.positions:
        faults.append(("positions", N_("Every position is taken. Say how many people you look for in all.")))
    return faults


# ------------------------------------------------------------------------------------------------ dates and edits
def is_past(closes_on: date | None, today: date) -> bool:
    """Is the last day to apply over; the day itself still counts."""
    return closes_on is not None and closes_on < today


def reviewed_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of the facts the hub approved that an edit changes; `requirements` are compared without their order."""
    changed = [name for name in REVIEWED if name in after and before.get(name) != after[name]]
    if "requirements" in after and set(before["requirements"]) != set(after["requirements"]):
        changed.append("requirements")
    return changed
