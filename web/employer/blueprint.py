"""The employer's blueprint and its menu; the modules of the pages add their routes to it."""

from flask import Blueprint, current_app, request, url_for
from flask_babel import gettext as _

from web.kit.nav import Item, item, menu

blueprint = Blueprint("employer", __name__, url_prefix="/employer")


@menu("employer")
def items() -> list[Item]:
    """The employer's menu; pages of later parts of the way join it when they are there."""
    slug = (request.view_args or {}).get("organization", "")
    slug = getattr(slug, "slug", slug)
    wanted = [
        (_("Today"), "employer.today", ("employer.today",)),
        (_("Roles"), "employer.roles", ("employer.role*", "employer.match*", "employer.candidate*")),
        (_("Applications"), "employer.applications",
         ("employer.application*", "employer.interview*", "employer.offer*")),
        (_("Hires"), "employer.placements", ("employer.placement*", "employer.check*")),
        (_("Commitments"), "employer.commitments", ("employer.commitment*",)),
        (_("Joining"), "employer.joining", ("employer.join*",)),
        (_("Team"), "account.team", ("account.team*",)),
    ]
    known = current_app.view_functions
    return [item(label, url_for(endpoint, organization=slug), *current)
            for label, endpoint, current in wanted if slug and endpoint in known]
