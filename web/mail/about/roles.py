"""What mails about roles say."""

from typing import Any

from sqlalchemy.orm import Session

from matcher.kit.outbox import Notice
from matcher.kit.settings import Settings
from matcher.organizations import queries as organizations
from matcher.roles.models import Posting
from web.mail.contexts import context


@context("posting_submitted", "posting_changes_requested", "posting_approved", "posting_filled", "posting_expired",
         "open_flag_fell")
def role(session: Session, notice: Notice, settings: Settings) -> dict[str, Any]:
    """The role, whose it is, and the page on which the receiver goes on."""
    row = session.get_one(Posting, notice.params["posting_id"])
    member = organizations.membership(session, row.organization_id, notice.person_id or "")
    own = f"/employer/{row.organization.slug}/roles/{row.id}"
    path = own + ("/edit" if notice.kind == "posting_changes_requested" else "")
    if notice.kind == "posting_submitted" or not member:
        path = f"/desk/{row.hub.slug}/roles/{row.id}"
    return {"title": row.title, "organization": row.organization.name, "hub": row.hub.name,
            "reason": notice.params.get("reason", ""), "link": settings.url(path)}
