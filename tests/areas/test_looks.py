"""Asking that a person looks: whose it is, what it needs, every step of its life, and its end with the account."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import update

from matcher.kit import lifecycle
from matcher.kit.actor import SYSTEM
from matcher.kit.errors import DomainError, NotAllowedError
from matcher.kit.outbox import notices_for
from matcher.matches import looks
from matcher.matches.lifecycle import LOOK, LookState
from matcher.matches.models import LookRequest
from matcher.people import actions as people
from matcher.people import export
from tests.areas.lives import try_as_everyone
from tests.factories import applications as made
from tests.factories.applications import Seeker
from tests.factories.roles import Town

WORDS = "My Windows skill was not seen in this list"


def asked(town: Town, who: Seeker) -> LookRequest:
    """A request about the whole list."""
    return looks.ask(town.session, who.candidate, words=WORDS, posting=None, actor=who.actor, at=town.at)


def test_the_hub_hears_of_it_and_the_person_of_the_answer(town: Town) -> None:
    """Both by a notice; the answer holds who gave it and when, and is due within two weeks."""
    who = made.seeker(town)
    row = asked(town, who)
    assert row.due_on == (town.at + timedelta(days=14)).date()
    assert [n.kind for n in notices_for(town.session, town.operator_person.id)].count("look_asked") == 1
    looks.answer(town.session, row, finding="stands", words="We looked at every step; it stands.", actor=town.operator,
                 at=town.at)
    assert (row.answered_by, row.answered_at, str(row.state)) == (town.operator.person_id, town.at, "answered")
    assert "look_answered" in [n.kind for n in notices_for(town.session, who.person.id)]


def test_what_a_request_and_an_answer_need(town: Town) -> None:
    """Words, one's own profile, a role of this hub, and one request at a time about the same."""
    who, other = made.seeker(town), made.seeker(town)
    far = Town.found(town.session, town.at, name="Far Mills").role()
    with pytest.raises(DomainError, match="at least"):
        looks.ask(town.session, who.candidate, words="Hm", posting=None, actor=who.actor, at=town.at)
    with pytest.raises(NotAllowedError):
        looks.ask(town.session, who.candidate, words=WORDS, posting=None, actor=other.actor, at=town.at)
    with pytest.raises(DomainError, match="another hub"):
        looks.ask(town.session, who.candidate, words=WORDS, posting=far, actor=who.actor, at=town.at)
    row = asked(town, who)
    with pytest.raises(DomainError, match="already"):
        asked(town, who)
    with pytest.raises(DomainError, match="Choose"):
        looks.answer(town.session, row, finding="", words=WORDS, actor=town.operator, at=town.at)
    with pytest.raises(NotAllowedError):
        looks.answer(town.session, row, finding="stands", words=WORDS, actor=town.owner, at=town.at)


@pytest.mark.parametrize("state", list(LookState))
@pytest.mark.parametrize("step", LOOK.steps, ids=lambda step: step.name)
def test_every_state_step_and_role_of_its_life(town: Town, state: LookState, step: lifecycle.Step) -> None:
    """Each step leaves from its sources alone, and only by those it names."""
    who = made.seeker(town)
    row = asked(town, who)
    town.session.execute(update(LookRequest).where(LookRequest.id == row.id).values(state=state))
    actors = {"candidate": who.actor, "operator": town.operator, "system": SYSTEM, "stranger": town.outsider}
    try_as_everyone(town.session, row, str(state), step, actors, town.at)


@pytest.mark.data
def test_it_is_in_the_persons_export_and_its_words_go_with_the_account(town: Town) -> None:
    """What was asked and answered belongs to the person; after the end there is a date, and no word."""
    who = made.seeker(town)
    row = asked(town, who)
    assert WORDS in json.dumps(export.everything(town.session, who.person)["looks_asked_for"])
    people.close_account(town.session, who.person, at=town.at)
    town.session.flush()
    town.session.refresh(row)
    assert (str(row.state), row.words, row.answer_words) == ("withdrawn", "", "")
