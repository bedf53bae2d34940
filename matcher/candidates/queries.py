"""Everything that reads candidate profiles, and the picture of an acting person."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from matcher.candidates.models import Candidate, CandidateSkill
from matcher.kit.actor import Actor
from matcher.organizations.models import HubRole, Membership, Organization
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
