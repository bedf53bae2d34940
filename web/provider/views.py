"""Assembles the provider pages into one blueprint."""

from web.provider import (  # noqa: F401
    cohort_views,
    completion_views,
    endorsement_views,
    invitation_views,
    outcome_views,
    program_views,
    today_views,
)
from web.provider.blueprint import blueprint

__all__ = ["blueprint"]
