"""What an organization may know of the people it taught or invited: their names, and who came by its invitation."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.candidates.models import Candidate, Consent, ExcludedOrganization
from matcher.organizations.models import Invitation
from matcher.people.models import Person


@dataclass(frozen=True, slots=True)
class Known:
    """A person as their provider knows them. `erased`: the account is closed and the name gone."""

    candidate_id: str
    name: str
    code: str
    erased: bool


def known(session: Session, candidate_ids: Iterable[str]) -> dict[str, Known]:
    """Candidate id to the person, for an organization's own students; one statement."""
    rows = session.execute(
        select(Candidate.id, Candidate.code, Candidate.state, Person.name)
        .join(Person, Person.id == Candidate.person_id).where(Candidate.id.in_(set(candidate_ids)))
    )
    return {id: Known(id, "" if str(state) == "anonymized" else name, code, str(state) == "anonymized")
            for id, code, state, name in rows}


def addresses(session: Session, organization_id: str, candidate_ids: Iterable[str]) -> dict[str, str]:
    """Candidate id to the mail address that this organization itself invited, where the invitation was taken up."""
    rows = session.execute(
        select(Candidate.id, Invitation).join(Invitation, Invitation.accepted_by == Candidate.person_id)
        .where(Candidate.id.in_(set(candidate_ids)), Candidate.state != "anonymized",
               Invitation.organization_id == organization_id, Invitation.purpose == "candidate")
        .order_by(Invitation.created_at)
    )
    return {id: invitation.email for id, invitation in rows}


def hidden_from(session: Session, organization_id: str, candidate_ids: Iterable[str]) -> set[str]:
    """Those of these people who excluded the organization: what became of them is not told, not even in a count."""
    return set(session.scalars(select(ExcludedOrganization.candidate_id).where(
        ExcludedOrganization.organization_id == organization_id,
        ExcludedOrganization.candidate_id.in_(set(candidate_ids)),
    )))


def agreed(session: Session, organization_id: str, purpose: str, candidate_ids: Iterable[str]) -> set[str]:
    """Those of these people whose consent for that purpose stands towards the organization."""
    return set(session.scalars(select(Consent.candidate_id).where(
        Consent.organization_id == organization_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None),
        Consent.candidate_id.in_(set(candidate_ids)),
    )))
