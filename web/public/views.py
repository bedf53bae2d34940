"""Assembles the public pages into one blueprint, with their menu."""

from flask import g, request
from flask_babel import gettext as _

from matcher.organizations.models import Hub
from web.kit.nav import Item, item, menu
from web.public import (
    feed_views,
    home_views,
    matching_views,
    partner_views,
    program_views,
    reading_views,
    role_views,
    suggest_views,
)
from web.public.blueprint import blueprint
from web.public.places import first_hub, hub_url

PAGES = (home_views, role_views, program_views, partner_views, reading_views, matching_views, feed_views,
         suggest_views)


@menu("public")
def items() -> list[Item]:
    """Roles, programs, partners and what counts, in the hub of this page or in the first one."""
    hub: Hub | None = g.get("hub") or first_hub()
    if hub is None:
        return []
    one = request.endpoint or ""
    entries = [
        item(_("Roles"), hub_url("public.roles", hub), "public.roles", "public.role_show"),
        item(_("Programs"), hub_url("public.programs", hub), "public.programs", "public.program_show"),
        item(_("Partners"), hub_url("public.partners", hub), "public.partners", "public.partner_show"),
        item(_("Scorecard"), hub_url("public.headline", hub), "public.headline"),
    ]
    return entries if one else []


__all__ = ["PAGES", "blueprint"]
