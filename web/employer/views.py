"""Assembles the employer pages: importing a module adds its routes to the blueprint."""

from web.employer import (
    ad_views,
    application_views,
    check_views,
    commitment_views,
    interview_views,
    join_views,
    match_views,
    placement_views,
    role_edit_views,
    role_views,
    today_views,
)
from web.employer.blueprint import blueprint

PARTS = (
    ad_views,
    application_views,
    check_views,
    commitment_views,
    interview_views,
    join_views,
    match_views,
    placement_views,
    role_edit_views,
    role_views,
    today_views,
)

__all__ = ["PARTS", "blueprint"]
