"""The second factor: six digits from an app (TOTP, RFC 6238) used once each, and ten spare keys on paper."""

import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import CursorResult, delete, func, or_, select, update
from sqlalchemy.orm import Session

from matcher.kit import audit, outbox
from matcher.kit.errors import ConflictError, DomainError
from matcher.kit.ids import ALPHABET
from matcher.kit.words import N_
from matcher.people.models import Person, RecoveryCode

ISSUER = "First Rung"
STEP_SECONDS = 30
DRIFT = (-1, 0, 1)
SPARE_KEYS = 10


def begin(session: Session, person: Person, *, at: datetime) -> None:
    """Make a secret that counts only once `confirm` has seen a code from it. Raises ConflictError when one is on."""
    if person.totp_confirmed_at:
        raise ConflictError(N_("A second factor is set up already."))
    person.totp_secret = pyotp.random_base32()
    person.totp_last_counter = None
    audit.record(session, at=at, actor_id=person.id, action="second_factor.begin", subject=person)


def address(person: Person) -> str:
    """The otpauth address that an app reads from the picture."""
    return pyotp.TOTP(person.totp_secret or "").provisioning_uri(name=person.email, issuer_name=ISSUER)


def confirm(session: Session, person: Person, code: str, *, at: datetime) -> list[str]:
    """Turn the second factor on with a first code; returns the spare keys, which are never shown again."""
    if person.totp_confirmed_at or not person.totp_secret:
        raise ConflictError(N_("There is nothing to confirm here. Start anew."))
    if not accept_code(session, person, code, at=at):
        raise DomainError(N_("That code does not fit. Take the newest one from the app."), field="code")
    person.totp_confirmed_at = at
    audit.record(session, at=at, actor_id=person.id, action="second_factor.on", subject=person)
    outbox.notify(session, person_id=person.id, kind="second_factor_on", at=at, key=at.isoformat())
    return renew_spare_keys(session, person, at=at)


def accept_code(session: Session, person: Person, code: str, *, at: datetime) -> bool:
    """Does the code fit the present half minute (or a neighbor), and was no code of it or later used before?"""
    counter = _counter_of(person, code, at)
    if counter is None:
        return False
    # The condition in the statement lets one of two requests with the same code win.
    claimed = session.execute(
        update(Person).where(
            Person.id == person.id,
            or_(Person.totp_last_counter.is_(None), Person.totp_last_counter < counter),
        ).values(totp_last_counter=counter).execution_options(synchronize_session=False)
    )
    session.refresh(person, ["totp_last_counter"])
    return isinstance(claimed, CursorResult) and claimed.rowcount == 1


def accept_spare_key(session: Session, person: Person, typed: str, *, at: datetime) -> bool:
    """Is it one of the person's unused spare keys? It is used up by this."""
    claimed = session.execute(
        update(RecoveryCode).where(
            RecoveryCode.person_id == person.id, RecoveryCode.code_hash == _spare_hash(person, typed),
            RecoveryCode.used_at.is_(None),
        ).values(used_at=at).execution_options(synchronize_session=False)
    )
    used = isinstance(claimed, CursorResult) and claimed.rowcount == 1
    if used:
        audit.record(session, at=at, actor_id=person.id, action="second_factor.spare_key", subject=person)
    return used


def accept(session: Session, person: Person, typed: str, *, at: datetime) -> bool:
    """A code from the app or a spare key."""
    if person.totp_confirmed_at is None:
        return False
    return accept_code(session, person, typed, at=at) or accept_spare_key(session, person, typed, at=at)


def renew_spare_keys(session: Session, person: Person, *, at: datetime) -> list[str]:
    """Ten new spare keys like "k3fw-9m2d-xq7a"; the old ones stop working."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    keys = ["-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3)) for _ in range(SPARE_KEYS)]
    session.add_all([
        RecoveryCode(person_id=person.id, code_hash=_spare_hash(person, key), created_at=at) for key in keys
    ])
    audit.record(session, at=at, actor_id=person.id, action="second_factor.spare_keys", subject=person)
    return keys


def spare_keys_left(session: Session, person: Person) -> int:
    """How many spare keys are unused."""
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(
        RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None)
    )) or 0


def turn_off(session: Session, person: Person, *, at: datetime) -> None:
    """Take the second factor away; the caller has made sure that the person may do without."""
    person.totp_secret = None
    person.totp_confirmed_at = person.totp_last_counter = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    audit.record(session, at=at, actor_id=person.id, action="second_factor.off", subject=person)
    outbox.notify(session, person_id=person.id, kind="second_factor_off", at=at, key=at.isoformat())


def current_code(secret: str, at: datetime) -> str:
    """The code that an app with this secret shows at that moment."""
    return pyotp.TOTP(secret).generate_otp(int(at.timestamp()) // STEP_SECONDS)


def _counter_of(person: Person, code: str, at: datetime) -> int | None:
    digits = "".join(c for c in code if c.isdigit() and c.isascii())
    if len(digits) != 6 or not person.totp_secret:
        return None
    now = int(at.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(person.totp_secret)
    fitting = [now + d for d in DRIFT if hmac.compare_digest(totp.generate_otp(now + d), digits)]
    return fitting[-1] if fitting else None


def _spare_hash(person: Person, typed: str) -> str:
    plain = "".join(c for c in typed.casefold() if c.isalnum())
    return hashlib.sha256(f"{person.id}:{plain}".encode()).hexdigest()
