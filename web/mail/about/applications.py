"""What mails to candidates about their applications say: role, employer, the day that matters, and where to look."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from matcher.applications import queries
from matcher.applications.models import Application
from matcher.kit.outbox import Notice
from matcher.kit.settings import Settings
from web.mail.contexts import context


@context(
    "application_sent", "application_in_review", "application_shortlisted", "application_not_selected",
    "application_no_response", "application_hired_elsewhere", "application_posting_closed", "application_reopened",
    "interview_proposed", "interview_canceled", "interview_missed", "offer_made", "offer_taken_back",
)
def application(session: Session, notice: Notice, settings: Settings) -> dict[str, Any]:
    """The role, the employer, and the page of the application; to the employer's own people, their page of it."""
    row = session.get_one(Application, notice.params["application_id"])
    posting, offer = row.posting, queries.standing_offer(session, row.id)
    due = offer.answer_by if offer is not None and notice.kind == "offer_made" else row.answer_due_on
    own = row.candidate.person_id == notice.person_id
    path = f"/candidate/{row.candidate_id}/applications/{row.id}" if own \
        else f"/employer/{posting.organization.slug}/applications/{row.id}"
    return {"role": posting.title, "employer": posting.organization.name, "day": (due or date.max).isoformat(),
            "own": own, "link": settings.url(path)}
