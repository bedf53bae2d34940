"""An employer asks somebody from a role's list to apply; the person decides, and is asked once for each role."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.applications import queries
from matcher.candidates.models import Candidate
from matcher.kit import audit, outbox
from matcher.kit.actor import Actor
from matcher.kit.errors import ConflictError, DomainError, NotAllowedError, NotFoundError
from matcher.kit.outbox_models import Notice
from matcher.kit.words import N_
from matcher.roles.models import Posting

KIND = "invited_to_apply"


def invite(session: Session, posting: Posting, candidate: Candidate, *, actor: Actor, at: datetime) -> None:
    """Tell a person that this employer would like them to apply. Their name stays hidden.

    Raises NotFoundError for a profile that the employer cannot see, ConflictError when they have applied already.
    """
    if not actor.belongs_to(posting.organization_id):
        raise NotAllowedError(N_("Only the employer invites for its roles."))
    hidden = candidate.hub_id != posting.hub_id or str(candidate.state) != "active"
    if hidden or queries.excluded(session, candidate.id, posting.organization_id):
        raise NotFoundError(N_("This profile is not there."))
    if str(posting.state) != "live":
        raise DomainError(N_("This role no longer takes applications."))
    if queries.find_open(session, posting.id, candidate.id):
        raise ConflictError(N_("This person has applied already."))
    if invited(session, posting.id, [candidate]):
        return
    outbox.notify(session, person_id=candidate.person_id, kind=KIND, at=at, hub_id=posting.hub_id,
                  params={"posting_id": posting.id, "organization_id": posting.organization_id},
                  key=_key(posting.id, candidate.person_id))
    audit.record(session, at=at, actor_id=actor.person_id, action="posting.invite", subject=posting,
                 hub_id=posting.hub_id, details={"candidate": candidate.id})


def invited(session: Session, posting_id: str, candidates: Iterable[Candidate]) -> frozenset[str]:
    """Ids of those who were asked to apply for this role already."""
    people = {candidate.person_id: candidate.id for candidate in candidates}
    asked = session.scalars(select(Notice.person_id).where(
        Notice.kind == KIND, Notice.key.in_([f"{KIND}:{p}:{_key(posting_id, p)}" for p in people])
    ))
    return frozenset(people[person] for person in asked if person is not None)


def _key(posting_id: str, person_id: str) -> str:
    return f"{posting_id}:{person_id}"
