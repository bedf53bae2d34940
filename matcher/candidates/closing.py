"""What profiles keep about a person, and how all of it is erased when the account is closed."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, selectinload

from matcher.candidates.actions import touch
from matcher.candidates.models import (
    Candidate,
    CandidateSkill,
    Consent,
    ExcludedOrganization,
    Experience,
    Preferences,
    ProfileView,
    SkillEvidence,
)
from matcher.kit import lifecycle
from matcher.kit.actor import SYSTEM
from matcher.kit.base import Base, columns_of
from matcher.people.actions import ON_CLOSE
from matcher.people.export import source
from matcher.people.models import Person

_OURS = frozenset({"candidate_id", "candidate_skill_id", "version"})


def profiles_of(session: Session, person_id: str) -> list[Candidate]:
    """A person's profiles in every hub, erased ones left out, in the order they were started."""
    return list(session.scalars(
        select(Candidate).where(Candidate.person_id == person_id, Candidate.state != "anonymized")
        .options(selectinload(Candidate.skills).selectinload(CandidateSkill.evidence),
                 selectinload(Candidate.experiences), selectinload(Candidate.preferences))
        .order_by(Candidate.created_at, Candidate.id)
    ))


@source("profiles")
def profiles(session: Session, person: Person) -> list[dict[str, Any]]:
    """Everything in the person's profiles, with who saw them and what was agreed to."""
    return [_profile(session, candidate) for candidate in profiles_of(session, person.id)]


def _profile(session: Session, candidate: Candidate) -> dict[str, Any]:
    def rows(model: Any) -> list[dict[str, Any]]:
        found = session.scalars(select(model).where(model.candidate_id == candidate.id).order_by(model.created_at))
        return [_plain(row) for row in found]

    return {
        **_plain(candidate),
        "skills": [{**_plain(s), "evidence": [_plain(e) for e in s.evidence]} for s in candidate.skills],
        "experience": [_plain(row) for row in candidate.experiences],
        "wishes": _plain(candidate.preferences) if candidate.preferences else None,
        "consents": rows(Consent), "excluded": rows(ExcludedOrganization), "seen_by": rows(ProfileView),
    }


def _plain(row: Base) -> dict[str, Any]:
    return {name: value for name, value in columns_of(row).items() if name not in _OURS}


def erase_profiles(session: Session, person: Person, at: datetime, reason: str) -> None:
    """Erase what names or describes the person in every profile; figures keep their counts."""
    for candidate in profiles_of(session, person.id):
        erase(session, candidate, at=at)


def erase(session: Session, candidate: Candidate, *, at: datetime) -> None:
    """Turn a profile into one that nobody can be known by: skills and their levels stay, words and wishes go."""
    lifecycle.advance(session, candidate, "anonymize", actor=SYSTEM, at=at, reason="the person closed the account")
    candidate.headline = candidate.story = ""
    for skill in candidate.skills:
        skill.last_used_on = None
        for evidence in skill.evidence:
            evidence.title = evidence.url = ""
            evidence.experience_id = None
    session.flush()
    mine = select(CandidateSkill.id).where(CandidateSkill.candidate_id == candidate.id)
    session.execute(update(SkillEvidence).where(SkillEvidence.candidate_skill_id.in_(mine))
                    .values(title="", url="", experience_id=None).execution_options(synchronize_session=False))
    for model in (Experience, Preferences, ExcludedOrganization):
        session.execute(delete(model).where(model.candidate_id == candidate.id))
    session.execute(update(Consent).where(Consent.candidate_id == candidate.id, Consent.withdrawn_at.is_(None))
                    .values(withdrawn_at=at))
    touch(session, candidate)
    session.flush()
    session.expire(candidate)


ON_CLOSE.append(erase_profiles)
