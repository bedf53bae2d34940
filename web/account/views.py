"""Assembles the account pages: importing a module adds its routes to the blueprint."""

from web.account import (
    data_views,
    demo_views,
    details_views,
    entry_views,
    home_views,
    invitation_views,
    notice_views,
    organization_views,
    reset_views,
    second_factor_views,
    security_views,
    sign_in_views,
    team_views,
)
from web.account.blueprint import blueprint

PARTS = (
    data_views,
    demo_views,
    details_views,
    notice_views,
    entry_views,
    home_views,
    invitation_views,
    organization_views,
    reset_views,
    second_factor_views,
    security_views,
    sign_in_views,
    team_views,
)

__all__ = ["PARTS", "blueprint"]
