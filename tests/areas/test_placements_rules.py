"""A hire and its year: checks made at the start, never early, appended for good, asked once, heard by all concerned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from matcher.candidates.models import CandidateSkill, SkillEvidence
from matcher.kit import crypto
from matcher.kit.errors import DomainError, NotAllowedError
from matcher.kit.outbox import Notice
from matcher.kit.settings import Settings
from matcher.organizations import facts_clock
from matcher.placements import actions, links, queries, rules
from matcher.placements.models import CHECK_DAYS, StillThere
from tests.factories import applications as made
from tests.factories.roles import SKILLS, Town

DAY = timedelta(days=1)
KEY = "a secret of at least thirty-two characters"


def told(session: Session, kind: str) -> list[str | None]:
    """Who got that notice."""
    return list(session.scalars(select(Notice.person_id).where(Notice.kind == kind)))


def test_a_hire_takes_the_person_off_the_market_and_ends_their_other_applications(town: Town) -> None:
    who = made.seeker(town)
    other = made.applied(town, town.role(), who)
    placement = made.hired(town, town.role(), who)
    assert (str(who.candidate.state), str(other.state)) == ("placed", "hired_elsewhere")
    assert (placement.pay_cents, placement.occupation_code) == (2200, "15-1232.00")
    assert str(placement.confirmation) == "self_reported"
    assert placement.checks == []


def test_invariant_8_checks_are_made_when_the_placement_starts(town: Town) -> None:
    placement = made.hired(town, town.role())
    with pytest.raises(DomainError, match="still ahead"):
        actions.confirm_start(town.session, placement, starts_on=(town.at + DAY).date(), actor=town.owner, at=town.at)
    actions.confirm_start(town.session, placement, starts_on=town.at.date(), actor=town.owner, at=town.at)
    assert [(c.day, c.due_on - town.at.date()) for c in placement.checks] == [(d, d * DAY) for d in CHECK_DAYS]
    assert str(placement.confirmation) == "employer_confirmed"


@pytest.mark.parametrize("day", CHECK_DAYS)
def test_invariant_8_a_check_cannot_be_answered_early(town: Town, day: int) -> None:
    placement = made.started(town, town.role())
    with pytest.raises(DomainError, match="opens on"):
        made.answer(town.session, placement, day, actor=town.owner, at=town.at + (day - 1) * DAY)
    assert made.answer(town.session, placement, day, actor=town.owner, at=town.at + day * DAY).check.day == day


@pytest.mark.data
@pytest.mark.parametrize("statement", ["UPDATE {} SET words = 'other'", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["retention_answers", "placement_feedback", "feedback_skills"])
def test_invariant_8_what_was_said_stays_as_it_was_said(town: Town, table: str, statement: str) -> None:
    placement = made.started(town, town.role())
    made.answer(town.session, placement, 30, actor=town.owner, at=town.at + 31 * DAY, strong=[SKILLS[0]], words="Good.")
    town.session.commit()
    change = statement.format(table).replace("words = 'other'", "verdict = 'missing'" if "skills" in table else
                                             "words = 'other'")
    with pytest.raises(DBAPIError, match="appended only"):
        town.session.execute(text(change))
    town.session.rollback()


def test_a_later_answer_is_added_and_the_newest_counts(town: Town) -> None:
    placement = made.started(town, town.role())
    check = placement.checks[0]
    made.answer(town.session, placement, 30, actor=town.owner, at=town.at + 31 * DAY)
    made.answer(town.session, placement, 30, actor=town.owner, at=town.at + 32 * DAY, still_there=StillThere.UNKNOWN)
    town.session.expire_all()
    assert len(check.answers) == 2
    counting = rules.effective(check.answers, "employer")
    assert counting is not None
    assert counting.still_there is StillThere.UNKNOWN
    assert str(check.state) == "answered"
    assert rules.effective(check.answers, "candidate") is None


def test_a_no_ends_the_job_and_nobody_is_asked_again(town: Town) -> None:
    placement = made.started(town, town.role())
    made.answer(town.session, placement, 30, actor=town.owner, at=town.at + 31 * DAY, still_there=StillThere.NO)
    assert (str(placement.state), placement.ended_on) == ("ended", (town.at + 31 * DAY).date())
    assert actions.ask_checks(town.session, town.at + 400 * DAY) == 0
    assert queries.checks_of_organization(town.session, town.organization.id, (town.at + 400 * DAY).date()) == []


def test_checks_are_asked_once_and_set_aside_as_unknown(town: Town) -> None:
    placement = made.started(town, town.role())
    assert actions.ask_checks(town.session, town.at + 29 * DAY) == 0
    assert actions.ask_checks(town.session, town.at + 30 * DAY) == 1
    assert actions.ask_checks(town.session, town.at + 31 * DAY) == 0
    assert told(town.session, "check_asked") == [town.owner.person_id]
    assert told(town.session, "check_asked_person") == [placement.candidate.person_id]
    assert actions.give_up_checks(town.session, town.at + 74 * DAY) == 0
    assert actions.give_up_checks(town.session, town.at + 75 * DAY) == 1
    assert actions.give_up_checks(town.session, town.at + 75 * DAY) == 0
    assert [str(c.state) for c in placement.checks] == ["unreachable", "due", "due", "due"]
    made.answer(town.session, placement, 30, actor=town.owner, at=town.at + 80 * DAY)
    assert str(placement.checks[0].state) == "answered"


def test_feedback_makes_proof_and_takes_each_skill_once(town: Town) -> None:
    who = made.seeker(town)
    placement = made.started(town, town.role(), who)
    later = town.at + 31 * DAY
    with pytest.raises(DomainError) as refused:
        made.answer(town.session, placement, 30, actor=town.owner, at=later, strong=[SKILLS[0]], missing=[SKILLS[0]])
    assert refused.value.field == "missing"
    before = who.candidate.facts_version
    facts_clock.seen(town.session)  # somebody looked at a list in between
    made.answer(town.session, placement, 30, actor=town.owner, at=later, strong=[SKILLS[0]], missing=[SKILLS[1]])
    proofs = town.session.execute(
        select(CandidateSkill.skill_id, SkillEvidence.tier).join(SkillEvidence)
        .where(CandidateSkill.candidate_id == who.candidate.id, SkillEvidence.placement_id == placement.id)).all()
    assert [(skill, str(tier)) for skill, tier in proofs] == [(SKILLS[0], "employer_confirmed")]
    assert who.candidate.facts_version > before
    verdicts = {s.skill_id: s.verdict for s in queries.feedback_of_placement(town.session, placement.id)[0].skills}
    assert verdicts == {SKILLS[0]: "strong", SKILLS[1]: "missing"}


def test_only_the_people_concerned_answer(town: Town) -> None:
    who = made.seeker(town)
    placement = made.started(town, town.role(), who)
    check, later = placement.checks[0], town.at + 31 * DAY
    for side, actor in (("employer", town.outsider), ("employer", who.actor), ("candidate", town.owner)):
        with pytest.raises(NotAllowedError):
            actions.answer_check(town.session, check, side=side, still_there=StillThere.YES, actor=actor, at=later)
    actions.answer_check(town.session, check, side="candidate", still_there=StillThere.YES, actor=who.actor, at=later)
    assert str(check.state) == "due", "the employer's answer is still awaited"


def test_an_end_lies_between_the_start_and_today(town: Town) -> None:
    placement = made.started(town, town.role())
    for day in (town.at - DAY, town.at + DAY):
        with pytest.raises(DomainError) as refused:
            actions.end(town.session, placement, ended_on=day.date(), actor=town.owner, at=town.at, reason="other")
        assert refused.value.field == "ended_on"
    actions.end(town.session, placement, ended_on=town.at.date(), actor=town.owner, at=town.at, reason="budget")
    assert str(placement.state) == "ended"


def test_a_checks_link_is_for_one_check_one_person_and_45_days(at: datetime) -> None:
    token = links.check_token(KEY, "check1", "person1", at=at)
    assert token == links.check_token(KEY, "check1", "person1", at=at)
    assert links.read_check_token(KEY, token, at=at) == ("check1", "person1")
    assert links.read_check_token(KEY, token, at=at + 45 * DAY) == ("check1", "person1")
    assert links.read_check_token(KEY, token, at=at + 45 * DAY + timedelta(seconds=1)) is None
    assert links.read_check_token(KEY, token, at=at - DAY) is None
    assert links.read_check_token("another" + KEY, token, at=at) is None
    body, _, rest = token.partition(".")
    other = links.check_token(KEY, "check2", "person1", at=at).partition(".")[0]
    assert links.read_check_token(KEY, f"{other}.{rest}", at=at) is None
    assert links.read_check_token(KEY, f"{body}.{rest[::-1]}", at=at) is None


def test_a_start_counts_on_the_calendar_of_the_hub(settings: Settings, session: Session) -> None:
    """In the evening of Chicago the day of Greenwich is still ahead: it can neither be confirmed nor counted."""
    crypto.configure(settings)
    evening = datetime(2026, 11, 17, 1, 30, tzinfo=UTC)
    town = Town.found(session, evening)
    placement = made.hired(town, town.role())
    with pytest.raises(DomainError, match="still ahead"):
        actions.confirm_start(session, placement, starts_on=evening.date(), actor=town.owner, at=evening)
    actions.confirm_start(session, placement, starts_on=evening.date() - DAY, actor=town.owner, at=evening)
    assert (placement.starts_on, str(placement.state)) == (evening.date() - DAY, "started")
    with pytest.raises(DomainError, match="between the start and today"):
        actions.end(session, placement, ended_on=evening.date(), actor=town.owner, at=evening, reason="budget")
