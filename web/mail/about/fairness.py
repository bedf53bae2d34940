"""What the mail about an audit that found adverse impact says."""

from typing import Any

from sqlalchemy.orm import Session

from matcher.kit.outbox import Notice
from matcher.kit.settings import Settings
from matcher.organizations.models import Hub
from matcher.outcomes.models import AuditRun
from web.mail.contexts import context


@context("adverse_found")
def adverse(session: Session, notice: Notice, settings: Settings) -> dict[str, Any]:
    """The hub, the last day of the audit and the page; which group it is stands on the page alone."""
    run = session.get_one(AuditRun, notice.params["audit_id"])
    hub = session.get_one(Hub, run.hub_id)
    return {"hub": hub.name, "day": run.as_of.isoformat(), "link": settings.url(f"/desk/{hub.slug}/lab/groups")}
