"""Finds out to which address and in which language a notice goes, or that it must not go at all."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from matcher.kit.outbox import Notice
from matcher.people.models import Person


@dataclass(frozen=True)
class Receiver:
    """Where a mail goes."""

    address: str
    locale: str
    name: str = ""


def find_receiver(session: Session, notice: Notice) -> Receiver | None:
    """The receiver, or None when the account is closed or suspended or there is no address any more."""
    if notice.address:
        return Receiver(notice.address, notice.locale or "en")
    person = session.get(Person, notice.person_id) if notice.person_id else None
    if person is None or person.closed_at or person.suspended_at or not person.email:
        return None
    return Receiver(person.email, notice.locale or person.locale, person.name)
