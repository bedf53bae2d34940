"""What became of each employer's promises, computed from live records: roles, interviews, hires, answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Integer, and_, case, cast, func, select
from sqlalchemy.orm import Session

from matcher.applications.models import Application, Interview
from matcher.applications.pace import Pace, pace_of
from matcher.applications.rules import WAITING_STATES
from matcher.organizations.models import Commitment
from matcher.placements.models import Placement
from matcher.roles.models import Posting

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Kept:
    """The live records of one employer in one hub over the last 365 days; `open_roles` are open now."""

    open_roles: int = 0
    roles: int = 0
    applications: int = 0
    answered: int = 0
    silent: int = 0
    waiting: int = 0
    interviews: int = 0
    hires: int = 0
    pace: Pace | None = None


def kept_by(session: Session, hub_id: str, organization_ids: Iterable[str], at: datetime) -> dict[str, Kept]:
    """Organization id to its live records; five statements whatever the number of employers."""
    ids = sorted(set(organization_ids))
    since = at - YEAR
    roles = _roles(session, hub_id, ids, since)
    sent = _applications(session, hub_id, ids, since)
    talks = _counts(session, select(Interview.organization_id, func.count()).where(
        Interview.hub_id == hub_id, Interview.organization_id.in_(ids), Interview.state == "held",
        Interview.state_at >= since).group_by(Interview.organization_id))
    hires = _counts(session, select(Placement.organization_id, func.count()).where(
        Placement.hub_id == hub_id, Placement.organization_id.in_(ids), Placement.confirmed_at.is_not(None),
        Placement.starts_on >= since.date()).group_by(Placement.organization_id))
    paces = pace_of(session, ids, since=since)
    return {
        id: Kept(*roles.get(id, (0, 0)), *sent.get(id, (0, 0, 0, 0)), talks.get(id, 0), hires.get(id, 0),
                 paces.get(id))
        for id in ids
    }


def _counts(session: Session, query: object) -> dict[str, int]:
    return {row[0]: int(row[1]) for row in session.execute(query)}  # type: ignore[call-overload]


def _roles(session: Session, hub_id: str, ids: Sequence[str], since: datetime) -> dict[str, tuple[int, int]]:
    is_open = cast(func.sum(case((Posting.state == "live", 1), else_=0)), Integer)
    rows = session.execute(
        select(Posting.organization_id, is_open, func.count())
        .where(Posting.hub_id == hub_id, Posting.organization_id.in_(ids), Posting.live_at >= since)
        .group_by(Posting.organization_id)
    )
    return {row[0]: (int(row[1] or 0), int(row[2])) for row in rows}


def _applications(
    session: Session, hub_id: str, ids: Sequence[str], since: datetime
) -> dict[str, tuple[int, int, int, int]]:
    """Organization id to (sent, answered, closed without an answer, waiting)."""
    answered = Application.answered_at.is_not(None)
    silent = and_(Application.answered_at.is_(None), Application.state == "no_response")
    waits = and_(Application.answered_at.is_(None), Application.state.in_(WAITING_STATES))
    sums = [cast(func.sum(case((test, 1), else_=0)), Integer) for test in (answered, silent, waits)]
    rows = session.execute(
        select(Application.organization_id, func.count(), *sums)
        .where(Application.hub_id == hub_id, Application.organization_id.in_(ids), Application.submitted_at >= since)
        .group_by(Application.organization_id)
    )
    return {row[0]: (int(row[1]), int(row[2] or 0), int(row[3] or 0), int(row[4] or 0)) for row in rows}


def done_for(commitment: Commitment, kept: Kept) -> tuple[int, int] | None:
    """(done, promised) of a promise that is counted in people; None for the others."""
    if str(commitment.kind) not in ("paid_internship", "full_time_hires") or not commitment.promised:
        return None
    return min(kept.hires, commitment.promised), commitment.promised


def on_the_way(commitment: Commitment, kept: Kept, today: date) -> str:
    """`kept`, `on_the_way` or `not_yet`: whether the live records bear the promise out so far."""
    if str(commitment.state) == "met":
        return "kept"
    counted = done_for(commitment, kept)
    if counted:
        return "kept" if counted[0] >= counted[1] else "on_the_way" if counted[0] else "not_yet"
    if str(commitment.kind) == "consider":
        met = kept.answered > kept.silent and kept.interviews > 0
        return "kept" if met else "on_the_way" if kept.open_roles or kept.applications else "not_yet"
    return "kept" if kept.hires else "not_yet"


def standing_in(session: Session, hub_id: str, kind: str | None = None) -> list[Commitment]:
    """Commitments in force in a hub, by employer and kind."""
    query = select(Commitment).where(Commitment.hub_id == hub_id, Commitment.state.in_(("active", "at_risk")))
    if kind:
        query = query.where(Commitment.kind == kind)
    return list(session.scalars(query.order_by(Commitment.organization_id, Commitment.kind)))
