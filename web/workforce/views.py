"""Assembles the workforce pages into one blueprint."""

from web.workforce import invitation_views, people_views, today_views  # noqa: F401
from web.workforce.blueprint import blueprint

__all__ = ["blueprint"]
