"""Placements of the hub: who started where, on whose word, and starts that nobody has confirmed."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.organizations.models import Hub
from matcher.outcomes import desk as waits
from matcher.placements import actions
from matcher.placements.lifecycle import PLACEMENT
from matcher.placements.models import Placement, RetentionCheck
from matcher.placements.rules import CONFIRMATION_WORDS
from matcher.policy import Permission
from web.hub import desk
from web.hub.blueprint import blueprint
from web.hub.forms import PlacementFilter, StartForm
from web.kit import db, pages
from web.kit.access import actor, allow
from web.kit.forms import filters
from web.kit.words import day, pay, translate


@blueprint.get("/<hub>/placements")
@allow(Permission.HUB_READ, hub=Hub)
def placements(hub: Hub) -> ResponseReturnValue:
    """Newest start first, with the evidence for each."""
    today = desk.enter(hub)
    chosen = filters(PlacementFilter)
    query = waits.placements(hub.id, text=chosen.q.data or "", state=chosen.state.data or "",
                             confirmation=chosen.confirmation.data or "")
    if chosen.checks.data:
        query = query.where(Placement.checks.any(
            (RetentionCheck.state == "due") & (RetentionCheck.due_on <= today)))
    if kind := pages.asked_export():
        rows = db.session().scalars(query.limit(pages.EXPORT_LIMIT)).unique().all()
        heads = (_("Person"), _("Employer"), _("Role"), _("Occupation"), _("Pay"), _("Start"), _("State"),
                 _("Evidence"))
        return pages.table_download(_("placements"), heads, [
            (row.candidate.person.name, row.organization.name, row.title, row.occupation_code,
             pay(row.pay_cents, row.pay_cents, str(row.pay_period)), day(row.starts_on), translate(row.state_label),
             translate(CONFIRMATION_WORDS[str(row.confirmation)])) for row in rows], kind)
    return render_template("hub/placements.html", here=hub, chosen=chosen, rows=pages.paginate(query), today=today,
                           labels=PLACEMENT.labels, evidence=CONFIRMATION_WORDS)


@blueprint.route("/<hub>/placements/<placement>", methods=["GET", "POST"])
@allow(Permission.PLACEMENT_CONFIRM, hub=Hub, placement=Placement)
def placement_show(hub: Hub, placement: Placement) -> ResponseReturnValue:
    """One placement with its checks; a start can be confirmed from a document."""
    today = desk.enter(hub)
    form = StartForm(starts_on=placement.starts_on)
    if form.sent():
        form.attempt(lambda: actions.confirm_start(db.session(), placement, starts_on=form.starts_on.data,
                                                   actor=actor(), at=g.at))
        if not form.errors and not form.form_errors:
            flash(_("The start is confirmed, and the year’s checks are set."), "success")
            return redirect(url_for("hub.placement_show", hub=hub.slug, placement=placement.id))
    page = render_template("hub/placement_show.html", here=hub, placement=placement, form=form, today=today,
                           evidence=CONFIRMATION_WORDS, open=str(placement.state) == "offer_accepted")
    return page, 422 if form.is_submitted() else 200
