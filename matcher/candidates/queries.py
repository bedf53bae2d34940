"""Everything that reads candidate profiles, and the picture of an acting person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session, selectinload

from matcher.candidates.models import Candidate, CandidateSkill, Consent, ExcludedOrganization, ProfileView
from matcher.kit.actor import Actor
from matcher.organizations.models import HubRole, Membership, Organization, Partnership
from matcher.people.models import Person


def actor_for(session: Session, person: Person, *, second_factor: datetime | None = None) -> Actor:
    """The person's roles as they are now. A hub operator acts as one only after a second factor (`second_factor`)."""
    organizations = session.execute(
        select(Organization.id, Organization.kind, Membership.role)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(Membership.person_id == person.id, Membership.ended_at.is_(None))
    )
    hubs: dict[str, set[str]] = {}
    for hub_id, role in session.execute(
        select(HubRole.hub_id, HubRole.role).where(HubRole.person_id == person.id, HubRole.ended_at.is_(None))
    ):
        if str(role) != "operator" or second_factor is not None:
            hubs.setdefault(hub_id, set()).add(str(role))
    mine = session.scalars(
        select(Candidate.id).where(Candidate.person_id == person.id, Candidate.state != "anonymized")
    )
    return Actor(
        person_id=person.id, name=person.name,
        organizations={row.id: (str(row.kind), str(row.role)) for row in organizations},
        hubs={hub: frozenset(roles) for hub, roles in hubs.items()},
        candidates=frozenset(mine), administrator=person.administrator, verified=person.verified_at is not None,
    )


def profile(session: Session, candidate_id: str) -> Candidate | None:
    """A profile with everything that its page shows, in a fixed number of statements."""
    return session.scalar(
        select(Candidate).where(Candidate.id == candidate_id).options(
            selectinload(Candidate.skills).selectinload(CandidateSkill.evidence),
            selectinload(Candidate.experiences), selectinload(Candidate.preferences), selectinload(Candidate.person),
        )
    )


def profiles_of(session: Session, person_id: str) -> list[Candidate]:
    """A person's profiles, erased ones left out, in the order they were started."""
    return list(session.scalars(
        select(Candidate).where(Candidate.person_id == person_id, Candidate.state != "anonymized")
        .order_by(Candidate.created_at, Candidate.id)
    ))


def profile_in(session: Session, hub_id: str, person_id: str) -> Candidate | None:
    """A person's profile in a hub."""
    return session.scalar(select(Candidate).where(
        Candidate.hub_id == hub_id, Candidate.person_id == person_id, Candidate.state != "anonymized"
    ))


def standing_consents(session: Session, candidate_id: str) -> list[Consent]:
    """Consents in force, the oldest first."""
    return list(session.scalars(
        select(Consent).where(Consent.candidate_id == candidate_id, Consent.withdrawn_at.is_(None))
        .order_by(Consent.given_at, Consent.id)
    ))


def excluded(session: Session, candidate_id: str) -> list[Organization]:
    """Organizations that never see the profile, by name."""
    return list(session.scalars(
        select(Organization).join(ExcludedOrganization, ExcludedOrganization.organization_id == Organization.id)
        .where(ExcludedOrganization.candidate_id == candidate_id).order_by(Organization.name, Organization.id)
    ))


def partners(
    session: Session, hub_id: str, kinds: Sequence[str], *, text: str = "", limit: int = 200
) -> list[Organization]:
    """Active partners of a hub of these kinds whose name holds the text, by name."""
    query = (
        select(Organization).join(Partnership, Partnership.organization_id == Organization.id)
        .where(Partnership.hub_id == hub_id, Partnership.state == "active", Organization.kind.in_(kinds))
        .order_by(Organization.name, Organization.id).limit(limit)
    )
    return list(session.scalars(query.where(Organization.name.icontains(text, autoescape=True)) if text else query))


@dataclass(frozen=True, slots=True)
class Seen:
    """One organization that looked at a profile: how often, when last, and whether it ever saw the name."""

    organization: str
    times: int
    last: datetime
    named: bool


def who_saw(session: Session, candidate_id: str, *, since: datetime | None = None) -> list[Seen]:
    """Who looked at a profile, one line for each organization, the latest first."""
    query = (
        select(Organization.name, func.count(), func.max(ProfileView.created_at),
               func.max(cast(ProfileView.named, Integer)))
        .join(Organization, Organization.id == ProfileView.organization_id)
        .where(ProfileView.candidate_id == candidate_id)
        .group_by(Organization.id, Organization.name)
        .order_by(func.max(ProfileView.created_at).desc(), Organization.name)
    )
    rows = session.execute(query.where(ProfileView.created_at >= since) if since else query)
    return [Seen(name, times, last, bool(named)) for name, times, last, named in rows]


def known_places(session: Session, hub_id: str) -> list[tuple[str, float, float]]:
    """Quarters of a hub that its partners sit in, with latitude and longitude, by name."""
    rows = session.execute(
        select(Organization.place_label, func.min(Organization.latitude), func.min(Organization.longitude))
        .join(Partnership, Partnership.organization_id == Organization.id)
        .where(Partnership.hub_id == hub_id, Organization.place_label != "", Organization.latitude.is_not(None),
               Organization.longitude.is_not(None))
        .group_by(Organization.place_label).order_by(Organization.place_label)
    )
    return [(label, latitude or 0.0, longitude or 0.0) for label, latitude, longitude in rows]
