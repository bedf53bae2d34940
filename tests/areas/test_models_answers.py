"""The person's side of a match: yes and no to being asked on, with the facts of then; silence is never a no."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from matcher.applications import hiring
from matcher.candidates import actions as candidates
from matcher.kit.settings import Settings
from matcher.matches import lists, model_gate
from matcher.matches.model_blob import ModelRefused, unpack
from matcher.matches.model_training import answers_of, draft, table_of
from matcher.matches.models import RankerModel
from matcher.matches.models_in_use import Models
from matcher.matches.pools import Pools, write_versions
from matcher.matches.training_answers import Asked, answers_in, last_word
from matcher.matches.training_data import gather
from matcher.outcomes import fairness
from matcher.ranking.audit_twins import ask
from matcher.ranking.ranker import Stage0
from matcher.ranking.two_sides import TwoSided
from tests.factories import applications as made
from tests.factories import models
from tests.factories.roles import SKILLS, Town

MAY, JUNE = (datetime(2026, month, 4, 12, 0, tzinfo=UTC) for month in (5, 6))


@pytest.mark.parametrize(("asked", "word"), [
    (Asked(()), None),
    (Asked((), elsewhere=True), None),
    (Asked(((MAY, True),)), (MAY, True)),
    (Asked(((MAY, True), (JUNE, False))), (JUNE, False)),
    (Asked(((JUNE, True), (MAY, False))), (JUNE, True)),
    (Asked(((MAY, True),), elsewhere=True), (MAY, True)),
    (Asked(((MAY, True),), left_at=JUNE), (JUNE, False)),
    (Asked((), left_at=JUNE), (JUNE, False)),
])
def test_the_last_word_counts_and_silence_is_none(asked: Asked, word: tuple[datetime, bool] | None) -> None:
    assert last_word(asked) == word


@pytest.mark.data
def test_answers_have_the_facts_as_they_were_and_whoever_was_not_asked_or_kept_silent_says_nothing(town: Town) -> None:
    posting, at, session = town.role(), town.at, town.session
    people = [made.seeker(town) for _ in range(8)]
    yes, no, chose, left, silent, back, unasked, refused = people
    models.show(town.session, posting, at + timedelta(hours=1))
    later = at + timedelta(days=1)
    rows = {who.candidate.id: made.applied(town, posting, who, state="shortlisted", at=later) for who in people[:7]}
    made.applied(town, posting, refused, state="withdrawn", at=later)  # nobody had asked: no answer to anybody
    for who in (yes, no, silent, back):
        made.offer(town, rows[who.candidate.id], at=later)
    for who in (chose, left):
        made.interview(town, rows[who.candidate.id], at=later)
    last = later + timedelta(days=2)
    (first,) = rows[chose.candidate.id].interviews
    hiring.choose_time(session, first, first.options[0], actor=chose.actor, at=last)
    made.actions.advance(session, rows[left.candidate.id], "withdraw", actor=left.actor, at=last)
    hiring.decline_offer(session, rows[no.candidate.id].offers[0], actor=no.actor, at=last)
    hiring.take_back_offer(session, rows[back.candidate.id].offers[0], actor=town.owner, at=last, reason="a mistake")
    made.placements.hire(session, rows[yes.candidate.id].offers[0], actor=yes.actor, at=last)
    candidates.put_skill(session, no.candidate, skill_id=SKILLS[0], level=4, last_used_on=last.date(), actor=no.actor,
                         at=last + timedelta(hours=1))
    models.show(town.session, posting, last + timedelta(hours=2))  # after the answers: this list teaches nothing
    session.commit()  # the trail, which knows who chose a time, is written with the commit
    found = gather(session, town.hub.id, last + timedelta(days=1))
    (answers,) = found.answers.values()
    assert {name.partition("@")[0]: accepted for name, accepted in answers.items()} == {
        yes.candidate.id: True, no.candidate.id: False, chose.candidate.id: True, left.candidate.id: False}
    assert found.unanswered == {"unanswered": 2, "never_shown": 0}
    assert found.answered == 4
    person = next(facts for name, facts in found.people.items() if name.startswith(no.candidate.id))
    assert {skill.skill: skill.level for skill in person.skills}[SKILLS[0]] == 2, "as it stood when it was shown"
    assert unasked.candidate.id not in {name.partition("@")[0] for name in answers}
    before, _ = answers_in(session, town.hub.id, last - timedelta(minutes=1))
    assert before == []
    silence = gather(session, town.hub.id, last - timedelta(minutes=1))
    assert silence.answers == {}
    assert silence.digest() != found.digest(), "a new answer is a new lesson"


def test_a_model_with_answers_has_both_sides_measured_apart(settings: Settings, session: Session) -> None:
    """Planted: near and free by day says yes. The second side finds it, and says how sure it is."""
    near, lessons = Models().similarity(session), models.answered(models.lessons(5), 5)
    found, plain = models.trained(session, 5, both=True)[0], draft(models.lessons(5), near, Stage0(near))
    assert isinstance(found.ranker, TwoSided)
    assert found.ranker.employer.fingerprint() == plain.ranker.fingerprint(), "answers change nothing of the first side"
    assert found.ranker.fingerprint() == draft(lessons, near, Stage0(near)).ranker.fingerprint(), "twice is the same"
    told = found.metrics["answers"]
    assert (told["outcome"], told["answers"], told["unanswered"]) == ("two_sided", 120, {"unanswered": 11})
    assert sum(point[2] for point in told["points"]) == 120
    assert told["loss"] < told["loss_common"]
    assert [check.code for check in found.checks] == ["not_worse", "calibrated", "answers_calibrated"]
    assert plain.metrics["answers"]["outcome"] == "too_few_answers"
    assert found.metrics["calibration"] == plain.metrics["calibration"]
    numbers, table = answers_of(lessons, near), table_of(lessons, near)
    assert numbers.role.min() == table.roles, "roles with answers alone come after the judged ones"


@pytest.mark.data
def test_both_sides_rank_replay_and_are_refused_when_tampered(town: Town) -> None:
    session, hub, posting = town.session, town.hub.id, town.role()
    people = [made.seeker(town) for _ in range(3)]
    row = models.model(session, hub, town.at, seed=5, both=True)
    assert str(row.state) == "running"
    assert (row.manifest["facts"]["sides"], row.manifest["facts"]["answers"]) == (2, 120)
    listing = lists.candidates_for(session, posting, viewer_id=None, at=town.at, pools=Pools())
    write_versions(session, listing.kept)
    session.add(listing.run)
    session.flush()
    assert isinstance(listing.ranker, TwoSided)
    assert lists.fingerprint(lists.replay(session, listing.run, Pools())) == listing.run.fingerprint
    back = lists.roles_for(session, people[0].candidate, viewer_id=None, at=town.at, pools=Pools())
    scores = {line.id: line.score for line in listing.ranking.lines}
    assert [line.score for line in back.ranking.lines] == [scores[people[0].candidate.id]], "one number for a pair"
    told = lists.explain_line(session, listing, people[0].candidate.id)
    parts = [told.base, *(finding.share for finding in told.findings), *told.rest.values()]
    assert told.score == scores[people[0].candidate.id]
    assert abs(sum(parts) - (told.score or 0.0)) < 1e-9
    session.execute(update(RankerModel).where(RankerModel.id == row.id).values(
        blob=row.blob[:-1] + bytes([row.blob[-1] ^ 1])))
    session.expire_all()
    with pytest.raises(ModelRefused):
        unpack(row, Models().similarity(session))


def test_the_gate_measures_the_score_of_both_sides(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists, twins and calibration are asked of the product; the employers' chance alone is compared with theirs."""
    asked = []
    monkeypatch.setattr(fairness.audit_twins, "ask", lambda ranker, *rest: asked.append(ranker) or ask(ranker, *rest))
    town.role()
    for _ in range(3):
        made.seeker(town)
    row = models.model(town.session, town.hub.id, town.at, seed=5, both=True, live=False)
    ranker = unpack(row, Models().similarity(town.session))
    gate = fairness.gate_for(town.session, town.hub, ranker, at=town.at, pools=Pools())
    assert isinstance(asked[0], TwoSided)
    assert next(check for check in gate.checks if check.code == "twins").value == 0.0


