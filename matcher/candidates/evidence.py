"""Evidence behind skills: what the person adds, and what completions, endorsements and employers add by themselves."""

from datetime import date, datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.candidates import rules
from matcher.candidates.actions import find_skill, put_skill, touch
from matcher.candidates.models import Candidate, CandidateSkill, EvidenceTier, SkillEvidence, SkillSource
from matcher.kit import audit, outbox
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.errors import DomainError
from matcher.kit.words import N_
from matcher.training import actions as training
from matcher.training.models import Endorsement, Enrollment, Program

OWN_TIERS = (EvidenceTier.EXPERIENCE, EvidenceTier.ARTIFACT, EvidenceTier.CREDENTIAL)


def add_own(
    session: Session, candidate: Candidate, skill: CandidateSkill, *, tier: EvidenceTier, title: str, url: str = "",
    given_on: date, experience_id: str | None = None, actor: Actor, at: datetime,
) -> SkillEvidence:
    """The person backs a skill with an experience, a piece of work or a credential of their own."""
    if tier not in OWN_TIERS:
        raise DomainError(N_("Only a provider endorses, and only an employer confirms."), field="tier")
    if given_on > at.date():
        raise DomainError(N_("That day is in the future."), field="given_on")
    if url and urlsplit(url).scheme not in {"http", "https"}:
        raise DomainError(N_("Give a full web address that starts with https://"), field="url")
    if tier is EvidenceTier.ARTIFACT and not url and not title.strip():
        raise DomainError(N_("Give the address of the work, or say what it is."), field="url")
    if tier is not EvidenceTier.ARTIFACT and not title.strip():
        raise DomainError(N_("Say what it is."), field="title")
    return _add(session, candidate, skill, tier=tier, level=skill.level, title=title.strip(), url=url,
                given_on=given_on, experience_id=experience_id, actor=actor, at=at)


def _add(
    session: Session, candidate: Candidate, skill: CandidateSkill, *, tier: EvidenceTier, level: int, title: str,
    given_on: date, actor: Actor, at: datetime, url: str = "", experience_id: str | None = None,
    endorsement_id: str | None = None, enrollment_id: str | None = None, placement_id: str | None = None,
) -> SkillEvidence:
    evidence = SkillEvidence(
        created_at=at, hub_id=candidate.hub_id, tier=tier, level=level, title=title, url=url, given_on=given_on,
        experience_id=experience_id, endorsement_id=endorsement_id, enrollment_id=enrollment_id,
        placement_id=placement_id,
    )
    skill.evidence.append(evidence)
    session.flush()
    touch(session, candidate)
    audit.record(session, at=at, actor_id=actor.person_id, action="evidence.add", subject=evidence,
                 hub_id=candidate.hub_id, after={"tier": tier, "level": level})
    return evidence


def remove_own(session: Session, candidate: Candidate, evidence: SkillEvidence, *, actor: Actor, at: datetime) -> None:
    """Take back evidence that the person added."""
    if EvidenceTier(evidence.tier) not in OWN_TIERS or evidence.enrollment_id:
        raise DomainError(N_("This came from somebody else. Remove the skill if you do not want it shown."))
    evidence.ended_at = at
    touch(session, candidate)
    audit.record(session, at=at, actor_id=actor.person_id, action="evidence.end", subject=evidence,
                 hub_id=candidate.hub_id)


def _get(session: Session, candidate_id: str) -> Candidate:
    return session.scalars(select(Candidate).where(Candidate.id == candidate_id)).one()


def _skill_for(
    session: Session, candidate: Candidate, skill_id: str, level: int, used: date, at: datetime
) -> CandidateSkill:
    """The person's skill, added at that level when it is new; a stated higher level stays."""
    found = find_skill(session, candidate, skill_id)
    if found is None:
        return put_skill(session, candidate, skill_id=skill_id, level=level, last_used_on=used, actor=SYSTEM, at=at,
                         source=SkillSource.PROGRAM)
    if level > found.level:
        found.level = level
    if found.last_used_on is None or used > found.last_used_on:
        found.last_used_on = used
    return found


