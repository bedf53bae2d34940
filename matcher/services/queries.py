"""Reads the people who agreed to a workforce organization's support, with where each of them stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matcher.applications.models import Application
from matcher.candidates import rules as profiles
from matcher.candidates.models import Candidate, CandidateSkill, Consent, ConsentPurpose, ExcludedOrganization
from matcher.people.models import Person
from matcher.placements.models import Placement
from matcher.services import rules
from matcher.services.rules import Standing

PURPOSES = (ConsentPurpose.SUPPORT, ConsentPurpose.REFER)


def _agreed(organization_id: str, purposes: Sequence[ConsentPurpose] = PURPOSES) -> ColumnElement[bool]:
    """Invariant 11: a consent that stands now. Asked anew on each request, so a withdrawn one counts no longer."""
    return select(Consent.id).where(
        Consent.candidate_id == Candidate.id, Consent.organization_id == organization_id,
        Consent.purpose.in_(purposes), Consent.withdrawn_at.is_(None),
    ).exists()


def _not_excluded(organization_id: str) -> ColumnElement[bool]:
    """Invariant 10: who excluded the organization is in no list and in no count of it."""
    return ~select(ExcludedOrganization.id).where(
        ExcludedOrganization.candidate_id == Candidate.id, ExcludedOrganization.organization_id == organization_id
    ).exists()


def people_of(organization_id: str, hub_id: str, *, text: str = "", state: str = "") -> Select[Candidate]:
    """The people who agreed to this organization's support or referral in a hub, by name."""
    query = (
        select(Candidate).join(Person, Person.id == Candidate.person_id)
        .where(Candidate.hub_id == hub_id, Candidate.state != "anonymized", _agreed(organization_id),
               _not_excluded(organization_id))
        .options(joinedload(Candidate.person), selectinload(Candidate.skills), selectinload(Candidate.preferences))
        .order_by(func.lower(Person.name), Candidate.id)
    )
    for word in text.split()[:4]:
        query = query.where(Person.name.icontains(word, autoescape=True))
    return query.where(Candidate.state == state) if state else query


def find_person(session: Session, organization_id: str, candidate_id: str) -> Candidate | None:
    """One person with the whole profile, while their consent to this organization stands; else None."""
    return session.scalar(
        select(Candidate).where(Candidate.id == candidate_id, Candidate.state != "anonymized",
                                _agreed(organization_id), _not_excluded(organization_id))
        .options(joinedload(Candidate.person), selectinload(Candidate.preferences), selectinload(Candidate.experiences),
                 selectinload(Candidate.skills).selectinload(CandidateSkill.evidence))
    )


def consents(session: Session, organization_id: str, candidate_ids: Sequence[str]) -> dict[str, list[Consent]]:
    """Candidate id to what they agreed to with this organization, the oldest first."""
    found: dict[str, list[Consent]] = {}
    for row in session.scalars(
        select(Consent).where(Consent.organization_id == organization_id, Consent.candidate_id.in_(candidate_ids),
                              Consent.purpose.in_(PURPOSES), Consent.withdrawn_at.is_(None))
        .order_by(Consent.given_at, Consent.id)
    ):
        found.setdefault(row.candidate_id, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class Case:
    """One person in the list: who, since when, and what comes next."""

    candidate: Candidate
    since: datetime
    next: rules.NextStep


def cases(session: Session, organization_id: str, people: Sequence[Candidate], *, today: date) -> list[Case]:
    """The next step of each person; four statements whatever their number."""
    ids = [person.id for person in people]
    agreed = consents(session, organization_id, ids)
    applications = _by_person(session.scalars(
        select(Application).where(Application.candidate_id.in_(ids), Application.state != "draft")
        .options(joinedload(Application.posting), selectinload(Application.interviews),
                 selectinload(Application.offers))
        .order_by(Application.state_at.desc(), Application.id)).all())
    placements = _by_person(session.scalars(
        select(Placement).where(Placement.candidate_id.in_(ids)).order_by(Placement.starts_on.desc(), Placement.id)
    ).all())
    return [
        Case(person, agreed[person.id][0].given_at, rules.next_step(Standing(
            str(person.state), tuple(profiles.missing_for_active(person)), applications.get(person.id, []),
            placements.get(person.id, [None])[0]), today=today))
        for person in people if person.id in agreed
    ]


def _by_person(rows: Sequence[Application] | Sequence[Placement]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.candidate_id, []).append(row)
    return found
