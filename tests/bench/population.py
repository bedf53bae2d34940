"""Fills two hubs by bulk: one with many people and roles, one with a single person and role and nothing to rank."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from matcher.candidates.models import Candidate, CandidateSkill, Preferences, SkillEvidence
from matcher.kit import crypto, ids
from matcher.kit.actor import SYSTEM, Actor
from matcher.organizations import actions as organizations
from matcher.organizations.facts_clock import tick
from matcher.organizations.models import Hub, Organization
from matcher.people import actions as people
from matcher.people import passwords, second_factor
from matcher.people.models import Person
from matcher.roles.models import Posting, RequiredSkill
from matcher.skills.models import Skill

SEED = 11
PASSWORD = "a long enough bench password"  # noqa: S105  # nosec B105: loopback only
TIERS = ("claim", "experience", "artifact", "credential", "endorsement")
BATCH = 2000


@dataclass(frozen=True)
class Ends:
    """One hub's rows that the pages are asked about, and who may see them."""

    hub: str
    organization: str
    posting: str
    candidate: str
    employer_mail: str
    candidate_mail: str


def _rows(session: Session, model: type[Any], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), BATCH):
        session.execute(insert(model), rows[start:start + BATCH])


def hub_with(session: Session, slug: str, *, candidates: int, roles: int, at: datetime) -> Ends:
    """A hub with so many active profiles (18 skills at most) and live roles (5 to 9 requirements)."""
    rng = random.Random(SEED)  # noqa: S311
    hub = organizations.found_hub(session, slug, slug, "Town", 43.07, -89.40, "Madison, WI", at=at)
    kept = passwords.keep(PASSWORD)
    owner = people.create_person(session, name="Owner", email=f"owner@{slug}.example", at=at, password_hash=kept,
                                 verified=True)
    organization = organizations.found_organization(session, actor=Actor(owner.id), kind="employer",
                                                    name=f"{slug} works", at=at)
    joined = organizations.ask_to_join(session, organization, hub, actor=SYSTEM, at=at)
    session.flush()
    del joined
    skills = sorted(session.scalars(select(Skill.id).where(Skill.in_demand, Skill.hub_id.is_(None))))[:600]
    weights = [1 / (n + 2) for n in range(len(skills))]
    version = tick(session, hub.id)
    names = _people(session, rng, hub, candidates, skills, weights, kept, version, at)
    postings = _roles(session, rng, hub, organization, roles, skills, weights, version, at)
    return Ends(slug, organization.slug, postings[0], names[0], f"owner@{slug}.example", f"p0@{slug}.example")


def _draw(rng: random.Random, skills: list[str], weights: list[float], most: int) -> list[str]:
    return sorted(set(rng.choices(skills, weights, k=most)))


def _people(
    session: Session, rng: random.Random, hub: Hub, count: int, skills: list[str], weights: list[float], kept: str,
    version: int, at: datetime,
) -> list[str]:
    persons, profiles, held, proofs, wishes = [], [], [], [], []
    today = at.date()
    for number in range(count):
        person, name = ids.new_id(), ids.new_id()
        address = f"p{number}@{hub.slug}.example"
        persons.append({
            "id": person, "created_at": at, "name": f"Person {number}", "locale": "en", "verified_at": at,
            "email_sealed": crypto.seal("persons", person, "email_sealed", address),
            "email_index": crypto.blind_index("persons.email_sealed", address), "password_hash": kept if not number
            else None, "administrator": False, "time_zone": "America/Chicago",
        })
        profiles.append({"id": name, "created_at": at, "hub_id": hub.id, "person_id": person, "code": f"P{number}",
                         "facts_version": version, "state": "active", "state_at": at, "version": 1, "headline": "",
                         "story": ""})
        wishes.append({"id": ids.new_id(), "created_at": at, "hub_id": hub.id, "candidate_id": name, "remote": "any",
                       "place_label": "Town", "latitude": 43.07 + rng.uniform(-.3, .3),
                       "longitude": -89.4 + rng.uniform(-.3, .3), "max_km": rng.choice((None, None, 30, 60)),
                       "pay_period": "hour", "pay_floor_cents": None})
        for skill in _draw(rng, skills, weights, rng.randint(5, 18)):
            _skill(rng, hub, name, skill, today, at, held, proofs)
    for model, rows in ((Person, persons), (Candidate, profiles), (Preferences, wishes), (CandidateSkill, held),
                        (SkillEvidence, proofs)):
        _rows(session, model, rows)
    return [row["id"] for row in profiles]


def _skill(
    rng: random.Random, hub: Hub, name: str, skill: str, today: date, at: datetime, held: list[dict[str, Any]],
    proofs: list[dict[str, Any]],
) -> None:
    level, row = rng.randint(1, 4), ids.new_id()
    held.append({"id": row, "created_at": at, "hub_id": hub.id, "candidate_id": name, "skill_id": skill,
                 "level": level, "last_used_on": today - timedelta(days=rng.randint(0, 900)), "source": "self"})
    tier = rng.choice(TIERS)
    if tier != "claim":
        proofs.append({"id": ids.new_id(), "created_at": at, "hub_id": hub.id, "candidate_skill_id": row, "tier": tier,
                       "level": level, "title": "Shown", "url": "",
                       "given_on": today - timedelta(days=rng.randint(0, 900))})


def _roles(
    session: Session, rng: random.Random, hub: Hub, organization: Organization, count: int, skills: list[str],
    weights: list[float], version: int, at: datetime,
) -> list[str]:
    postings, needs = [], []
    for number in range(count):
        name = ids.new_id()
        postings.append({
            "id": name, "created_at": at, "hub_id": hub.id, "organization_id": organization.id,
            "title": f"Role {number}", "summary": "Work.", "positions": 3, "filled": 0, "pay_min_cents": 2000,
            "pay_max_cents": 2600, "pay_period": "hour", "employment_type": "full_time", "workplace": "onsite",
            "place_label": "Town", "latitude": 43.07, "longitude": -89.4, "progression": "the next role",
            "degree": "none", "open_nontraditional": False, "open_fell_reason": "", "live_at": at, "state": "live",
            "state_at": at, "version": 1, "facts_version": version, "schedules": ["days"],
        })
        for place, skill in enumerate(_draw(rng, skills, weights, rng.randint(5, 9))):
            needs.append({"id": ids.new_id(), "created_at": at, "posting_id": name, "skill_id": skill,
                          "level": rng.randint(1, 3), "must": place < 4, "weight": rng.randint(1, 3),
                          "position": place})
    _rows(session, Posting, postings)
    _rows(session, RequiredSkill, needs)
    return [row["id"] for row in postings]


def operator_of(session: Session, slug: str, at: datetime) -> tuple[str, str]:
    """An operator of that hub: mail address and the second factor's secret."""
    hub = session.scalars(select(Hub).where(Hub.slug == slug)).one()
    person = people.create_person(session, name="Operator", email=f"operator@{slug}.example", at=at,
                                  password_hash=passwords.keep(PASSWORD), verified=True)
    organizations.appoint(session, hub, person, "operator", at=at)
    second_factor.begin(session, person, at=at)
    secret = person.totp_secret or ""
    second_factor.confirm(session, person, second_factor.current_code(secret, at), at=at)
    return f"operator@{slug}.example", secret
