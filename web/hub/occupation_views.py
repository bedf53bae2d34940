"""Which occupations count here: what the default rule says and why, and the hub's own decisions."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.organizations.models import Hub
from matcher.outcomes import desk as waits
from matcher.policy import Permission
from matcher.skills import actions, queries
from matcher.skills.models import HubOccupation
from web.hub import desk
from web.hub.blueprint import blueprint
from web.hub.forms import OccupationFilter, OccupationForm
from web.kit import db, pages
from web.kit.access import actor, allow
from web.kit.forms import filters
from web.kit.names import language, occupation_title


@blueprint.get("/<hub>/occupations")
@allow(Permission.OCCUPATION_DECIDE, hub=Hub)
def occupations(hub: Hub) -> ResponseReturnValue:
    """Those that count first, then by title."""
    desk.enter(hub)
    chosen = filters(OccupationFilter)
    query = waits.occupations(hub.id, text=chosen.q.data or "", counts=chosen.counts.data or "",
                              basis=chosen.basis.data or "", language=language())
    if kind := pages.asked_export():
        rows = db.session().scalars(query.limit(pages.EXPORT_LIMIT)).unique().all()
        heads = (_("Code"), _("Occupation"), _("In demand"), _("Entry level"), _("Career path"), _("Counts"),
                 _("Decided by"))
        yes = {True: _("yes"), False: _("no")}
        return pages.table_download(_("occupations"), heads, [
            (row.occupation_code, occupation_title(row.occupation), yes[row.in_demand], yes[row.entry_level],
             yes[row.career_path], yes[row.counts], str(row.basis)) for row in rows], kind)
    return render_template("hub/occupations.html", here=hub, chosen=chosen, rows=pages.paginate(query))


@blueprint.route("/<hub>/occupations/<code>", methods=["GET", "POST"])
@allow(Permission.OCCUPATION_DECIDE, hub=Hub)
def occupation_show(hub: Hub, code: str) -> ResponseReturnValue:
    """One occupation: figures, the default rule's answers with reasons, and the hub's decision."""
    desk.enter(hub)
    session = db.session()
    row = queries.find_hub_occupation(session, hub.id, code) or abort(404)
    form = OccupationForm(in_demand=row.in_demand, entry_level=row.entry_level, career_path=row.career_path)
    if form.sent():
        made = form.attempt(lambda: actions.decide(
            session, row, in_demand=form.in_demand.data, entry_level=form.entry_level.data,
            career_path=form.career_path.data, actor=actor(), at=g.at, reason=form.reason.data))
        if made:
            flash(_("Decided. It holds from now on; figures of earlier days stay as they were."), "success")
            return redirect(url_for("hub.occupation_show", hub=hub.slug, code=code))
    facts = queries.occupation_facts(session, code, hub.wage_area)
    page = render_template("hub/occupation_show.html", here=hub, row=row, form=form, facts=facts,
                           verdict=queries.default_verdict(session, code, hub.wage_area),
                           own=str(row.basis) == "hub_decision")
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/<hub>/occupations/<code>/default")
@allow(Permission.OCCUPATION_DECIDE, hub=Hub)
def occupation_default(hub: Hub, code: str) -> ResponseReturnValue:
    """Give it back to the default rule."""
    session = db.session()
    row: HubOccupation = queries.find_hub_occupation(session, hub.id, code) or abort(404)
    actions.return_to_default(session, row, area=hub.wage_area, actor=actor(), at=g.at,
                              reason=request.form.get("reason", ""))
    flash(_("The default rule decides again."), "success")
    return redirect(url_for("hub.occupation_show", hub=hub.slug, code=code))
