"""Pure decisions about profiles: what backs a skill, whether a profile says enough, what an employer is shown."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.candidates.models import Candidate, CandidateSkill, EvidenceTier, SkillEvidence

TIERS = tuple(tier.value for tier in EvidenceTier)
ENOUGH_SKILLS = 3
EARTH_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Held:
    """A skill as it counts: the stated level, and the best evidence that reaches that level."""

    skill_id: str
    level: int
    tier: str
    given_on: date | None
    used_on: date | None


def standing(evidence: Iterable[SkillEvidence]) -> list[SkillEvidence]:
    """Evidence that has not been taken back."""
    return [e for e in evidence if e.ended_at is None]


def held(skill: CandidateSkill) -> Held:
    """How a skill counts now.

    Evidence for a lower level than the stated one does not carry the higher claim; it never lowers it either, so
    more evidence never makes a profile weaker (invariant 5).
    """
    proofs = [(str(e.tier), e.level, e.given_on) for e in standing(skill.evidence)]
    tier, given_on = best_proof(skill.level, proofs)
    return Held(skill.skill_id, skill.level, tier, given_on, skill.last_used_on)


def best_proof(level: int, proofs: Iterable[tuple[str, int, date]]) -> tuple[str, date | None]:
    """The strongest, then newest, of (tier, level, day) that reaches a level; a bare claim where none does."""
    best = max((p for p in proofs if p[1] >= level), key=lambda p: (TIERS.index(p[0]), p[2]), default=None)
    return (best[0], best[2]) if best else ("claim", None)


def lower_but_backed(skill: CandidateSkill) -> int | None:
    """A lower level that stronger evidence reaches, worth telling the person about."""
    now = held(skill)
    better = [e.level for e in standing(skill.evidence)
              if e.level < skill.level and TIERS.index(str(e.tier)) > TIERS.index(now.tier)]
    return max(better, default=None)


def missing_for_active(candidate: Candidate) -> list[str]:
    """Codes of what a profile still needs before employers can find it: skills, place."""
    faults = [] if len(candidate.skills) >= ENOUGH_SKILLS else ["skills"]
    wishes = candidate.preferences
    if wishes is None or (not wishes.place_label and str(wishes.remote) != "remote"):
        faults.append("place")
    return faults


def months_between(then: date | None, today: date) -> int | None:
    """Whole months from then to today, never negative; None where the day is not known."""
    if then is None:
        return None
    months = (today.year - then.year) * 12 + today.month - then.month - (today.day < then.day)
    return max(0, months)


def km_between(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Great-circle distance in kilometres between two (latitude, longitude) pairs in degrees, by the haversine."""
    (a, b), (c, d) = (map(math.radians, spot) for spot in (here, there))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


def snapshot(candidate: Candidate, programs: Sequence[dict[str, Any]], *, today: date) -> dict[str, Any]:
    """The profile as it is sent with an application: skills first, no name, no contact, no demographics.

    `programs`: completed programs as {"name", "provider", "completed_on"}. JSON-ready.
    """
    wishes = candidate.preferences
    return {
        "code": candidate.code, "headline": candidate.headline, "story": candidate.story, "on": today.isoformat(),
        "skills": [
            {"skill": h.skill_id, "level": h.level, "evidence": h.tier,
             "titles": [e.title for e in standing(s.evidence) if e.title],
             "links": [e.url for e in standing(s.evidence) if e.url]}
            for s in candidate.skills for h in (held(s),)
        ],
        "experience": [{"kind": str(e.kind), "title": e.title, "words": e.words} for e in candidate.experiences],
        "programs": list(programs),
        "available_on": wishes.available_on.isoformat() if wishes and wishes.available_on else None,
        "schedules": list(wishes.schedules or []) if wishes else [],
        "place": wishes.place_label if wishes else "",
    }
