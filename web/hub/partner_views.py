"""The partner pipeline: who asked, who is active, what each said when it joined, and the steps."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.organizations import actions, queries
from matcher.organizations.lifecycle import PARTNERSHIP
from matcher.organizations.models import Hub, Partnership
from matcher.organizations.rules import COMMITMENT_WORDS, FAMILIES, KIND_WORDS, SCREENS
from matcher.outcomes import desk as waits
from matcher.outcomes import kept
from matcher.policy import Permission
from web.hub import desk
from web.hub.blueprint import blueprint
from web.hub.forms import PartnerFilter
from web.kit import db, pages
from web.kit.access import actor, allow
from web.kit.forms import filters
from web.kit.words import day, translate

TONES = {"prospect": "sun", "contacted": "sun", "confirmed": "blue", "active": "leaf", "lapsed": "brick"}


@blueprint.get("/<hub>/partners")
@allow(Permission.PARTNER_VET, hub=Hub)
def partners(hub: Hub) -> ResponseReturnValue:
    """Everyone, those to vet first."""
    desk.enter(hub)
    chosen = filters(PartnerFilter)
    state = chosen.state.data or ""
    query = waits.partners(hub.id, text=chosen.q.data or "", kind=chosen.kind.data or "",
                           state="" if state == "waiting" else state)
    if state == "waiting":
        query = query.where(Partnership.state.in_(("prospect", "contacted", "confirmed")))
    if kind := pages.asked_export():
        rows = db.session().scalars(query.limit(pages.EXPORT_LIMIT)).unique().all()
        heads = (_("Partner"), _("Kind"), _("State"), _("Since"), _("Hires planned"))
        return pages.table_download(_("partners"), heads, [
            (row.organization.name, translate(KIND_WORDS[str(row.organization.kind)]), translate(row.state_label),
             day(row.state_at), row.hires_planned) for row in rows], kind)
    return render_template("hub/partners.html", here=hub, chosen=chosen, rows=pages.paginate(query), kinds=KIND_WORDS,
                           labels=PARTNERSHIP.labels, tones=TONES)


@blueprint.get("/<hub>/partners/<partnership>")
@allow(Permission.PARTNER_VET, hub=Hub, partnership=Partnership)
def partner_show(hub: Hub, partnership: Partnership) -> str:
    """One partner: what it said, where it stands, its people, its promises."""
    desk.enter(hub)
    session = db.session()
    held = queries.commitments(session, partnership.organization_id, hub.id)
    return render_template(
        "hub/partner_show.html", here=hub, partnership=partnership, organization=partnership.organization,
        kinds=KIND_WORDS, families=FAMILIES, screens=SCREENS, tone=TONES.get(str(partnership.state), "plain"),
        members=queries.members(session, partnership.organization), commitments=held, words=COMMITMENT_WORDS,
        record=kept.kept_by(session, hub.id, [partnership.organization_id], g.at)[partnership.organization_id],
        steps=PARTNERSHIP.open_to(str(partnership.state), actor().roles_on(partnership)),
    )


@blueprint.post("/<hub>/partners/<partnership>/<step>")
@allow(Permission.PARTNER_VET, hub=Hub, partnership=Partnership)
def partner_step(hub: Hub, partnership: Partnership, step: str) -> ResponseReturnValue:
    """Take one step in a partner's life."""
    actions.advance_partnership(db.session(), partnership, step, actor=actor(), at=g.at,
                                reason=request.form.get("reason", ""))
    flash(_("%(name)s is now: %(state)s.", name=partnership.organization.name,
            state=translate(partnership.state_label)), "success")
    return redirect(url_for("hub.partner_show", hub=hub.slug, partnership=partnership.id))
