"""What an employer promises a hub: drafted, signed by an owner, accepted, renewed, and let go when its day comes."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit import audit, lifecycle, outbox
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.errors import ConflictError, DomainError, NotAllowedError
from matcher.kit.words import N_
from matcher.organizations import queries
from matcher.organizations.actions_partners import ON_PARTNER_END
from matcher.organizations.models import Commitment, CommitmentKind, Hub, Organization, Partnership
from matcher.organizations.rules import REMIND_DAYS, check_promise, lapses, local_day

ON_COMMITMENT_LAPSE: list[Callable[[Session, Commitment, datetime, str], None]] = []
"""Called BEFORE the last commitment to consider leaves force, so that flags fall first and the database agrees."""
OPEN = ("signed", "active", "at_risk")


def draft_commitment(
    session: Session, organization: Organization, hub: Hub, *, kind: CommitmentKind | str, promised: int = 0,
    answer_days: int = 14, feedback_how: str = "", starts_on: date, expires_on: date, actor: Actor, at: datetime,
    renews: Commitment | None = None,
) -> Commitment:
    """Write a commitment down without signing it. Raises DomainError by the field."""
    if not actor.belongs_to(organization.id):
        raise NotAllowedError(N_("Only its own people can promise for an organization."))
    if str(organization.kind) != "employer":
        raise DomainError(N_("Only employers sign commitments."), field="kind")
    check_promise(str(kind), promised, answer_days, feedback_how, starts_on, expires_on,
                  local_day(at, hub.time_zone))
    joined = queries.partnership(session, organization.id, hub.id)
    if joined is None or joined.is_closed:
        raise DomainError(N_("Ask to join the hub first."))
    _refuse_second(session, organization, hub, str(kind), renews)
    made = Commitment(hub_id=hub.id, organization_id=organization.id, kind=CommitmentKind(kind), promised=promised,
                      answer_days=answer_days, feedback_how=feedback_how, starts_on=starts_on,
                      expires_on=expires_on, renews_id=renews.id if renews else None, created_at=at)
    made.organization, made.hub = organization, hub
    session.add(made)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="commitment.draft", subject=made, hub_id=hub.id,
                 after={"kind": kind, "promised": promised, "answer_days": answer_days, "starts_on": starts_on,
                        "expires_on": expires_on, "renews_id": made.renews_id})
    return made


def sign_commitment(
    session: Session, organization: Organization, hub: Hub, *, kind: CommitmentKind | str, promised: int = 0,
    answer_days: int = 14, feedback_how: str = "", signed_name: str, signed_title: str, starts_on: date,
    expires_on: date, actor: Actor, at: datetime, renews: Commitment | None = None,
) -> Commitment:
    """Draft and sign in one go: an owner puts name and title under a promise of at most 24 months.

    The hub's operators are told; the promise is in force once one of them accepts it.
    """
    made = draft_commitment(session, organization, hub, kind=kind, promised=promised, answer_days=answer_days,
                            feedback_how=feedback_how, starts_on=starts_on, expires_on=expires_on, actor=actor,
                            at=at, renews=renews)
    sign_draft(session, made, signed_name=signed_name, signed_title=signed_title, actor=actor, at=at)
    return made


def sign_draft(
    session: Session, commitment: Commitment, *, signed_name: str, signed_title: str, actor: Actor, at: datetime
) -> None:
    """Sign a draft as an owner, with name and title as typed."""
    if not actor.owns(commitment.organization_id):
        raise NotAllowedError(N_("Only an owner of the organization can sign for it."))
    if not signed_name.strip():
        raise DomainError(N_("Sign with your full name."), field="signed_name")
    if not signed_title.strip():
        raise DomainError(N_("Say what you do at the organization."), field="signed_title")
    commitment.signed_by, commitment.signed_at = actor.person_id, at
    commitment.signed_name, commitment.signed_title = signed_name.strip(), signed_title.strip()
    taken = lifecycle.advance(session, commitment, "sign", actor=actor, at=at)
    for person_id in queries.operators(session, commitment.hub_id):
        _tell(session, commitment, taken.notice or "", person_id, at)


def renew_commitment(
    session: Session, commitment: Commitment, *, promised: int, answer_days: int, feedback_how: str,
    signed_name: str, signed_title: str, expires_on: date, actor: Actor, at: datetime,
) -> Commitment:
    """Sign the next commitment in place of this one. The old one stays in force until the hub accepts the new one."""
    today = local_day(at, commitment.hub.time_zone)
    return sign_commitment(
        session, commitment.organization, commitment.hub, kind=commitment.kind, promised=promised,
        answer_days=answer_days, feedback_how=feedback_how, signed_name=signed_name, signed_title=signed_title,
        starts_on=today, expires_on=expires_on, actor=actor, at=at, renews=commitment,
    )


def advance_commitment(
    session: Session, commitment: Commitment, step: str, *, actor: Actor, at: datetime, reason: str = ""
) -> None:
    """Take a step in a commitment's life. When the last one to consider leaves force, flags fall before it does."""
    if step == "accept" and not queries.active_partner(session, commitment.organization_id, commitment.hub_id):
        raise DomainError(N_("Make the organization an active partner first."))
    open_steps = {s.name: s for s in commitment.__life__.open_to(str(commitment.state), actor.roles_on(commitment))}
    if step in open_steps and lapses(str(commitment.kind), str(commitment.state), open_steps[step].target) \
            and not _another(session, commitment):
        for call in ON_COMMITMENT_LAPSE:
            call(session, commitment, at, reason)
        session.flush()
    taken = lifecycle.advance(session, commitment, step, actor=actor, at=at, reason=reason)
    session.flush()
    if step == "accept" and commitment.renews_id:
        _retire(session, commitment, at)
    if taken.notice:
        for person_id in queries.member_ids(session, commitment.organization_id):
            _tell(session, commitment, taken.notice, person_id, at, reason)


