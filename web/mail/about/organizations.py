"""What mails about organizations, invitations and commitments say."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from matcher.kit.outbox import Notice
from matcher.kit.settings import Settings
from matcher.organizations import actions
from matcher.organizations.models import Commitment, Hub, Invitation, Organization
from matcher.organizations.rules import COMMITMENT_WORDS
from matcher.people.models import Person
from web.mail.contexts import context


@context("invitation_member", "invitation_candidate")
def invitation(session: Session, notice: Notice, settings: Settings) -> dict[str, Any]:
    """Who invites, and the link that takes it up."""
    row = session.get_one(Invitation, notice.params["invitation_id"])
    organization = session.get_one(Organization, row.organization_id)
    inviter, hub = session.get(Person, row.invited_by), session.get(Hub, row.hub_id) if row.hub_id else None
    return {"organization": organization.name, "inviter": inviter.name if inviter else "", "name_given": row.name,
            "hub": hub.name if hub else "", "until": row.expires_at.date().isoformat(),
            "link": settings.url(f"/account/invitations/{actions.invitation_secret(row.id)}")}


@context("partner_asked", "partner_active", "partner_lapsed", "member_removed", "member_joined")
def partner(session: Session, notice: Notice, settings: Settings) -> dict[str, Any]:
    """The organization, the hub and where to look."""
    organization = session.get_one(Organization, notice.params["organization_id"])
    hub = session.get(Hub, notice.hub_id) if notice.hub_id else None
    person = session.get(Person, notice.params.get("person_id") or "")
    at_desk = notice.kind == "partner_asked" and hub is not None
    path = f"/desk/{hub.slug}/partners" if at_desk and hub else f"/{organization.role}/{organization.slug}"
    path = {"member_removed": "/account/",
            "member_joined": f"/account/organizations/{organization.slug}/team"}.get(notice.kind, path)
    return {"organization": organization.name, "hub": hub.name if hub else "", "person": person.name if person else "",
            "reason": notice.params.get("reason", ""), "link": settings.url(path)}


@context("commitment_signed", "commitment_active", "commitment_at_risk", "commitment_lapsed", "commitment_ends_soon")
def commitment(session: Session, notice: Notice, settings: Settings) -> dict[str, Any]:
    """What was promised, by whom, until when."""
    row = session.get_one(Commitment, notice.params["commitment_id"])
    at_desk = notice.kind == "commitment_signed"
    path = f"/desk/{row.hub.slug}/partners" if at_desk else f"/employer/{row.organization.slug}/commitments"
    return {"organization": row.organization.name, "hub": row.hub.name, "what": COMMITMENT_WORDS[str(row.kind)],
            "consider": str(row.kind) == "consider",
            "until": (row.expires_on or date.max).isoformat(), "ended": str(row.state),
            "reason": notice.params.get("reason", ""), "link": settings.url(path)}
