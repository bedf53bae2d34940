"""What mails about hires say to employers and providers: the check with its signed link, and what came of it."""

from typing import Any

from sqlalchemy.orm import Session

from matcher.kit.outbox import Notice
from matcher.kit.settings import Settings
from matcher.organizations.models import Organization
from matcher.placements.links import check_token
from matcher.placements.models import Placement
from matcher.training.models import Program
from web.mail.contexts import context


@context("check_asked", "check_answered")
def check(session: Session, notice: Notice, settings: Settings) -> dict[str, Any]:
    """Who, as what, after how many days; the link is signed for this check and this person, from the day of asking."""
    placement = session.get_one(Placement, notice.params["placement_id"])
    path = f"/employer/{placement.organization.slug}/hires/{placement.id}"
    if notice.kind == "check_asked":
        path = "/checks/" + check_token(settings.secret_key, notice.params["check_id"], notice.person_id or "",
                                        at=notice.at)
    return {"name_given": placement.candidate.person.name, "role": placement.title, "days": notice.params["day"],
            "link": settings.url(path)}


@context("feedback_arrived")
def feedback(session: Session, notice: Notice, settings: Settings) -> dict[str, Any]:
    """The program and the provider's page; never the graduate's name."""
    placement = session.get_one(Placement, notice.params["placement_id"])
    program = session.get(Program, placement.program_id) if placement.program_id else None
    provider = session.get_one(Organization, notice.params["organization_id"])
    return {"program": program.name if program else "", "link": settings.url(f"/provider/{provider.slug}/words")}
