"""Every state × role × step of an application, an interview, an offer, a placement and a check, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from matcher.applications.lifecycle import APPLICATION, INTERVIEW, OFFER
from matcher.applications.models import Application
from matcher.kit import lifecycle
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.audit import AuditEvent
from matcher.kit.errors import ConflictError, DomainError, NotAllowedError
from matcher.kit.lifecycle import Life
from matcher.placements.lifecycle import CHECK, PLACEMENT
from tests.factories import applications as made
from tests.factories.applications import PATHS, Seeker
from tests.factories.roles import Town

pytestmark = pytest.mark.data
Row = Any


def walk(town: Town, life: Life, rows: dict[str, Row], who: Seeker) -> int:
    """Try every step from every state as everybody; returns how many were taken."""
    actors: dict[str, Actor] = {"employer": town.owner, "candidate": who.actor, "operator": town.operator,
                                "system": SYSTEM, "nobody": town.outsider}
    at, taken = town.at + timedelta(hours=1), 0
    for (state, row), (role, actor), step in product(rows.items(), actors.items(), life.steps):
        savepoint = town.session.begin_nested()
        open_now, may = state in step.source, role in step.by
        if may and open_now:
            if step.needs_reason:
                with pytest.raises(DomainError, match="Give a reason"):
                    lifecycle.advance(town.session, row, step.name, actor=actor, at=at, reason="  ")
            lifecycle.advance(town.session, row, step.name, actor=actor, at=at, reason="It is so.")
            town.session.flush()
            assert (str(row.state), row.state_at) == (step.target, at)
            taken += 1
        else:
            with pytest.raises(ConflictError if may else NotAllowedError):
                lifecycle.advance(town.session, row, step.name, actor=actor, at=at, reason="It is so.")
            assert str(row.state) == state
        savepoint.rollback()
        town.session.expire_all()
    assert set(rows) == {s.value for s in life.states}, "a state was not reached"
    return taken


def allowed(life: Life) -> int:
    """How many of all combinations the declaration allows."""
    return sum(len(step.source) * len(step.by) for step in life.steps)


def test_invariant_1_every_state_role_and_step_of_an_application(town: Town) -> None:
    who, rows = made.seeker(town), {}
    for state in PATHS:
        if state == "accepted":
            continue
        role = town.role()
        row = made.applied(town, role, who, state=state)
        row.is_open = False  # one person may hold only one open application for each role: here there are many roles
        rows[state] = row
    rows["accepted"] = made.applied(town, town.role(), who, state="accepted")

    posting = town.role()
    draft = Application(created_at=town.at, hub_id=town.hub.id, posting_id=posting.id, candidate_id=who.candidate.id,
                        organization_id=town.organization.id, sender="self", is_open=True)
    town.session.add(draft)
    town.session.flush()
    rows["draft"] = draft
    town.session.commit()
    assert walk(town, APPLICATION, rows, who) == allowed(APPLICATION)


def talks(town: Town, who: Seeker) -> dict[str, Row]:
    """An interview in each state."""
    paths = {"proposed": (), "agreed": ("agree",), "held": ("agree", "hold"), "missed": ("agree", "miss"),
             "canceled": ("cancel",)}
    rows = {}
    for state, path in paths.items():
        talk = made.interview(town, made.applied(town, town.role(), who, state="shortlisted"))
        for step in path:
            actor = who.actor if step == "agree" else town.owner
            lifecycle.advance(town.session, talk, step, actor=actor, at=town.at, reason="It is so.")
        rows[state] = talk
    return rows


def offers(town: Town, who: Seeker) -> dict[str, Row]:
    """An offer in each state."""
    rows = {}
    for state, step in {"made": "", "accepted": "accept", "declined": "decline", "taken_back": "take_back"}.items():
        terms = made.offer(town, made.applied(town, town.role(), who, state="shortlisted"))
        if step:
            actor = town.owner if step == "take_back" else who.actor
            lifecycle.advance(town.session, terms, step, actor=actor, at=town.at, reason="It is so.")
        rows[state] = terms
    return rows


def hires(town: Town, who: Seeker) -> dict[str, Row]:
    """A placement in each state."""
    waiting, running, over = made.hired(town, town.role(), who), *(
        made.started(town, town.role(), made.seeker(town)) for _ in range(2))
    lifecycle.advance(town.session, over, "end", actor=town.owner, at=town.at, reason="It is so.")
    rows = {"offer_accepted": waiting, "started": running, "ended": over}
    for row in rows.values():
        row.candidate_id = who.candidate.id
    return rows


def checks(town: Town, who: Seeker) -> dict[str, Row]:
    """A check in each state."""
    due, answered, silent, _ = made.started(town, town.role(), who).checks
    lifecycle.advance(town.session, answered, "answer", actor=town.owner, at=town.at)
    lifecycle.advance(town.session, silent, "give_up", actor=SYSTEM, at=town.at, reason="It is so.")
    return {"due": due, "answered": answered, "unreachable": silent}


LIVES = [(INTERVIEW, talks), (OFFER, offers), (PLACEMENT, hires), (CHECK, checks)]


@pytest.mark.parametrize(("life", "rows_of"), LIVES, ids=lambda value: getattr(value, "name", ""))
def test_invariant_1_every_state_role_and_step_of_the_talks_and_the_hire(
    town: Town, life: Life, rows_of: Callable[[Town, Seeker], dict[str, Row]]
) -> None:
    who = made.seeker(town)
    rows = rows_of(town, who)
    town.session.commit()
    assert walk(town, life, rows, who) == allowed(life)


def test_invariant_1_a_step_leaves_actor_time_and_reason_in_the_same_transaction(town: Town) -> None:
    row = made.applied(town, town.role())
    later = town.at + timedelta(days=2)
    lifecycle.advance(town.session, row, "not_select", actor=town.owner, at=later, reason="must_skill")
    town.session.commit()
    event = town.session.scalars(select(AuditEvent).where(AuditEvent.action == "application.not_select")).one()
    assert (event.actor_id, event.at, event.reason) == (town.owner.person_id, later, "must_skill")
    assert (event.before, event.after) == ({"state": "submitted"}, {"state": "not_selected"})


def test_invariant_1_the_state_is_written_by_steps_alone(town: Town) -> None:
    row = made.applied(town, town.role())
    with pytest.raises(AttributeError):
        row.state = "offered"
