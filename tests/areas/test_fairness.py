"""The audit of a hub from its own records: whose stage counts, who stays unknown, what is hidden, kept and told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from matcher.applications import actions as applications
from matcher.candidates.models import Consent, ConsentPurpose
from matcher.demographics import actions as demographics
from matcher.kit import crypto, outbox
from matcher.kit.audit import AuditEvent
from matcher.kit.errors import DomainError
from matcher.kit.outbox import Notice
from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.matches import lists
from matcher.matches.pools import Pools, write_versions
from matcher.outcomes import fairness, fairness_actions, fairness_groups, fairness_lists, fairness_stages
from matcher.outcomes.fairness_report import FairnessReport, as_json, from_json
from matcher.outcomes.fairness_stages import Sent, of_applications
from matcher.outcomes.models import AuditRun
from matcher.placements import actions as placements
from matcher.placements.models import RetentionCheck, StillThere
from matcher.ranking.audit import Verdict
from matcher.ranking.ranker import Stage0
from matcher.tasks import audits, duties, handlers
from matcher.tasks.runner import run_due
from tests.factories import applications as made
from tests.factories.applications import Seeker
from tests.factories.roles import Town
from web.mail import about, contexts
from web.mail.render import render

about.load()
DAY = timedelta(days=1)


def somebody(town: Town, *, consent: bool = True, **answers: str) -> Seeker:
    """A person with a profile who answered, and agreed to be counted unless told otherwise."""
    who = made.seeker(town)
    demographics.answer(town.session, candidate_id=who.candidate.id, hub_id=town.hub.id, answers=answers,
                        actor=who.actor, at=town.at)
    if consent:
        town.session.add(Consent(hub_id=town.hub.id, candidate_id=who.candidate.id, given_at=town.at,
                                 created_at=town.at, purpose=ConsentPurpose.COUNT_IN_GROUPS))
    return who


def audited(town: Town, **more: Any) -> FairnessReport:
    """The audit of the year that ends today."""
    town.session.flush()
    day = town.at.date()
    return fairness.audit_of(town.session, town.hub, starts_on=day - timedelta(days=364), as_of=day, at=town.at + DAY,
                             pools=more.pop("pools", Pools()))


# -------------------------------------------------------------------------------------------- stages
def sent(
    state: str, person: str = "c", *, contacted: bool = False, talked: bool = False, offered: bool = False
) -> Sent:
    """One application that came so far."""
    return Sent(f"{person}-{state}", person, "p", state, contacted, talked, offered)


@pytest.mark.parametrize(("state", "outcome"), [
    ("accepted", "yes"), ("not_selected", "no"), ("no_response", "no"), ("posting_closed", "no"),
    ("submitted", "undecided"), ("offered", "undecided"), ("withdrawn", "left"), ("hired_elsewhere", "left"),
    ("declined", "left"),
])  # fmt: skip
def test_unknown_is_not_no_and_a_persons_own_choice_is_not_the_employers(state: str, outcome: str) -> None:
    hired = of_applications([sent(state)])[-1]
    assert hired.name == "hired"
    found = {"yes": hired.decided.get("c") is True, "no": hired.decided.get("c") is False,
             "undecided": "c" in hired.undecided, "left": "c" in hired.left}
    assert [name for name, holds in found.items() if holds] == [outcome]


def test_each_stage_is_asked_of_those_who_passed_the_one_before() -> None:
    rows = [sent("not_selected", "a"), sent("not_selected", "b", contacted=True),
            sent("not_selected", "c", contacted=True, talked=True),
            sent("accepted", "d", contacted=True, talked=True, offered=True)]  # fmt: skip
    found = {stage.name: dict(stage.decided) for stage in of_applications(rows)}
    assert found == {
        "contacted": {"a": False, "b": True, "c": True, "d": True}, "interviewed": {"b": False, "c": True, "d": True},
        "offered": {"c": False, "d": True}, "hired": {"a": False, "b": False, "c": False, "d": True},
    }  # fmt: skip


def test_a_person_counts_once_and_is_through_when_any_application_is() -> None:
    both = of_applications([sent("not_selected"), sent("accepted", contacted=True)])
    assert dict(both[-1].decided) == {"c": True}
    waiting = of_applications([sent("not_selected"), sent("submitted")])
    assert waiting[-1].undecided == {"c"}


@pytest.mark.data
def test_stages_are_read_from_lives_and_answers(town: Town) -> None:
    """Shortlisted, interviewed, hired, and still there after ninety days, by the check that the employer answered."""
    posting = town.role(positions=9)
    for state in ("not_selected", "shortlisted", "withdrawn", "submitted"):
        made.applied(town, posting, state=state)
    hire = made.hired(town, posting)
    town.session.flush()
    rows = fairness_stages.applications(town.session, town.hub.id, town.at - DAY, town.at + DAY)
    assert sorted((row.state, row.contacted, row.offered, row.worth) for row in rows) == [
        ("accepted", True, True, 1.0), ("not_selected", False, False, 0.0), ("shortlisted", True, False, 0.25),
        ("submitted", False, False, 0.0), ("withdrawn", False, False, 0.0)]
    assert fairness_stages.applications(town.session, town.hub.id, town.at + DAY, town.at + 2 * DAY) == []
    placements.confirm_start(town.session, hire, starts_on=hire.starts_on, actor=town.owner,
                             at=town.at + timedelta(days=15))
    ninetieth = hire.starts_on + timedelta(days=90)
    asked = partial(fairness_stages.retained, town.session, town.hub.id, ninetieth - timedelta(days=30))
    assert asked(ninetieth - DAY).undecided == frozenset()
    assert asked(ninetieth).undecided == {hire.candidate_id}
    check = town.session.scalars(select(RetentionCheck).where(RetentionCheck.day == 90)).one()
    placements.answer_check(town.session, check, side="employer", still_there=StillThere.YES, actor=town.owner,
                            at=town.at + timedelta(days=110))
    town.session.flush()
    assert dict(asked(ninetieth).decided) == {hire.candidate_id: True}


# -------------------------------------------------------------------------------------------- groups
@pytest.mark.data
def test_invariant_6_no_answer_no_word_and_no_consent_all_read_as_unknown(town: Town) -> None:
    said = somebody(town, gender="woman", race_ethnicity="black", veteran="yes")
    others = [somebody(town, gender="prefer_not_to_say"), somebody(town), somebody(town, consent=False, gender="man")]
    town.session.flush()
    known = fairness_groups.answers(town.session, town.hub.id, town.at + DAY)
    assert dict(known) == {said.candidate.id: {"gender": "woman", "race_ethnicity": "black"}}
    assert not fairness_groups.answers(town.session, town.hub.id, town.at)
    names = [said.candidate.id, *(who.candidate.id for who in others)]
    assert fairness_groups.groups(known, names, ("gender",)) == {}
    many = {f"c{at}": {"gender": "man"} for at in range(10)} | {"x": {"gender": "woman"}}
    assert set(fairness_groups.groups(many, many, ("gender",)).values()) == {("man",)}


# ------------------------------------------------------------------------------------ a biased employer
@pytest.fixture
def biased(settings: Settings, session: Session, at: Any) -> Town:
    """Thirty-two women and as many men apply, alike in all that counts; the employer shortlists few of the women."""
    crypto.configure(settings)
    town = Town.found(session, at)
    posting = town.role(positions=5)
    for gender, through in (("woman", 11), ("man", 21)):
        for number in range(32):
            who = somebody(town, gender=gender)
            row = made.applied(town, posting, who)
            step = "shortlist" if number < through else "not_select"
            applications.advance(town.session, row, step, actor=town.owner, at=town.at, reason="other")
    for number in range(24):
        state = "shortlisted" if number % 2 else "not_selected"
        made.applied(town, posting, made.seeker(town), state=state)
    town.session.flush()
    return town


def test_a_biased_employer_is_found_kept_and_told(biased: Town, settings: Settings) -> None:
    """Adverse at the stage contacted and nowhere before; the run is kept once, and the operators hear of it."""
    session, hub = biased.session, biased.hub
    report = audited(biased)
    assert report.adverse == [("contacted", ("gender",), ("woman",))]
    assert report.verdict is Verdict.ADVERSE
    gender = report.of_stage("contacted")[0]
    women = next(row for row in gender.rows if row.group == ("woman",))
    assert (women.n, women.selected) == (32, 11)
    assert women.ratio == pytest.approx(11 / 21)
    assert gender.unknown.n == 24
    assert report.shown_by == "today"
    assert from_json(json.loads(json.dumps(as_json(report)))) == report

    kept = fairness_actions.keep_audit(session, hub, report, at=biased.at + DAY)
    assert fairness_actions.keep_audit(session, hub, replace(report, stages=()), at=biased.at + DAY) is kept
    assert fairness_actions.newest(session, hub.id) is kept
    assert fairness_actions.audit_runs(session, hub.id) == [kept]
    assert fairness_actions.report_of(kept) == report
    session.commit()
    told = session.scalars(select(Notice).where(Notice.kind == "adverse_found")).all()
    assert [notice.person_id for notice in told] == [biased.operator_person.id]
    assert "woman" not in json.dumps(told[0].params)
    letter = render(told[0], "en", contexts.gather(session, told[0], settings))
    assert f"/desk/{hub.slug}/lab/groups" in letter.text
    assert "Riverbend" in letter.subject
    assert not {"woman", "women", "gender"} & set(letter.text.lower().split())
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "audit.keep")).one()
    assert event.details["verdict"] == "adverse"
    ids = set(session.scalars(text("SELECT id FROM candidates"))) | set(session.scalars(text("SELECT id FROM persons")))
    assert not [name for name in ids if name in json.dumps(kept.result)]

    # What the ranker is answerable for stays even: the filters, the first ten, the columns, the twins.
    gate = fairness.gate_for(session, hub, Stage0(), at=biased.at + DAY, pools=Pools())
    assert gate.failed == ()
    assert {check.code for check in gate.checks} == {"twins", "skew", "adverse", "proxy"}
    assert next(int(check.about) for check in gate.checks if check.code == "twins") >= 10_000


# --------------------------------------------------------------------------------------------- lists
@pytest.mark.data
def test_shown_is_read_from_the_journal_once_somebody_opened_a_list(town: Town) -> None:
    posting, people = town.role(), [made.seeker(town) for _ in range(12)]
    town.session.flush()
    since, until = town.at - DAY, town.at + DAY
    assert fairness_lists.shown_in(town.session, town.hub.id, since, until) is None
    listing = lists.candidates_for(town.session, posting, viewer_id=None, at=town.at, pools=Pools())
    town.session.add(listing.run)
    write_versions(town.session, listing.kept)
    town.session.flush()
    shown = fairness_lists.shown_in(town.session, town.hub.id, since, until)
    assert shown is not None
    assert set(shown.decided) == {who.candidate.id for who in people}
    assert sum(shown.decided.values()) == 10
    now = fairness_lists.lists_now(town.session, town.hub.id, town.at, Pools(), Stage0())
    assert sum(fairness_lists.shown_now(now).decided.values()) == 10
    assert all(fairness_lists.filtered(now).decided.values())
    assert now.columns.shape == (12, 8)


def test_an_empty_hub_is_audited_without_a_word_too_many(town: Town) -> None:
    report = audited(town)
    assert report.verdict is Verdict.CANNOT_TELL
    assert report.stages == ()
    assert report.congestion is None
    assert report.searches == ()
    assert [check.passes for check in report.gate.checks if check.code == "twins"] == [False]


# ---------------------------------------------------------------------------------------------- duty
def work(session: Session, settings: Settings, at: Any, **duty: Any) -> None:
    """Let the worker do what is due, once the monthly duty is promised."""
    if duty:
        duties.schedule(session, at, [row for row in duties.DUTIES if row.name == "outcomes.audit"])
    session.commit()
    run_due(session_factory(session.get_bind()), at, handlers.build(settings))  # type: ignore[arg-type]
    session.expire_all()
    states = set(map(str, session.scalars(select(outbox.OutboxJob.state).where(outbox.OutboxJob.due_at <= at))))
    assert states <= {"done"}


def test_each_hub_is_audited_once_a_month_and_when_it_is_asked_for(town: Town, settings: Settings) -> None:
    session, at = town.session, town.at
    work(session, settings, at, monthly=True)
    [first] = fairness_actions.audit_runs(session, town.hub.id)
    assert (first.starts_on, first.as_of) == (date(2025, 11, 1), date(2026, 10, 31))
    assert audits.monthly(session, at + DAY) is None
    yesterday = at.date() - DAY
    with pytest.raises(DomainError):
        fairness_actions.ask_audit(session, town.hub, as_of=at.date(), actor=town.operator, at=at)
    fairness_actions.ask_audit(session, town.hub, as_of=yesterday, actor=town.operator, at=at)
    work(session, settings, at)
    assert [run.as_of for run in fairness_actions.audit_runs(session, town.hub.id)] == [yesterday, first.as_of]
    assert fairness_actions.published(session, town.hub.id) == first
    newest = fairness_actions.newest(session, town.hub.id)
    assert newest is not None
    assert newest.as_of == yesterday
    with pytest.raises(DomainError):
        fairness_actions.ask_audit(session, town.hub, as_of=yesterday, actor=town.operator, at=at)


@pytest.mark.data
def test_a_kept_audit_can_be_neither_changed_nor_deleted(town: Town, settings: Settings) -> None:
    """Records of four years: nobody rewrites one, and no duty deletes one."""
    work(town.session, settings, town.at, monthly=True)
    outbox.forget_old(town.session, town.at + timedelta(days=4 * 365))
    town.session.commit()
    assert town.session.scalars(select(AuditRun)).one()
    for statement in ("UPDATE audit_runs SET verdict = 'no_evidence'", "DELETE FROM audit_runs"):
        with pytest.raises(DatabaseError, match="appended only"):
            town.session.execute(text(statement))
        town.session.rollback()


def test_the_worker_knows_both_ways(settings: Settings, engine: Any, at: Any) -> None:
    crypto.configure(settings)
    assert "outcomes.audit" in {duty.name for duty in duties.DUTIES}
    assert handlers.build(settings)[fairness_actions.ASKED] is audits.asked
    with session_factory(engine)() as session:
        assert audits.monthly(session, at) is None  # no hub, nothing to audit
