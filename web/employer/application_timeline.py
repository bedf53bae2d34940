"""What happened to an application, read from the trail and said in plain words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.applications.models import Application
from matcher.kit.audit import AuditEvent
from web.kit.words import moment

WORDS: Mapping[str, Any] = {
    "application.submit": _l("Application sent"), "application.review": _l("You started to read"),
    "application.shortlist": _l("Shortlisted: name and contact show"),
    "application.offer": _l("Offer made"), "application.accept": _l("Offer accepted: hired"),
    "application.decline": _l("Offer declined"), "application.not_select": _l("Answered no"),
    "application.withdraw": _l("Withdrawn by the person"), "application.lapse": _l("Closed without an answer"),
    "application.elsewhere": _l("Hired elsewhere"), "application.close": _l("Closed with the role"),
    "application.reopen": _l("Looked at again"), "application.rethink": _l("Offer taken back"),
    "interview.propose": _l("Interview times offered"), "interview.agree": _l("Interview time agreed"),
    "interview.hold": _l("Interview held"), "interview.miss": _l("Interview did not take place"),
    "interview.cancel": _l("Interview canceled"),
}
_GOOD = frozenset({"submit", "shortlist", "agree", "hold", "accept", "offer"})
_BAD = frozenset({"lapse", "miss", "cancel", "decline", "withdraw"})


def events(session: Session, application: Application) -> list[dict[str, Any]]:
    """The steps taken, oldest first, in the shape of the timeline component; one statement."""
    ids = [application.id, *(row.id for row in application.interviews), *(row.id for row in application.offers)]
    rows = session.scalars(
        select(AuditEvent).where(AuditEvent.subject_id.in_(ids), AuditEvent.action.in_(list(WORDS)))
        .order_by(AuditEvent.id)
    )
    return [{"title": WORDS[row.action], "when": moment(row.at), "tone": _tone(row.action),
             "text": row.reason if row.action in _WITH_REASON else ""} for row in rows]


_WITH_REASON = frozenset({"application.reopen", "interview.miss", "interview.cancel", "application.rethink"})


def _tone(action: str) -> str:
    step = action.partition(".")[2]
    return "leaf" if step in _GOOD else "brick" if step in _BAD else "plain"
