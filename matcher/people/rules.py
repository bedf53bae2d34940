"""What a name, a mail address, a language and a time zone must look like."""

from functools import lru_cache
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from matcher.kit.errors import DomainError
from matcher.kit.words import N_

LOCALES = ("en", "es")
KINDS = {
    "candidate": N_("I am looking for a job"), "employer": N_("We hire people"),
    "training_provider": N_("We teach skills"), "workforce_organization": N_("We support people on their way to work"),
}


def clean_email(email: str) -> str:
    """The address as it is written to; raises DomainError when it is not one single mail address."""
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise DomainError(N_("Write an email address like name@example.org."), field="email") from error


def clean_name(name: str) -> str:
    """A name without odd spaces; raises DomainError for none, one that is too long, or one that holds an address."""
    name = " ".join(name.split())
    if not name:
        raise DomainError(N_("Write your name."), field="name")
    # A name is written into mails to others: it must not carry a link there.
    if len(name) > 120 or "://" in name or "www." in name.casefold():
        raise DomainError(N_("Write a name of at most 120 letters, without a web address."), field="name")
    return name


def check_place(locale: str, time_zone: str) -> None:
    """Raise DomainError for a language or time zone that the site does not know."""
    if locale not in LOCALES:
        raise DomainError(N_("Choose from the list."), field="locale")
    if time_zone not in zones():
        raise DomainError(N_("Choose from the list."), field="time_zone")


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Every time zone the system knows."""
    return frozenset(available_timezones())
