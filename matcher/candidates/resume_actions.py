"""Puts into a profile what a person kept of a résumé, and nothing else; the paper itself is gone afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.candidates import actions, evidence
from matcher.candidates.models import Candidate, EvidenceTier, Experience
from matcher.kit.actor import Actor
from matcher.kit.errors import DomainError
from matcher.kit.words import N_
from matcher.papers import actions as papers
from matcher.papers.models import Paper

FACTS = ("kind", "title", "place", "starts_on", "ends_on", "words")


@dataclass(frozen=True, slots=True)
class KeptSkill:
    """A skill the person ticked: its level, and the number of the experience it was found in, where there is one."""

    skill_id: str
    level: int
    experience: int | None = None


def keep(
    session: Session, candidate: Candidate, paper: Paper, *, skills: Sequence[KeptSkill],
    experiences: Mapping[int, Mapping[str, Any]], story: str | None = None, proposed: bool = False, actor: Actor,
    at: datetime,
) -> None:
    """Add exactly what was ticked, each through the action that a person's own hand would use, and delete the paper.

    `experiences` maps their number in the paper to the facts of `add_experience`. A skill found in an experience that
    was kept too rests on it; any other is the person's word. Raises DomainError when nothing was ticked; `proposed`
    says that a word for the hub was.
    """
    if not (skills or experiences or story or proposed):
        raise DomainError(N_("Tick what you want to keep, or throw the draft away."))
    told: dict[int, Experience] = {
        number: actions.add_experience(session, candidate, facts={name: facts[name] for name in FACTS}, actor=actor,
                                       at=at)
        for number, facts in sorted(experiences.items())
    }
    for kept in skills:
        lived = told.get(kept.experience) if kept.experience is not None else None
        _put(session, candidate, kept, lived, actor, at)
    if story:
        actions.describe(session, candidate, headline=candidate.headline, story=story, actor=actor, at=at)
    papers.forget(session, paper, actor=actor, at=at)


def _put(
    session: Session, candidate: Candidate, kept: KeptSkill, lived: Experience | None, actor: Actor, at: datetime
) -> None:
    """The skill at its level, with the experience behind it; what was known of its last use is not lost."""
    held = actions.find_skill(session, candidate, kept.skill_id)
    used = _later(held.last_used_on if held else None, _last_day(lived, at.date()))
    skill = actions.put_skill(session, candidate, skill_id=kept.skill_id, level=kept.level, last_used_on=used,
                              actor=actor, at=at)
    if lived is not None:
        evidence.add_own(session, candidate, skill, tier=EvidenceTier.EXPERIENCE, title=lived.title,
                         given_on=at.date(), experience_id=lived.id, actor=actor, at=at)


def _last_day(lived: Experience | None, today: date) -> date | None:
    """The last day of an experience: today for one that goes on; None where it has no days at all."""
    if lived is None or (lived.starts_on is None and lived.ends_on is None):
        return None
    return min(lived.ends_on or today, today)


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day), default=None)
