"""Everything the installation keeps about one person, as plain data: each area adds its part to `SOURCES`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit.outbox import Notice
from matcher.people.models import Person, SignIn

Source = Callable[[Session, Person], Any]
SOURCES: dict[str, Source] = {}


def source(name: str) -> Callable[[Source], Source]:
    """Register the function that gathers one part: `(session, person) -> lists and dicts of plain values`."""

    def add(gather: Source) -> Source:
        SOURCES[name] = gather
        return gather

    return add


def everything(session: Session, person: Person) -> dict[str, Any]:
    """All parts by name, each ready for JSON."""
    return {name: _plain(gather(session, person)) for name, gather in sorted(SOURCES.items())}


@source("account")
def _account(_session: Session, person: Person) -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "email": person.email, "phone": person.phone,
            "language": person.locale, "time_zone": person.time_zone, "since": person.created_at,
            "address_confirmed": person.verified_at, "second_factor_since": person.totp_confirmed_at}


@source("sign_ins")
def _sign_ins(session: Session, person: Person) -> list[dict[str, Any]]:
    rows = session.scalars(select(SignIn).where(SignIn.person_id == person.id).order_by(SignIn.created_at, SignIn.id))
    return [{"at": row.created_at, "browser": row.agent, "until": row.expires_at, "revoked": row.revoked_at}
            for row in rows]


@source("notices")
def _notices(session: Session, person: Person) -> list[dict[str, Any]]:
    rows = session.scalars(select(Notice).where(Notice.person_id == person.id).order_by(Notice.at, Notice.id))
    return [{"at": row.at, "kind": row.kind, "about": row.params, "read": row.read_at} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def as_of(at: datetime) -> str:
    """The name of the file that holds an export made at that moment."""
    return f"first-rung-{at:%Y-%m-%d}.json"
