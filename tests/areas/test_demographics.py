"""Voluntary answers: given, refused and taken back by the person alone, sealed at rest, and silent in the trail."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select, text

from matcher.demographics import actions, queries, rules
from matcher.demographics.models import DemographicAnswer, Question
from matcher.kit.audit import AuditEvent
from matcher.kit.errors import DomainError, NotAllowedError
from matcher.matches import lists
from matcher.matches.pools import Pools
from tests.factories import candidates as make
from tests.factories.roles import Town

pytestmark = pytest.mark.data


def test_every_question_has_answers_and_a_row_kind() -> None:
    assert set(rules.QUESTIONS) == set(rules.ANSWERS) == {q.value for q in Question}


def test_answers_are_given_refused_changed_and_taken_back(town: Town, at: datetime) -> None:
    """Unknown is not no: not asked, prefer not to say and an answer stay three different things."""
    candidate, actor, _ = make.profile(town.session, town.hub, at)

    def say(**answers: str) -> dict[str, tuple[str, str | None]]:
        actions.answer(town.session, candidate_id=candidate.id, hub_id=town.hub.id, answers=answers, actor=actor, at=at)
        rows = queries.of_candidate(town.session, candidate.id)
        return {question: (str(row.status), row.value) for question, row in rows.items()}

    assert say(gender="woman", veteran="prefer_not_to_say", language="") == {
        "gender": ("answered", "woman"), "veteran": ("prefer_not_to_say", None)}
    assert say(gender="another")["gender"] == ("answered", "another")
    assert say(gender="")["gender"] == ("not_asked", None)
    for bad in ({"gender": "robot"}, {"shoe_size": "9"}):
        with pytest.raises(DomainError):
            say(**bad)


def test_nobody_else_answers(town: Town, at: datetime) -> None:
    candidate, _, _ = make.profile(town.session, town.hub, at)
    for actor in (town.owner, town.operator, town.outsider):
        with pytest.raises(NotAllowedError):
            actions.answer(town.session, candidate_id=candidate.id, hub_id=town.hub.id, answers={"gender": "man"},
                           actor=actor, at=at)


def test_answers_are_sealed_and_the_trail_does_not_repeat_them(town: Town, at: datetime) -> None:
    candidate, actor, _ = make.profile(town.session, town.hub, at)
    actions.answer(town.session, candidate_id=candidate.id, hub_id=town.hub.id, actor=actor, at=at,
                   answers={"race_ethnicity": "pacific_islander"})
    town.session.commit()
    stored = town.session.execute(text("SELECT * FROM demographic_answers")).all()
    assert "pacific_islander" not in repr(stored)
    assert town.session.scalars(select(DemographicAnswer)).one().value == "pacific_islander"
    event = town.session.scalars(select(AuditEvent).where(AuditEvent.action == "demographics.answer")).one()
    assert "pacific" not in repr((event.before, event.after, event.details, event.reason))


def test_invariant_4_answers_change_no_score(town: Town, at: datetime) -> None:
    """The same profile before and after its answers: the same list, bit for bit."""
    posting, pools = town.role(), Pools()
    candidate, actor, _ = make.profile(town.session, town.hub, at)
    before = lists.candidates_for(town.session, posting, viewer_id=None, at=at, pools=pools).run.fingerprint
    for question, answers in rules.ANSWERS.items():
        for value in answers:
            actions.answer(town.session, candidate_id=candidate.id, hub_id=town.hub.id, answers={question: value},
                           actor=actor, at=at)
    after = lists.candidates_for(town.session, posting, viewer_id=None, at=at, pools=pools).run.fingerprint
    assert after == before
