"""What mails about models and about requests for a human look say."""

from typing import Any

from sqlalchemy.orm import Session

from matcher.kit.outbox import Notice
from matcher.kit.settings import Settings
from matcher.matches.models import LookRequest, RankerModel
from matcher.organizations.models import Hub
from web.kit.model_words import change_lines, failed_lines
from web.mail.contexts import context


@context("look_asked", "look_answered")
def look(session: Session, notice: Notice, settings: Settings) -> dict[str, Any]:
    """The hub, the day by which it answers, and where to read."""
    row = session.get_one(LookRequest, notice.params["look_id"])
    hub = session.get_one(Hub, row.hub_id)
    at_desk = notice.kind == "look_asked"
    path = f"/desk/{hub.slug}/looks/{row.id}" if at_desk else f"/candidate/{row.candidate_id}/looks"
    return {"hub": hub.name, "until": row.due_on.isoformat(), "link": settings.url(path)}


@context("model_live", "model_held", "model_refused", "model_rolled_back", "model_distrusted")
def model(session: Session, notice: Notice, settings: Settings) -> dict[str, Any]:
    """Which model, what changed, and what it failed."""
    row = session.get_one(RankerModel, notice.params["model_id"])
    hub = session.get_one(Hub, row.hub_id)
    return {"hub": hub.name, "number": row.number, "judged": row.judged, "changes": change_lines(row.changes),
            "failed": failed_lines(row.gate), "link": settings.url(f"/desk/{hub.slug}/lab/models/{row.id}")}