def gained(gain: float, low: float, high: float) -> dict[str, object]:
    """A comparison with the running model."""
    return {"running": 0.9, "new": 0.9 + gain, "gain": gain, "p": 0.5, "roles": 40,
            "between": {"low": low, "high": high, "chance": 0.0}}


@pytest.mark.parametrize(("gain", "low", "high", "passed"), [
    (0.01, -0.01, 0.03, True), (-0.004, -0.02, 0.012, True), (-0.01, -0.025, 0.005, None),
    (-0.03, -0.05, -0.01, False), (-0.004, -0.006, -0.002, True),
])
def test_worse_is_told_from_what_cannot_be_told(gain: float, low: float, high: float, passed: bool | None) -> None:
    assert model_gate.not_worse(gained(gain, low, high)).passed is passed


@pytest.mark.parametrize(("ece", "low", "high", "labels", "passed"), [
    (0.03, 0.01, 0.04, 300, True), (0.061, 0.0, 0.08, 500, None), (0.04, 0.0, 0.07, 500, None),
    (0.09, 0.06, 0.12, 500, False), (0.051, 0.03, 0.07, 1000, False), (0.049, 0.03, 0.07, 1000, True),
])
def test_the_limit_of_calibration_holds_as_soon_as_there_are_enough_labels(
    ece: float, low: float, high: float, labels: int, passed: bool | None
) -> None:
    measured = {"ece": ece, "brier": 0.1, "between": {"low": low, "high": high, "chance": 0.04}}
    check = model_gate.calibrated(measured, labels)
    assert (check.passed, check.figures["labels"]) == (passed, labels)
