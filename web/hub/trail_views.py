"""The audit trail of the hub: who did what, when and why, and whether the chain is whole."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from matcher.kit import audit
from matcher.organizations.models import Hub
from matcher.outcomes import desk as waits
from matcher.people.models import Person
from matcher.policy import Permission
from web.hub import desk, trail_words
from web.hub.blueprint import blueprint
from web.hub.forms import TrailFilter
from web.kit import db, pages
from web.kit.access import allow
from web.kit.forms import filters

SIZE = 50


@blueprint.get("/<hub>/trail")
@allow(Permission.TRAIL_READ, hub=Hub)
def trail(hub: Hub) -> ResponseReturnValue:
    """Newest first."""
    desk.enter(hub)
    chosen = filters(TrailFilter)
    query = waits.trail(hub.id, action=chosen.action.data or "", subject=chosen.subject.data or "",
                        person=chosen.person.data or "")
    if kind := pages.asked_export():
        rows = db.session().scalars(query.limit(pages.EXPORT_LIMIT)).all()
        heads = (_("Number"), _("When"), _("Who"), _("What"), _("Kind of row"), _("Row"), _("Why"), _("Hash"))
        return pages.table_download(_("trail"), heads, [
            (row.seq, row.at.isoformat(), row.actor_id or "", row.action, row.subject_table, row.subject_id, row.reason,
             row.hash) for row in rows], kind)
    page = pages.paginate(query, SIZE)
    return render_template("hub/trail.html", here=hub, chosen=chosen, rows=page, names=_names(page.rows),
                           said=trail_words.said,
                           state_words=trail_words.state,
                           actions=sorted(waits.trail_actions(db.session(), hub.id), key=trail_words.said))


def _names(rows: object) -> dict[str, str]:
    """Person id to name, for the people on this page."""
    ids = {row.actor_id for row in rows if row.actor_id}  # type: ignore[attr-defined]
    found = db.session().execute(select(Person.id, Person.name).where(Person.id.in_(sorted(ids))))
    return {row[0]: row[1] for row in found}


@blueprint.post("/<hub>/trail/verify")
@allow(Permission.TRAIL_READ, hub=Hub)
def trail_verify(hub: Hub) -> ResponseReturnValue:
    """Read the chain from its first link to its last."""
    faults = [fault for fault in audit.verify(db.session()) if fault.startswith(hub.id)]
    if faults:
        flash(ngettext("%(num)s fault was found in the chain: %(first)s", "%(num)s faults were found in the chain, the "
                       "first: %(first)s", len(faults), first=faults[0]), "error")
    else:
        flash(_("The chain is whole: no event was changed, taken out or put in."), "success")
    return redirect(url_for("hub.trail", hub=hub.slug))
