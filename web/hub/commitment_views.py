"""Commitments of employers: to accept, to watch, to call kept or not kept, with what live records show."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.organizations import actions
from matcher.organizations.lifecycle import COMMITMENT
from matcher.organizations.models import Commitment, Hub
from matcher.organizations.rules import COMMITMENT_WORDS
from matcher.outcomes import desk as waits
from matcher.outcomes import kept
from matcher.policy import Permission
from web.hub import desk
from web.hub.blueprint import blueprint
from web.hub.forms import CommitmentFilter
from web.kit import db, pages
from web.kit.access import actor, allow
from web.kit.forms import filters
from web.kit.words import day, translate

TONES = {"signed": "sun", "active": "leaf", "at_risk": "brick", "met": "leaf", "breached": "brick"}


@blueprint.get("/<hub>/commitments")
@allow(Permission.PARTNER_VET, hub=Hub)
def commitments(hub: Hub) -> ResponseReturnValue:
    """Signed ones first, then those that end soonest."""
    today = desk.enter(hub)
    chosen = filters(CommitmentFilter)
    query = waits.commitments(hub.id, text=chosen.q.data or "", kind=chosen.kind.data or "",
                              state=chosen.state.data or "")
    if kind := pages.asked_export():
        rows = db.session().scalars(query.limit(pages.EXPORT_LIMIT)).unique().all()
        return pages.table_download(_("commitments"), (_("Employer"), _("Promise"), _("How many"), _("State"),
                                                       _("Signed"), _("Until")), [
            (row.organization.name, translate(COMMITMENT_WORDS[str(row.kind)]), row.promised or "",
             translate(row.state_label), day(row.signed_at), day(row.expires_on)) for row in rows], kind)
    page = pages.paginate(query)
    records = kept.kept_by(db.session(), hub.id, [row.organization_id for row in page.rows], g.at)
    return render_template("hub/commitments.html", here=hub, chosen=chosen, rows=page, words=COMMITMENT_WORDS,
                           labels=COMMITMENT.labels, tones=TONES, records=records, kept=kept, today=today)


@blueprint.get("/<hub>/commitments/<commitment>")
@allow(Permission.PARTNER_VET, hub=Hub, commitment=Commitment)
def commitment_show(hub: Hub, commitment: Commitment) -> str:
    """One promise, what was signed, and what came of it."""
    today = desk.enter(hub)
    record = kept.kept_by(db.session(), hub.id, [commitment.organization_id], g.at)[commitment.organization_id]
    steps = [step for step in COMMITMENT.open_to(str(commitment.state), actor().roles_on(commitment)) if step.listed]
    return render_template(
        "hub/commitment_show.html", here=hub, commitment=commitment, words=COMMITMENT_WORDS, record=record,
        tone=TONES.get(str(commitment.state), "plain"), steps=steps, counted=kept.done_for(commitment, record),
        standing=kept.on_the_way(commitment, record, today), today=today,
    )


@blueprint.post("/<hub>/commitments/<commitment>/<step>")
@allow(Permission.PARTNER_VET, hub=Hub, commitment=Commitment)
def commitment_step(hub: Hub, commitment: Commitment, step: str) -> ResponseReturnValue:
    """Take one step in a commitment's life."""
    actions.advance_commitment(db.session(), commitment, step, actor=actor(), at=g.at,
                               reason=request.form.get("reason", ""))
    flash(_("The commitment is now: %(state)s.", state=translate(commitment.state_label)), "success")
    return redirect(url_for("hub.commitment_show", hub=hub.slug, commitment=commitment.id))
