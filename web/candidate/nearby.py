"""Occupations near what a person does or wants, with the pay and openings published for the hub's area."""

from dataclasses import dataclass

from matcher.candidates.models import Candidate
from matcher.organizations.models import Hub
from matcher.placements import queries as placements
from matcher.skills import queries as skills
from matcher.training import queries as training
from web.kit import db
from web.kit.names import occupation_title


@dataclass(frozen=True)
class Near:
    """One occupation: median pay in cents an hour, openings a year, and where the pay is from; None is unpublished."""

    code: str
    title: str
    hourly_cents: int | None
    openings: int | None
    area: str


def near_occupations(candidate: Candidate, hub: Hub, limit: int = 3) -> list[Near]:
    """What O*NET relates to the person's wish, last job or last program; empty where none of these is known."""
    code = _own_occupation(candidate)
    if code is None:
        return []
    related = skills.related_occupations(db.session(), code, limit)
    return [_near(row.code, hub) for row in related]


def _own_occupation(candidate: Candidate) -> str | None:
    wished = (candidate.preferences.occupations or []) if candidate.preferences else []
    if wished:
        return str(wished[0])
    jobs = placements.of_candidate(db.session(), candidate.id)
    program = training.latest_completed_program(db.session(), candidate.id)
    return next((row.occupation_code for row in (*jobs, program) if row and row.occupation_code), None)


def _near(code: str, hub: Hub) -> Near:
    facts = skills.occupation_facts(db.session(), code, hub.wage_area)
    local = round(facts.local_openings) if facts.local_openings else None
    pay = facts.wages.median_hourly_cents if facts.wages else None
    return Near(code, occupation_title(facts.occupation), pay, local, facts.wages_area or "")
