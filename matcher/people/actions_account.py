"""An account from sign-up to its end: address, password, language, and closing."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from matcher.kit import audit, crypto, outbox
from matcher.kit.errors import ConflictError, DomainError, NotFoundError
from matcher.kit.words import N_
from matcher.people import passwords, queries, rules, tokens
from matcher.people.actions_sign_in import revoke_all
from matcher.people.models import OneTimeToken, Person, RecoveryCode, SignIn
from matcher.people.tokens import Purpose

ON_CLOSE: list[Callable[[Session, Person, datetime, str], None]] = []
"""Called before an account is closed: later areas erase their part, or raise DomainError to say what comes first."""


def create_person(
    session: Session, *, name: str, email: str, at: datetime, password: str | None = None,
    password_hash: str | None = None, locale: str = "en", time_zone: str = "America/Chicago", verified: bool = False,
    phone: str | None = None,
) -> Person:
    """Make an account. `password` is checked and hashed; a hash made before may be handed in instead.

    Raises DomainError by the field, ConflictError for an address that has an account.
    """
    email, name = rules.clean_email(email), rules.clean_name(name)
    rules.check_place(locale, time_zone)
    if password is not None:
        passwords.check(password, context=(name, email))
        password_hash = passwords.keep(password)
    if queries.find_person(session, email):
        raise ConflictError(N_("There is an account with this address already."), field="email")
    made = Person(name=name, email=email, phone=phone, password_hash=password_hash, locale=locale,
                  time_zone=time_zone, verified_at=at if verified else None, created_at=at)
    session.add(made)
    session.flush()
    audit.record(session, at=at, actor_id=made.id, action="person.create", subject=made, after={"verified": verified})
    return made


def sign_up(
    session: Session, *, name: str, email: str, password: str, at: datetime, locale: str = "en",
    time_zone: str = "America/Chicago", wish: dict[str, str] | None = None,
) -> Person | None:
    """Make an account and mail the link that confirms the address; `wish` says what the person came for.

    Returns None, having mailed the owner, when the address has an account: the page must look the same either way.
    """
    email, name = rules.clean_email(email), rules.clean_name(name)
    passwords.check(password, context=(name, email))
    password_hash = passwords.keep(password)
    owner = queries.find_person(session, email)
    if owner is not None:
        outbox.notify(session, person_id=None, to=email, locale=owner.locale, kind="sign_up_again", at=at,
                      key=at.isoformat())
        audit.record(session, at=at, actor_id=None, action="person.sign_up_again", subject=owner)
        tokens.issue(session, Purpose.RESET, None, at=at)  # opens nothing: keeps the work of both answers equal
        return None
    made = create_person(session, name=name, email=email, password_hash=password_hash, locale=locale,
                         time_zone=time_zone, at=at)
    send_verification(session, made, at=at, wish=wish)
    return made


def send_verification(session: Session, person: Person, *, at: datetime, wish: dict[str, str] | None = None) -> None:
    """Mail the link that confirms the address; links sent before stop working."""
    if person.verified_at:
        raise ConflictError(N_("Your address is confirmed already."))
    token = tokens.issue(session, Purpose.VERIFY, person.id, at=at, payload=wish)
    outbox.notify(session, person_id=None, to=person.email, locale=person.locale, kind="verify_address", at=at,
                  params={"token_id": token.id}, key=token.id)


def verify(session: Session, secret: str, *, at: datetime) -> tuple[Person, dict[str, str]]:
    """Confirm an address by its link, once; returns the person and what they came for."""
    token = _use(session, Purpose.VERIFY, secret, at)
    person = session.get_one(Person, token.person_id)
    _mark_verified(session, person, at)
    return person, dict(token.payload or {})


def ask_for_reset(session: Session, email: str, *, at: datetime) -> None:
    """Mail a link for a new password or, to an address without an account, a mail that says so: equal work."""
    email = rules.clean_email(email)
    person = queries.find_person(session, email)
    known = person is not None and person.suspended_at is None
    token = tokens.issue(session, Purpose.RESET, person.id if person and known else None, at=at)
    audit.record(session, at=at, actor_id=None, action="person.ask_reset", subject=token)
    outbox.notify(session, person_id=None, to=email, locale=person.locale if person else None, at=at, key=token.id,
                  kind="reset_password" if known else "reset_unknown", params={"token_id": token.id})


def reset_password(session: Session, secret: str, password: str, *, at: datetime) -> Person:
    """Set a new password by its link, once. Every browser is signed out; the address counts as confirmed."""
    found = tokens.find(session, Purpose.RESET, secret, at=at)
    if found is not None:
        owner = session.get_one(Person, found.person_id)
        _check_password(owner, password)
    person = session.get_one(Person, _use(session, Purpose.RESET, secret, at).person_id)
    _set_password(session, person, password, at)
    revoke_all(session, person, at=at)
    if person.verified_at is None:
        _mark_verified(session, person, at)
    return person


def change_password(
    session: Session, person: Person, current: str, password: str, *, at: datetime, keep: SignIn | None = None
) -> None:
    """Replace the password; every other browser is signed out."""
    if not passwords.matches(person.password_hash, current):
        raise DomainError(N_("That is not your password now."), field="current")
    _check_password(person, password)
    _set_password(session, person, password, at)
    revoke_all(session, person, at=at, keep=keep)


def ask_for_address(session: Session, person: Person, email: str, password: str, *, at: datetime) -> None:
    """Begin to change the mail address: a link goes to the new one, and nothing changes before it is used."""
    if not passwords.matches(person.password_hash, password):
        raise DomainError(N_("That is not your password now."), field="password")
    email = rules.clean_email(email)
    token = tokens.issue(session, Purpose.ADDRESS, person.id, at=at)
    # Sealed for this token's row, so that the new address does not lie open in the payload.
    token.payload = {"email_sealed": crypto.seal("one_time_tokens", token.id, "payload", email)}
    audit.record(session, at=at, actor_id=person.id, action="person.ask_address", subject=person)
    taken = queries.find_person(session, email) is not None
    outbox.notify(session, person_id=None, to=email, locale=person.locale, at=at, key=token.id,
                  kind="sign_up_again" if taken else "confirm_address", params={"token_id": token.id})


def change_address(session: Session, secret: str, *, at: datetime) -> Person:
    """Use the link sent to the new address, once; the old address is told."""
    token = _use(session, Purpose.ADDRESS, secret, at)
    person = session.get_one(Person, token.person_id)
    email = crypto.open_sealed("one_time_tokens", token.id, "payload", (token.payload or {})["email_sealed"])
    if queries.find_person(session, email):
        raise ConflictError(N_("There is an account with this address already."))
    outbox.notify(session, person_id=None, to=person.email, locale=person.locale, kind="address_changed", at=at,
                  key=f"{token.id}:old")
    person.email = email
    person.verified_at = at
    audit.record(session, at=at, actor_id=person.id, action="person.change_address", subject=person)
    return person


def describe_person(
    session: Session, person: Person, *, name: str, locale: str, time_zone: str, phone: str | None, at: datetime
) -> None:
    """Change name, language, time zone and phone number."""
    rules.check_place(locale, time_zone)
    person.name, person.phone = rules.clean_name(name), phone or None
    person.locale, person.time_zone = locale, time_zone
    audit.record(session, at=at, actor_id=person.id, action="person.describe", subject=person,
                 after={"locale": locale, "time_zone": time_zone})


def close_account(session: Session, person: Person, *, at: datetime, reason: str = "") -> None:
    """Close an account for good: what names the person is erased, the trail keeps ids only."""
    for call in ON_CLOSE:
        call(session, person, at, reason)
    outbox.forget_person(session, person.id)
    outbox.notify(session, person_id=None, to=person.email, locale=person.locale, kind="account_closed", at=at,
                  key=person.id)
    revoke_all(session, person, at=at)
    session.execute(update(SignIn).where(SignIn.person_id == person.id).values(agent=""))
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    session.execute(delete(OneTimeToken).where(OneTimeToken.person_id == person.id))
    person.name, person.email, person.email_index, person.phone = "", "", None, None
    person.password_hash = person.totp_secret = person.totp_confirmed_at = person.totp_last_counter = None
    person.closed_at = at
    audit.record(session, at=at, actor_id=person.id, action="person.close", subject=person, reason=reason)


def suspend(session: Session, person: Person, *, actor_id: str | None, at: datetime, reason: str) -> None:
    """Lock an account: no sign-in, and browsers that are signed in are out with their next request."""
    if not reason.strip():
        raise DomainError(N_("Give a reason. The people concerned will read it."), field="reason")
    person.suspended_at = at
    revoke_all(session, person, at=at)
    audit.record(session, at=at, actor_id=actor_id, action="person.suspend", subject=person, reason=reason)


def _mark_verified(session: Session, person: Person, at: datetime) -> None:
    if person.verified_at is None:
        person.verified_at = at
        audit.record(session, at=at, actor_id=person.id, action="person.verify", subject=person)


def _check_password(person: Person, password: str) -> None:
    passwords.check(password, context=(person.name, person.email), second_factor=person.totp_confirmed_at is not None)


def _set_password(session: Session, person: Person, password: str, at: datetime) -> None:
    person.password_hash = passwords.keep(password)
    audit.record(session, at=at, actor_id=person.id, action="person.change_password", subject=person)
    outbox.notify(session, person_id=person.id, kind="password_changed", at=at, key=at.isoformat())


def _use(session: Session, purpose: Purpose, secret: str, at: datetime) -> OneTimeToken:
    token = tokens.use(session, purpose, secret, at=at)
    if token is None:
        raise NotFoundError(N_("This link was used already or is too old. Ask for a new one."))
    return token
