"""Who belongs to an organization: invitations, roles, and leaving, each counting from the next request on."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from matcher.kit import audit, crypto, outbox
from matcher.kit.actor import Actor
from matcher.kit.errors import ConflictError, DomainError, NotAllowedError, NotFoundError
from matcher.kit.ids import new_id
from matcher.kit.words import N_
from matcher.organizations import queries
from matcher.organizations.models import Hub, Invitation, MemberRole, Membership, Organization
from matcher.organizations.rules import INVITATION_DAYS
from matcher.people.models import Person

ON_INVITATION_ACCEPTED: list[Callable[[Session, Invitation, Person, datetime], None]] = []
"""Called when somebody accepts an invitation of any purpose: later areas do what it promised."""


def invitation_secret(invitation_id: str) -> str:
    """The secret of an invitation's link: made from its id with the index key, so that none is stored."""
    return crypto.blind_index("invitations.secret", invitation_id)


def invite(
    session: Session, organization: Organization, email: str, role: MemberRole | str = "member", *, actor: Actor,
    at: datetime, name: str = "", locale: str = "en", purpose: str = "member", hub: Hub | None = None,
    cohort_id: str | None = None,
) -> tuple[Invitation, str]:
    """Invite an address to an organization (purpose "member") or a hub ("candidate"); returns it with its secret.

    A mail with the link goes out. An open invitation to the same address for the same purpose is replaced.
    Raises NotAllowedError for a member invitation by somebody who is no owner.
    """
    if purpose == "member" and not actor.owns(organization.id):
        raise NotAllowedError(N_("Only an owner can invite members."))
    if not actor.belongs_to(organization.id) or actor.person_id is None:
        raise NotAllowedError(N_("Only its own people can invite for an organization."))
    if "@" not in email:
        raise DomainError(N_("Write one mail address."), field="email")
    if purpose == "member":
        MemberRole(role)
        _refuse_member(session, organization, email)
    _replace_open(session, organization, email, purpose, cohort_id, at)
    invitation_id = new_id()
    secret = invitation_secret(invitation_id)
    made = Invitation(
        id=invitation_id, organization_id=organization.id, hub_id=hub.id if hub else None,
        invited_by=actor.person_id, purpose=purpose, role=str(role), cohort_id=cohort_id, name=name, email=email,
        locale=locale, token_hash=_hash(secret), expires_at=at + timedelta(days=INVITATION_DAYS), created_at=at,
    )
    session.add(made)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="invitation.send", subject=made,
                 hub_id=made.hub_id, after={"organization_id": organization.id, "purpose": purpose, "role": role})
    outbox.notify(session, person_id=None, to=email, locale=locale, kind=f"invitation_{purpose}", at=at,
                  hub_id=made.hub_id, params={"invitation_id": made.id}, key=made.id)
    return made, secret


def find_invitation(session: Session, secret: str, *, at: datetime) -> Invitation | None:
    """The invitation behind a link, while it can be accepted."""
    return session.scalar(select(Invitation).where(
        Invitation.token_hash == _hash(secret), Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None),
        Invitation.expires_at > at,
    ))


def accept_invitation(session: Session, invitation: Invitation, person: Person, *, at: datetime) -> None:
    """Take an invitation up, once: the address must be the person's own.

    Raises NotAllowedError for another address, NotFoundError when it was used, taken back or is too old.
    """
    if person.email_index is None or crypto.normalized(person.email) != crypto.normalized(invitation.email):
        raise NotAllowedError(N_("This invitation was sent to another mail address."))
    claimed = session.execute(
        update(Invitation).where(
            Invitation.id == invitation.id, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None),
            Invitation.expires_at > at,
        ).values(accepted_at=at, accepted_by=person.id).execution_options(synchronize_session=False)
    )
    session.refresh(invitation)
    if not isinstance(claimed, CursorResult) or claimed.rowcount != 1:
        raise NotFoundError(N_("This invitation is no longer open. Ask for a new one."))
    audit.record(session, at=at, actor_id=person.id, action="invitation.accept", subject=invitation,
                 hub_id=invitation.hub_id)
    if invitation.purpose == "member":
        _join(session, invitation, person, at)
    for call in ON_INVITATION_ACCEPTED:
        call(session, invitation, person, at)


