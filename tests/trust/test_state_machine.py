"""Application → hire → year at work against a model written from the domain's words: thousands of walks, no divergence.

`FIRST_RUNG_WALKS=2000` walks as often as a release does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher.applications import actions as applications
from matcher.applications import hiring
from matcher.applications.models import Application, Offer
from matcher.candidates import actions as candidates
from matcher.candidates import rules as profiles
from matcher.kit import crypto, lifecycle
from matcher.kit.actor import SYSTEM
from matcher.kit.errors import DomainError
from matcher.kit.settings import Settings
from matcher.placements import actions as placements
from matcher.placements.models import Placement, RetentionCheck, StillThere
from matcher.roles import actions as roles
from tests.factories import applications as made
from tests.factories.roles import Town
from tests.trust.way_model import (
    ANSWER_DAYS,
    CHECK_DAYS,
    OPEN,
    PEOPLE,
    SEATS,
    STOPS,
    TURNS,
    Hired,
    Sent,
    World,
)

WALKS = int(os.environ.get("FIRST_RUNG_WALKS", "25"))
STEPS = 30
START = datetime(2026, 3, 2, 18, tzinfo=UTC)  # noon in Chicago: the same day everywhere that matters


class Walk(RuleBasedStateMachine):
    """Steps are tried whether they are allowed or not; site and model must agree each time, and on all there is."""

    engine: Engine

    @initialize()
    def found(self) -> None:
        self.session = Session(self.engine, expire_on_commit=False)
        self.town = Town.found(self.session, START)
        self.posts = [self.town.role(positions=seats) for seats in SEATS]
        self.folk = [made.seeker(self.town) for _ in range(PEOPLE)]
        self.rows: list[Application] = []
        self.placed: list[Placement] = []
        self.world = World()

    def teardown(self) -> None:
        self.session.rollback()
        self.session.close()

    # ------------------------------------------------------------------------------------------- both at once
    @property
    def now(self) -> datetime:
        return START + timedelta(days=self.world.today)

    @contextmanager
    def expecting(self, allowed: bool) -> Iterator[None]:
        """The site takes the step exactly when the domain allows it; a refusal changes nothing."""
        undo = self.session.begin_nested()
        try:
            yield
            self.session.flush()
        except DomainError:
            undo.rollback()
            self.session.expire_all()
            assert not allowed, "the domain allows what the site refused"
        else:
            assert allowed, "the site took a step that the domain does not allow"
            undo.commit()

    def sent(self, pick: int) -> tuple[int, Sent, Application]:
        number = pick % len(self.rows)
        return number, self.world.sent[number], self.rows[number]

    def some_sent(self) -> bool:
        return bool(self.rows)

    def some_hired(self) -> bool:
        return bool(self.placed)

    # --------------------------------------------------------------------------------------------- applications
    @rule(person=st.integers(0, PEOPLE - 1), role=st.integers(0, len(SEATS) - 1))
    def apply(self, person: int, role: int) -> None:
        world, who = self.world, self.folk[person]
        with self.expecting(allowed := world.may_apply(person, role)):
            row = applications.apply(
                self.session, self.posts[role], who.candidate, words="I would like to learn.", consented=True,
                snapshot=profiles.snapshot(who.candidate, [], today=self.now.date()), actor=who.actor, at=self.now)
        if allowed:
            self.rows.append(row)
            world.sent.append(Sent(person, role, "submitted", world.today + ANSWER_DAYS))

    def step(self, number: int, name: str, source: tuple[str, ...], target: str) -> None:
        """A plain step of an application by whoever may."""
        one, row = self.world.sent[number], self.rows[number]
        who = self.folk[one.person].actor if name == "withdraw" else self.town.owner
        with self.expecting(allowed := one.state in source):
            applications.advance(self.session, row, name, actor=who, at=self.now, reason="It is so.")
        if allowed:
            self.world.end(number, target) if target not in OPEN else setattr(one, "state", target)

    @precondition(some_sent)
    @rule(pick=st.integers(0, 99))
    def review(self, pick: int) -> None:
        self.step(self.sent(pick)[0], "review", ("submitted",), "in_review")

    @precondition(some_sent)
    @rule(pick=st.integers(0, 99))
    def shortlist(self, pick: int) -> None:
        self.step(self.sent(pick)[0], "shortlist", ("submitted", "in_review"), "shortlisted")

    @precondition(some_sent)
    @rule(pick=st.integers(0, 99))
    def withdraw(self, pick: int) -> None:
        self.step(self.sent(pick)[0], "withdraw", OPEN, "withdrawn")

    @precondition(some_sent)
    @rule(pick=st.integers(0, 99))
    def say_no(self, pick: int) -> None:
        number, one, row = self.sent(pick)
        with self.expecting(allowed := one.state in OPEN):
            applications.say_no(self.session, row, code="schedule", words="The shift ends after the last bus home.",
                                next_step="Ask us again in spring.", actor=self.town.owner, at=self.now)
        if allowed:
            self.world.end(number, "not_selected")

    @precondition(some_sent)
    @rule(pick=st.integers(0, 99))
    def look_again(self, pick: int) -> None:
        _number, one, row = self.sent(pick)
        world = self.world
        with self.expecting(allowed := world.may_look_again(one)):
            applications.advance(self.session, row, "reopen", actor=self.town.owner, at=self.now, reason="A mistake.")
        if allowed:
            one.state, one.due = "in_review", world.today + ANSWER_DAYS

    # -------------------------------------------------------------------------------------- interviews and offers
    @precondition(some_sent)
    @rule(pick=st.integers(0, 99))
    def propose(self, pick: int) -> None:
        _number, one, row = self.sent(pick)
        if one.state == "interviewing":
            return  # whether more times may be offered hangs on the interviews, which the model leaves out
        with self.expecting(allowed := one.state == "shortlisted"):
            hiring.propose_interview(self.session, row, options=[self.now + timedelta(days=2)], minutes=30,
                                     place="12 Dock Street", actor=self.town.owner, at=self.now)
        if allowed:
            one.state = "interviewing"

    @precondition(some_sent)
    @rule(pick=st.integers(0, 99), ahead=st.integers(-1, 20))
    def offer(self, pick: int, ahead: int) -> None:
        number, one, row = self.sent(pick)
        allowed = one.state in ("shortlisted", "interviewing") and ahead >= 0 and not self.world.full(one.role)
        with self.expecting(allowed):
            made.offer(self.town, row, at=self.now, starts_on=self.now.date() + timedelta(days=ahead))
        if allowed:
            one.state, self.world.offers[number] = "offered", self.world.today + ahead

    def offer_of(self, row: Application) -> Offer:
        """The newest offer; DomainError where there is none to speak of, as the pages answer with 404."""
        found = self.session.scalars(select(Offer).where(Offer.application_id == row.id)).all()
        if not found:
            raise DomainError("there is no offer")
        return max(found, key=lambda one: (one.created_at, str(one.state) == "made"))

    @precondition(some_sent)
    @rule(pick=st.integers(0, 99))
    def accept(self, pick: int) -> None:
        number, one, row = self.sent(pick)
        world, starts = self.world, self.world.offers.get(number)
        allowed = one.state == "offered" and not world.full(one.role)
        with self.expecting(allowed):
            placement = placements.hire(self.session, self.offer_of(row), actor=self.folk[one.person].actor,
                                        at=self.now)
        if not allowed:
            return
        assert starts is not None
        self.placed.append(placement)
        world.hire(number, starts)

    @precondition(some_sent)
    @rule(pick=st.integers(0, 99))
    def decline(self, pick: int) -> None:
        number, one, row = self.sent(pick)
        with self.expecting(allowed := one.state == "offered"):
            hiring.decline_offer(self.session, self.offer_of(row), actor=self.folk[one.person].actor, at=self.now)
        if allowed:
            self.world.end(number, "declined")

    @precondition(some_sent)
    @rule(pick=st.integers(0, 99))
    def take_back(self, pick: int) -> None:
        number, one, row = self.sent(pick)
        with self.expecting(allowed := one.state == "offered"):
            hiring.take_back_offer(self.session, self.offer_of(row), actor=self.town.owner, at=self.now,
                                   reason="The budget was cut.")
        if allowed:
            one.state = "interviewing"
            self.world.offers.pop(number)

    # ------------------------------------------------------------------------------------------ roles and profiles
    def move(self, role: int, name: str, source: tuple[str, ...], target: str, by: Any) -> bool:
        """A step of a role."""
        with self.expecting(allowed := self.world.roles[role] in source):
            roles.advance_posting(self.session, self.posts[role], name, actor=by, at=self.now, reason="It is time.")
        if allowed:
            self.world.roles[role] = target
        return allowed

    @rule(role=st.integers(0, len(SEATS) - 1), name=st.sampled_from(tuple(TURNS)))
    def turn(self, role: int, name: str) -> None:
        source, target = TURNS[name]
        if name == "submit" and self.world.full(role):
            source = ()  # there is no seat to ask people for
        if self.move(role, name, source, target, self.town.owner):
            if name == "reopen":
                self.world.fresh.add(role)
            elif name == "open":
                self.world.fresh.discard(role)

    @rule(role=st.integers(0, len(SEATS) - 1))
    def approve(self, role: int) -> None:
        """What was open before is open again at once."""
        with self.expecting(allowed := self.world.roles[role] == "submitted"):
            roles.review_posting(self.session, self.posts[role], decision="approve", actor=self.town.operator,
                                 at=self.now)
        if allowed:
            self.world.roles[role] = "approved" if role in self.world.fresh else "live"

    @rule(role=st.integers(0, len(SEATS) - 1), seats=st.integers(1, 3))
    def resize(self, role: int, seats: int) -> None:
        """More or fewer seats; never fewer than were taken, and with none left the role is filled."""
        world, post = self.world, self.posts[role]
        state = world.roles[role]
        allowed = state in ("draft", "submitted", "approved", "live", "paused") and seats >= world.filled[role]
        with self.expecting(allowed):
            roles.edit_posting(self.session, post, version=post.version, positions=seats, actor=self.town.owner,
                               at=self.now)
        if not allowed:
            return
        world.seats[role] = seats
        if world.full(role) and state != "draft":
            world.roles[role] = "filled"
            world.end_all("posting_closed", role=role)

    @rule(role=st.integers(0, len(SEATS) - 1), name=st.sampled_from(tuple(STOPS)), sure=st.integers(0, 3))
    def stop(self, role: int, name: str, sure: int) -> None:
        if sure:  # roles end seldom, so that walks go far
            return
        if self.move(role, name, *STOPS[name], SYSTEM if name == "expire" else self.town.owner) and name != "expire":
            self.world.end_all("posting_closed", role=role)  # past its date, those who applied are still answered

    @rule(person=st.integers(0, PEOPLE - 1), name=st.sampled_from(("pause", "resume")))
    def rest(self, person: int, name: str) -> None:
        world, who = self.world, self.folk[person]
        allowed = world.people[person] in (("active",) if name == "pause" else ("paused", "placed"))
        with self.expecting(allowed):
            candidates.advance(self.session, who.candidate, name, actor=who.actor, at=self.now)
        if allowed:
            world.people[person] = "paused" if name == "pause" else "active"

    # --------------------------------------------------------------------------------------------------- time
    @rule(days=st.sampled_from((0, 1, 7, 29, 30, 45, 60, 90, 185)))
    def time(self, days: int) -> None:
        """Days pass, then the worker does what is due, twice: the second time finds nothing to do."""
        world = self.world
        world.today += days
        for _ in range(2):
            applications.chase(self.session, self.now)
            placements.ask_checks(self.session, self.now)
            placements.give_up_checks(self.session, self.now)
            self.session.flush()
        world.overdue()

    # ------------------------------------------------------------------------------------------------ at work
    def hire_of(self, pick: int) -> tuple[Hired, Placement]:
        number = pick % len(self.placed)
        return self.world.hired[number], self.placed[number]

    @precondition(some_hired)
    @rule(pick=st.integers(0, 99), early=st.booleans())
    def start(self, pick: int, early: bool) -> None:
        one, row = self.hire_of(pick)
        day = self.world.today + 1 if early else min(one.starts, self.world.today)
        with self.expecting(allowed := one.state == "offer_accepted" and not early):
            placements.confirm_start(self.session, row, starts_on=(START + timedelta(days=day)).date(),
                                     actor=self.town.owner, at=self.now)
        if allowed:
            one.state, one.starts = "started", day
            one.due = {number: day + number for number in CHECK_DAYS}
            one.checks = dict.fromkeys(CHECK_DAYS, "due")

    @precondition(some_hired)
    @rule(pick=st.integers(0, 99), day=st.sampled_from(CHECK_DAYS), side=st.sampled_from(("employer", "candidate")),
          still=st.sampled_from(StillThere))
    def answer(self, pick: int, day: int, side: str, still: StillThere) -> None:
        one, row = self.hire_of(pick)
        check = next((c for c in self.checks_of(row) if c.day == day), None)
        if check is None:
            assert not one.checks
            return
        actor = self.town.owner if side == "employer" else self.folk[one.person].actor
        with self.expecting(allowed := self.world.today >= one.due[day]):
            placements.answer_check(self.session, check, side=side, still_there=still, actor=actor, at=self.now)
        if allowed and side == "employer":
            one.checks[day] = "answered"
            if still is StillThere.NO and one.state == "started":
                one.state = "ended"

    @precondition(some_hired)
    @rule(pick=st.integers(0, 99), undo=st.booleans())
    def leave(self, pick: int, undo: bool) -> None:
        one, row = self.hire_of(pick)
        if undo:
            with self.expecting(allowed := one.state == "ended"):
                lifecycle.advance(self.session, row, "correct", actor=self.town.operator, at=self.now, reason="Wrong.")
            one.state = "started" if allowed else one.state
            return
        with self.expecting(allowed := one.state != "ended" and self.world.today >= one.starts):
            placements.end(self.session, row, ended_on=self.now.date(), actor=self.town.owner, at=self.now,
                           reason="fit")
        one.state = "ended" if allowed else one.state

    def checks_of(self, row: Placement) -> list[RetentionCheck]:
        return list(self.session.scalars(select(RetentionCheck).where(RetentionCheck.placement_id == row.id)))

    # ------------------------------------------------------------------------------------------------ agreement
    @invariant()
    def the_site_says_the_same(self) -> None:
        world = self.world
        assert [str(row.state) for row in self.rows] == [one.state for one in world.sent]
        assert [row.is_open for row in self.rows] == [one.state in OPEN for one in world.sent]
        assert [(str(row.state), row.filled) for row in self.posts] == list(zip(world.roles, world.filled, strict=True))
        assert [str(who.candidate.state) for who in self.folk] == world.people
        assert [str(row.state) for row in self.placed] == [one.state for one in world.hired]
        for one, row in zip(world.hired, self.placed, strict=True):
            assert {c.day: str(c.state) for c in self.checks_of(row)} == one.checks
        standing = self.session.scalars(select(Offer.application_id).where(Offer.state == "made")).all()
        assert sorted(standing) == sorted(self.rows[number].id for number in world.offers)

    @invariant()
    def what_must_always_be_true(self) -> None:
        taken = [(row.posting_id, row.candidate_id) for row in self.rows if row.is_open]
        assert len(taken) == len(set(taken)), "two open applications for one role (invariant 2)"
        for post in self.posts:
            assert post.filled == sum(row.posting_id == post.id for row in self.placed) <= post.positions
            over = str(post.state) in ("filled", "closed")
            assert not over or not any(row.is_open for row in self.rows if row.posting_id == post.id)
            assert str(post.state) != "live" or post.filled < post.positions, "a live role without a seat"
        for who in self.folk:
            waits = [row for row in self.rows if row.is_open and row.candidate_id == who.candidate.id]
            assert str(who.candidate.state) != "placed" or not waits, "a hired person still waits for answers"
        for row in self.rows:
            assert row.state != "offered" or row.revealed_at is not None, "an offer to somebody unseen (invariant 10)"


def test_the_main_way_never_leaves_the_model(engine: Engine, settings: Settings) -> None:
    """Invariants 1, 2, 8, 10 and 12 on random walks of thirty steps."""
    crypto.configure(settings)
    walk: Callable[[], RuleBasedStateMachine] = type("Walk", (Walk,), {"engine": engine})
    run_state_machine_as_test(walk, settings=hypothesis.settings(
        max_examples=WALKS, stateful_step_count=STEPS, deadline=None, derandomize=True,
        suppress_health_check=list(HealthCheck)))
