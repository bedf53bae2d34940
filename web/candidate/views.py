"""Assembles the candidate pages into one blueprint."""

from web.candidate import (
    application_views,
    apply_views,
    evidence_views,
    experience_views,
    look_views,
    match_views,
    placement_views,
    privacy_views,
    profile_views,
    program_views,
    question_views,
    resume_views,
    skill_views,
    start_views,
    today_views,
    wish_views,
)
from web.candidate.desk import blueprint

PAGES = (
    start_views, today_views, skill_views, evidence_views, experience_views, program_views, profile_views, wish_views,
    match_views, apply_views, application_views, placement_views, privacy_views, question_views, resume_views,
    look_views,
)

__all__ = ["PAGES", "blueprint"]
