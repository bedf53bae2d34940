"""From rows to facts: dated documents of what ranking may know, and the frozen facts they give on a day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.candidates.models import Candidate, CandidateSkill, ExcludedOrganization, Preferences, SkillEvidence
from matcher.candidates.rules import best_proof, months_between
from matcher.organizations import facts_clock
from matcher.ranking.facts import CandidateFacts, HeldSkill, Requirement, RoleFacts, Tier
from matcher.roles.models import Posting, RequiredSkill
from matcher.roles.rules import annual_cents
from matcher.training import queries as training

CHUNK = 500
Document = dict[str, Any]
_WISH = {"onsite": ["no"], "hybrid": ["hybrid", "no"], "remote": ["yes"], "any": []}


def _in_chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start:start + CHUNK] for start in range(0, len(ids), CHUNK))


def candidate_documents(session: Session, ids: Sequence[str]) -> dict[str, Document]:
    """Candidate id to its dated document; a fixed number of statements for every 500 profiles."""
    found: dict[str, Document] = {}
    for chunk in _in_chunks(ids):
        proofs: defaultdict[str, list[tuple[str, int, date]]] = defaultdict(list)
        for skill_id, tier, level, given_on in session.execute(
            select(SkillEvidence.candidate_skill_id, SkillEvidence.tier, SkillEvidence.level, SkillEvidence.given_on)
            .join(CandidateSkill, CandidateSkill.id == SkillEvidence.candidate_skill_id)
            .where(CandidateSkill.candidate_id.in_(chunk), SkillEvidence.ended_at.is_(None))
        ):
            proofs[skill_id].append((str(tier), level, given_on))
        skills: defaultdict[str, list[list[Any]]] = defaultdict(list)
        for row in session.execute(
            select(CandidateSkill.id, CandidateSkill.candidate_id, CandidateSkill.skill_id, CandidateSkill.level,
                   CandidateSkill.last_used_on).where(CandidateSkill.candidate_id.in_(chunk))
        ):
            best, proved_on = best_proof(row.level, proofs[row.id])
            skills[row.candidate_id].append([row.skill_id, row.level, best, _iso(proved_on), _iso(row.last_used_on)])
        wishes = {p.candidate_id: p for p in session.scalars(
            select(Preferences).where(Preferences.candidate_id.in_(chunk)))}
        excluded: defaultdict[str, list[str]] = defaultdict(list)
        for candidate_id, organization_id in session.execute(
            select(ExcludedOrganization.candidate_id, ExcludedOrganization.organization_id)
            .where(ExcludedOrganization.candidate_id.in_(chunk))
        ):
            excluded[candidate_id].append(organization_id)
        programs = training.completed_occupations(session, chunk)
        for name in chunk:
            found[name] = {
                "skills": sorted(skills[name]), "excluded": sorted(excluded[name]),
                "programs": sorted(programs.get(name, ())), **_wishes(wishes.get(name)),
            }
    return found


def _wishes(wishes: Preferences | None) -> Document:
    if wishes is None:
        return {}
    place = wishes.latitude is not None and wishes.longitude is not None
    return {
        "place": [wishes.latitude, wishes.longitude] if place else None, "max_km": wishes.max_km,
        "remote": _WISH[str(wishes.remote)], "schedules": sorted(wishes.schedules or []),
        "pay_floor_cents": annual_cents(wishes.pay_floor_cents, wishes.pay_period),
        "available_on": _iso(wishes.available_on),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def candidate_facts(name: str, document: Mapping[str, Any], day: date) -> CandidateFacts:
    """What the ranker may know of a person on that day."""
    available = _date(document.get("available_on"))
    return CandidateFacts(
        id=name,
        skills=tuple(
            HeldSkill(skill, level, Tier.named(tier), months_between(_date(given), day),
                      months_between(_date(used), day))
            for skill, level, tier, given, used in document["skills"]
        ),
        place=tuple(document["place"]) if document.get("place") else None,
        max_km=document.get("max_km"), remote=frozenset(document.get("remote") or ()),
        schedules=frozenset(document.get("schedules") or ()), pay_floor_cents=document.get("pay_floor_cents"),
        available_on=available.toordinal() if available else None, excluded=frozenset(document["excluded"]),
        programs=frozenset(document["programs"]),
    )


def role_documents(session: Session, ids: Sequence[str]) -> dict[str, Document]:
    """Posting id to its dated document; a fixed number of statements for every 500 postings."""
    found: dict[str, Document] = {}
    for chunk in _in_chunks(ids):
        needs: defaultdict[str, list[list[Any]]] = defaultdict(list)
        for posting_id, skill, level, must, weight in session.execute(
            select(RequiredSkill.posting_id, RequiredSkill.skill_id, RequiredSkill.level, RequiredSkill.must,
                   RequiredSkill.weight).where(RequiredSkill.posting_id.in_(chunk))
        ):
            needs[posting_id].append([skill, level, must, weight])
        for posting in session.scalars(select(Posting).where(Posting.id.in_(chunk))):
            place = posting.latitude is not None and posting.longitude is not None
            found[posting.id] = {
                "organization": posting.organization_id, "occupation": posting.occupation_code,
                "requirements": sorted(needs[posting.id]),
                "place": [posting.latitude, posting.longitude] if place else None, "remote": str(posting.workplace),
                "schedules": sorted(posting.schedules or []),
                "pay_min_cents": annual_cents(posting.pay_min_cents, str(posting.pay_period)),
                "pay_max_cents": annual_cents(posting.pay_max_cents, str(posting.pay_period)),
                "starts_on": _iso(posting.starts_on),
            }
    return found


def role_facts(name: str, document: Mapping[str, Any], day: date) -> RoleFacts:
    """What the ranker may know of a role on that day (the day changes nothing yet)."""
    starts = _date(document.get("starts_on"))
    return RoleFacts(
        id=name, organization=document["organization"], occupation=document["occupation"],
        requirements=tuple(Requirement(skill, level, must, weight)
                           for skill, level, must, weight in document["requirements"]),
        place=tuple(document["place"]) if document.get("place") else None, remote=document["remote"],
        schedules=frozenset(document["schedules"]), pay_min_cents=document["pay_min_cents"],
        pay_max_cents=document["pay_max_cents"], starts_on=starts.toordinal() if starts else None,
    )


def versions(session: Session, kind: str, hub_id: str, after: int) -> list[tuple[str, int, bool]]:
    """(id, version, ranked now?) of every profile or posting of the hub that changed after a version."""
    facts_clock.seen(session)
    if kind == "candidates":
        rows = session.execute(
            select(Candidate.id, Candidate.facts_version, Candidate.state)
            .where(Candidate.hub_id == hub_id, Candidate.facts_version > after).order_by(Candidate.facts_version)
        )
        return [(name, version, str(state) == "active") for name, version, state in rows]
    rows = session.execute(
        select(Posting.id, Posting.facts_version, Posting.state)
        .where(Posting.hub_id == hub_id, Posting.facts_version > after).order_by(Posting.facts_version)
    )
    return [(name, version, str(state) == "live") for name, version, state in rows]
