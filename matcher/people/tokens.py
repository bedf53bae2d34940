"""Links that work once: each opens one door for one person until it is used or too old."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from matcher.kit import crypto
from matcher.people.models import OneTimeToken


class Purpose(StrEnum):
    """What a one-time link is for."""

    VERIFY = "verify"
    RESET = "reset"
    ADDRESS = "address"
    SECOND_STEP = "second_step"


LIVES: Mapping[Purpose, timedelta] = {
    Purpose.VERIFY: timedelta(days=3), Purpose.RESET: timedelta(hours=1), Purpose.ADDRESS: timedelta(days=1),
    Purpose.SECOND_STEP: timedelta(minutes=10),
}


def secret_of(token_id: str) -> str:
    """The secret in the link: made from the id with the index key, so that neither table nor mail queue holds it."""
    return crypto.blind_index("one_time_tokens.secret", token_id)


def issue(
    session: Session, purpose: Purpose, person_id: str | None, *, at: datetime,
    payload: Mapping[str, Any] | None = None,
) -> OneTimeToken:
    """Make a token; older unused ones of the person and purpose stop working. Without a person it opens nothing."""
    session.execute(
        update(OneTimeToken).where(
            OneTimeToken.person_id == person_id, OneTimeToken.purpose == purpose, OneTimeToken.used_at.is_(None)
        ).values(used_at=at).execution_options(synchronize_session="fetch")
    )
    token = OneTimeToken(person_id=person_id, purpose=str(purpose), token_hash="", expires_at=at + LIVES[purpose],
                         payload=dict(payload) if payload else None, created_at=at)
    token.token_hash = _hash(secret_of(token.id))
    session.add(token)
    session.flush()
    return token


def find(session: Session, purpose: Purpose, secret: str, *, at: datetime) -> OneTimeToken | None:
    """The token behind a link, while it can be used; reading it uses nothing up."""
    return session.scalar(select(OneTimeToken).where(*_usable(purpose, secret, at)))


def use(session: Session, purpose: Purpose, secret: str, *, at: datetime) -> OneTimeToken | None:
    """Use a token up: of any number of callers at once, exactly one gets it."""
    token = find(session, purpose, secret, at=at)
    if token is None:
        return None
    claimed = session.execute(
        update(OneTimeToken).where(*_usable(purpose, secret, at)).values(used_at=at)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(claimed, CursorResult) or claimed.rowcount != 1:
        return None
    session.refresh(token)
    return token


def _usable(purpose: Purpose, secret: str, at: datetime) -> tuple[Any, ...]:
    return (OneTimeToken.token_hash == _hash(secret), OneTimeToken.purpose == str(purpose),
            OneTimeToken.used_at.is_(None), OneTimeToken.expires_at > at, OneTimeToken.person_id.is_not(None))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
