"""What an invitation promised: a profile in the hub, a seat in the cohort, and leave for the inviter to follow it."""

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.candidates import actions
from matcher.candidates.models import ConsentPurpose
from matcher.kit.actor import Actor
from matcher.organizations.actions_members import ON_INVITATION_ACCEPTED
from matcher.organizations.models import Hub, Invitation, Organization
from matcher.people.models import Person
from matcher.training import actions as training
from matcher.training.models import Cohort

PURPOSE = "candidate"


def on_accepted(session: Session, invitation: Invitation, person: Person, at: datetime) -> None:
    """Start the profile (or take the one that is there), enroll, and note what the inviter may do.

    A workforce organization may support the person; a provider may see what becomes of its graduate by name.
    """
    if invitation.purpose != PURPOSE or invitation.hub_id is None:
        return
    hub, actor = session.get_one(Hub, invitation.hub_id), Actor(person_id=person.id, name=person.name)
    candidate = actions.start_profile(session, hub, person_id=person.id, actor=actor, at=at,
                                      referred_by=invitation.organization_id)
    organization = session.get_one(Organization, invitation.organization_id)
    purpose = ConsentPurpose.SUPPORT if organization.role == "workforce" else ConsentPurpose.SHARE_PROFILE
    actions.give_consent(session, candidate, purpose, actor=actor, at=at, organization_id=organization.id)
    cohort = session.get(Cohort, invitation.cohort_id) if invitation.cohort_id else None
    if cohort is not None and cohort.hub_id == hub.id:
        training.enroll(session, cohort, candidate.id, actor=actor, at=at)


ON_INVITATION_ACCEPTED.append(on_accepted)
