"""What organizations and hubs keep about a person, and what happens to it when the account is closed."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit import audit
from matcher.kit.errors import ConflictError
from matcher.kit.words import N_
from matcher.organizations import queries
from matcher.organizations.models import HubRole, Membership, Organization
from matcher.people.actions import ON_CLOSE
from matcher.people.export import source
from matcher.people.models import Person


@source("organizations")
def memberships(session: Session, person: Person) -> list[dict[str, Any]]:
    """The person's memberships, past ones too."""
    rows = session.execute(
        select(Organization.name, Membership).join(Organization, Organization.id == Membership.organization_id)
        .where(Membership.person_id == person.id).order_by(Membership.created_at, Membership.id)
    )
    return [{"organization": name, "role": row.role, "since": row.created_at, "until": row.ended_at}
            for name, row in rows]


@source("hubs")
def hub_roles(session: Session, person: Person) -> list[dict[str, Any]]:
    """What the person does or did for hubs."""
    rows = session.scalars(select(HubRole).where(HubRole.person_id == person.id).order_by(HubRole.created_at))
    return [{"hub": row.hub_id, "role": row.role, "since": row.created_at, "until": row.ended_at} for row in rows]


def leave_everything(session: Session, person: Person, at: datetime, reason: str) -> None:
    """End memberships and hub roles. Raises ConflictError while others count on this person as their last owner."""
    for organization, role in queries.organizations_of(session, person.id):
        standing = queries.partnerships_of(session, [organization.id])
        alone = role == "owner" and queries.member_ids(session, organization.id, owners_only=True) == [person.id]
        if alone and any(not row.is_closed for row in standing):
            raise ConflictError(
                N_("You are the only owner of %(name)s. Make somebody else an owner, or let it leave the hub first."),
                params={"name": organization.name},
            )
    open_rows: list[Membership | HubRole] = [
        *session.scalars(select(Membership).where(Membership.person_id == person.id, Membership.ended_at.is_(None))),
        *session.scalars(select(HubRole).where(HubRole.person_id == person.id, HubRole.ended_at.is_(None))),
    ]
    for row in open_rows:
        row.ended_at = at
        audit.record(session, at=at, actor_id=person.id, action=f"{row.__tablename__}.end", subject=row, reason=reason)


ON_CLOSE.append(leave_everything)
