"""Everything that reads hubs, organizations, members, partnerships and commitments."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matcher.organizations.models import Commitment, Hub, HubRole, Invitation, Membership, Organization, Partnership
from matcher.people.models import Person

STANDING = ("active", "at_risk")


def hubs(session: Session) -> list[Hub]:
    """Every hub of the installation, in its set order."""
    return list(session.scalars(select(Hub).order_by(Hub.position, Hub.name)))


def hub_by_slug(session: Session, slug: str) -> Hub | None:
    """The hub with that name in addresses."""
    return session.scalar(select(Hub).where(Hub.slug == slug))


def organization_by_slug(session: Session, slug: str) -> Organization | None:
    """The organization with that name in addresses."""
    return session.scalar(select(Organization).where(Organization.slug == slug))


def operators(session: Session, hub_id: str) -> list[str]:
    """Ids of the persons who operate a hub now, for notices."""
    return list(session.scalars(
        select(HubRole.person_id).where(
            HubRole.hub_id == hub_id, HubRole.role == "operator", HubRole.ended_at.is_(None)
        ).order_by(HubRole.person_id)
    ))


def hub_roles_of(session: Session, person_id: str) -> list[tuple[Hub, str]]:
    """The hubs a person serves and as what, in the hubs' order."""
    rows = session.execute(
        select(Hub, HubRole.role).join(HubRole, HubRole.hub_id == Hub.id)
        .where(HubRole.person_id == person_id, HubRole.ended_at.is_(None)).order_by(Hub.position, Hub.name)
    )
    return [(hub, str(role)) for hub, role in rows]


def is_operator(session: Session, person_id: str) -> bool:
    """Does this person operate any hub, whether or not a second factor was given."""
    return any(role == "operator" for _, role in hub_roles_of(session, person_id))


def members(session: Session, organization: Organization) -> list[tuple[Membership, Person]]:
    """Current members with their persons: owners first, then by name."""
    rows = session.execute(
        select(Membership, Person).join(Person, Person.id == Membership.person_id)
        .where(Membership.organization_id == organization.id, Membership.ended_at.is_(None))
        .order_by((Membership.role == "owner").desc(), Person.name, Person.id)
    )
    return [(membership, person) for membership, person in rows]


def member_ids(session: Session, organization_id: str, *, owners_only: bool = False) -> list[str]:
    """Person ids of current members (or owners), for notices."""
    query = select(Membership.person_id).where(
        Membership.organization_id == organization_id, Membership.ended_at.is_(None)
    )
    if owners_only:
        query = query.where(Membership.role == "owner")
    return list(session.scalars(query.order_by(Membership.person_id)))


def membership(session: Session, organization_id: str, person_id: str) -> Membership | None:
    """A person's current membership of an organization."""
    return session.scalar(select(Membership).where(
        Membership.organization_id == organization_id, Membership.person_id == person_id,
        Membership.ended_at.is_(None),
    ))


def organizations_of(session: Session, person_id: str) -> list[tuple[Organization, str]]:
    """The organizations a person belongs to now and as what, by name."""
    rows = session.execute(
        select(Organization, Membership.role).join(Membership, Membership.organization_id == Organization.id)
        .where(Membership.person_id == person_id, Membership.ended_at.is_(None)).order_by(Organization.name)
    )
    return [(organization, str(role)) for organization, role in rows]


def partnership(session: Session, organization_id: str, hub_id: str) -> Partnership | None:
    """An organization's standing in a hub, whatever its state."""
    return session.scalar(select(Partnership).where(
        Partnership.organization_id == organization_id, Partnership.hub_id == hub_id
    ))


def partnerships_of(session: Session, organization_ids: list[str]) -> list[Partnership]:
    """The standing of organizations in their hubs, with the hub loaded, in the hubs' order."""
    return list(session.scalars(
        select(Partnership).join(Hub, Hub.id == Partnership.hub_id)
        .where(Partnership.organization_id.in_(organization_ids)).options(joinedload(Partnership.hub))
        .order_by(Hub.position, Hub.name, Partnership.id)
    ))


def active_partner(session: Session, organization_id: str, hub_id: str) -> bool:
    """Is the organization an active partner of the hub."""
    found = partnership(session, organization_id, hub_id)
    return found is not None and str(found.state) == "active"


def standing_commitment(
    session: Session, organization_id: str, hub_id: str, kind: str = "consider"
) -> Commitment | None:
    """The commitment of that kind that is in force (active or at risk); the one that lasts longest."""
    return session.scalars(
        select(Commitment).where(
            Commitment.hub_id == hub_id, Commitment.organization_id == organization_id, Commitment.kind == kind,
            Commitment.state.in_(STANDING),
        ).order_by(Commitment.expires_on.desc(), Commitment.id)
    ).first()


def commitments(session: Session, organization_id: str, hub_id: str) -> list[Commitment]:
    """Every commitment of an employer in a hub, newest first."""
    return list(session.scalars(
        select(Commitment).where(Commitment.organization_id == organization_id, Commitment.hub_id == hub_id)
        .order_by(Commitment.created_at.desc(), Commitment.id)
    ))


def open_invitations(
    session: Session, organization_id: str, *, at: datetime, purpose: str = "member"
) -> list[Invitation]:
    """Invitations that can still be accepted, newest first."""
    return list(session.scalars(
        select(Invitation).where(
            Invitation.organization_id == organization_id, Invitation.purpose == purpose,
            Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > at,
        ).order_by(Invitation.created_at.desc(), Invitation.id)
    ))


def names_of(session: Session, organization_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Organization id to (name, slug), in one statement."""
    rows = session.execute(select(Organization.id, Organization.name, Organization.slug).where(
        Organization.id.in_(sorted(organization_ids))))
    return {row[0]: (row[1], row[2]) for row in rows}
