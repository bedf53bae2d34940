"""What mails about a provider's word for many skills say; single steps are told with the candidate's own mails."""

from typing import Any

from sqlalchemy.orm import Session

from matcher.kit.outbox import Notice
from matcher.kit.settings import Settings
from matcher.organizations.models import Organization
from web.mail.contexts import context


@context("endorsed")
def endorsed(session: Session, notice: Notice, settings: Settings) -> dict[str, Any]:
    """Whose word, and the page of the skills it stands beside."""
    organization = session.get_one(Organization, notice.params["organization_id"])
    return {"organization": organization.name,
            "link": settings.url(f"/candidate/{notice.params['candidate_id']}/skills")}
