"""Everything that changes a profile: its life, experience, skills, wishes, consents and exclusions."""

import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.candidates import rules
from matcher.candidates.models import (
    Candidate,
    CandidateSkill,
    Consent,
    ConsentPurpose,
    ExcludedOrganization,
    Experience,
    Preferences,
    RemoteWish,
    SkillSource,
)
from matcher.kit import audit, lifecycle
from matcher.kit.actor import Actor
from matcher.kit.errors import DomainError
from matcher.kit.words import N_
from matcher.organizations import facts_clock
from matcher.organizations.models import Hub

ON_EXCLUDED: list[Callable[[Session, Candidate, str, Actor, datetime], None]] = []
"""Called after a person excluded an organization: later areas end what was under way with it."""
_CODE_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_CODE_DIGITS = "23456789"


def touch(session: Session, candidate: Candidate) -> None:
    """Say that a fact which ranking may know has changed, so that lists are right on the next request."""
    candidate.facts_version = facts_clock.tick(session, candidate.hub_id)


def start_profile(
    session: Session, hub: Hub, *, person_id: str, actor: Actor, at: datetime, referred_by: str | None = None,
    code: str | None = None,
) -> Candidate:
    """Start a person's profile in a hub, or return the one that is there."""
    found = session.scalar(select(Candidate).where(Candidate.hub_id == hub.id, Candidate.person_id == person_id))
    if found is not None:
        return found
    candidate = Candidate(created_at=at, hub_id=hub.id, person_id=person_id, code=code or _free_code(session, hub.id),
                          referred_by=referred_by)
    session.add(candidate)
    session.flush()
    session.add(Preferences(created_at=at, hub_id=hub.id, candidate_id=candidate.id, remote=RemoteWish.ANY))
    touch(session, candidate)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="candidate.start", subject=candidate, hub_id=hub.id)
    return candidate


def _free_code(session: Session, hub_id: str) -> str:
    for length in (2, 2, 2, 3, 3, 4, 5):
        code = secrets.choice(_CODE_LETTERS) + "".join(secrets.choice(_CODE_DIGITS) for _ in range(length))
        if session.scalar(select(Candidate.id).where(Candidate.hub_id == hub_id, Candidate.code == code)) is None:
            return code
    raise DomainError(N_("No free profile code was found. Try once more."))


def describe(session: Session, candidate: Candidate, *, headline: str, story: str, actor: Actor, at: datetime) -> None:
    """Change the person's own words. Ranking never reads them."""
    candidate.headline, candidate.story = headline.strip(), story.strip()
    audit.record(session, at=at, actor_id=actor.person_id, action="candidate.describe", subject=candidate,
                 hub_id=candidate.hub_id)


def advance(
    session: Session, candidate: Candidate, step: str, *, actor: Actor, at: datetime, reason: str = ""
) -> None:
    """Take a step of the profile's life; a profile is shown only when it says enough."""
    if step in {"activate", "resume"} and (faults := rules.missing_for_active(candidate)):
        words = {"skills": N_("Add at least three skills first."), "place": N_("Say first where you can work.")}
        raise DomainError(words[faults[0]])
    lifecycle.advance(session, candidate, step, actor=actor, at=at, reason=reason)
    touch(session, candidate)


def add_experience(
    session: Session, candidate: Candidate, *, facts: dict[str, Any], actor: Actor, at: datetime
) -> Experience:
    """Add something the person did. `facts`: kind, title, place, starts_on, ends_on, words."""
    _check_dates(facts, at)
    experience = Experience(created_at=at, hub_id=candidate.hub_id, candidate_id=candidate.id, **facts)
    session.add(experience)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="experience.add", subject=experience,
                 hub_id=candidate.hub_id)
    return experience


def edit_experience(
    session: Session, experience: Experience, *, facts: dict[str, Any], actor: Actor, at: datetime
) -> None:
    """Change an experience."""
    _check_dates(facts, at)
    for name, value in facts.items():
        setattr(experience, name, value)
    audit.record(session, at=at, actor_id=actor.person_id, action="experience.edit", subject=experience,
                 hub_id=experience.hub_id)


def _check_dates(facts: dict[str, Any], at: datetime) -> None:
    start, end = facts.get("starts_on"), facts.get("ends_on")
    if start and start > at.date():
        raise DomainError(N_("The start is in the future."), field="starts_on")
    if start and end and end < start:
        raise DomainError(N_("The end comes before the start."), field="ends_on")


def remove_experience(
    session: Session, candidate: Candidate, experience: Experience, *, actor: Actor, at: datetime
) -> None:
    """Take an experience out; skills that rested on it rest on it no longer."""
    for skill in candidate.skills:
        for evidence in rules.standing(skill.evidence):
            if evidence.experience_id == experience.id:
                evidence.ended_at, evidence.experience_id = at, None
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="experience.remove", subject=experience,
                 hub_id=candidate.hub_id)
    session.delete(experience)
    touch(session, candidate)


