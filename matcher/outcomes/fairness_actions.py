"""Keeps fairness audits for the record, asks for one, and tells the operators when one finds adverse impact."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit import audit, outbox
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.errors import DomainError
from matcher.kit.words import N_
from matcher.organizations import queries as organizations
from matcher.organizations.models import Hub
from matcher.organizations.rules import local_day
from matcher.outcomes.fairness_report import DEFINITION, FairnessReport, as_json, from_json
from matcher.outcomes.models import AuditRun

ASKED = "fairness.audit"
NOTICE = "adverse_found"


def audit_runs(session: Session, hub_id: str) -> list[AuditRun]:
    """The kept audits of a hub, newest first."""
    return list(session.scalars(select(AuditRun).where(AuditRun.hub_id == hub_id).order_by(AuditRun.as_of.desc())))


def newest(session: Session, hub_id: str) -> AuditRun | None:
    """The newest kept audit of a hub."""
    return session.scalars(
        select(AuditRun).where(AuditRun.hub_id == hub_id).order_by(AuditRun.as_of.desc()).limit(1)
    ).first()


def published(session: Session, hub_id: str) -> AuditRun | None:
    """The newest audit that everybody may read: of a whole month's end.

    Audits asked for in between stay at the desk: two tables a day apart would show what one person's day changed.
    """
    return next((run for run in audit_runs(session, hub_id) if (run.as_of + timedelta(days=1)).day == 1), None)


def report_of(run: AuditRun) -> FairnessReport:
    """What a kept audit says."""
    return from_json(run.result)


def find_run(session: Session, hub_id: str, as_of: date) -> AuditRun | None:
    """The audit of a hub that ends on that day, by the definition in use."""
    return session.scalar(select(AuditRun).where(
        AuditRun.hub_id == hub_id, AuditRun.definition == DEFINITION, AuditRun.as_of == as_of))


def ask_audit(session: Session, hub: Hub, *, as_of: date, actor: Actor, at: datetime) -> None:
    """Have the worker make an audit of the year that ends on `as_of`, a day that is over; asking twice makes one."""
    if as_of >= local_day(at, hub.time_zone):
        raise DomainError(N_("That day is not over yet."), field="as_of")
    if find_run(session, hub.id, as_of):
        raise DomainError(N_("There is an audit of that day already. It is kept as it was."), field="as_of")
    outbox.enqueue(session, kind=ASKED, payload={"hub_id": hub.id, "as_of": as_of.isoformat()}, at=at,
                   key=f"{ASKED}:{hub.id}:{as_of.isoformat()}:{at.isoformat()}", hub_id=hub.id, lease_seconds=900)
    audit.record(session, at=at, actor_id=actor.person_id, action="audit.ask", subject=hub, hub_id=hub.id,
                 details={"as_of": as_of})


def keep_audit(
    session: Session, hub: Hub, report: FairnessReport, *, at: datetime, actor: Actor = SYSTEM
) -> AuditRun:
    """Keep an audit as it was shown; the first one of a day and definition stays. Operators hear of *adverse*."""
    if found := find_run(session, hub.id, report.as_of):
        return found
    row = AuditRun(created_at=at, hub_id=hub.id, definition=report.definition, starts_on=report.starts_on,
                   as_of=report.as_of, model_hash=report.model_hash, verdict=report.verdict.value,
                   result=as_json(report))
    session.add(row)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="audit.keep", subject=row, hub_id=hub.id,
                 details={"verdict": row.verdict, "model": report.model_hash, "gate": report.gate.passes})
    if report.adverse:
        _tell(session, hub, row, sorted({stage for stage, _, _ in report.adverse}), at)
    return row


def _tell(session: Session, hub: Hub, row: AuditRun, stages: list[str], at: datetime) -> None:
    for person_id in organizations.operators(session, hub.id):
        outbox.notify(session, person_id=person_id, kind=NOTICE, at=at, hub_id=hub.id,
                      params={"audit_id": row.id, "stages": stages}, key=row.id)
