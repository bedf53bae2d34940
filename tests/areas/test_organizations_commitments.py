"""Partnerships and commitments: every step by every role, signing, renewal, and the end that pulls flags down first."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import tables
from matcher.kit import crypto, lifecycle, outbox
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.errors import ConflictError, DomainError, NotAllowedError
from matcher.kit.lifecycle import Life
from matcher.kit.settings import Settings
from matcher.organizations import actions, queries
from matcher.organizations.lifecycle import COMMITMENT, PARTNERSHIP
from matcher.organizations.models import Commitment, Hub, Organization, Partnership
from matcher.organizations.rules import local_day, months_later
from matcher.people.models import Person
from tests.factories import organizations as make
from tests.factories.people import acting, person

assert tables.METADATA


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> None:
    """Personal fields need keys."""
    crypto.configure(settings)


@pytest.fixture
def lapses() -> Iterator[list[tuple[str, str]]]:
    """What the hook of a lapse saw: the commitment and the state it was still in."""
    seen: list[tuple[str, str]] = []
    actions.ON_COMMITMENT_LAPSE.append(lambda _s, row, _at, _why: seen.append((row.id, str(row.state))))
    yield seen
    actions.ON_COMMITMENT_LAPSE.pop()


def told(session: Session, person_id: str) -> list[str]:
    """What somebody was told, oldest first."""
    return [row.kind for row in reversed(outbox.notices_for(session, person_id))]


def actors(session: Session, hub: Hub, organization: Organization, owner: Person, at: datetime) -> dict[str, Actor]:
    """One actor of each role towards a row of this hub and organization, and a stranger."""
    desk = person(session, at)
    actions.appoint(session, hub, desk, "operator", at=at)
    return {organization.role: acting(session, owner), "operator": acting(session, desk, at), "system": SYSTEM,
            "stranger": acting(session, person(session, at))}


def forced(row: Any, life: Life, state: str) -> Any:
    """A row put into a state, as if its earlier life had been lived."""
    with lifecycle._writer():
        row.state = life.states(state)
    return row


@pytest.mark.parametrize("life", [PARTNERSHIP, COMMITMENT], ids=lambda life: life.name)
def test_invariant_1_every_state_by_step_by_role(session: Session, at: datetime, life: Life) -> None:
    """A step is taken exactly from its sources by its roles; everything else is refused and changes nothing."""
    hub = make.hub(session, at)
    organization, owner = make.organization(session, hub, at)
    row: Any = queries.partnership(session, organization.id, hub.id) if life is PARTNERSHIP \
        else make.commitment(session, hub, organization, owner, at, accepted=False)
    for state in life.states:
        for step in life.steps:
            for role, actor in actors(session, hub, organization, owner, at).items():
                forced(row, life, state.value)
                if role not in step.by:
                    with pytest.raises(NotAllowedError):
                        lifecycle.advance(session, row, step.name, actor=actor, at=at, reason="why")
                elif state.value not in step.source:
                    with pytest.raises(ConflictError):
                        lifecycle.advance(session, row, step.name, actor=actor, at=at, reason="why")
                else:
                    if step.needs_reason:
                        with pytest.raises(DomainError):
                            lifecycle.advance(session, row, step.name, actor=actor, at=at, reason="  ")
                    lifecycle.advance(session, row, step.name, actor=actor, at=at, reason="why")
                    assert row.state == step.target
    session.rollback()


def test_asking_tells_the_operators_and_is_done_once(session: Session, at: datetime) -> None:
    """By the organization's own people, with answers from the lists."""
    hub = make.hub(session, at)
    desk = make.operator(session, hub, at)
    owner = person(session, at)
    made = actions.found_organization(session, actor=acting(session, owner), kind="employer", name="Acme", at=at)
    ask: dict[str, Any] = {"families": ["support", "data"], "screens": ["drug_test"], "hires_planned": 4, "at": at}
    with pytest.raises(NotAllowedError):
        actions.ask_to_join(session, made, hub, actor=acting(session, person(session, at)), **ask)
    with pytest.raises(DomainError):
        actions.ask_to_join(session, made, hub, actor=acting(session, owner), **{**ask, "families": ["astrology"]})
    asked = actions.ask_to_join(session, made, hub, actor=acting(session, owner), **ask)
    assert (asked.state, asked.families, asked.hires_planned) == ("prospect", ["support", "data"], 4)
    assert told(session, desk.id) == ["partner_asked"]
    with pytest.raises(ConflictError):
        actions.ask_to_join(session, made, hub, actor=acting(session, owner), **ask)
    assert not queries.active_partner(session, made.id, hub.id)


