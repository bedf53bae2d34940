"""Hubs, organizations and commitments for tests, each stage reached by taking the real steps."""

from datetime import date, datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from matcher.organizations import actions, queries
from matcher.organizations.models import Commitment, Hub, Organization
from matcher.people.models import Person
from tests.factories.people import acting, person

_number = count(1)


def hub(session: Session, at: datetime, *, slug: str = "") -> Hub:
    """A hub of its own."""
    slug = slug or f"hub-{next(_number)}"
    return actions.found_hub(session, slug, slug.title(), "Lakeview, Wisconsin", 43.07, -89.4, "Madison, WI", at=at)


def operator(session: Session, where: Hub, at: datetime) -> Person:
    """Somebody who operates the hub."""
    who = person(session, at)
    actions.appoint(session, where, who, "operator", at=at)
    return who


def organization(
    session: Session, where: Hub, at: datetime, *, kind: str = "employer", active: bool = True, name: str = ""
) -> tuple[Organization, Person]:
    """An organization and its owner; an active partner of the hub unless told otherwise."""
    owner = person(session, at)
    made = actions.found_organization(session, actor=acting(session, owner), kind=kind, at=at,
                                      name=name or f"Organization {next(_number)}", place_label="Lakeview")
    asked = actions.ask_to_join(session, made, where, actor=acting(session, owner), at=at)
    if active:
        desk = acting(session, _operator_of(session, where, at), at)
        for step in ("confirm", "activate"):
            actions.advance_partnership(session, asked, step, actor=desk, at=at)
    return made, owner


def commitment(
    session: Session, where: Hub, made: Organization, owner: Person, at: datetime, *, kind: str = "consider",
    expires_on: date | None = None, accepted: bool = True,
) -> Commitment:
    """A commitment that its owner signed and, unless told otherwise, the hub accepted."""
    signed = actions.sign_commitment(
        session, made, where, kind=kind, promised=3, feedback_how="A call each month.", signed_name=owner.name,
        signed_title="Head of people", starts_on=at.date(), expires_on=expires_on or at.date() + timedelta(days=300),
        actor=acting(session, owner), at=at,
    )
    if accepted:
        desk = acting(session, _operator_of(session, where, at), at)
        actions.advance_commitment(session, signed, "accept", actor=desk, at=at)
    return signed


def _operator_of(session: Session, where: Hub, at: datetime) -> Person:
    ids = queries.operators(session, where.id)
    return session.get_one(Person, ids[0]) if ids else operator(session, where, at)
