"""Who is told what about an application: keys make sure that nobody is told twice."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.applications.models import Application
from matcher.candidates.models import Candidate
from matcher.kit import outbox
from matcher.organizations.models import HubRole, Membership


def _key(kind: str, application: Application, person_id: str) -> str:
    return f"{kind}:{application.id}:{application.version}:{person_id}"


def tell_candidate(session: Session, application: Application, kind: str, at: datetime) -> None:
    """Tell the person who applied."""
    person_id = session.scalars(
        select(Candidate.person_id).where(Candidate.id == application.candidate_id)
    ).one()
    _tell(session, application, kind, at, person_id)


def tell_employer(session: Session, application: Application, kind: str, at: datetime) -> None:
    """Tell every current member of the employer."""
    members = session.scalars(
        select(Membership.person_id).where(
            Membership.organization_id == application.organization_id, Membership.ended_at.is_(None)
        ).order_by(Membership.created_at, Membership.id)
    ).all()
    for person_id in members:
        _tell(session, application, kind, at, person_id)


def tell_operators(session: Session, application: Application, kind: str, at: datetime) -> None:
    """Tell the operators of the hub, once each, also when they belong to the employer."""
    operators = session.scalars(
        select(HubRole.person_id).where(
            HubRole.hub_id == application.hub_id, HubRole.role == "operator", HubRole.ended_at.is_(None)
        ).order_by(HubRole.created_at, HubRole.id)
    ).all()
    for person_id in operators:
        _tell(session, application, kind, at, person_id)


def _tell(session: Session, application: Application, kind: str, at: datetime, person_id: str) -> None:
    outbox.notify(
        session, person_id=person_id, kind=kind, at=at, hub_id=application.hub_id,
        params={"application_id": application.id, "posting_id": application.posting_id,
                "organization_id": application.organization_id},
        key=_key(kind, application, person_id),
    )
