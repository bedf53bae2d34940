"""Partners of a hub, with their promises and what their live records show of them."""

from typing import Any

from flask import abort, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from matcher.organizations import queries
from matcher.organizations.models import Hub, Organization
from matcher.organizations.rules import COMMITMENT_WORDS, KIND_WORDS, local_day
from matcher.outcomes import desk, kept
from matcher.policy import Permission
from matcher.roles import queries as roles
from matcher.roles import rules as role_rules
from matcher.roles.models import Posting
from matcher.training.models import Program
from web.kit import db, pages
from web.kit.access import allow
from web.kit.forms import filters
from web.kit.words import translate
from web.public.blueprint import blueprint
from web.public.program_forms import PartnerFilter


@blueprint.get("/hubs/<hub>/partners")
@allow(Permission.PUBLIC_READ, hub=Hub)
def partners(hub: Hub) -> ResponseReturnValue:
    """Active partners by name; employers with their promises."""
    g.hub = hub
    session = db.session()
    chosen = filters(PartnerFilter)
    query = desk.active_partners(hub.id, kind=chosen.kind.data or "", text=chosen.q.data or "")
    promises: dict[str, list[Any]] = {}
    for row in kept.standing_in(session, hub.id):
        promises.setdefault(row.organization_id, []).append(row)
    if kind := pages.asked_export():
        rows = session.scalars(query.limit(pages.EXPORT_LIMIT)).all()
        return pages.table_download(_("partners"), (_("Partner"), _("Kind"), _("Place"), _("Promises")), [
            (row.name, translate(KIND_WORDS[str(row.kind)]), row.place_label,
             "; ".join(translate(COMMITMENT_WORDS[str(p.kind)]) for p in promises.get(row.id, []))) for row in rows
        ], kind)
    page = pages.paginate(query)
    records = kept.kept_by(session, hub.id, [row.id for row in page.rows], g.at)
    return render_template("public/partners.html", here=hub, rows=page, chosen=chosen, promises=promises,
                           records=records, kinds=KIND_WORDS, words=COMMITMENT_WORDS)


@blueprint.get("/partners/<organization>")
@allow(Permission.PUBLIC_READ, organization=Organization)
def partner_show(organization: Organization) -> str:
    """One partner: who it is, what it promised each hub, and what came of it."""
    session = db.session()
    active = [row for row in queries.partnerships_of(session, [organization.id]) if str(row.state) == "active"]
    if not active:
        abort(404)
    g.hub = active[0].hub
    return render_template(
        "public/partner_show.html", organization=organization, hubs=[_in_hub(organization, row.hub) for row in active],
        kinds=KIND_WORDS, words=COMMITMENT_WORDS, rules=role_rules,
    )


def _in_hub(organization: Organization, hub: Hub) -> dict[str, Any]:
    session = db.session()
    today = local_day(g.at, hub.time_zone)
    record = kept.kept_by(session, hub.id, [organization.id], g.at)[organization.id]
    held = [row for row in queries.commitments(session, organization.id, hub.id)
            if str(row.state) in ("active", "at_risk", "met", "breached")]
    programs = session.scalars(
        select(Program).where(Program.organization_id == organization.id, Program.hub_id == hub.id,
                              Program.state == "listed").order_by(Program.name)).all()
    return {
        "hub": hub, "record": record, "programs": programs,
        "promises": [(row, kept.on_the_way(row, record, today), kept.done_for(row, record)) for row in held],
        "roles": session.scalars(roles.public_roles(hub.id).where(
            Posting.organization_id == organization.id)).unique().all(),
    }
