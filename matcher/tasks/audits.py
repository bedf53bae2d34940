"""The monthly fairness audit of every hub, and audits that an operator asked for: read at leisure, then kept."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.organizations.models import Hub
from matcher.outcomes import fairness, fairness_actions
from matcher.outcomes.fairness_report import FairnessReport
from matcher.tasks.runner import Handler, Inside, Outside

Asked = tuple[str, date]  # hub id, last day


def monthly(session: Session, at: datetime) -> Outside | None:
    """Audit each hub's year up to the end of last month, once; run daily, so that a missed day is made up for."""
    last = at.date().replace(day=1) - timedelta(days=1)
    hubs = session.scalars(select(Hub.id).order_by(Hub.id)).all()
    return _outside(session, [(hub, last) for hub in hubs if not fairness_actions.find_run(session, hub, last)], at)


def asked(session: Session, payload: Mapping[str, Any], at: datetime) -> Outside | None:
    """The audit that an operator asked for."""
    return _outside(session, [(payload["hub_id"], date.fromisoformat(payload["as_of"]))], at)


def _outside(session: Session, wanted: list[Asked], at: datetime) -> Outside | None:
    """Reading takes seconds, and must not hold the only writer's place meanwhile: it has a session of its own."""
    engine = session.get_bind()
    if not wanted or not isinstance(engine, Engine):
        return None

    def outside() -> Inside:
        with session_factory(engine, read_only=True)() as reading:
            reports = [(hub_id, _report(reading, hub_id, last, at)) for hub_id, last in wanted]

        def inside(writing: Session) -> None:
            for hub_id, report in reports:
                fairness_actions.keep_audit(writing, writing.get_one(Hub, hub_id), report, at=at)

        return inside

    return outside


def _report(session: Session, hub_id: str, last: date, at: datetime) -> FairnessReport:
    hub = session.get_one(Hub, hub_id)
    return fairness.audit_of(session, hub, starts_on=fairness.last_year(last), as_of=last, at=at)


def register(handlers: dict[str, Handler], settings: Settings) -> None:
    """Have the worker make the audits that are asked for."""
    handlers[fairness_actions.ASKED] = asked
