"""Open roles of a hub: the list with its filters, and one role's page."""

import json
from typing import Any

from flask import abort, current_app, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from matcher.organizations import queries as organizations
from matcher.organizations.models import Hub
from matcher.outcomes import kept
from matcher.policy import Permission
from matcher.roles import queries, rules
from matcher.roles.models import Posting
from matcher.roles.queries import RoleSearch
from matcher.skills import queries as skills
from web.kit import db, pages
from web.kit.access import actor, allow
from web.kit.forms import filters
from web.kit.job_posting import job_posting
from web.kit.names import names_of, occupation_titles
from web.kit.words import day, money, pay, translate
from web.public.blueprint import blueprint
from web.public.role_forms import PAY_STEPS, RoleFilter


@blueprint.get("/hubs/<hub>/roles")
@allow(Permission.PUBLIC_READ, hub=Hub)
def roles(hub: Hub) -> ResponseReturnValue:
    """Open roles, filtered by the address."""
    g.hub = hub
    chosen = filters(RoleFilter)
    query = queries.public_roles(hub.id, search_of(chosen))
    if kind := pages.asked_export():
        return _download(query, kind)
    return render_template(
        "public/roles.html", here=hub, chosen=chosen, rows=pages.paginate(query), rules=rules, kinds=_kinds(hub),
        pay_steps=[(str(step), money(step * 100)) for step in PAY_STEPS], sorts=queries.SORTS,
    )


def search_of(chosen: Any) -> RoleSearch:
    """The filters as the list of roles takes them."""
    return RoleSearch(
        text=chosen.q.data or "", occupation=chosen.work.data or "", workplace=chosen.workplace.data or "",
        schedule=chosen.schedule.data or "", pay_at_least=int(chosen.pay.data) * 100 if chosen.pay.data else None,
        open_only=bool(chosen.open.data), sort=chosen.sort.data or "newest",
    )


def _kinds(hub: Hub) -> list[tuple[str, str]]:
    """The kinds of work that have open roles here."""
    codes = db.session().scalars(
        select(Posting.occupation_code).where(Posting.hub_id == hub.id, Posting.state == "live").distinct())
    return sorted(occupation_titles(filter(None, codes)).items(), key=lambda pair: pair[1])


def _download(query: Any, kind: str) -> ResponseReturnValue:
    rows = db.session().scalars(query.limit(pages.EXPORT_LIMIT)).unique().all()
    heads = (_("Role"), _("Employer"), _("Pay"), _("Where it leads"), _("Place"), _("Open to people without a degree"),
             _("Apply until"), _("Page"))
    return pages.table_download(_("open-roles"), heads, [
        (row.title, row.organization.name, pay(row.pay_min_cents, row.pay_max_cents, str(row.pay_period)),
         row.progression, row.place_label, _("yes") if row.open_nontraditional else _("no"), day(row.closes_on),
         url_for("public.role_show", posting=row.id, _external=True)) for row in rows
    ], kind)


@blueprint.get("/roles/<posting>")
@allow(Permission.PUBLIC_READ, posting=Posting)
def role_show(posting: Posting) -> str:
    """One role: pay, place, where it leads, what it asks for, and who offers it."""
    session = db.session()
    whole = queries.find_public(session, posting.id) or abort(404)
    g.hub = whole.hub
    names = names_of(whole.requirements)
    live = str(whole.state) == "live"
    return render_template(
        "public/role_show.html", posting=whole, names=names, rules=rules, live=live,
        occupation=skills.get_occupation(session, whole.occupation_code) if whole.occupation_code else None,
        commitment=organizations.standing_commitment(session, whole.organization_id, whole.hub_id),
        kept=kept.kept_by(session, whole.hub_id, [whole.organization_id], g.at)[whole.organization_id],
        apply_url=_apply_url(whole) if live else None, state=translate(whole.state_label),
        data=_data_block(job_posting(whole, names, url=url_for("public.role_show", posting=whole.id, _external=True)))
        if live else "",
    )


def _apply_url(posting: Posting) -> str:
    """To the same role beside one's own profile; strangers are taken to signing in and back."""
    here = url_for("candidate.role_here", posting=posting.id) if "candidate.role_here" in current_app.view_functions \
        else url_for("public.role_show", posting=posting.id)
    return here if actor().person_id else url_for("account.sign_up", kind="candidate", next=here)


def _data_block(told: dict[str, Any]) -> Markup:
    """JSON for a data block: not run by browsers; the one way out of it, a closing tag, is escaped."""
    text = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")
    return Markup(text)  # noqa: S704  # nosec B704: every "<" and "&" is escaped in the line above
