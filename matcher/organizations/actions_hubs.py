"""Founds hubs and organizations, and appoints people to a hub."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit import audit
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.errors import ConflictError, DomainError
from matcher.kit.words import N_
from matcher.organizations import queries
from matcher.organizations.models import (
    FactsClock,
    Hub,
    HubRole,
    HubRoleKind,
    MemberRole,
    Membership,
    Organization,
    OrganizationKind,
)
from matcher.organizations.rules import slug_of
from matcher.people.models import Person


def found_hub(
    session: Session, slug: str, name: str, place_label: str, latitude: float, longitude: float, wage_area: str,
    time_zone: str = "America/Chicago", *, at: datetime, answer_days: int = 60, invented: bool = False,
    position: int = 0, actor: Actor = SYSTEM,
) -> Hub:
    """Open a hub with its facts clock and the start of its audit chain. Raises ConflictError for a taken slug."""
    if queries.hub_by_slug(session, slug):
        raise ConflictError(N_("There is a hub with that address already."), field="slug")
    hub = Hub(slug=slug, name=name, place_label=place_label, latitude=latitude, longitude=longitude,
              wage_area=wage_area, time_zone=time_zone, answer_days=answer_days, invented=invented,
              position=position, created_at=at)
    session.add(hub)
    session.flush()
    session.add_all([FactsClock(hub_id=hub.id, value=0),
                     audit.TrailHead(chain=hub.id, seq=0, hash=audit.START)])
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="hub.found", subject=hub, hub_id=hub.id,
                 after={"slug": slug, "name": name})
    return hub


def appoint(
    session: Session, hub: Hub, person: Person, role: HubRoleKind | str, *, at: datetime, actor: Actor = SYSTEM
) -> HubRole:
    """Give a person a role for a hub; the same role twice is one."""
    kind = HubRoleKind(role)
    held = session.scalar(select(HubRole).where(
        HubRole.hub_id == hub.id, HubRole.person_id == person.id, HubRole.role == kind, HubRole.ended_at.is_(None)
    ))
    if held:
        return held
    given = HubRole(hub_id=hub.id, person_id=person.id, role=kind, created_at=at)
    session.add(given)
    audit.record(session, at=at, actor_id=actor.person_id, action="hub.appoint", subject=given, hub_id=hub.id,
                 after={"person_id": person.id, "role": kind})
    return given


def dismiss(session: Session, given: HubRole, *, at: datetime, actor: Actor = SYSTEM, reason: str = "") -> None:
    """End a person's role for a hub; it counts from the next request on."""
    given.ended_at = at
    audit.record(session, at=at, actor_id=actor.person_id, action="hub.dismiss", subject=given, hub_id=given.hub_id,
                 reason=reason, before={"role": given.role})


def found_organization(
    session: Session, *, actor: Actor, kind: OrganizationKind | str, name: str, at: datetime, about: str = "",
    website: str = "", place_label: str = "", latitude: float | None = None, longitude: float | None = None,
    slug: str = "",
) -> Organization:
    """Start an organization; the person who founds it becomes its owner. Raises DomainError without a name."""
    name = " ".join(name.split())
    if len(name) < 2:
        raise DomainError(N_("Give the organization’s name."), field="name")
    _check_website(website)
    organization = Organization(
        slug=free_slug(session, slug or name), kind=OrganizationKind(kind), name=name[:160], about=about,
        website=website, place_label=place_label, latitude=latitude, longitude=longitude, created_at=at,
    )
    session.add(organization)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="organization.found", subject=organization,
                 after={"kind": organization.kind, "name": organization.name})
    if actor.person_id:
        session.add(Membership(person_id=actor.person_id, organization_id=organization.id, role=MemberRole.OWNER,
                               created_at=at))
        session.flush()
    return organization


def describe_organization(
    session: Session, organization: Organization, *, name: str, about: str, website: str, place_label: str,
    actor: Actor, at: datetime, latitude: float | None = None, longitude: float | None = None,
) -> None:
    """Change what an organization says about itself; its address stays."""
    if len(name.strip()) < 2:
        raise DomainError(N_("Give the organization’s name."), field="name")
    _check_website(website)
    before = {"name": organization.name, "place": organization.place_label, "website": organization.website}
    organization.name, organization.about = " ".join(name.split())[:160], about
    organization.website, organization.place_label = website, place_label
    organization.latitude, organization.longitude = latitude, longitude
    audit.record(session, at=at, actor_id=actor.person_id, action="organization.describe", subject=organization,
                 before=before, after={"name": organization.name, "place": place_label, "website": website})


def free_slug(session: Session, wanted: str) -> str:
    """The address made from a name, with a number behind it when it is taken."""
    base = slug_of(wanted)
    taken = set(session.scalars(select(Organization.slug).where(Organization.slug.startswith(base))))
    number = 2
    slug = base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def _check_website(website: str) -> None:
    if website and not website.startswith(("https://", "http://")):
        raise DomainError(N_("Write the whole address, beginning with https://"), field="website")