def revoke_invitation(session: Session, invitation: Invitation, *, actor: Actor, at: datetime) -> None:
    """Take an invitation back; its link stops working at once."""
    if invitation.accepted_at:
        raise ConflictError(N_("This invitation was accepted already."))
    invitation.revoked_at = invitation.revoked_at or at
    audit.record(session, at=at, actor_id=actor.person_id, action="invitation.revoke", subject=invitation,
                 hub_id=invitation.hub_id)


def change_role(
    session: Session, membership: Membership, role: MemberRole | str, *, actor: Actor, at: datetime
) -> None:
    """Make a member an owner or an owner a member; the last owner stays one."""
    _owners_only(actor, membership)
    wanted = MemberRole(role)
    if membership.role == wanted:
        return
    if wanted is MemberRole.MEMBER:
        _keep_one_owner(session, membership)
    before = membership.role
    membership.role = wanted
    audit.record(session, at=at, actor_id=actor.person_id, action="membership.role", subject=membership,
                 before={"role": before}, after={"role": wanted})


def remove_member(session: Session, membership: Membership, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """End a membership (one's own, or as an owner another's). It counts from the next request on (invariant 11)."""
    own = membership.person_id == actor.person_id
    if not own:
        _owners_only(actor, membership)
    if membership.ended_at:
        raise ConflictError(N_("This person has left already."))
    _keep_one_owner(session, membership)
    membership.ended_at = at
    audit.record(session, at=at, actor_id=actor.person_id, action="membership.end", subject=membership, reason=reason,
                 before={"role": membership.role})
    if not own:
        outbox.notify(session, person_id=membership.person_id, kind="member_removed", at=at,
                      params={"organization_id": membership.organization_id}, key=f"{membership.id}:{at.isoformat()}")


def add_member(
    session: Session, organization: Organization, person: Person, role: MemberRole | str = "member", *, actor: Actor,
    at: datetime,
) -> Membership:
    """Make a person a member at once, without an invitation (the hub's set-up and the story of the demo town)."""
    held = queries.membership(session, organization.id, person.id)
    if held:
        return held
    made = Membership(person_id=person.id, organization_id=organization.id, role=MemberRole(role), created_at=at)
    session.add(made)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="membership.begin", subject=made,
                 after={"role": role, "person_id": person.id})
    return made


def _join(session: Session, invitation: Invitation, person: Person, at: datetime) -> None:
    organization = session.get_one(Organization, invitation.organization_id)
    add_member(session, organization, person, invitation.role, actor=Actor(person_id=person.id), at=at)
    for owner_id in queries.member_ids(session, organization.id, owners_only=True):
        if owner_id != person.id:
            outbox.notify(session, person_id=owner_id, kind="member_joined", at=at,
                          params={"organization_id": organization.id, "person_id": person.id}, key=invitation.id)


def _refuse_member(session: Session, organization: Organization, email: str) -> None:
    held = session.scalar(
        select(Membership.id).join(Person, Person.id == Membership.person_id).where(
            Membership.organization_id == organization.id, Membership.ended_at.is_(None), Person.email.lookup(email)
        )
    )
    if held:
        raise DomainError(N_("This person is a member already."), field="email")


def _replace_open(
    session: Session, organization: Organization, email: str, purpose: str, cohort_id: str | None, at: datetime
) -> None:
    session.execute(
        update(Invitation).where(
            Invitation.organization_id == organization.id, Invitation.email.lookup(email),
            Invitation.purpose == purpose, Invitation.cohort_id == cohort_id, Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        ).values(revoked_at=at).execution_options(synchronize_session="fetch")
    )


def _owners_only(actor: Actor, membership: Membership) -> None:
    if not actor.owns(membership.organization_id):
        raise NotAllowedError(N_("Only an owner can change who belongs to the organization."))


def _keep_one_owner(session: Session, membership: Membership) -> None:
    if str(membership.role) != "owner":
        return
    # The lock makes two owners who leave at once wait for each other.
    session.execute(select(Organization.id).where(Organization.id == membership.organization_id).with_for_update())
    others = session.scalar(select(func.count()).select_from(Membership).where(
        Membership.organization_id == membership.organization_id, Membership.role == "owner",
        Membership.ended_at.is_(None), Membership.id != membership.id,
    ))
    if not others:
        raise ConflictError(N_("An organization needs an owner. Make somebody else an owner first."))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
