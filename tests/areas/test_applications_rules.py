"""What applications promise: one open at a time, an answer for all, a person’s reason, no way round an exclusion."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from matcher.applications import actions, hiring, inviting, queries
from matcher.applications.models import Application, Sender
from matcher.candidates import actions as candidates
from matcher.kit import crypto
from matcher.kit.actor import SYSTEM
from matcher.kit.errors import ConflictError, DomainError, NotFoundError
from matcher.kit.outbox import Notice
from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.placements import actions as placements
from matcher.placements.models import Placement
from matcher.roles.models import PayPeriod, Posting
from tests.factories import applications as made
from tests.factories.roles import Town

DAY = timedelta(days=1)
WORDS = "You explain things very well. Networking was not yet there."


def told(session: Session, kind: str) -> list[str | None]:
    """Who got that notice, each time."""
    return list(session.scalars(select(Notice.person_id).where(Notice.kind == kind).order_by(Notice.created_at)))


# ------------------------------------------------------------------------------------------- invariant 2
@pytest.mark.data
def test_invariant_2_one_open_application_for_a_person_and_a_role(town: Town) -> None:
    posting, who = town.role(), made.seeker(town)
    first = made.applied(town, posting, who)
    with pytest.raises(ConflictError):
        made.applied(town, posting, who)
    actions.advance(town.session, first, "withdraw", actor=who.actor, at=town.at)
    again = made.applied(town, posting, who)
    assert again.id != first.id
    assert queries.find_open(town.session, posting.id, who.candidate.id) is again


@pytest.mark.data
def test_invariant_2_the_database_refuses_a_second_open_row_by_itself(town: Town) -> None:
    posting, who = town.role(), made.seeker(town)
    made.applied(town, posting, who)
    town.session.commit()
    town.session.add(Application(
        created_at=town.at, hub_id=town.hub.id, posting_id=posting.id, candidate_id=who.candidate.id,
        organization_id=town.organization.id, sender=Sender.SELF, is_open=True,
    ))
    with pytest.raises(IntegrityError):
        town.session.flush()
    town.session.rollback()


@pytest.mark.data
def test_invariant_2_the_last_seat_closes_the_others_with_a_neutral_reason_and_tells_them(town: Town) -> None:
    posting = town.role(positions=2)
    others = [made.seeker(town) for _ in range(2)]
    waiting = [made.applied(town, posting, other) for other in others]
    made.hired(town, posting)
    assert all(row.is_open for row in waiting), "one seat was left"
    made.hired(town, posting)
    assert {(str(row.state), row.answer_code, row.is_open) for row in waiting} == {("posting_closed", "filled", False)}
    assert str(posting.state) == "filled"
    assert sorted(told(town.session, "application_posting_closed")) == sorted(o.person.id for o in others)


def test_invariant_2_closing_a_role_answers_everybody_who_waits(
    settings: Settings, session: Session, at: datetime
) -> None:
    crypto.configure(settings)
    town = Town.found(session, at)
    posting = town.role()
    waiting, over = made.applied(town, posting), made.applied(town, posting, state="not_selected")
    town.take(posting, "close")
    assert (str(waiting.state), waiting.answer_code) == ("posting_closed", "closed")
    assert str(over.state) == "not_selected"


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_invariant_2_two_at_once_for_the_last_seat_make_one_hire(town: Town, engine: Engine) -> None:
    posting = town.role()
    people = [made.seeker(town) for _ in range(2)]
    offers = [made.offer(town, made.applied(town, posting, who, state="shortlisted")) for who in people]
    town.session.commit()
    ids = [(offer.id, who.actor) for offer, who in zip(offers, people, strict=True)]
    gate, outcomes = Barrier(2), []

    def accept(offer_id: str, actor: object) -> None:
        with session_factory(engine)() as session:
            offer = session.get_one(hiring.Offer, offer_id)
            _ = offer.application.posting, offer.application.candidate
            gate.wait(20)
            try:
                placements.hire(session, offer, actor=actor, at=town.at)  # type: ignore[arg-type]
                session.commit()
                outcomes.append("hired")
            except (ConflictError, StaleDataError):
                session.rollback()
                outcomes.append("refused")

    threads = [Thread(target=accept, args=pair) for pair in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    town.session.expire_all()
    assert sorted(outcomes) == ["hired", "refused"]
    assert len(town.session.scalars(select(Placement).where(Placement.posting_id == posting.id)).all()) == 1
    assert town.session.get_one(Posting, posting.id).filled == 1
    states = sorted(str(s) for s in town.session.scalars(select(Application.state)))
    assert states == ["accepted", "posting_closed"]


# ------------------------------------------------------------------------------------------ invariant 12
def test_invariant_12_everybody_gets_an_answer(settings: Settings, session: Session, at: datetime) -> None:
    """Remind half way, tell the hub at three quarters, close on the deadline; each once, however often it runs."""
    crypto.configure(settings)
    town = Town.found(session, at)
    who = made.seeker(town)
    row = made.applied(town, town.role(), who)
    assert row.answer_due_on == at.date() + timedelta(days=60)
    nothing = {"reminded": 0, "escalated": 0, "closed": 0}
    members = [town.owner.person_id]

    assert actions.chase(session, at + 29 * DAY) == nothing
    assert actions.chase(session, at + 30 * DAY) == {**nothing, "reminded": 1}
    assert actions.chase(session, at + 30 * DAY) == nothing
    assert told(session, "application_reminder") == members
    assert actions.chase(session, at + 45 * DAY) == {**nothing, "escalated": 1}
    assert actions.chase(session, at + 46 * DAY) == nothing
    assert sorted(told(session, "application_overdue")) == sorted([*members, town.operator.person_id])
    assert actions.chase(session, at + 60 * DAY) == {**nothing, "closed": 1}
    assert actions.chase(session, at + 61 * DAY) == nothing
    assert (str(row.state), row.is_open) == ("no_response", False)
    assert told(session, "application_no_response") == [who.person.id]
    assert queries.response_rate(session, town.organization.id, since=at - DAY) == (0, 1, 0)


def test_invariant_12_an_answer_counts_and_is_not_chased(settings: Settings, session: Session, at: datetime) -> None:
    crypto.configure(settings)
    town = Town.found(session, at)
    posting = town.role()
    made.applied(town, posting, state="shortlisted")
    made.applied(town, posting, state="withdrawn")
    no = made.applied(town, posting)
    actions.say_no(session, no, code="must_skill", words=WORDS, next_step="Take the evening course.", actor=town.owner,
                   at=at)
    made.applied(town, posting)
    assert queries.response_rate(session, town.organization.id, since=at - DAY) == (2, 0, 1)
    assert actions.chase(session, at + 60 * DAY) == {"reminded": 0, "escalated": 0, "closed": 1}


def test_looking_again_promises_a_new_answer(settings: Settings, session: Session, at: datetime) -> None:
    crypto.configure(settings)
    town = Town.found(session, at)
    row = made.applied(town, town.role())
    actions.chase(session, at + 60 * DAY)
    back = at + 61 * DAY
    actions.advance(session, row, "reopen", actor=town.owner, at=back, reason="We overlooked this.")
    assert (str(row.state), row.is_open, row.answer_due_on) == ("in_review", True, (back + 60 * DAY).date())
    assert actions.chase(session, back + DAY) == {"reminded": 1, "escalated": 0, "closed": 0}


@pytest.mark.parametrize("case", ["filled", "excluded", "applied again", "placed"])
def test_looking_again_needs_a_role_and_a_person_who_looks(
    settings: Settings, session: Session, at: datetime, case: str
) -> None:
    crypto.configure(settings)
    town = Town.found(session, at)
    posting, who = town.role(), made.seeker(town)
    row = made.applied(town, posting, who, state="not_selected")
    if case == "filled":
        made.hired(town, posting)
    elif case == "excluded":
        candidates.exclude(session, who.candidate, town.organization.id, actor=who.actor, at=at)
    elif case == "applied again":
        made.applied(town, posting, who)
    else:
        made.hired(town, town.role(), who)
    with pytest.raises(DomainError):
        actions.advance(session, row, "reopen", actor=town.owner, at=at, reason="We changed our mind.")
    assert str(row.state) == "not_selected"


# ------------------------------------------------------------------------------------- invariants 10 and 15
def test_invariant_10_name_shows_from_shortlist_on_and_stays(
    settings: Settings, session: Session, at: datetime
) -> None:
    crypto.configure(settings)
    town = Town.found(session, at)
    row = made.applied(town, town.role())
    assert row.revealed_at is None
    assert "name" not in (row.snapshot or {})
    actions.advance(session, row, "shortlist", actor=town.owner, at=at + DAY)
    assert row.revealed_at == at + DAY
    actions.say_no(session, row, code="interview", words=WORDS, next_step="Come again in May.", actor=town.owner,
                   at=at + 2 * DAY)
    assert row.revealed_at == at + DAY


def test_invariant_10_excluding_an_employer_ends_what_was_under_way_and_hides_the_rest(
    settings: Settings, session: Session, at: datetime
) -> None:
    crypto.configure(settings)
    town = Town.found(session, at)
    posting, who = town.role(), made.seeker(town)
    row = made.applied(town, posting, who)
    actions.advance(session, row, "shortlist", actor=town.owner, at=at)
    talk = made.interview(town, row)
    candidates.exclude(session, who.candidate, town.organization.id, actor=who.actor, at=at + DAY)
    assert (str(row.state), str(talk.state)) == ("withdrawn", "canceled")
    assert session.scalars(queries.of_organization(town.organization.id)).all() == []
    assert queries.counts_by_state(session, town.organization.id) == {}
    assert queries.answers_due(session, town.organization.id, until=(at + 90 * DAY).date()) == 0
    with pytest.raises(DomainError, match="never sees you"):
        made.applied(town, posting, who)
    with pytest.raises(NotFoundError):
        inviting.invite(session, posting, who.candidate, actor=town.owner, at=at)


@pytest.mark.parametrize(("field", "change"), [
    ("code", {"code": "score"}), ("code", {"code": "filled"}), ("words", {"words": "Sorry, no."}),
    ("words", {"words": " " * 40}), ("next_step", {"next_step": "  "}),
])
def test_invariant_15_a_no_needs_a_persons_reason_words_and_a_next_step(
    settings: Settings, session: Session, at: datetime, field: str, change: dict[str, str]
) -> None:
    crypto.configure(settings)
    town = Town.found(session, at)
    row = made.applied(town, town.role())
    facts = {"code": "must_skill", "words": WORDS, "next_step": "Take the evening course.", **change}
    with pytest.raises(DomainError) as refused:
        actions.say_no(session, row, **facts, actor=town.owner, at=at)
    assert refused.value.field == field
    assert str(row.state) == "submitted"


def test_invariant_15_no_score_and_no_machine_says_no(settings: Settings, session: Session, at: datetime) -> None:
    crypto.configure(settings)
    town = Town.found(session, at)
    row = made.applied(town, town.role())
    with pytest.raises(DomainError):
        actions.say_no(session, row, code="must_skill", words=WORDS, next_step="Take the course.", actor=SYSTEM, at=at)
    by = {step.name: step.by for step in row.__life__.steps if step.target == "not_selected"}
    assert by == {"not_select": ("employer",)}


# ------------------------------------------------------------------------------------------ talks and offers
def test_interviews_offer_one_to_three_times_that_are_ahead(settings: Settings, session: Session, at: datetime) -> None:
    crypto.configure(settings)
    town = Town.found(session, at)
    row = made.applied(town, town.role(), state="shortlisted")
    ask = {"minutes": 45, "place": "12 Dock Street", "actor": town.owner, "at": at}
    for options in ([], [at + DAY] * 2, [at + n * DAY for n in range(1, 5)], [at - DAY, at + DAY]):
        with pytest.raises(DomainError) as refused:
            hiring.propose_interview(session, row, options=options, **ask)  # type: ignore[arg-type]
        assert refused.value.field == "options"
    with pytest.raises(DomainError, match="Say where"):
        hiring.propose_interview(session, row, options=[at + DAY], **{**ask, "place": " "})  # type: ignore[arg-type]
    talk = made.interview(town, row)
    assert str(row.state) == "interviewing"
    with pytest.raises(ConflictError):
        made.interview(town, row)
    with pytest.raises(DomainError, match="Choose one"):
        hiring.choose_time(session, talk, (at + 9 * DAY).isoformat(), actor=row_actor(town, row), at=at)
    hiring.choose_time(session, talk, talk.options[1], actor=row_actor(town, row), at=at)
    assert talk.starts_at == (at + 4 * DAY).astimezone(UTC)
    with pytest.raises(DomainError, match="still ahead"):
        hiring.advance_interview(session, talk, "hold", actor=town.owner, at=at + DAY)
    hiring.advance_interview(session, talk, "hold", actor=town.owner, at=at + 5 * DAY)
    assert told(session, "interview_agreed") == [town.owner.person_id]


def row_actor(town: Town, row: Application) -> made.Actor:
    """The candidate behind an application."""
    return made.actor_for(town.session, row.candidate.person)


@pytest.mark.parametrize(("field", "terms"), [
    ("pay", {"pay_cents": 2199}), ("pay", {"pay_cents": 0}),
    ("pay", {"pay_cents": 2199 * 2080, "pay_period": PayPeriod.YEAR}),
    ("starts_on", {"starts_on": datetime(2026, 11, 1, tzinfo=UTC).date()}),
    ("answer_by", {"answer_by": datetime(2026, 11, 1, tzinfo=UTC).date()}),
])
def test_an_offer_holds_what_was_posted(
    settings: Settings, session: Session, at: datetime, field: str, terms: dict[str, object]
) -> None:
    crypto.configure(settings)
    town = Town.found(session, at)
    row = made.applied(town, town.role(), state="shortlisted")
    with pytest.raises(DomainError) as refused:
        made.offer(town, row, **terms)
    assert refused.value.field == field
    assert str(row.state) == "shortlisted"


def test_an_offer_taken_back_leaves_room_for_another(settings: Settings, session: Session, at: datetime) -> None:
    crypto.configure(settings)
    town = Town.found(session, at)
    row = made.applied(town, town.role(), state="shortlisted")
    first = made.offer(town, row)
    hiring.take_back_offer(session, first, actor=town.owner, at=at, reason="The start has moved.")
    assert (str(first.state), str(row.state)) == ("taken_back", "interviewing")
    assert str(made.offer(town, row).state) == "made"
    assert str(row.state) == "offered"


def test_a_declined_offer_ends_the_application_and_tells_the_employer(
    settings: Settings, session: Session, at: datetime
) -> None:
    crypto.configure(settings)
    town = Town.found(session, at)
    row = made.applied(town, town.role(), state="shortlisted")
    offer = made.offer(town, row)
    hiring.decline_offer(session, offer, actor=row_actor(town, row), at=at)
    assert (str(offer.state), str(row.state), row.is_open) == ("declined", "declined", False)
    assert told(session, "offer_declined") == [town.owner.person_id]


def test_an_invitation_is_sent_once_for_each_role(settings: Settings, session: Session, at: datetime) -> None:
    crypto.configure(settings)
    town = Town.found(session, at)
    who, posting, other = made.seeker(town), town.role(), town.role()
    for role in (posting, posting, other):
        inviting.invite(session, role, who.candidate, actor=town.owner, at=at)
    assert told(session, "invited_to_apply") == [who.person.id] * 2
    assert inviting.invited(session, posting.id, [who.candidate]) == {who.candidate.id}
    made.applied(town, posting, who)
    with pytest.raises(ConflictError):
        inviting.invite(session, posting, who.candidate, actor=town.owner, at=at)


def test_days_are_those_of_the_hub_and_not_of_greenwich(settings: Settings, session: Session) -> None:
    """In the evening of Chicago it is tomorrow in Greenwich: today may still be chosen, and no promise ends early."""
    crypto.configure(settings)
    evening = datetime(2026, 11, 17, 1, 30, tzinfo=UTC)
    today = datetime(2026, 11, 16, tzinfo=UTC).date()
    town = Town.found(session, evening)
    row = made.applied(town, town.role(), state="shortlisted")
    assert str(made.offer(town, row, starts_on=today, answer_by=today).state) == "made"
    other = made.applied(town, town.role())
    assert other.answer_due_on == today + 60 * DAY
    dawn = datetime(2027, 1, 15, 1, 30, tzinfo=UTC)  # by Greenwich the promised day, in Chicago the evening before
    assert actions.chase(session, dawn)["closed"] == 0
    assert actions.chase(session, dawn + DAY / 4)["closed"] == 1
