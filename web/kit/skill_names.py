"""Names of skills in the language of the reader: the Spanish one where there is one, else the one that O*NET gives."""

from collections.abc import Iterable
from typing import Any

from flask_babel import get_locale

from matcher.skills import queries as skills
from matcher.skills.models import Skill
from web.kit import db


def skill_name(skill: Skill) -> str:
    """The name of a skill for who reads this page or mail."""
    locale = get_locale()
    return skill.name_in(locale.language if locale else "en")


def skill_names(ids: Iterable[str]) -> dict[str, str]:
    """Skill id -> name, for the ids that exist; read in one statement."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {id: skill_name(skill) for id, skill in skills.skills_by_id(db.session(), wanted).items()}


def names_of(rows: Iterable[Any]) -> dict[str, str]:
    """Skill id -> name, for rows that tell their `skill_id`: what a role asks for, what a program teaches."""
    return skill_names(row.skill_id for row in rows)
