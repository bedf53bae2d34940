"""Signing in, staying signed in, and ending it: each browser has a row that can be revoked."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit import audit
from matcher.kit.errors import DomainError
from matcher.people import passwords, queries
from matcher.people.models import Person, SignIn

STAY = timedelta(days=14)
STAY_OPERATOR = timedelta(hours=12)


def check_password(session: Session, email: str, password: str) -> Person | None:
    """The person whom address and password open; None for unknown, wrong, suspended and closed alike, at equal cost."""
    try:
        person = queries.find_person(session, email)
    except (DomainError, ValueError):
        person = None
    opened = passwords.matches(person.password_hash if person else None, password)
    if not opened or person is None or person.suspended_at is not None:
        return None
    if person.password_hash and passwords.is_outdated(person.password_hash):
        person.password_hash = passwords.keep(password)
    return person


def begin_sign_in(
    session: Session, person: Person, *, at: datetime, agent: str = "", second_factor: bool = False,
    short: bool = False,
) -> tuple[SignIn, str]:
    """Sign a browser in; returns the row and the secret for its cookie. `short` ends it after half a day."""
    secret = secrets.token_urlsafe(32)
    made = SignIn(person_id=person.id, token_hash=hashlib.sha256(secret.encode()).hexdigest(), agent=agent[:120],
                  last_seen_at=at, expires_at=at + (STAY_OPERATOR if short else STAY),
                  second_factor_at=at if second_factor else None, created_at=at)
    session.add(made)
    session.flush()
    audit.record(session, at=at, actor_id=person.id, action="person.sign_in", subject=made,
                 after={"second_factor": second_factor})
    return made, secret


def revoke_sign_in(session: Session, sign_in: SignIn, *, at: datetime) -> None:
    """Sign one browser out; its next request is refused."""
    if sign_in.revoked_at is None:
        sign_in.revoked_at = at
        audit.record(session, at=at, actor_id=sign_in.person_id, action="person.sign_out", subject=sign_in)


def revoke_all(session: Session, person: Person, *, at: datetime, keep: SignIn | None = None) -> None:
    """Sign out every browser of a person, but for the one to keep."""
    held = select(SignIn).where(SignIn.person_id == person.id, SignIn.revoked_at.is_(None))
    for row in session.scalars(held):
        if keep is None or row.id != keep.id:
            row.revoked_at = at
    audit.record(session, at=at, actor_id=person.id, action="person.sign_out_all", subject=person,
                 details={"kept": keep.id if keep else None})
