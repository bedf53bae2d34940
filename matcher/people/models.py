"""Rows for persons, their sign-ins, one-time tokens and recovery codes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, String
from sqlalchemy.orm import Mapped, mapped_column

from matcher.kit.base import Base, Json, Row, UtcDateTime, key
from matcher.kit.crypto import Sealed


class Person(Row, Base):
    """Somebody with an account. Contact details are sealed; e-mail is found by a blind index."""

    __tablename__ = "persons"

    name: Mapped[str] = mapped_column(String(120))
    email_sealed: Mapped[str] = mapped_column(String(600))
    email_index: Mapped[str | None] = mapped_column(String(64), unique=True)
    phone_sealed: Mapped[str | None] = mapped_column(String(300))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(5), default="en")
    time_zone: Mapped[str] = mapped_column(String(40), default="America/Chicago")
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_sealed: Mapped[str | None] = mapped_column(String(300))
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_last_counter: Mapped[int | None]
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    administrator: Mapped[bool] = mapped_column(Boolean, default=False)

    email = Sealed("email_sealed", index="email_index")
    phone = Sealed("phone_sealed", optional=True)
    totp_secret = Sealed("totp_sealed", optional=True)


class SignIn(Row, Base):
    """One signed-in browser; deleting nothing, revoking at once."""

    __tablename__ = "sign_ins"

    person_id: Mapped[str] = key("persons.id")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    agent: Mapped[str] = mapped_column(String(120), default="")
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    second_factor_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OneTimeToken(Row, Base):
    """A link in a mail: used once, by an atomic update, before it expires."""

    __tablename__ = "one_time_tokens"

    person_id: Mapped[str | None] = key("persons.id", null=True)
    purpose: Mapped[str] = mapped_column(String(32))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    payload: Mapped[dict[str, Any] | None] = mapped_column(Json)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Row, Base):
    """A spare key for somebody who lost the second factor."""

    __tablename__ = "recovery_codes"

    person_id: Mapped[str] = key("persons.id")
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
