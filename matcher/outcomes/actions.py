"""Everything that writes a hub's goals and published figures."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit import audit
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.errors import DomainError
from matcher.kit.words import N_
from matcher.organizations.models import Hub
from matcher.organizations.rules import local_day
from matcher.outcomes import queries, rules
from matcher.outcomes.models import Goal, MetricSnapshot


def set_goal(
    session: Session, hub: Hub, *, target: int, starts_on: date, target_on: date, actor: Actor, at: datetime
) -> Goal:
    """Set the headline goal of a period; the trail keeps what it was before."""
    if target < 1:
        raise DomainError(N_("A goal is at least 1."), field="target")
    if target_on <= starts_on:
        raise DomainError(N_("The goal’s day comes before the period starts."), field="target_on")
    goal = session.scalar(select(Goal).where(
        Goal.hub_id == hub.id, Goal.metric == queries.HEADLINE, Goal.starts_on == starts_on
    ))
    before = {"target": goal.target, "target_on": goal.target_on} if goal else None
    if goal is None:
        goal = Goal(created_at=at, hub_id=hub.id, metric=queries.HEADLINE, starts_on=starts_on, target_on=target_on,
                    target=target)
        session.add(goal)
    goal.target, goal.target_on = target, target_on
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="goal.set", subject=goal, hub_id=hub.id,
                 before=before, after={"target": target, "target_on": target_on})
    return goal


def publish_snapshot(
    session: Session, hub: Hub, *, as_of: date, at: datetime, actor: Actor = SYSTEM
) -> MetricSnapshot:
    """Keep the headline of a day as it was published; the same day and definition are kept once."""
    if as_of > local_day(at, hub.time_zone):
        raise DomainError(N_("That day has not come yet."), field="as_of")
    found = session.scalar(select(MetricSnapshot).where(
        MetricSnapshot.hub_id == hub.id, MetricSnapshot.metric == queries.HEADLINE,
        MetricSnapshot.definition == rules.DEFINITION, MetricSnapshot.as_of == as_of,
    ))
    if found is not None:
        return found
    starts_on, _ = queries.period(session, hub.id, as_of)
    figure = queries.headline(session, hub, starts_on=starts_on, as_of=as_of)
    row = MetricSnapshot(
        created_at=at, hub_id=hub.id, metric=queries.HEADLINE, definition=rules.DEFINITION, as_of=as_of,
        numerator=figure.numerator, denominator=figure.denominator, unknown=figure.unknown,
        detail={"starts_on": starts_on.isoformat(), "not_confirmed": figure.not_confirmed,
                "no_consent": figure.no_consent, "no_answer": figure.no_answer, "others": figure.others,
                "outside_list": figure.outside_list,
                "by_employer": figure.by_employer, "by_pay_record": figure.by_pay_record},
    )
    session.add(row)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="figure.publish", subject=row, hub_id=hub.id)
    return row
