"""In which hub an organization acts on this page: the one asked for, else its first."""

from flask import abort, g, request

from matcher.organizations import queries
from matcher.organizations.models import Organization, Partnership
from web.kit import db


def all_of(organization: Organization) -> list[Partnership]:
    """The organization's partnerships, in the hubs' order."""
    return queries.partnerships_of(db.session(), [organization.id])


def find(organization: Organization, slug: str | None = None) -> Partnership | None:
    """The partnership this page is about (`?hub=` in the address); sets the hub that the layout shows.

    404 for a hub that the organization never asked to join; None when it asked none.
    """
    wanted = slug or request.args.get("hub", "")
    held = all_of(organization)
    if not held:
        return None
    chosen = next((row for row in held if row.hub.slug == wanted), None) if wanted else held[0]
    if chosen is None:
        abort(404)
    g.hub = chosen.hub
    return chosen


def get(organization: Organization, slug: str | None = None) -> Partnership:
    """The same where the page cannot be without one."""
    return find(organization, slug) or abort(404)