def put_skill(
    session: Session, candidate: Candidate, *, skill_id: str, level: int, last_used_on: date | None, actor: Actor,
    at: datetime, source: SkillSource = SkillSource.SELF,
) -> CandidateSkill:
    """Add a skill at a level from 1 to 4, or change its level and last use.

    Evidence that the person gave themself moves along with the level; other people's word stays at theirs.
    """
    if not 1 <= level <= 4:
        raise DomainError(N_("A level runs from 1 to 4."), field="level")
    if last_used_on and last_used_on > at.date():
        raise DomainError(N_("That day is in the future."), field="last_used_on")
    skill = find_skill(session, candidate, skill_id)
    if skill is None:
        skill = CandidateSkill(created_at=at, hub_id=candidate.hub_id, candidate_id=candidate.id, skill_id=skill_id,
                               level=level, last_used_on=last_used_on, source=source, evidence=[])
        candidate.skills.append(skill)
    else:
        skill.level, skill.last_used_on = level, last_used_on
        for evidence in rules.standing(skill.evidence):
            if str(evidence.tier) in {"experience", "artifact"}:
                evidence.level = level
    session.flush()
    touch(session, candidate)
    audit.record(session, at=at, actor_id=actor.person_id, action="candidate.skill", subject=skill,
                 hub_id=candidate.hub_id, after={"skill": skill_id, "level": level})
    return skill


def find_skill(session: Session, candidate: Candidate, skill_id: str) -> CandidateSkill | None:
    """The person's skill of that id."""
    return next((s for s in candidate.skills if s.skill_id == skill_id), None)


def remove_skill(session: Session, candidate: Candidate, skill: CandidateSkill, *, actor: Actor, at: datetime) -> None:
    """Take a skill out of the profile, with what backs it here; endorsements themselves stay on record."""
    audit.record(session, at=at, actor_id=actor.person_id, action="candidate.skill_removed", subject=skill,
                 hub_id=candidate.hub_id, before={"skill": skill.skill_id})
    held = candidate.skills  # read before the delete, which would be flushed by reading and leave nothing to remove
    session.delete(skill)  # first: deleting reads the evidence, and that would flush a skill that belongs to nobody
    held.remove(skill)
    session.flush()
    touch(session, candidate)


def put_preferences(
    session: Session, candidate: Candidate, *, facts: dict[str, Any], actor: Actor, at: datetime
) -> Preferences:
    """Change what the person asks of a job. `facts`: the plain columns of Preferences."""
    wishes = candidate.preferences
    if wishes is None:
        wishes = Preferences(created_at=at, hub_id=candidate.hub_id, candidate_id=candidate.id, remote=RemoteWish.ANY)
        session.add(wishes)
        candidate.preferences = wishes
    for name, value in facts.items():
        setattr(wishes, name, value)
    session.flush()
    touch(session, candidate)
    audit.record(session, at=at, actor_id=actor.person_id, action="candidate.preferences", subject=wishes,
                 hub_id=candidate.hub_id)
    return wishes


def give_consent(
    session: Session, candidate: Candidate, purpose: ConsentPurpose, *, organization_id: str | None = None,
    actor: Actor, at: datetime,
) -> Consent:
    """Agree to one purpose for one audience; agreeing twice changes nothing."""
    found = standing_consent(session, candidate.id, purpose, organization_id)
    if found is not None:
        return found
    consent = Consent(created_at=at, hub_id=candidate.hub_id, candidate_id=candidate.id, purpose=purpose,
                      organization_id=organization_id, given_at=at)
    session.add(consent)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="consent.give", subject=consent,
                 hub_id=candidate.hub_id, after={"purpose": purpose})
    return consent


def withdraw_consent(
    session: Session, candidate: Candidate, purpose: ConsentPurpose, *, organization_id: str | None = None,
    actor: Actor, at: datetime,
) -> bool:
    """Take a consent back; works on the next request. Returns whether there was one."""
    found = standing_consent(session, candidate.id, purpose, organization_id)
    if found is None:
        return False
    found.withdrawn_at = at
    audit.record(session, at=at, actor_id=actor.person_id, action="consent.withdraw", subject=found,
                 hub_id=candidate.hub_id, after={"purpose": purpose})
    return True


def standing_consent(
    session: Session, candidate_id: str, purpose: ConsentPurpose, organization_id: str | None = None
) -> Consent | None:
    """The consent in force for that purpose and audience."""
    return session.scalar(select(Consent).where(
        Consent.candidate_id == candidate_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None),
        Consent.organization_id == organization_id if organization_id else Consent.organization_id.is_(None),
    ))


def exclude(session: Session, candidate: Candidate, organization_id: str, *, actor: Actor, at: datetime) -> None:
    """Never show the profile to that organization again (invariant 10)."""
    found = session.scalar(select(ExcludedOrganization).where(
        ExcludedOrganization.candidate_id == candidate.id, ExcludedOrganization.organization_id == organization_id
    ))
    if found is None:
        row = ExcludedOrganization(created_at=at, hub_id=candidate.hub_id, candidate_id=candidate.id,
                                   organization_id=organization_id)
        session.add(row)
        session.flush()
        touch(session, candidate)
        audit.record(session, at=at, actor_id=actor.person_id, action="candidate.exclude", subject=candidate,
                     hub_id=candidate.hub_id)
        for tell in ON_EXCLUDED:
            tell(session, candidate, organization_id, actor, at)


def include(session: Session, candidate: Candidate, organization_id: str, *, actor: Actor, at: datetime) -> None:
    """Let an organization see the profile again."""
    found = session.scalar(select(ExcludedOrganization).where(
        ExcludedOrganization.candidate_id == candidate.id, ExcludedOrganization.organization_id == organization_id
    ))
    if found is not None:
        session.delete(found)
        session.flush()
        touch(session, candidate)
        audit.record(session, at=at, actor_id=actor.person_id, action="candidate.include", subject=candidate,
                     hub_id=candidate.hub_id)
