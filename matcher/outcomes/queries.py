"""Reads a hub's figures: the headline as of a day, and its goal. The only reader that may look at demographics."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from matcher.candidates.models import Candidate, Consent, ConsentPurpose
from matcher.demographics.models import AnswerStatus, DemographicAnswer
from matcher.kit.audit import AuditEvent
from matcher.organizations.models import Hub
from matcher.outcomes import rules
from matcher.outcomes.models import Goal, MetricSnapshot
from matcher.outcomes.rules import Headline, PlacedPerson
from matcher.placements.models import Confirmation, Placement
from matcher.skills.models import HubOccupation

HEADLINE = "headline"


def end_of_day(day: date, zone: str = "UTC") -> datetime:
    """The first moment after a day, in a time zone."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def headline(session: Session, hub: Hub, *, starts_on: date, as_of: date) -> Headline:
    """The headline of a hub for starts from `starts_on` to `as_of`, from what was known by the end of `as_of`.

    The same day and definition give the same number (invariant 14), unless a person withdrew a consent or changed an
    answer since: then the new number leaves them out by design, and the published snapshot keeps the old one.
    """
    until = end_of_day(as_of, hub.time_zone)
    listed = _listed(session, hub.id, until)
    placements = _starts(session, hub.id, starts_on, as_of, until)
    ids = {row.candidate_id for row in placements}
    consented, answers = _consented(session, hub.id, until), _answers(session, hub.id, ids, until)
    best: dict[str, PlacedPerson] = {}
    for person_id, candidate_id, code, confirmation, confirmed_at in placements:
        sure = str(confirmation) in rules.CONFIRMED and confirmed_at is not None and confirmed_at < until
        placed = PlacedPerson(person_id, code in listed, sure, confirmation == Confirmation.WAGE_RECORD,
                              candidate_id in consented, answers.get(candidate_id))
        now = best.get(person_id)
        if now is None or (placed.listed, placed.confirmed) > (now.listed, now.confirmed):
            best[person_id] = placed
    return rules.count(list(best.values()), starts_on=starts_on, as_of=as_of)


def _listed(session: Session, hub_id: str, until: datetime) -> set[str]:
    """Occupations that counted at that moment: what is held now, with every later decision taken back."""
    rows = list(session.scalars(
        select(HubOccupation).where(HubOccupation.hub_id == hub_id, HubOccupation.created_at < until)))
    then = {row.id: row.counts for row in rows}
    changed = [row.id for row in rows if row.decided_at >= until]
    events = session.scalars(
        select(AuditEvent).where(
            AuditEvent.chain == hub_id, AuditEvent.subject_table == HubOccupation.__tablename__,
            AuditEvent.subject_id.in_(changed), AuditEvent.at >= until, AuditEvent.before.is_not(None),
        ).order_by(AuditEvent.seq.desc())
    ) if changed else ()
    for event in events:
        before = event.before or {}
        then[event.subject_id] = all(bool(before.get(name)) for name in ("in_demand", "entry_level", "career_path"))
    return {row.occupation_code for row in rows if then[row.id]}


def _starts(session: Session, hub_id: str, starts_on: date, as_of: date, until: datetime) -> Sequence[Any]:
    """Placements whose first day fell in the period, as known by then; who never started and said so is left out."""
    never = and_(Placement.state == "ended", Placement.confirmed_at.is_(None), Placement.state_at < until)
    return session.execute(
        select(Candidate.person_id, Placement.candidate_id, Placement.occupation_code, Placement.confirmation,
               Placement.confirmed_at)
        .join(Candidate, Candidate.id == Placement.candidate_id)
        .where(Placement.hub_id == hub_id, Placement.starts_on.between(starts_on, as_of),
               Placement.created_at < until, ~never)
        .order_by(Placement.starts_on, Placement.id)
    ).all()


def _consented(session: Session, hub_id: str, until: datetime) -> set[str]:
    return set(session.scalars(
        select(Consent.candidate_id).where(
            Consent.hub_id == hub_id, Consent.purpose == ConsentPurpose.COUNT_IN_GROUPS, Consent.given_at < until,
            Consent.withdrawn_at.is_(None),
        )
    ))


def _answers(session: Session, hub_id: str, ids: set[str], until: datetime) -> dict[str, dict[str, str]]:
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    rows = session.scalars(
        select(DemographicAnswer).where(
            DemographicAnswer.hub_id == hub_id, DemographicAnswer.status == AnswerStatus.ANSWERED,
            DemographicAnswer.answered_at < until,
        )
    )
    for row in rows:
        if row.candidate_id in ids and row.value:
            found[row.candidate_id][str(row.question)] = row.value
    return found


def current_goal(session: Session, hub_id: str, today: date) -> Goal | None:
    """The headline goal whose period holds today, else the newest one."""
    goals = session.scalars(
        select(Goal).where(Goal.hub_id == hub_id, Goal.metric == HEADLINE).order_by(Goal.target_on.desc(), Goal.id)
    ).all()
    return next((g for g in goals if g.starts_on <= today <= g.target_on), goals[0] if goals else None)


def period(session: Session, hub_id: str, today: date) -> tuple[date, Goal | None]:
    """The first day of the period being counted: the goal's, else the calendar year's."""
    goal = current_goal(session, hub_id, today)
    return (goal.starts_on if goal else date(today.year, 1, 1)), goal


def snapshots(session: Session, hub_id: str) -> list[MetricSnapshot]:
    """Published headline figures, newest first."""
    return list(session.scalars(
        select(MetricSnapshot).where(MetricSnapshot.hub_id == hub_id, MetricSnapshot.metric == HEADLINE)
        .order_by(MetricSnapshot.as_of.desc())
    ))
