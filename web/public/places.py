"""Which hub a public page speaks of."""

from flask import g, url_for

from matcher.organizations import queries
from matcher.organizations.models import Hub
from web.kit import db


def all_hubs() -> list[Hub]:
    """Every hub in its order, read once for a request."""
    if "all_hubs" not in g:
        g.all_hubs = queries.hubs(db.session())
    held: list[Hub] = g.all_hubs
    return held


def first_hub() -> Hub | None:
    """The hub whose front door stands at the root."""
    return next(iter(all_hubs()), None)


def hub_url(endpoint: str, hub: Hub) -> str:
    """A page of a hub."""
    return url_for(endpoint, hub=hub.slug)
