"""Applications without an answer: who waits, who was reminded, and what has come to the hub."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.applications import rules
from matcher.organizations.models import Hub
from matcher.outcomes import desk as waits
from matcher.policy import Permission
from web.hub import desk
from web.hub.blueprint import blueprint
from web.hub.forms import TextFilter
from web.kit import db, pages
from web.kit.access import allow
from web.kit.forms import filters
from web.kit.words import day


@blueprint.get("/<hub>/answers")
@allow(Permission.HUB_READ, hub=Hub)
def answers(hub: Hub) -> ResponseReturnValue:
    """The longest wait first; people by their code alone."""
    today = desk.enter(hub)
    chosen = filters(TextFilter)
    query = waits.unanswered(hub.id, text=chosen.q.data or "")
    if kind := pages.asked_export():
        rows = db.session().scalars(query.limit(pages.EXPORT_LIMIT)).unique().all()
        heads = (_("Employer"), _("Role"), _("Candidate"), _("Sent"), _("Answer due"), _("Reminded"), _("To the hub"))
        return pages.table_download(_("answers"), heads, [
            (row.posting.organization.name, row.posting.title, row.candidate.code, day(row.submitted_at),
             day(row.answer_due_on), day(row.reminded_at), day(row.escalated_at)) for row in rows], kind)
    return render_template("hub/answers.html", here=hub, chosen=chosen, rows=pages.paginate(query), today=today,
                           rules=rules)
