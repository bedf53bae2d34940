"""Inviting graduates into a hub: one by one, or from pasted lines, each line judged by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit import crypto
from matcher.kit.actor import Actor
from matcher.kit.errors import ConflictError, DomainError
from matcher.kit.words import N_
from matcher.organizations import actions as organizations
from matcher.organizations.models import Hub, Invitation, Organization
from matcher.people.rules import clean_email
from matcher.training import actions
from matcher.training.models import Cohort

PURPOSE = "candidate"
MOST_LINES = 100
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Line:
    """One pasted line: its number from 1, as it was written, and what it says or why it cannot be used."""

    number: int
    text: str
    name: str = ""
    email: str = ""
    error: DomainError | None = None


def read_lines(text: str) -> list[Line]:
    """Read lines of `name, mail` (a comma, semicolon or tab between); blank ones are skipped.

    Every line comes back, a faulty one with its error: no address, a broken one, or one that stands above already.
    Raises DomainError when there is no line, or more than `MOST_LINES`.
    """
    written = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not written:
        raise DomainError(N_("Paste at least one line, such as: Ana Ruiz, ana@example.org"), field="lines")
    if len(written) > MOST_LINES:
        raise DomainError(N_("Paste at most %(most)d lines at a time."), field="lines", params={"most": MOST_LINES})
    lines: list[Line] = []
    seen: set[str] = set()
    for number, line in written:
        read = _read(number, line)
        known = crypto.normalized(read.email) if read.email else ""
        if known and known in seen:
            read = Line(number, line, read.name, read.email, DomainError(N_("This address stands above already.")))
        seen.add(known)
        lines.append(read)
    return lines


def _read(number: int, text: str) -> Line:
    parts = [part.strip().strip('"<>') for part in text.replace(";", ",").replace("\t", ",").split(",")]
    address = next((part for part in reversed(parts) if "@" in part), "")
    name = " ".join(part for part in parts if part and part != address)
    if not address:
        return Line(number, text, name, error=DomainError(N_("There is no mail address in this line.")))
    try:
        email = clean_email(address)
        return Line(number, text, clean_invited(name), email)
    except DomainError as error:
        return Line(number, text, name, error=error)


def clean_invited(name: str) -> str:
    """The name an invitation greets with, which may be empty; DomainError for one that carries a web address."""
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME or "://" in name or "www." in name.casefold():
        raise DomainError(N_("Write a name of at most 120 letters, without a web address."), field="name")
    return name


def invite(
    session: Session, organization: Organization, hub: Hub, *, name: str, email: str, cohort: Cohort | None = None,
    actor: Actor, at: datetime, locale: str = "en",
) -> Invitation:
    """Invite somebody to build a profile in a hub, and into a cohort where one is given; a mail goes out.

    An open invitation of the same address to the same cohort is replaced, so this also sends one again. Raises
    DomainError when the organization is no active partner, or the address is no mail address.
    """
    actions.check_vetted(session, organization.id, hub.id)
    if cohort is not None and (cohort.hub_id != hub.id or cohort.organization_id != organization.id):
        raise DomainError(N_("This cohort belongs to somebody else."))
    made, _secret = organizations.invite(
        session, organization, clean_email(email), actor=actor, at=at, name=clean_invited(name), locale=locale,
        purpose=PURPOSE, hub=hub, cohort_id=cohort.id if cohort else None,
    )
    return made


def invite_lines(
    session: Session, organization: Organization, hub: Hub, lines: Sequence[Line], *, cohort: Cohort | None = None,
    actor: Actor, at: datetime, locale: str = "en",
) -> list[Invitation]:
    """Invite everybody in the lines. Raises DomainError when one of them has an error: all or none."""
    if any(line.error for line in lines):
        raise DomainError(N_("Nothing was sent yet. Mend the lines that are marked, then send all of them."),
                          field="lines")
    return [invite(session, organization, hub, name=line.name, email=line.email, cohort=cohort, actor=actor, at=at,
                   locale=locale) for line in lines]


def resend(session: Session, invitation: Invitation, *, actor: Actor, at: datetime) -> Invitation:
    """Send an invitation once more with a new link; the old link stops working. ConflictError when it was accepted."""
    if invitation.accepted_at:
        raise ConflictError(N_("This invitation was accepted already."))
    return invite(
        session, session.get_one(Organization, invitation.organization_id),
        session.get_one(Hub, invitation.hub_id or ""), name=invitation.name, email=invitation.email,
        cohort=session.get(Cohort, invitation.cohort_id) if invitation.cohort_id else None, actor=actor, at=at,
        locale=invitation.locale,
    )


def sent(session: Session, organization_id: str, *, cohort_id: str | None = None) -> list[Invitation]:
    """Invitations of people by an organization (of one cohort), taken-back ones left out, newest first."""
    query = select(Invitation).where(Invitation.organization_id == organization_id, Invitation.purpose == PURPOSE,
                                     Invitation.revoked_at.is_(None))
    if cohort_id:
        query = query.where(Invitation.cohort_id == cohort_id)
    return list(session.scalars(query.order_by(Invitation.created_at.desc(), Invitation.id)))
