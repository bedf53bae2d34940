"""What mails to employers about applications, interviews and offers say, and the one that asks somebody to apply."""

from typing import Any

from sqlalchemy.orm import Session

from matcher.applications.models import Application
from matcher.applications.rules import name_shows
from matcher.kit.outbox import Notice
from matcher.kit.settings import Settings
from matcher.organizations import queries as organizations
from matcher.placements import queries as placements
from matcher.roles.models import Posting
from web.mail.contexts import context


@context("application_received", "application_withdrawn", "application_reminder", "application_overdue",
         "interview_agreed", "offer_accepted", "offer_declined")
def hiring(session: Session, notice: Notice, settings: Settings) -> dict[str, Any]:
    """The role, the day, the place to act; the person's name only where the employer may know it (invariant 10)."""
    row = session.get_one(Application, notice.params["application_id"])
    posting, talk = row.posting, row.interviews[-1] if row.interviews else None
    revealed = name_shows(str(row.state), row.revealed_at is not None)
    at_desk = notice.kind == "application_overdue" and _only_operates(session, notice, row)
    return {
        "role": posting.title, "employer": posting.organization.name, "day": row.answer_due_on or notice.at.date(),
        "name_given": row.candidate.person.name if revealed else row.candidate.code, "at_desk": at_desk,
        "starts_at": talk.starts_at if talk and talk.starts_at else notice.at, "place": talk.place if talk else "",
        "zone": posting.hub.time_zone, "link": settings.url(_path(session, notice, row, at_desk)),
    }


def _only_operates(session: Session, notice: Notice, row: Application) -> bool:
    return notice.person_id in organizations.operators(session, row.hub_id) and \
        organizations.membership(session, row.organization_id, notice.person_id or "") is None


def _path(session: Session, notice: Notice, row: Application, at_desk: bool) -> str:
    base = f"/employer/{row.posting.organization.slug}"
    if at_desk:
        return f"/desk/{row.posting.hub.slug}/answers"
    if notice.kind == "application_withdrawn":
        return f"{base}/applications"
    if notice.kind == "offer_declined":
        return f"{base}/roles/{row.posting_id}/matches"
    hire = placements.of_application(session, row.id) if notice.kind == "offer_accepted" else None
    return f"{base}/hires/{hire.id}" if hire else f"{base}/applications/{row.id}"


@context("invited_to_apply")
def invitation(session: Session, notice: Notice, settings: Settings) -> dict[str, Any]:
    """Which employer asks for which role."""
    posting = session.get_one(Posting, notice.params["posting_id"])
    return {"role": posting.title, "employer": posting.organization.name, "link": settings.url(f"/roles/{posting.id}")}
