"""Assembles the hub's desk into one blueprint, with its menu."""

from flask import g, url_for
from flask_babel import gettext as _

from matcher.organizations.models import Hub
from web.hub import (
    answer_views,
    commitment_views,
    headline_views,
    lab_group_views,
    lab_views,
    look_views,
    occupation_views,
    partner_views,
    placement_views,
    policy_views,
    review_views,
    today_views,
    trail_views,
    word_views,
)
from web.hub.blueprint import blueprint
from web.kit.nav import Item, item, menu

PAGES = (today_views, partner_views, commitment_views, review_views, answer_views, placement_views, headline_views,
         occupation_views, word_views, policy_views, trail_views, lab_views, lab_group_views, look_views)


@menu("hub")
def items() -> list[Item]:
    """The pages of the desk."""
    hub: Hub | None = g.get("hub")
    if hub is None:
        return []
    wanted = (
        (_("Today"), "hub.today", ("hub.today",)), (_("Roles"), "hub.reviews", ("hub.review*",)),
        (_("Partners"), "hub.partners", ("hub.partner*", "hub.commitment*")),
        (_("Answers"), "hub.answers", ("hub.answers",)), (_("Placements"), "hub.placements", ("hub.placement*",)),
        (_("Scorecard"), "hub.headline", ("hub.headline*", "hub.goal*", "hub.snapshot*")),
        (_("Fairness"), "hub.lab", ("hub.lab*", "hub.look*")),
        (_("Occupations"), "hub.occupations", ("hub.occupation*", "hub.words", "hub.word*")),
        (_("Trail"), "hub.trail", ("hub.trail", "hub.policy")),
    )
    return [item(label, url_for(endpoint, hub=hub.slug), *current) for label, endpoint, current in wanted]


__all__ = ["PAGES", "blueprint"]