def test_members_hear_of_their_partnership_and_the_reason(session: Session, at: datetime) -> None:
    """Active, then lapsed with a reason."""
    hub = make.hub(session, at)
    organization, owner = make.organization(session, hub, at)
    assert queries.active_partner(session, organization.id, hub.id)
    row = queries.partnership(session, organization.id, hub.id)
    assert isinstance(row, Partnership)
    desk = acting(session, session.get_one(Person, queries.operators(session, hub.id)[0]), at)
    later = at + timedelta(hours=1)
    actions.advance_partnership(session, row, "lapse", actor=desk, at=later, reason="No answer for a year.")
    assert told(session, owner.id)[-1] == "partner_lapsed"
    assert outbox.notices_for(session, owner.id)[0].params["reason"] == "No answer for a year."


@pytest.mark.parametrize(("field", "facts"), [
    ("expires_on", {"expires_on": date(2026, 11, 16)}), ("expires_on", {"expires_on": date(2028, 11, 17)}),
    ("answer_days", {"answer_days": 61}), ("promised", {"kind": "full_time_hires", "promised": 0}),
    ("feedback_how", {"kind": "feedback", "feedback_how": " "}), ("signed_name", {"signed_name": ""}),
    ("signed_title", {"signed_title": " "}), ("kind", {"kind": "hope"}),
])
def test_what_cannot_be_signed(session: Session, at: datetime, field: str, facts: dict[str, Any]) -> None:
    """Each refusal names its field."""
    hub = make.hub(session, at)
    organization, owner = make.organization(session, hub, at)
    good = {"kind": "consider", "signed_name": "Ona Owner", "signed_title": "Manager", "starts_on": date(2026, 11, 16),
            "expires_on": date(2028, 11, 16)}
    with pytest.raises(DomainError) as refused:
        actions.sign_commitment(session, organization, hub, **{**good, **facts}, actor=acting(session, owner), at=at)
    assert refused.value.field == field


def test_an_owner_signs_and_the_hub_accepts(session: Session, at: datetime) -> None:
    """Dated, named, and in force only when an operator of the hub has accepted it."""
    hub = make.hub(session, at)
    organization, owner = make.organization(session, hub, at)
    member = person(session, at)
    actions.add_member(session, organization, member, actor=acting(session, owner), at=at)
    with pytest.raises(NotAllowedError):
        make.commitment(session, hub, organization, member, at)
    session.execute(select(1))
    for draft in queries.commitments(session, organization.id, hub.id):
        session.delete(draft)
    signed = make.commitment(session, hub, organization, owner, at, accepted=False)
    assert (signed.state, signed.signed_by, signed.signed_at) == ("signed", owner.id, at)
    assert signed.signed_name == owner.name
    assert queries.standing_commitment(session, organization.id, hub.id) is None
    with pytest.raises(NotAllowedError):
        actions.advance_commitment(session, signed, "accept", actor=acting(session, owner), at=at)
    desk = session.get_one(Person, queries.operators(session, hub.id)[0])
    assert told(session, desk.id)[-1] == "commitment_signed"
    actions.advance_commitment(session, signed, "accept", actor=acting(session, desk, at), at=at)
    assert queries.standing_commitment(session, organization.id, hub.id) is signed
    with pytest.raises(ConflictError):
        make.commitment(session, hub, organization, owner, at)


def test_a_commitment_of_somebody_who_is_no_partner_is_not_accepted(session: Session, at: datetime) -> None:
    """First the partner, then the promise; and only employers promise."""
    hub = make.hub(session, at)
    organization, owner = make.organization(session, hub, at, active=False)
    make.operator(session, hub, at)
    with pytest.raises(DomainError):
        make.commitment(session, hub, organization, owner, at)
    school, teacher = make.organization(session, hub, at, kind="training_provider")
    with pytest.raises(DomainError):
        make.commitment(session, hub, school, teacher, at)


