"""The workforce pages' blueprint and menu; the files of views hang their routes on it."""

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from web.kit.nav import Item, item, menu

blueprint = Blueprint("workforce", __name__, url_prefix="/workforce")


@menu("workforce")
def items() -> list[Item]:
    """The workforce organization's menu."""
    slug = (request.view_args or {}).get("organization", "")
    slug = getattr(slug, "slug", slug)
    wanted = [
        (_("Today"), "workforce.today", ("workforce.today",)),
        (_("People"), "workforce.people", ("workforce.people", "workforce.person*")),
        (_("Invite"), "workforce.invite", ("workforce.invit*",)),
        (_("Team"), "account.team", ("account.team*",)),
    ]
    return [item(label, url_for(endpoint, organization=slug), *current) for label, endpoint, current in wanted if slug]
