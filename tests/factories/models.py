"""Lessons about invented roles and people, and models that were really trained on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy.orm import Session

from matcher.matches import lists, model_actions
from matcher.matches.model_training import Draft, draft
from matcher.matches.models import MatchRun, RankerModel
from matcher.matches.models_in_use import Models
from matcher.matches.pools import Pools, write_versions
from matcher.matches.training_data import Lessons
from matcher.ranking.facts import CandidateFacts, HeldSkill, Requirement, RoleFacts, Tier
from matcher.ranking.ranker import Ranker, Stage0
from matcher.roles.models import Posting

FIRST = date(2026, 3, 2)
NEED = ("a", "b", "c", "d")
HERE, FAR = (43.07, -89.40), (43.40, -89.40)
_MADE: dict[tuple[int, str, str, bool], tuple[Draft, Lessons]] = {}  # training is slow, and gives the same


def person(random: np.random.Generator, name: str) -> CandidateFacts:
    """Somebody with the four skills at a random level, each claimed or shown."""
    tiers = tuple(Tier)
    return CandidateFacts(id=name, skills=tuple(
        HeldSkill(skill, int(random.integers(1, 5)), tiers[int(random.integers(len(tiers)))], 3,
                  int(random.integers(0, 90))) for skill in NEED))


def lessons(seed: int = 0, *, roles: int = 6, each: int = 20) -> Lessons:
    """Employers who like what can be shown: the grade rises with the evidence, and chance plays a part."""
    random = np.random.default_rng(seed)
    asked, people, judged, when = {}, {}, {}, {}
    for number in range(roles):
        role = f"role-{seed}-{number}"
        asked[role] = RoleFacts(id=role, organization="o", requirements=tuple(
            Requirement(skill, 1 + (number + at) % 3, at < 2, 1) for at, skill in enumerate(NEED)))
        names = [f"person-{seed}-{number}-{at}" for at in range(each)]
        people |= {name: person(random, name) for name in names}
        shown = {name: sum(item.tier for item in people[name].skills) / 20 + random.normal(0, 0.08) for name in names}
        judged[role] = {name: int(np.searchsorted((0.45, 0.6, 0.75, 0.9), value)) for name, value in shown.items()}
        when[role] = dict.fromkeys(names, FIRST + timedelta(days=20 * number))
    open_chances = {role: dict.fromkeys(row) for role, row in judged.items()}
    return Lessons(asked, people, judged, open_chances, when, {"no_response": 12, "closed": 30})


def answered(found: Lessons, seed: int = 0, *, roles: int = 10, each: int = 12) -> Lessons:
    """The same lessons and people who were asked on: near and free by day they say yes, far and by evening no."""
    random = np.random.default_rng(seed)
    asked, people, answers = dict(found.roles), dict(found.people), {}
    for number in range(roles):
        role = f"asked-{seed}-{number}"
        asked[role] = RoleFacts(id=role, organization="o", place=HERE, schedules=frozenset({"day"}), requirements=tuple(
            Requirement(skill, 2, at < 2, 1) for at, skill in enumerate(NEED)))
        answers[role] = {}
        for at in range(each):
            name, near, free = f"asked-{seed}-{number}-{at}", *(random.random(2) < 0.6).tolist()
            people[name] = replace(
                person(random, name), place=HERE if near else FAR,
                schedules=frozenset({"day"} if free else {"evening"}))
            answers[role][name] = bool(random.random() < (0.1, 0.6, 0.95)[near + free])
    return replace(found, roles=asked, people=people, answers=answers, unanswered={"unanswered": 11})


def trained(
    session: Session, seed: int = 0, running: Ranker | None = None, *, both: bool = False
) -> tuple[Draft, Lessons]:
    """A draft from such lessons, with the near skills of this database; `both` with people's answers too."""
    near = Models().similarity(session)
    key = seed, near.digest(), running.fingerprint() if running else "", both
    if key not in _MADE:
        found = answered(lessons(seed), seed) if both else lessons(seed)
        _MADE[key] = draft(found, near, running or Stage0(near)), found
    return _MADE[key]


def model(
    session: Session, hub_id: str, at: datetime, *, seed: int = 0, live: bool = True, both: bool = False
) -> RankerModel:
    """A model of a hub that passed its tests; with `live` it goes through the gate."""
    made, found = trained(session, seed, both=both)
    row = model_actions.keep(session, hub_id, made, found, at=at)
    if live:
        model_actions.settle(session, row, at=at)
    return row


def show(session: Session, posting: Posting, at: datetime) -> MatchRun:
    """The employer opens the role's list, and the journal keeps it."""
    listing = lists.candidates_for(session, posting, viewer_id=None, at=at, pools=Pools())
    write_versions(session, listing.kept)
    session.add(listing.run)
    session.flush()
    return listing.run
