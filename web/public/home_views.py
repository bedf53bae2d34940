"""The front door: a hub's number, its newest open roles, and the way in for each kind of visitor."""

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from matcher.organizations.models import Hub
from matcher.outcomes import kept
from matcher.policy import Permission
from matcher.roles import queries as roles
from matcher.roles import rules
from matcher.roles.queries import RoleSearch
from web.kit import db, pages
from web.kit.access import allow
from web.kit.figures import headline_card
from web.kit.safe import local_path
from web.kit.words import remember_locale
from web.public.blueprint import blueprint
from web.public.places import all_hubs, first_hub

NEWEST = 6


@blueprint.get("/")
@allow(Permission.PUBLIC_READ)
def home() -> ResponseReturnValue:
    """The front door of the first hub."""
    hub = first_hub()
    return _door(hub) if hub else render_template("public/no_hub.html")


@blueprint.get("/hubs/")
@allow(Permission.PUBLIC_READ)
def hubs() -> str:
    """The network of hubs."""
    return render_template("public/hubs.html", hubs=all_hubs())


@blueprint.get("/hubs/<hub>/")
@allow(Permission.PUBLIC_READ, hub=Hub)
def hub_home(hub: Hub) -> str:
    """The front door of a hub."""
    return _door(hub)


def _door(hub: Hub) -> str:
    g.hub = hub
    session = db.session()
    newest = session.scalars(roles.public_roles(hub.id, RoleSearch(open_only=True)).limit(NEWEST)).unique().all()
    promised = {row.organization_id for row in kept.standing_in(session, hub.id, "consider")}
    return render_template(
        "public/home.html", here=hub, newest=newest, promised=len(promised), rules=rules,
        open_roles=pages.paginate(roles.public_roles(hub.id), 1).total, card=headline_card(session, hub, g.at),
        others=[other for other in all_hubs() if other.id != hub.id],
    )


@blueprint.get("/language/<locale>")
@allow(Permission.PUBLIC_READ)
def language(locale: str) -> ResponseReturnValue:
    """Show the site in another language from now on, in this browser."""
    if locale not in ("en", "es"):
        abort(404)
    return remember_locale(locale, local_path(request.args.get("next")))
