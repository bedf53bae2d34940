"""Writing, reviewing and ending roles, on both databases: every state, role and step, stale edits, the open flag."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from matcher.kit import crypto
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.audit import AuditEvent
from matcher.kit.errors import ConflictError, DomainError, NotAllowedError
from matcher.kit.outbox import Notice
from matcher.kit.settings import Settings
from matcher.organizations import actions as organizations
from matcher.organizations import facts_clock
from matcher.roles import actions, queries
from matcher.roles.flag import LAPSED, OpenFlagError
from matcher.roles.lifecycle import POSTING
from matcher.roles.queries import RoleSearch
from matcher.tasks import duties
from tests.factories.roles import PATHS, REQUIREMENTS, SKILLS, Town

pytestmark = pytest.mark.data


def trail(session: Session, action: str) -> list[AuditEvent]:
    """The events of that name, after the transaction is written."""
    session.commit()
    return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id)))


def told(session: Session, kind: str) -> set[str | None]:
    """Who got that notice."""
    return set(session.scalars(select(Notice.person_id).where(Notice.kind == kind)))


def test_every_state_role_and_step_of_a_posting(town: Town) -> None:
    """Invariant 1: a step is taken only from its states and by its roles; each one leaves actor, time and reason."""
    actors: dict[str, Actor] = {"employer": town.owner, "operator": town.operator, "system": SYSTEM,
                                "nobody": town.outsider}
    postings = {state: town.role(state) for state in PATHS}
    town.session.flush()
    taken = 0
    for state, (role, who), step in product(PATHS, actors.items(), POSTING.steps):
        savepoint = town.session.begin_nested()
        posting = postings[state]
        if state in step.source and role in step.by:
            actions.advance_posting(town.session, posting, step.name, actor=who, at=town.at, reason="It is time.")
            assert (str(posting.state), posting.state_at) == (step.target, town.at)
            taken += 1
        else:
            with pytest.raises(ConflictError if role in step.by else NotAllowedError):
                actions.advance_posting(town.session, posting, step.name, actor=who, at=town.at, reason="It is time.")
        savepoint.rollback()
        town.session.expire(posting)
    assert taken == sum(len(step.source) * len(step.by) for step in POSTING.steps)


@pytest.mark.parametrize("step", [step for step in POSTING.steps if step.needs_reason], ids=lambda step: step.name)
def test_a_step_that_needs_a_reason_is_refused_without_one(town: Town, step: Any) -> None:
    who = town.owner if "employer" in step.by else town.operator
    with pytest.raises(DomainError) as refused:
        actions.advance_posting(town.session, town.role(step.source[0]), step.name, actor=who, at=town.at, reason=" ")
    assert refused.value.field == "reason"


def test_a_step_is_in_the_trail_with_actor_time_and_reason(town: Town) -> None:
    posting = town.role("live")
    actions.advance_posting(town.session, posting, "close", actor=town.owner, at=town.at, reason="Found nobody yet.")
    event = trail(town.session, "posting.close")[-1]
    assert (event.actor_id, event.at, event.reason, event.subject_id) \
        == (town.owner.person_id, town.at, "Found nobody yet.", posting.id)


def test_a_draft_takes_place_and_version_from_its_surroundings(town: Town) -> None:
    posting = town.draft(place_label="", schedules=["weekends", "days"])
    assert posting.place_label == "12 Dock Street"
    assert (posting.latitude, posting.longitude) == (41.5, -90.5)
    assert posting.schedules == ["days", "weekends"]
    assert posting.facts_version > 0
    assert str(posting.state) == "draft"
    assert len(posting.requirements) == 3


@pytest.mark.parametrize(("change", "field"), [
    ({"title": ""}, "title"), ({"occupation_code": "99-9999.00"}, None), ({"workplace": "moon"}, "workplace"),
    ({"pay_max_cents": None}, "pay_max"), ({"requirements": [("own:not-there", 1, True, 1)]}, "requirements"),
])
def test_a_draft_with_facts_that_cannot_stand_is_refused(town: Town, change: dict[str, Any], field: str | None) -> None:
    with pytest.raises(DomainError) as refused:
        town.draft(**change)
    assert refused.value.field == field


def test_outsiders_and_strangers_to_the_hub_write_no_roles(town: Town) -> None:
    with pytest.raises(NotAllowedError):
        actions.draft_posting(town.session, town.organization, town.hub, title="x", actor=town.outsider, at=town.at)
    elsewhere = organizations.found_hub(town.session, "lake", "Lake", "Lake", 42.0, -91.0, "", at=town.at)
    with pytest.raises(DomainError, match="join"):
        actions.draft_posting(town.session, town.organization, elsewhere, title="x", actor=town.owner, at=town.at)


def test_the_hub_reads_only_what_says_enough(town: Town) -> None:
    for change, field in (({"occupation_code": None}, "occupation"), ({"summary": ""}, "summary"),
                          ({"requirements": [(SKILLS[0], 1, False, 1)]}, "requirements"),
                          ({"closes_on": date(2026, 11, 1)}, "closes_on")):
        with pytest.raises(DomainError) as refused:
            actions.submit(town.session, town.draft(**change), actor=town.owner, at=town.at)
        assert refused.value.field == field


def test_a_stale_edit_is_refused_and_overwrites_nothing(town: Town) -> None:
    posting = town.draft()
    seen = posting.version
    actions.edit_posting(town.session, posting, version=seen, title="Help desk", actor=town.owner, at=town.at)
    with pytest.raises(ConflictError):
        actions.edit_posting(town.session, posting, version=seen, title="Other", actor=town.owner, at=town.at)
    assert posting.title == "Help desk"


def test_small_edits_of_a_live_role_do_not_wait_for_the_hub(town: Town) -> None:
    posting = town.role("live")
    before = posting.facts_version
    facts_clock.seen(town.session)  # somebody looked at a list in between
    changed = actions.edit_posting(town.session, posting, summary="You help people.", schedules=["days", "evenings"],
                                   actor=town.owner, at=town.at)
    assert set(changed) == {"summary", "schedules"}
    assert str(posting.state) == "live"
    assert posting.facts_version > before
    assert actions.edit_posting(town.session, posting, summary="You help people.", actor=town.owner, at=town.at) == []


@pytest.mark.parametrize("change", [
    {"pay_min_cents": 1800}, {"degree": "or_equivalent"}, {"requirements": REQUIREMENTS[:2]}, {"title": "Other work"},
    {"requirements": [(SKILLS[0], 4, True, 3), *REQUIREMENTS[1:]]},
])
@pytest.mark.parametrize("state", ["approved", "live", "paused"])
def test_facts_that_the_hub_approved_send_a_role_back_to_it(town: Town, change: dict[str, Any], state: str) -> None:
    posting = town.role(state)
    actions.edit_posting(town.session, posting, actor=town.owner, at=town.at, **change)
    assert str(posting.state) == "submitted"
    actions.review_posting(town.session, posting, decision="approve", actor=town.operator, at=town.at)
    assert str(posting.state) == ("approved" if state == "approved" else "live")


def test_skills_are_replaced_without_losing_those_that_stay(town: Town) -> None:
    posting = town.draft()
    kept = posting.requirements[1].id
    actions.edit_posting(town.session, posting, requirements=[(SKILLS[3], 1, True, 1), (SKILLS[1], 4, False, 2)],
                         actor=town.owner, at=town.at)
    town.session.expire_all()
    rows = [(row.skill_id, row.level, row.must, row.weight) for row in posting.requirements]
    assert rows == [(SKILLS[3], 1, True, 1), (SKILLS[1], 4, False, 2)]
    assert posting.requirements[1].id == kept


def test_a_role_that_is_over_is_not_edited_before_it_is_taken_up_again(town: Town) -> None:
    posting = town.role("closed")
    with pytest.raises(ConflictError):
        actions.edit_posting(town.session, posting, title="x", actor=town.owner, at=town.at)
    actions.advance_posting(town.session, posting, "reopen", actor=town.owner, at=town.at, reason="One more seat.")
    actions.edit_posting(town.session, posting, title="Again", actor=town.owner, at=town.at)
    assert (str(posting.state), posting.title, posting.live_at) == ("draft", "Again", None)


def test_the_hub_asks_for_changes_field_by_field_and_the_words_are_kept(town: Town) -> None:
    posting = town.role("submitted")
    with pytest.raises(DomainError):
        actions.review_posting(town.session, posting, decision="request_changes", actor=town.operator, at=town.at)
    actions.review_posting(town.session, posting, decision="request_changes", words="Nearly there.",
                           by_field={"pay": "Is this for an hour?", "title": ""}, actor=town.operator, at=town.at)
    review = queries.last_review(queries.get_posting(town.session, posting.id))
    assert review is not None
    assert (review.decision, review.words, review.by_field) \
        == ("request_changes", "Nearly there.", {"pay": "Is this for an hour?"})
    assert told(town.session, "posting_changes_requested") == {town.owner.person_id}
    town.session.commit()
    with pytest.raises(DBAPIError, match="appended only"):
        town.session.execute(text("UPDATE posting_reviews SET words = 'other'"))


def test_review_refuses_what_changed_meanwhile_strangers_and_partners_that_are_not_active(town: Town) -> None:
    posting = town.role("submitted")
    seen = posting.version
    actions.edit_posting(town.session, posting, summary="New words.", actor=town.owner, at=town.at)
    with pytest.raises(ConflictError):
        actions.review_posting(town.session, posting, decision="approve", version=seen, actor=town.operator, at=town.at)
    with pytest.raises(NotAllowedError):
        actions.review_posting(town.session, posting, decision="approve", actor=town.owner, at=town.at)
    organizations.advance_partnership(town.session, town.partnership, "lapse", actor=town.operator, at=town.at,
                                      reason="They are silent.")
    with pytest.raises(DomainError, match="active partner"):
        actions.review_posting(town.session, posting, decision="approve", actor=town.operator, at=town.at)


def test_approval_tells_the_employer_and_the_queue_gives_the_oldest_first(town: Town) -> None:
    first, second = town.role("submitted"), town.draft()
    actions.submit(town.session, second, actor=town.owner, at=town.at - timedelta(days=1))
    waiting = town.session.scalars(queries.review_queue(town.hub.id)).unique().all()
    assert [row.id for row in waiting] == [second.id, first.id]
    assert told(town.session, "posting_submitted") == {town.operator.person_id}
    actions.review_posting(town.session, first, decision="approve", actor=town.operator, at=town.at)
    assert told(town.session, "posting_approved") == {town.owner.person_id}


def test_invariant_3_the_flag_is_set_on_its_grounds_and_leaves_a_trace(town: Town) -> None:
    posting = town.role("live")
    before = posting.facts_version
    facts_clock.seen(town.session)  # somebody looked at a list in between
    actions.set_open_flag(town.session, posting, True, actor=town.owner, at=town.at)
    town.session.flush()
    assert posting.open_nontraditional
    assert posting.facts_version > before
    assert len(trail(town.session, "posting.flag_set")) == 1
    with pytest.raises(NotAllowedError):
        actions.set_open_flag(town.session, posting, False, actor=town.operator, at=town.at)
    actions.set_open_flag(town.session, posting, False, actor=town.owner, at=town.at, reason="We changed our mind.")
    assert trail(town.session, "posting.flag_fell")[0].reason == "We changed our mind."


@pytest.mark.parametrize(("change", "code"), [
    ({"degree": "required"}, "degree"), ({"pay_min_cents": None, "pay_max_cents": None}, "pay"),
    ({"progression": ""}, "progression"), ({"requirements": REQUIREMENTS[:2]}, "skills"),
])
def test_invariant_3_a_missing_condition_is_explained_and_an_edit_that_takes_it_away_drops_the_flag(
    town: Town, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(OpenFlagError) as refused:
        actions.set_open_flag(town.session, town.draft(**change), True, actor=town.owner, at=town.at)
    assert [fault for fault, _ in refused.value.faults] == [code]
    posting = town.role("live")
    actions.set_open_flag(town.session, posting, True, actor=town.owner, at=town.at)
    actions.edit_posting(town.session, posting, actor=town.owner, at=town.at, **change)
    town.session.flush()
    assert not posting.open_nontraditional
    assert posting.open_fell_reason
    assert told(town.session, "open_flag_fell") == {town.owner.person_id, town.operator.person_id}


def test_invariant_3_without_a_commitment_there_is_no_flag(session: Session, settings: Settings, at: datetime,
                                                           backend: str) -> None:
    crypto.configure(settings)
    bare = Town.found(session, at, commit=False)
    with pytest.raises(OpenFlagError) as refused:
        actions.set_open_flag(session, bare.role("live"), True, actor=bare.owner, at=at)
    assert [fault for fault, _ in refused.value.faults] == ["commitment"]


ENDINGS: dict[str, Callable[[Town], None]] = {
    "expires": lambda town: organizations.expire_commitments(town.session, datetime(2027, 7, 2, 12, tzinfo=UTC)),
    "is not kept": lambda town: [  # type: ignore[func-returns-value]
        organizations.advance_commitment(town.session, town.commitment, step, actor=town.operator, at=town.at,
                                         reason="No interviews.") for step in ("warn", "breach")] and None,
    "ends with the partnership": lambda town: organizations.advance_partnership(
        town.session, town.partnership, "leave", actor=town.operator, at=town.at, reason="They closed."),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_invariant_3_the_flag_falls_by_itself_when_the_commitment_lapses(town: Town, ending: str) -> None:
    posting = town.role("live")
    actions.set_open_flag(town.session, posting, True, actor=town.owner, at=town.at)
    town.session.commit()
    ENDINGS[ending](town)
    town.session.commit()
    town.session.expire_all()
    assert not posting.open_nontraditional
    assert posting.open_fell_at is not None
    assert posting.open_fell_reason == LAPSED
    assert told(town.session, "open_flag_fell") == {town.owner.person_id, town.operator.person_id}
    assert [event.actor_id for event in trail(town.session, "posting.flag_fell")] == [None]


def test_invariant_3_a_renewed_commitment_keeps_the_flag(town: Town) -> None:
    posting = town.role("live")
    actions.set_open_flag(town.session, posting, True, actor=town.owner, at=town.at)
    later = organizations.renew_commitment(
        town.session, town.commitment, promised=0, answer_days=14, feedback_how="", signed_name="Ona Owner",
        signed_title="Director", expires_on=date(2027, 12, 31), actor=town.owner, at=town.at)
    organizations.advance_commitment(town.session, later, "accept", actor=town.operator, at=town.at)
    town.session.commit()
    assert posting.open_nontraditional


@pytest.mark.parametrize("statement", [
    "UPDATE postings SET degree = 'required' WHERE id = :id", "UPDATE postings SET pay_min_cents = NULL WHERE id = :id",
    "UPDATE postings SET progression = '' WHERE id = :id", "DELETE FROM required_skills WHERE posting_id = :id",
    "UPDATE commitments SET state = 'expired' WHERE id = :promise",
    "DELETE FROM required_skills WHERE posting_id = :id AND position = 2",
])
def test_invariant_3_the_database_itself_refuses_a_flag_without_its_grounds(town: Town, statement: str) -> None:
    posting = town.role("live")
    actions.set_open_flag(town.session, posting, True, actor=town.owner, at=town.at)
    town.session.commit()
    assert town.commitment is not None
    with pytest.raises(DBAPIError):
        town.session.execute(text(statement), {"promise": town.commitment.id} if ":promise" in statement
                             else {"id": posting.id})
    town.session.rollback()
    town.session.expire_all()
    assert posting.open_nontraditional


@pytest.mark.parametrize("change", [{"degree": "required"}, {"requirements": REQUIREMENTS[:2]}, {"progression": ""}])
def test_invariant_3_the_database_refuses_to_set_the_flag_by_hand(town: Town, change: dict[str, Any]) -> None:
    posting = town.draft(**change)
    town.session.commit()
    with pytest.raises(DBAPIError):
        town.session.execute(text("UPDATE postings SET open_nontraditional = true WHERE id = :id"), {"id": posting.id})
    town.session.rollback()


def test_invariant_3_the_database_refuses_the_flag_without_a_commitment(
    session: Session, settings: Settings, at: datetime, backend: str
) -> None:
    crypto.configure(settings)
    bare = Town.found(session, at, commit=False)
    posting = bare.role("live")
    session.commit()
    with pytest.raises(DBAPIError):
        session.execute(text("UPDATE postings SET open_nontraditional = true WHERE id = :id"), {"id": posting.id})
    session.rollback()


def test_the_last_seat_fills_the_role_and_calls_those_who_wait_for_its_end(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: list[str] = []
    monkeypatch.setattr(actions, "ON_POSTING_END", [lambda _s, _p, step, _a, _t: ends.append(step)])
    posting = town.role("live", positions=2)
    assert not actions.fill_seat(town.session, posting, actor=town.owner, at=town.at)
    assert actions.fill_seat(town.session, posting, actor=town.owner, at=town.at)
    assert (str(posting.state), ends) == ("filled", ["fill"])
    with pytest.raises(ConflictError):
        actions.fill_seat(town.session, posting, actor=town.owner, at=town.at)
    town.take(town.role("live"), "close")
    assert ends == ["fill", "close"]


def test_a_role_goes_after_its_last_day_on_the_hubs_own_calendar(town: Town) -> None:
    posting = town.role("live", closes_on=date(2026, 11, 20))
    endless = town.role("live")
    for moment, state in ((datetime(2026, 11, 21, 5, 59, tzinfo=UTC), "live"),
                          (datetime(2026, 11, 21, 6, 1, tzinfo=UTC), "expired")):
        duties.expire_roles(town.session, moment)  # midnight in Chicago is 6:00 UTC in November
        assert str(posting.state) == state
    duties.expire_roles(town.session, datetime(2026, 11, 21, 7, 1, tzinfo=UTC))
    assert str(endless.state) == "live"
    assert told(town.session, "posting_expired") == {town.owner.person_id}
    assert any(duty.run is duties.expire_roles for duty in duties.DUTIES)


def test_the_roles_of_an_employer_that_leaves_are_closed(town: Town) -> None:
    posting, draft = town.role("paused"), town.draft()
    organizations.advance_partnership(town.session, town.partnership, "leave", actor=town.owner, at=town.at,
                                      reason="We move away.")
    assert (str(posting.state), str(draft.state)) == ("closed", "draft")


def test_the_public_list_shows_open_roles_of_the_hub_and_filters_them(town: Town) -> None:
    live = town.role("live", closes_on=date(2026, 12, 24))
    remote = town.role("live", title="Data helper", workplace="remote", pay_min_cents=5_000_000,
                       pay_max_cents=6_000_000, pay_period="year", schedules=["evenings"])
    for state in ("draft", "submitted", "paused", "closed"):
        town.role(state)
    other = Town.found(town.session, town.at, name="Lake Stores")
    other.role("live")
    actions.set_open_flag(town.session, live, True, actor=town.owner, at=town.at)

    def found(**wanted: Any) -> list[str]:
        query = queries.public_roles(town.hub.id, RoleSearch(**wanted))
        return [row.id for row in town.session.scalars(query).unique()]

    assert set(found()) == {live.id, remote.id}
    assert found(text="data HELP") == [remote.id]
    assert found(text="100%") == []
    assert found(workplace="remote") == found(schedule="evenings") == [remote.id]
    assert found(pay_at_least=5_408_001) == found(sort="pay")[:1] == [remote.id]
    assert set(found(pay_at_least=5_408_000)) == {live.id, remote.id}
    assert found(open_only=True) == found(sort="closing")[:1] == [live.id]
    assert found(occupation="11-1011.00") == []
    everywhere = town.session.scalars(queries.public_roles()).unique().all()
    assert {row.hub_id for row in everywhere} == {town.hub.id, other.hub.id}
    assert queries.find_public(town.session, town.draft().id) is None
