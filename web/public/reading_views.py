"""Pages to read: what counts and how, privacy, accessibility, sources, and the parts of pages."""

from flask import abort, current_app, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.organizations.models import Hub
from matcher.outcomes import queries as outcomes
from matcher.outcomes import rules as counting
from matcher.policy import Permission
from matcher.skills import queries as skills
from web.kit import db, pages
from web.kit.access import allow
from web.kit.figures import headline_card, shown
from web.kit.names import occupation_title
from web.kit.snapshots import Published, published
from web.public.blueprint import blueprint
from web.public.specimen import specimen


@blueprint.get("/hubs/<hub>/headline")
@allow(Permission.PUBLIC_READ, hub=Hub)
def headline(hub: Hub) -> ResponseReturnValue:
    """What counts, and how: definition, number, unknowns, and every figure published before."""
    g.hub = hub
    history = [published(row) for row in outcomes.snapshots(db.session(), hub.id)]
    if kind := pages.asked_export():
        return _download(history, kind)
    return render_template(
        "public/headline.html", here=hub, card=headline_card(db.session(), hub, g.at), shown=shown, history=history,
        conditions=counting.CONDITIONS, definition=counting.DEFINITION, groups=counting.UNDER_REPRESENTED,
        occupations=sorted(occupation_title(row.occupation)
                           for row in skills.hub_occupations(db.session(), hub.id, counting=True)),
    )


def _download(history: list[Published], kind: str) -> ResponseReturnValue:
    heads = (_("As of"), _("Definition"), _("Counted"), _("Not known"), _("Out of, at least"), _("Out of, at most"))
    return pages.table_download(_("scorecard"), heads, [
        (row.as_of.isoformat(), row.definition, shown(row.numerator), shown(row.unknown), row.span[0], row.span[1])
        for row in history
    ], kind)


@blueprint.get("/privacy")
@allow(Permission.PUBLIC_READ)
def privacy() -> str:
    """Who sees what, and when."""
    return render_template("public/privacy.html")


@blueprint.get("/accessibility")
@allow(Permission.PUBLIC_READ)
def accessibility() -> str:
    """How we build for everyone, and whom to tell when it fails."""
    return render_template("public/accessibility.html")


@blueprint.get("/sources")
@allow(Permission.PUBLIC_READ)
def sources() -> str:
    """Where shipped facts come from."""
    return render_template("public/sources.html", sources=skills.attributions())


@blueprint.get("/developers/components")
@allow(Permission.DEMO_READ)
def components() -> str:
    """Every part of the pages, in the demo only."""
    if not current_app.extensions["settings"].demo:
        abort(404)
    return render_template("public/components.html", suggest_url=url_for("public.suggest", kind="skill"), **specimen())


