"""An organization asks to join a hub, and the hub vets it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.kit import audit, lifecycle, outbox
from matcher.kit.actor import Actor
from matcher.kit.errors import ConflictError, NotAllowedError
from matcher.kit.words import N_
from matcher.organizations import queries
from matcher.organizations.models import Hub, Organization, Partnership
from matcher.organizations.rules import check_partnership

ON_PARTNER_END: list[Callable[[Session, Partnership, datetime, str], None]] = []
"""Called after a partner lapses or leaves: later areas close what depends on it."""


def ask_to_join(
    session: Session, organization: Organization, hub: Hub, *, families: Sequence[str] = (),
    screens: Sequence[str] = (), hires_planned: int | None = None, words: str = "", actor: Actor, at: datetime,
) -> Partnership:
    """Ask a hub to take the organization in as a partner; its operators are told.

    Raises DomainError by the field for answers off the list, ConflictError when it asked already.
    """
    if not actor.belongs_to(organization.id) and not actor.operates(hub.id) and not actor.system:
        raise NotAllowedError(N_("Only its own people can bring an organization to a hub."))
    check_partnership(list(families), list(screens), hires_planned)
    if queries.partnership(session, organization.id, hub.id):
        raise ConflictError(N_("%(name)s has asked this hub already."), params={"name": organization.name})
    asked = Partnership(hub_id=hub.id, organization_id=organization.id, families=list(families),
                        screens=list(screens), hires_planned=hires_planned, words=words, created_at=at)
    asked.organization, asked.hub = organization, hub
    session.add(asked)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="partnership.ask", subject=asked, hub_id=hub.id,
                 after={"families": families, "screens": screens, "hires_planned": hires_planned})
    for person_id in queries.operators(session, hub.id):
        outbox.notify(session, person_id=person_id, kind="partner_asked", at=at, hub_id=hub.id,
                      params={"organization_id": organization.id}, key=asked.id)
    return asked


def update_partnership(
    session: Session, partnership: Partnership, *, families: Sequence[str], screens: Sequence[str],
    hires_planned: int | None, words: str, actor: Actor, at: datetime,
) -> None:
    """Change what the organization said when it joined; the old answers stay in the trail."""
    check_partnership(list(families), list(screens), hires_planned)
    before = {"families": partnership.families, "screens": partnership.screens,
              "hires_planned": partnership.hires_planned}
    partnership.families, partnership.screens = list(families), list(screens)
    partnership.hires_planned, partnership.words = hires_planned, words
    audit.record(session, at=at, actor_id=actor.person_id, action="partnership.update", subject=partnership,
                 hub_id=partnership.hub_id, before=before,
                 after={"families": families, "screens": screens, "hires_planned": hires_planned})


def advance_partnership(
    session: Session, partnership: Partnership, step: str, *, actor: Actor, at: datetime, reason: str = ""
) -> None:
    """Take a step in a partnership's life; members are told where the step says so."""
    taken = lifecycle.advance(session, partnership, step, actor=actor, at=at, reason=reason)
    if taken.notice:
        _tell_members(session, partnership, taken.notice, at, reason)
    if taken.target in {"lapsed", "left"}:
        for call in ON_PARTNER_END:
            call(session, partnership, at, reason)


def _tell_members(session: Session, partnership: Partnership, kind: str, at: datetime, reason: str) -> None:
    for person_id in queries.member_ids(session, partnership.organization_id):
        outbox.notify(session, person_id=person_id, kind=kind, at=at, hub_id=partnership.hub_id,
                      params={"organization_id": partnership.organization_id, "reason": reason},
                      key=f"{partnership.id}:{at.isoformat()}")
