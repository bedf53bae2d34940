"""Persons for tests, made by the same actions as real ones."""

from datetime import datetime
from functools import lru_cache
from itertools import count

import pyotp
from sqlalchemy.orm import Session

from matcher.candidates.queries import actor_for
from matcher.kit.actor import Actor
from matcher.people import actions, passwords, second_factor
from matcher.people.models import Person

PASSWORD = "lantern orchard seven bridges"
_number = count(1)


@lru_cache(maxsize=1)
def password_hash() -> str:
    """The hash of `PASSWORD`, made once: hashing is slow on purpose."""
    return passwords.keep(PASSWORD)


def person(
    session: Session, at: datetime, *, name: str = "", email: str = "", verified: bool = True, locale: str = "en"
) -> Person:
    """Somebody with an account whose password is `PASSWORD`."""
    number = next(_number)
    return actions.create_person(
        session, name=name or f"Person Number {number}", email=email or f"person{number}@example.org",
        password_hash=password_hash(), verified=verified, locale=locale, at=at,
    )


def with_second_factor(session: Session, who: Person, at: datetime) -> pyotp.TOTP:
    """Set up the second factor by its steps; returns the app that shows the codes. The code of `at` is used up."""
    second_factor.begin(session, who, at=at)
    app = pyotp.TOTP(who.totp_secret or "")
    second_factor.confirm(session, who, app.at(at), at=at)
    return app


def acting(session: Session, who: Person, at: datetime | None = None) -> Actor:
    """The person as an actor, with the roles of this moment; a moment stands for a second factor given then."""
    return actor_for(session, who, second_factor=at)
