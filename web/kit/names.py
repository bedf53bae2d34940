"""Names of skills and occupations in the language of the reader: Spanish where there is one, else what O*NET says."""

from collections.abc import Iterable
from typing import Any

from flask_babel import get_locale
from sqlalchemy import select

from matcher.skills import queries as skills
from matcher.skills.models import Occupation, Skill
from web.kit import db


def language() -> str:
    """The language of who reads this page; mail knows its own (web.mail.language)."""
    locale = get_locale()
    return locale.language if locale else "en"


def skill_name(skill: Skill) -> str:
    """The name of a skill."""
    return skill.name_in(language())


def skill_names(ids: Iterable[str]) -> dict[str, str]:
    """Skill id -> name, for the ids that exist; read in one statement."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {id: skill_name(skill) for id, skill in skills.skills_by_id(db.session(), wanted).items()}


def occupation_title(occupation: Occupation | None) -> str:
    """The title of an occupation; nothing where it is not known."""
    return occupation.title_in(language()) if occupation else ""


def occupation_titles(codes: Iterable[str]) -> dict[str, str]:
    """Code -> title, for the occupations that exist; read in one statement."""
    wanted = set(codes)
    if not wanted:
        return {}
    found = db.session().scalars(select(Occupation).where(Occupation.code.in_(wanted)))
    return {row.code: occupation_title(row) for row in found}


def names_of(rows: Iterable[Any]) -> dict[str, str]:
    """Skill id -> name, for rows that tell their `skill_id`: what a role asks for, what a program teaches."""
    return skill_names(row.skill_id for row in rows)