@pytest.mark.data
def test_it_expires_the_day_after_its_last_with_reminders_before(
    session: Session, at: datetime, lapses: list[tuple[str, str]]
) -> None:
    """60 and 14 days before, once each however often the duty runs; the hook comes while it still stands."""
    hub = make.hub(session, at)
    organization, owner = make.organization(session, hub, at)
    row = make.commitment(session, hub, organization, owner, at, expires_on=date(2027, 3, 1))
    for day in (date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 20), date(2027, 2, 15), date(2027, 2, 16)):
        actions.expire_commitments(session, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    assert told(session, owner.id).count("commitment_ends_soon") == 2
    assert row.state == "active"
    # Six in the morning UTC is still March 1 in Chicago.
    actions.expire_commitments(session, datetime(2027, 3, 2, 5, tzinfo=UTC))
    assert (row.state, lapses) == ("active", [])
    actions.expire_commitments(session, datetime(2027, 3, 2, 7, tzinfo=UTC))
    assert (row.state, lapses) == ("expired", [(row.id, "active")])
    assert told(session, owner.id)[-1] == "commitment_lapsed"


@pytest.mark.data
def test_a_renewal_takes_over_without_a_gap(session: Session, at: datetime, lapses: list[tuple[str, str]]) -> None:
    """The old one stands until the hub accepts the new one; no flag falls between."""
    hub = make.hub(session, at)
    organization, owner = make.organization(session, hub, at)
    old = make.commitment(session, hub, organization, owner, at, expires_on=at.date() + timedelta(days=30))
    new = actions.renew_commitment(
        session, old, promised=0, answer_days=10, feedback_how="", signed_name=owner.name, signed_title="Manager",
        expires_on=months_later(at.date(), 24), actor=acting(session, owner), at=at,
    )
    assert (old.state, new.state, new.renews_id) == ("active", "signed", old.id)
    desk = acting(session, session.get_one(Person, queries.operators(session, hub.id)[0]), at)
    actions.advance_commitment(session, new, "accept", actor=desk, at=at)
    assert (old.state, new.state, lapses) == ("renewed", "active", [])
    assert queries.standing_commitment(session, organization.id, hub.id) is new


def test_a_breach_and_a_departure_pull_the_flags_down(
    session: Session, at: datetime, lapses: list[tuple[str, str]]
) -> None:
    """Whatever ends the last commitment to consider calls the hook; other kinds do not."""
    hub = make.hub(session, at)
    organization, owner = make.organization(session, hub, at)
    desk = acting(session, session.get_one(Person, queries.operators(session, hub.id)[0]), at)
    first = make.commitment(session, hub, organization, owner, at)
    other = make.commitment(session, hub, organization, owner, at, kind="full_time_hires")
    actions.advance_commitment(session, first, "warn", actor=desk, at=at, reason="No interviews yet.")
    with pytest.raises(NotAllowedError):
        actions.advance_commitment(session, first, "breach", actor=acting(session, owner), at=at, reason="x")
    assert lapses == []
    actions.advance_commitment(session, first, "breach", actor=desk, at=at, reason="Still none.")
    assert lapses == [(first.id, "at_risk")]
    second = make.commitment(session, hub, organization, owner, at)
    row = queries.partnership(session, organization.id, hub.id)
    actions.advance_partnership(session, row, "leave", actor=acting(session, owner), at=at, reason="We moved away.")
    assert lapses[1:] == [(second.id, "active")]
    assert (second.state, other.state) == ("expired", "expired")


def test_months_end_where_months_end() -> None:
    """No February 30, and the hub's own calendar."""
    assert months_later(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert months_later(date(2026, 11, 16), 24) == date(2028, 11, 16)
    assert local_day(datetime(2026, 11, 16, 5, tzinfo=UTC), "America/Chicago") == date(2026, 11, 15)
    assert isinstance(Commitment.__life__, Life)