def expire_commitments(session: Session, at: datetime) -> None:
    """The worker's daily duty: let commitments go after their last day, and remind owners 60 and 14 days before."""
    rows = session.scalars(
        select(Commitment).where(Commitment.state.in_(OPEN), Commitment.expires_on.is_not(None))
        .order_by(Commitment.expires_on, Commitment.id)
    ).all()
    for commitment in rows:
        assert commitment.expires_on is not None  # noqa: S101  # nosec B101: the query asks for it
        left = (commitment.expires_on - local_day(at, commitment.hub.time_zone)).days
        if left < 0:
            advance_commitment(session, commitment, "expire", actor=SYSTEM, at=at)
        elif str(commitment.state) != "signed":
            _remind(session, commitment, left, at)


def _remind(session: Session, commitment: Commitment, left: int, at: datetime) -> None:
    due = [days for days in REMIND_DAYS if left <= days]
    if not due:
        return
    for person_id in queries.member_ids(session, commitment.organization_id, owners_only=True):
        outbox.notify(session, person_id=person_id, kind="commitment_ends_soon", at=at, hub_id=commitment.hub_id,
                      params={"commitment_id": commitment.id, "expires_on": str(commitment.expires_on)},
                      key=f"{commitment.id}:{min(due)}")


def _refuse_second(
    session: Session, organization: Organization, hub: Hub, kind: str, renews: Commitment | None
) -> None:
    same = session.scalars(select(Commitment).where(
        Commitment.organization_id == organization.id, Commitment.hub_id == hub.id, Commitment.kind == kind,
        Commitment.state.in_(OPEN),
    )).all()
    if any(row.id != (renews.id if renews else None) for row in same):
        raise ConflictError(N_("There is a commitment of this kind already. Renew that one when its end is near."))


def _another(session: Session, commitment: Commitment) -> bool:
    return session.scalars(select(Commitment.id).where(
        Commitment.id != commitment.id, Commitment.organization_id == commitment.organization_id,
        Commitment.hub_id == commitment.hub_id, Commitment.kind == commitment.kind,
        Commitment.state.in_(queries.STANDING),
    )).first() is not None


def _retire(session: Session, successor: Commitment, at: datetime) -> None:
    old = session.get(Commitment, successor.renews_id)
    if old is not None and str(old.state) in old.__life__.step("renew").source:
        lifecycle.advance(session, old, "renew", actor=SYSTEM, at=at, details={"successor": successor.id})


def _tell(
    session: Session, commitment: Commitment, kind: str, person_id: str, at: datetime, reason: str = ""
) -> None:
    outbox.notify(session, person_id=person_id, kind=kind, at=at, hub_id=commitment.hub_id,
                  params={"commitment_id": commitment.id, "reason": reason},
                  key=f"{commitment.id}:{at.isoformat()}")


def _end_with_partnership(session: Session, partnership: Partnership, at: datetime, reason: str) -> None:
    """A partner that leaves takes its promises with it."""
    for commitment in queries.commitments(session, partnership.organization_id, partnership.hub_id):
        if str(commitment.state) in OPEN and str(partnership.state) == "left":
            advance_commitment(session, commitment, "expire", actor=SYSTEM, at=at, reason=reason)


ON_PARTNER_END.append(_end_with_partnership)