def on_completed(session: Session, enrollment: Enrollment, program: Program, at: datetime) -> None:
    """Put the skills a completed program teaches into the profile, marked as coming from it."""
    candidate = _get(session, enrollment.candidate_id)
    day = enrollment.completed_on or at.date()
    for taught in program.skills:
        skill = _skill_for(session, candidate, taught.skill_id, taught.level, day, at)
        _add(session, candidate, skill, tier=EvidenceTier.CREDENTIAL, level=taught.level, title=program.name,
             given_on=day, enrollment_id=enrollment.id, actor=SYSTEM, at=at)
    outbox.notify(session, person_id=candidate.person_id, kind="completion_confirmed", at=at, hub_id=candidate.hub_id,
                  params={"program_id": program.id, "organization_id": program.organization_id},
                  key=f"completion_confirmed:{enrollment.id}:{enrollment.version}")


def on_completion_undone(session: Session, enrollment: Enrollment, at: datetime) -> None:
    """Let the evidence of a completion that was undone count no longer."""
    candidate = _end(session, enrollment.candidate_id, at, enrollment_id=enrollment.id)
    program = enrollment.cohort.program
    outbox.notify(session, person_id=candidate.person_id, kind="completion_corrected", at=at, hub_id=candidate.hub_id,
                  params={"program_id": program.id, "organization_id": program.organization_id},
                  key=f"completion_corrected:{enrollment.id}:{enrollment.version}")


def on_endorsed(session: Session, endorsement: Endorsement, at: datetime) -> None:
    """Back the skill with the provider's word."""
    candidate = _get(session, endorsement.candidate_id)
    skill = _skill_for(session, candidate, endorsement.skill_id, endorsement.level, at.date(), at)
    _add(session, candidate, skill, tier=EvidenceTier.ENDORSEMENT, level=endorsement.level, title="",
         given_on=at.date(), endorsement_id=endorsement.id, actor=SYSTEM, at=at)


def on_endorsement_ended(session: Session, endorsement: Endorsement, at: datetime, notice: str) -> None:
    """An endorsement taken back or expired counts no longer, from this moment (invariant 9)."""
    candidate = _end(session, endorsement.candidate_id, at, endorsement_id=endorsement.id)
    if notice:
        outbox.notify(session, person_id=candidate.person_id, kind=notice, at=at, hub_id=candidate.hub_id,
                      params={"skill_id": endorsement.skill_id, "organization_id": endorsement.organization_id},
                      key=f"{notice}:{endorsement.id}")


def _end(session: Session, candidate_id: str, at: datetime, **which: str) -> Candidate:
    candidate = _get(session, candidate_id)
    for skill in candidate.skills:
        for evidence in rules.standing(skill.evidence):
            if all(getattr(evidence, name) == value for name, value in which.items()):
                evidence.ended_at = at
    touch(session, candidate)
    session.flush()
    return candidate


def confirm_by_employer(
    session: Session, candidate_id: str, *, skills: dict[str, int], placement_id: str, at: datetime
) -> None:
    """Skills (id to level) that an employer saw at work become employer confirmed."""
    candidate = _get(session, candidate_id)
    for skill_id, level in sorted(skills.items()):
        skill = _skill_for(session, candidate, skill_id, level, at.date(), at)
        _add(session, candidate, skill, tier=EvidenceTier.EMPLOYER_CONFIRMED, level=level, title="",
             given_on=at.date(), placement_id=placement_id, actor=SYSTEM, at=at)


training.ON_COMPLETED.append(on_completed)
training.ON_COMPLETION_UNDONE.append(on_completion_undone)
training.ON_ENDORSED.append(on_endorsed)
training.ON_ENDORSEMENT_ENDED.append(on_endorsement_ended)
