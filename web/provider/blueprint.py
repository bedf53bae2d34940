"""The provider pages' blueprint and menu; the files of views hang their routes on it."""

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from web.kit.nav import Item, item, menu

blueprint = Blueprint("provider", __name__, url_prefix="/provider")


@menu("provider")
def items() -> list[Item]:
    """The provider's menu."""
    slug = (request.view_args or {}).get("organization", "")
    slug = getattr(slug, "slug", slug)
    wanted = [
        (_("Today"), "provider.today", ("provider.today",)),
        (_("Programs"), "provider.programs",
         ("provider.program*", "provider.cohort*", "provider.enrollment*", "provider.invit*", "provider.completion*",
          "provider.endorse*")),
        (_("Outcomes"), "provider.outcomes", ("provider.outcomes",)),
        (_("Employers’ words"), "provider.words", ("provider.words",)),
        (_("Demand"), "provider.demand", ("provider.demand",)),
        (_("Team"), "account.team", ("account.team*",)),
    ]
    return [item(label, url_for(endpoint, organization=slug), *current) for label, endpoint, current in wanted if slug]
