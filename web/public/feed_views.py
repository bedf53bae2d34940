"""For machines: a feed of new roles, the map of the site, what robots may read, and the little picture."""

from flask import Response, abort, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from matcher.kit.settings import Settings
from matcher.organizations.models import Hub, Organization, Partnership
from matcher.policy import Permission
from matcher.roles import queries as roles
from matcher.roles import rules
from matcher.roles.models import Posting
from matcher.training.models import Program
from web.kit import db
from web.kit.access import allow
from web.kit.forms import filters
from web.kit.front import asset
from web.public.blueprint import blueprint
from web.public.places import all_hubs
from web.public.role_forms import RoleFilter
from web.public.role_views import search_of

NEWEST = 50
READING = ("public.how_matching_works", "public.privacy", "public.accessibility", "public.sources", "public.hubs")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


@blueprint.get("/hubs/<hub>/roles.atom")
@allow(Permission.PUBLIC_READ, hub=Hub)
def roles_feed(hub: Hub) -> ResponseReturnValue:
    """The newest open roles as an Atom feed, with the same filters as the list."""
    g.hub = hub
    query = roles.public_roles(hub.id, search_of(filters(RoleFilter)))
    rows = db.session().scalars(query.limit(NEWEST)).unique().all()
    newest = max((row.live_at for row in rows if row.live_at), default=hub.created_at)
    body = render_template("public/roles.atom.xml", here=hub, rows=rows, newest=newest, rules=rules,
                           site=_settings().url)
    return Response(body, mimetype="application/atom+xml")


@blueprint.get("/sitemap.xml")
@allow(Permission.PUBLIC_READ)
def sitemap() -> ResponseReturnValue:
    """Every public page."""
    pages = [url_for("public.home"), *(url_for(endpoint) for endpoint in READING)]
    for hub in all_hubs():
        pages += [url_for(f"public.{name}", hub=hub.slug)
                  for name in ("hub_home", "roles", "programs", "partners", "headline")]
    session = db.session()
    live = session.execute(select(Posting.id, Posting.state_at).where(Posting.state == "live").order_by(Posting.id))
    dated = [(url_for("public.role_show", posting=id), moment) for id, moment in live]
    programs = session.scalars(select(Program.id).where(Program.state == "listed").order_by(Program.id))
    pages += [url_for("public.program_show", program=id) for id in programs]
    slugs = session.scalars(
        select(Organization.slug).join(Partnership, Partnership.organization_id == Organization.id)
        .where(Partnership.state == "active").distinct().order_by(Organization.slug))
    pages += [url_for("public.partner_show", organization=slug) for slug in slugs]
    body = render_template("public/sitemap.xml", pages=pages, dated=dated, site=_settings().url)
    return Response(body, mimetype="application/xml")


@blueprint.get("/robots.txt")
@allow(Permission.PUBLIC_READ)
def robots() -> ResponseReturnValue:
    """Public pages may be read; a demo's invented ones are not for search engines."""
    if _settings().demo:
        return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")
    closed = "".join(f"Disallow: /{name}/\n" for name in
                     ("account", "candidate", "employer", "provider", "workforce", "desk", "suggest", "language"))
    return Response(f"User-agent: *\n{closed}Sitemap: {_settings().url('/sitemap.xml')}\n", mimetype="text/plain")


@blueprint.get("/favicon.ico")
@allow(Permission.PUBLIC_READ)
def favicon() -> ResponseReturnValue:
    """The mark, for browsers that ask for it by this name."""
    return redirect(asset("pictures/mark.svg")) if asset("pictures/mark.svg") else abort(404)
