"""What an organization may be called, promise and sign: pure decisions, with dates handed in."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from matcher.kit.errors import DomainError
from matcher.kit.words import N_

FAMILIES: Mapping[str, str] = {
    "support": N_("IT support and help desk"), "networks": N_("Networks and systems"),
    "software": N_("Software and web development"), "data": N_("Data and reporting"),
    "security": N_("Cybersecurity"), "cloud": N_("Cloud and operations"), "testing": N_("Testing and quality"),
    "coordination": N_("Business analysis and project coordination"),
}
SCREENS: Mapping[str, str] = {
    "degree": N_("A college degree"), "drug_test": N_("A drug test"), "credit": N_("A credit check"),
    "criminal_record": N_("A criminal record check"), "visa": N_("No visa sponsorship"),
    "relocation": N_("No help with moving"),
}
COMMITMENT_WORDS: Mapping[str, str] = {
    "consider": N_("Consider people who learned outside a degree"),
    "paid_internship": N_("Offer paid internships or apprenticeships"),
    "full_time_hires": N_("Hire full time"), "feedback": N_("Tell providers how hires do"),
}
KIND_WORDS: Mapping[str, str] = {
    "employer": N_("Employer"), "training_provider": N_("Training provider"),
    "workforce_organization": N_("Workforce organization"), "civic": N_("Civic body"), "funder": N_("Funder"),
}
ROLE_WORDS: Mapping[str, str] = {"member": N_("Member"), "owner": N_("Owner")}
COUNTED = frozenset({"paid_internship", "full_time_hires"})
LONGEST_MONTHS = 24
LONGEST_ANSWER_DAYS = 60
REMIND_DAYS = (60, 14)
INVITATION_DAYS = 14


def slug_of(name: str) -> str:
    """A name as it stands in an address: ASCII letters, digits and single dashes, 48 characters at most."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-") or "partner"


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def local_day(at: datetime, time_zone: str) -> date:
    """The date on the hub's own calendar at that moment."""
    return at.astimezone(ZoneInfo(time_zone)).date()


def check_partnership(families: list[str], screens: list[str], hires_planned: int | None) -> None:
    """Raise DomainError for a role family or screen that is not on the list, or a number that makes no sense."""
    if set(families) - FAMILIES.keys():
        raise DomainError(N_("Choose from the list."), field="families")
    if set(screens) - SCREENS.keys():
        raise DomainError(N_("Choose from the list."), field="screens")
    if hires_planned is not None and not 0 <= hires_planned <= 10_000:
        raise DomainError(N_("Give a number from 0 to 10,000."), field="hires_planned")


def check_promise(
    kind: str, promised: int, answer_days: int, feedback_how: str, starts_on: date, expires_on: date, today: date
) -> None:
    """Raise DomainError, by the field, for a commitment that promises nothing or runs for too long."""
    if kind not in COMMITMENT_WORDS:
        raise DomainError(N_("Choose from the list."), field="kind")
    if not 0 <= promised <= 10_000 or (kind in COUNTED and promised < 1):
        raise DomainError(N_("Say how many: at least one."), field="promised")
    if not 1 <= answer_days <= LONGEST_ANSWER_DAYS:
        raise DomainError(N_("Promise an answer within 1 to %(days)s days."), field="answer_days",
                          params={"days": LONGEST_ANSWER_DAYS})
    if kind == "feedback" and not feedback_how.strip():
        raise DomainError(N_("Say how you will give feedback."), field="feedback_how")
    if expires_on <= starts_on or expires_on <= today:
        raise DomainError(N_("The last day must lie ahead, and after the first."), field="expires_on")
    if expires_on > months_later(max(starts_on, today), LONGEST_MONTHS):
        raise DomainError(N_("A commitment runs for at most %(months)s months; it can be renewed."),
                          field="expires_on", params={"months": LONGEST_MONTHS})


def lapses(kind: str, source: str, target: str) -> bool:
    """Does a commitment to consider leave force with this change of state?"""
    standing = {"active", "at_risk"}
    return kind == "consider" and source in standing and target not in standing
