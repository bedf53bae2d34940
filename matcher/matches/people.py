"""People in a role's list: who may be shown, how each stands in short, and what is known besides the skills."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from matcher.candidates.models import Candidate
from matcher.matches.pools import one_candidate, one_role
from matcher.ranking import filters
from matcher.ranking.facts import CandidateFacts, RoleFacts, Tier
from matcher.ranking.ranker import Scored
from matcher.roles.models import Posting
from matcher.training.models import Cohort, Enrollment, Program

FITS = ("musts", "shown")


@dataclass(frozen=True, slots=True)
class Place:
    """A line's place: the first and last rank of those that cannot be told apart from it."""

    first: int
    last: int

    @property
    def close(self) -> bool:
        """Is anybody else as good?"""
        return self.last > self.first


def places(lines: Sequence[Scored]) -> dict[str, Place]:
    """Candidate id to the near-tie group's ranks."""
    spans: dict[int, list[int]] = {}
    for line in lines:
        spans.setdefault(line.near_tie_group or 0, []).append(line.rank or 0)
    return {line.id: Place(min(span), max(span)) for line in lines for span in (spans[line.near_tie_group or 0],)}


def reaches(role: RoleFacts, person: CandidateFacts, fit: str) -> bool:
    """Are all musts at the level asked for ("musts"), and with more than a claim behind them ("shown")?"""
    held = {skill.skill: skill for skill in person.skills}
    for need in role.requirements:
        own = held.get(need.skill)
        if need.must and (own is None or own.level < need.level or (fit == "shown" and own.tier is Tier.CLAIM)):
            return False
    return True


def in_reach(session: Session, posting: Posting, candidate: Candidate, *, at: datetime) -> bool:
    """May this role's employer find the person: in this hub, shown to employers, not excluding it, no wish against it.

    Read from the rows and not from a list, so that it holds past the cut of the list and on the very next request.
    """
    if candidate.hub_id != posting.hub_id or str(candidate.state) != "active":
        return False
    day = at.date()
    role, person = one_role(session, posting.id, day), one_candidate(session, candidate.id, day)
    return bool(filters.split(role, [person]).kept)


def profiles(session: Session, ids: Iterable[str]) -> dict[str, Candidate]:
    """Id to profile with what stands beside the skills, in a fixed number of statements."""
    rows = session.scalars(
        select(Candidate).where(Candidate.id.in_(list(ids))).options(selectinload(Candidate.experiences))
    )
    return {row.id: row for row in rows}


def completed(session: Session, ids: Iterable[str]) -> dict[str, list[str]]:
    """Candidate id to the names of the programs they completed, newest first, in one statement."""
    rows = session.execute(
        select(Enrollment.candidate_id, Program.name).join(Cohort, Cohort.id == Enrollment.cohort_id)
        .join(Program, Program.id == Cohort.program_id)
        .where(Enrollment.candidate_id.in_(list(ids)), Enrollment.state == "completed")
        .order_by(Enrollment.completed_on.desc(), Enrollment.id)
    )
    found: dict[str, list[str]] = {}
    for candidate_id, name in rows:
        found.setdefault(candidate_id, []).append(name)
    return found
