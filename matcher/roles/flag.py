"""The flag *open to nontraditional candidates*: set on its grounds, and let fall when they go (invariant 3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.kit import audit, outbox
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.errors import DomainError, NotAllowedError
from matcher.kit.words import N_
from matcher.organizations import facts_clock
from matcher.organizations import queries as organizations
from matcher.organizations.actions_commitments import ON_COMMITMENT_LAPSE
from matcher.organizations.models import Commitment
from matcher.roles import queries, rules
from matcher.roles.models import Posting
from matcher.roles.rules import Fault

LAPSED = N_("The commitment to consider nontraditional candidates is no longer in force.")


class OpenFlagError(DomainError):
    """The role does not meet every condition; `faults` are all that is missing, as (code, words)."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(faults[0][1] if len(faults) == 1 else
                         N_("%(count)s things are missing before this role can be called open. See the list."),
                         field="open_nontraditional", params={} if len(faults) == 1 else {"count": len(faults)})


def set_open_flag(
    session: Session, posting: Posting, wanted: bool, *, actor: Actor, at: datetime, reason: str = ""
) -> None:
    """Say whether a role is open to nontraditional candidates. Raises OpenFlagError with every missing condition."""
    if not actor.belongs_to(posting.organization_id):
        raise NotAllowedError(N_("Only its own people can write roles for an organization."))
    if wanted == posting.open_nontraditional:
        return
    if not wanted:
        drop_flag(session, posting, reason, actor=actor, at=at)
        return
    commitment = organizations.standing_commitment(session, posting.organization_id, posting.hub_id)
    if faults := rules.open_flag_faults(posting, commitment):
        raise OpenFlagError(faults)
    session.flush()
    posting.open_nontraditional, posting.open_fell_at, posting.open_fell_reason = True, None, ""
    _note(session, posting, "posting.flag_set", reason, actor, at)


def drop_flag(session: Session, posting: Posting, reason: str, *, actor: Actor, at: datetime) -> bool:
    """Take the flag away, with the reason in the trail; returns whether it was set."""
    if not posting.open_nontraditional:
        return False
    posting.open_nontraditional, posting.open_fell_at, posting.open_fell_reason = False, at, reason
    _note(session, posting, "posting.flag_fell", reason, actor, at)
    return True


def keep_honest(session: Session, posting: Posting, *, actor: Actor, at: datetime) -> None:
    """Let the flag fall when an edit took its grounds away, and say so; call it before the edit is flushed."""
    with session.no_autoflush:
        commitment = organizations.standing_commitment(session, posting.organization_id, posting.hub_id)
        faults = rules.open_flag_faults(posting, commitment) if posting.open_nontraditional else []
        if faults:
            drop_flag(session, posting, faults[0][1], actor=actor, at=at)
            _tell(session, posting, at)


def fall_with_commitment(session: Session, commitment: Commitment, at: datetime, _reason: str) -> None:
    """Let every flag fall that stood on a commitment which is about to leave force, and tell owners and operators."""
    for posting in queries.flagged(session, commitment.organization_id, commitment.hub_id):
        drop_flag(session, posting, LAPSED, actor=SYSTEM, at=at)
        session.flush()
        _tell(session, posting, at)


def _note(session: Session, posting: Posting, action: str, reason: str, actor: Actor, at: datetime) -> None:
    with session.no_autoflush:
        posting.facts_version = facts_clock.tick(session, posting.hub_id)
    audit.record(session, at=at, actor_id=actor.person_id, action=action, subject=posting, hub_id=posting.hub_id,
                 reason=reason, before={"open_nontraditional": not posting.open_nontraditional},
                 after={"open_nontraditional": posting.open_nontraditional})


def _tell(session: Session, posting: Posting, at: datetime) -> None:
    owners = organizations.member_ids(session, posting.organization_id, owners_only=True)
    for person_id in dict.fromkeys((*owners, *organizations.operators(session, posting.hub_id))):
        outbox.notify(session, person_id=person_id, kind="open_flag_fell", at=at, hub_id=posting.hub_id,
                      params={"posting_id": posting.id, "reason": posting.open_fell_reason},
                      key=f"{posting.id}:{at.isoformat()}")


ON_COMMITMENT_LAPSE.append(fall_with_commitment)

__all__ = ["LAPSED", "OpenFlagError", "drop_flag", "fall_with_commitment", "keep_honest", "set_open_flag"]
