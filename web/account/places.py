"""A person's places: profiles, organizations and hubs, each with its address and what comes next."""

from dataclasses import dataclass

from flask import current_app, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.candidates.models import Candidate
from matcher.kit.words import N_
from matcher.organizations import queries
from matcher.organizations.models import Hub, Organization, Partnership
from matcher.people.models import Person, SignIn

NEXT_FOR_PROFILE = {
    "incomplete": N_("Finish your profile, so that roles can be compared with it."),
    "active": N_("Employers can find you. See the roles that fit you now."),
    "paused": N_("Your profile is paused. Nobody finds it until you show it again."),
    "placed": N_("You have a job through the hub. Your skills stay here, and are yours."),
    "withdrawn": N_("You left this hub. You can come back at any time."),
    "dormant": N_("Your profile is asleep. Look it over and show it again."),
}
NEXT_FOR_PARTNER = {
    "prospect": N_("The hub has your request and will get in touch. You can prepare everything meanwhile."),
    "contacted": N_("The hub is in touch with you and will confirm who you are."),
    "confirmed": N_("You are confirmed. The hub will make you an active partner."),
    "active": N_("You are an active partner."),
    "lapsed": N_("Your partnership has lapsed. Write to the hub to come back."),
    "left": N_("You left this hub."),
}

HUB_ROLE_WORDS = {"operator": N_("You operate this hub"), "board": N_("You sit on its board"),
                  "assessor": N_("You assess it")}


@dataclass(frozen=True)
class Place:
    """One organization of a person, with its standing in each hub."""

    organization: Organization
    role: str
    url: str
    standing: list[Partnership]


def profiles(session: Session, person_id: str) -> list[tuple[Candidate, Hub, str, str]]:
    """The person's profiles with hub, address and next step."""
    rows = session.execute(
        select(Candidate, Hub).join(Hub, Hub.id == Candidate.hub_id)
        .where(Candidate.person_id == person_id, Candidate.state != "anonymized").order_by(Hub.position, Hub.name)
    )
    return [(row, hub, first_address("/candidate/", ("candidate.home", "candidate.today"), candidate=row.id),
             NEXT_FOR_PROFILE[str(row.state)]) for row, hub in rows]


def organizations(session: Session, person_id: str) -> list[Place]:
    """The person's organizations; three statements whatever their number."""
    held = queries.organizations_of(session, person_id)
    standing = queries.partnerships_of(session, [organization.id for organization, _ in held])
    return [Place(organization, role, organization_address(organization),
                  [row for row in standing if row.organization_id == organization.id])
            for organization, role in held]


def hubs(session: Session, person_id: str) -> list[tuple[Hub, str, str]]:
    """The hubs a person serves, as what, and the address of its desk."""
    return [(hub, role, first_address(f"/desk/{hub.slug}/", ("hub.today", "hub.home"), hub=hub.slug))
            for hub, role in queries.hub_roles_of(session, person_id)]


def owes_second_factor(session: Session, person: Person, sign_in: SignIn | None) -> bool:
    """Does this person operate a hub from a browser that gave no second factor?"""
    return sign_in is not None and sign_in.second_factor_at is None and queries.is_operator(session, person.id)


def organization_address(organization: Organization) -> str:
    """The first page of an organization's own pages."""
    audience = organization.role
    return first_address(f"/{audience}/{organization.slug}/", (f"{audience}.home", f"{audience}.today"),
                         organization=organization.slug)


def first_address(path: str, endpoints: tuple[str, ...], **values: str) -> str:
    """The address of the first of these pages that this installation has, else the path."""
    for endpoint in endpoints:
        if endpoint in current_app.view_functions:
            return url_for(endpoint, **values)
    return path
