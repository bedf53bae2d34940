"""Everything that reads persons and their sign-ins."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.people.models import Person, SignIn


def find_person(session: Session, email: str) -> Person | None:
    """The person with that mail address (any case), unless the account was closed."""
    return session.scalar(select(Person).where(Person.email.lookup(email), Person.closed_at.is_(None)))


def find_sign_in(session: Session, token_hash: str, *, at: datetime) -> tuple[SignIn, Person] | None:
    """The sign-in behind a cookie and its person: not revoked, not expired, the person not suspended or closed."""
    row = session.execute(
        select(SignIn, Person).join(Person, Person.id == SignIn.person_id).where(
            SignIn.token_hash == token_hash, SignIn.revoked_at.is_(None), SignIn.expires_at > at,
            Person.suspended_at.is_(None), Person.closed_at.is_(None),
        )
    ).first()
    return (row[0], row[1]) if row else None


def sign_ins(session: Session, person_id: str, *, at: datetime) -> list[SignIn]:
    """The browsers that are signed in now, newest first."""
    return list(session.scalars(
        select(SignIn).where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None), SignIn.expires_at > at)
        .order_by(SignIn.created_at.desc(), SignIn.id)
    ))
