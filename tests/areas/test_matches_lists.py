"""Match lists: right on the next request, the same for all who look, within one hub, and made again exactly."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from matcher.candidates import actions as candidates
from matcher.demographics.models import DemographicAnswer, Question
from matcher.kit.settings import Settings
from matcher.matches import command, facts, lists, people
from matcher.matches.models import FactsVersion, MatchRun
from matcher.matches.pools import Pools, write_versions
from matcher.people.models import Person
from matcher.roles.models import Posting
from matcher.training import actions as training
from matcher.training.models import Delivery, Endorsement, EndorsementBasis, EtplStatus
from tests.factories import applications as made
from tests.factories import organizations
from tests.factories.applications import Seeker
from tests.factories.people import acting
from tests.factories.roles import REQUIREMENTS, SKILLS, Town

STRONG = {SKILLS[0]: 3, SKILLS[1]: 4, SKILLS[2]: 3}
WEAK = {SKILLS[0]: 1, SKILLS[1]: 1, SKILLS[3]: 1}


def shown(
    town: Town, posting: Posting, pools: Pools, viewer: str | None = None, at: datetime | None = None
) -> list[str]:
    """Who is in the list, best first."""
    listing = lists.candidates_for(town.session, posting, viewer_id=viewer, at=at or town.at, pools=pools)
    return [line.id for line in listing.ranking.lines]


def test_a_change_is_in_the_very_next_list_of_every_process(town: Town) -> None:
    here, there, posting = Pools(), Pools(), town.role()
    strong, weak = made.seeker(town, levels=STRONG), made.seeker(town, levels=WEAK)
    assert shown(town, posting, here) == shown(town, posting, there) == [strong.candidate.id, weak.candidate.id]
    for skill_id, level in {**STRONG, SKILLS[1]: 4}.items():
        candidates.put_skill(town.session, weak.candidate, skill_id=skill_id, level=level, last_used_on=town.at.date(),
                             actor=weak.actor, at=town.at)
    candidates.advance(town.session, strong.candidate, "pause", actor=strong.actor, at=town.at)
    town.session.flush()
    for pools in (here, there, Pools()):
        assert shown(town, posting, pools) == [weak.candidate.id]


def test_invariant_10_an_excluded_employer_sees_nothing_not_even_in_a_count(town: Town) -> None:
    pools, posting = Pools(), town.role()
    who, vague = made.seeker(town), made.seeker(town, levels={**STRONG})
    other = made.seeker(town)
    for skill in list(vague.candidate.skills)[1:]:
        candidates.remove_skill(town.session, vague.candidate, skill, actor=vague.actor, at=town.at)
    listing = lists.candidates_for(town.session, posting, viewer_id=None, at=town.at, pools=pools)
    assert (listing.ranking.in_reach, listing.ranking.considered, len(listing.ranking.too_little)) == (3, 3, 1)
    for seeker in (who, vague):
        candidates.exclude(town.session, seeker.candidate, town.organization.id, actor=seeker.actor, at=town.at)
    town.session.flush()
    ranking = lists.candidates_for(town.session, posting, viewer_id=None, at=town.at, pools=pools).ranking
    assert [line.id for line in ranking.lines] == [other.candidate.id]
    assert (ranking.in_reach, ranking.considered, ranking.too_little, dict(ranking.shown_hits)) == (1, 1, (), {})
    assert not people.in_reach(town.session, posting, who.candidate, at=town.at)
    assert people.in_reach(town.session, posting, other.candidate, at=town.at)


def test_invariant_5_too_little_is_said_and_not_scored(town: Town) -> None:
    pools = Pools()
    vague = made.seeker(town)
    for skill in list(vague.candidate.skills)[1:]:
        candidates.remove_skill(town.session, vague.candidate, skill, actor=vague.actor, at=town.at)
    listing = lists.candidates_for(town.session, town.role(), viewer_id=None, at=town.at, pools=pools)
    assert listing.ranking.lines == ()
    assert listing.ranking.too_little == (vague.candidate.id,)
    said = lists.explain_line(town.session, listing, vague.candidate.id, pools=pools)
    assert (said.score, [need.code for need in said.needs]) == (None, ["candidate_needs_skills"])


def test_invariant_5_a_claim_never_outranks_the_same_claim_with_evidence(town: Town) -> None:
    posting, backed = town.role(), [made.seeker(town, shown=True) for _ in range(3)]
    claimed = [made.seeker(town) for _ in range(3)]
    order = shown(town, posting, Pools())
    assert set(order[:3]) == {who.candidate.id for who in backed}
    assert set(order[3:]) == {who.candidate.id for who in claimed}


def test_the_order_does_not_depend_on_who_looks_and_changes_among_near_ties_from_day_to_day(town: Town) -> None:
    posting = town.role()
    for _ in range(8):
        made.seeker(town)
    pools = Pools()
    today = shown(town, posting, pools, viewer=town.owner.person_id)
    assert today == shown(town, posting, pools, viewer=town.operator.person_id) == shown(town, posting, Pools())
    other_days = [shown(town, posting, pools, at=town.at + timedelta(days=n)) for n in range(1, 6)]
    assert all(sorted(order) == sorted(today) for order in other_days)
    assert any(order != today for order in other_days)


def test_the_explanation_of_each_line_adds_up_to_its_score(town: Town) -> None:
    posting, pools = town.role(), Pools()
    for levels in (STRONG, WEAK, made.LEVELS):
        made.seeker(town, levels=levels)
    listing = lists.candidates_for(town.session, posting, viewer_id=None, at=town.at, pools=pools)
    for line in listing.ranking.lines:
        said = lists.explain_line(town.session, listing, line.id, pools=pools)
        total = said.base + sum(f.share for f in said.findings) + sum(said.rest.values())
        assert total == pytest.approx(line.score, abs=1e-9)


def test_nothing_crosses_from_one_hub_to_another(town: Town) -> None:
    other = Town.found(town.session, town.at)
    mine, theirs = made.seeker(town), made.seeker(other)
    role_here, role_there, pools = town.role(), other.role(), Pools()
    assert shown(town, role_here, pools) == [mine.candidate.id]
    assert shown(other, role_there, pools) == [theirs.candidate.id]
    assert not people.in_reach(town.session, role_here, theirs.candidate, at=town.at)
    roles = lists.roles_for(town.session, mine.candidate, viewer_id=None, at=town.at, pools=pools).ranking.lines
    assert [line.id for line in roles] == [role_here.id]


def endorsed(town: Town, who: Seeker) -> Endorsement:
    """An endorsement of the person's Windows by a provider with a confirmed completion."""
    provider, owner = organizations.organization(town.session, town.hub, town.at, kind="training_provider")
    actor = acting(town.session, owner)
    program = training.add_program(
        town.session, provider, town.hub, facts={
            "name": "Support course", "weeks": 12, "cost_cents": 0, "delivery": Delivery.IN_PERSON,
            "etpl_status": EtplStatus.NOT_LISTED,
        }, skills=[(SKILLS[1], 3)], actor=actor, at=town.at)
    training.advance_program(town.session, program, "list", actor=actor, at=town.at)
    cohort = training.add_cohort(town.session, program, name="Spring", starts_on=town.at.date() - timedelta(days=90),
                                 ends_on=town.at.date(), seats=10, actor=actor, at=town.at)
    enrollment = training.enroll(town.session, cohort, who.candidate.id, actor=actor, at=town.at)
    for step in ("enroll", "complete"):
        training.advance_enrollment(town.session, enrollment, step, actor=actor, at=town.at)
    return training.endorse(town.session, enrollment, skill_id=SKILLS[1], level=3, basis=EndorsementBasis.TAUGHT,
                            actor=actor, at=town.at)


def test_invariant_9_a_revoked_endorsement_counts_no_more_in_the_very_next_list(town: Town) -> None:
    posting, pools, who, rival = town.role(), Pools(), made.seeker(town), made.seeker(town)
    endorsement = endorsed(town, who)
    candidates.put_skill(town.session, rival.candidate, skill_id=SKILLS[0], level=3, last_used_on=town.at.date(),
                         actor=rival.actor, at=town.at)

    def standing() -> tuple[float, str]:
        listing = lists.candidates_for(town.session, posting, viewer_id=None, at=town.at, pools=pools)
        said = lists.explain_line(town.session, listing, who.candidate.id, pools=pools)
        return said.score or 0.0, next(f.status for f in said.findings if f.skill == SKILLS[1])

    score, status = standing()
    assert status == "evidenced"
    training.end_endorsement(town.session, endorsement, "revoke", at=town.at, reason="Given by mistake.",
                             actor=acting(town.session, town.session.get_one(Person, endorsement.endorsed_by)))
    lower, then = standing()
    assert lower < score
    assert then == "evidenced", "the completed program still stands behind it"


def test_replay_makes_a_list_again_after_everything_has_changed(
    town: Town, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    pools, posting = Pools(), town.role()
    seekers = [made.seeker(town, levels=levels) for levels in (STRONG, WEAK, made.LEVELS, made.LEVELS)]
    listing = lists.candidates_for(town.session, posting, viewer_id=None, at=town.at, pools=pools)
    both = [listing, lists.roles_for(town.session, seekers[0].candidate, viewer_id=None, at=town.at, pools=pools)]
    for made_list in both:
        town.session.add(made_list.run)
        write_versions(town.session, made_list.kept)
    town.session.commit()
    before = [[*run.lines] for run in town.session.scalars(select(MatchRun).order_by(MatchRun.direction))]

    candidates.advance(town.session, seekers[0].candidate, "pause", actor=seekers[0].actor, at=town.at)
    candidates.put_skill(town.session, seekers[1].candidate, skill_id=SKILLS[1], level=4, last_used_on=None,
                         actor=seekers[1].actor, at=town.at)
    made.seeker(town, levels=STRONG)
    town.role(title="Another role")
    town.take(posting, "pause")
    later = lists.candidates_for(town.session, posting, viewer_id=None, at=town.at, pools=pools)
    town.session.add(later.run)
    write_versions(town.session, later.kept)
    town.session.commit()

    runs = town.session.scalars(select(MatchRun).order_by(MatchRun.direction)).all()
    for run in runs:
        assert lists.fingerprint(lists.replay(town.session, run, Pools())) == run.fingerprint
    assert [r.lines for r in runs if r.id in {item.run.id for item in both}] == before
    monkeypatch.setattr(Settings, "from_env", lambda *_: settings)
    assert command.main(["replay", *(run.id for run in runs)]) == 0
    assert capsys.readouterr().out.count("the same") == 3
    assert command.main(["replay", "nosuchlistatall0"]) == 2
    assert command.main([]) == 2


def test_facts_are_kept_once_for_each_version(town: Town) -> None:
    posting, pools = town.role(), [Pools(), Pools()]
    made.seeker(town)
    for pool in pools:
        listing = lists.candidates_for(town.session, posting, viewer_id=None, at=town.at, pools=pool)
        write_versions(town.session, listing.kept)
        town.session.flush()
    assert sorted(row.kind for row in town.session.scalars(select(FactsVersion))) == ["candidates", "roles"]


def test_invariant_4_no_voluntary_answer_is_in_a_fact(town: Town) -> None:
    who = made.seeker(town, headline="Proud graduate of Riverbend High, class of 1998")
    document = facts.candidate_documents(town.session, [who.candidate.id])[who.candidate.id]
    assert set(document) == {"skills", "excluded", "programs", "place", "max_km", "remote", "schedules",
                             "pay_floor_cents", "available_on"}
    columns = {column.name for column in DemographicAnswer.__table__.columns} - {"id", "created_at", "hub_id"}
    assert not (columns | {question.value for question in Question}) & set(document)
    said = repr(facts.candidate_facts(who.candidate.id, document, date(2026, 11, 16)))
    assert who.person.name not in said
    assert "1998" not in said


def test_the_filters_ask_for_levels_and_for_proof(town: Town) -> None:
    role_need = {skill: level for skill, level, must, _ in REQUIREMENTS if must}
    posting, pools = town.role(), Pools()
    short = made.seeker(town, levels={**role_need, SKILLS[1]: 2, SKILLS[2]: 2})
    claimed = made.seeker(town)
    proved = made.seeker(town, shown=True)
    listing = lists.candidates_for(town.session, posting, viewer_id=None, at=town.at, pools=pools)
    assert listing.role is not None
    fits = {fit: {who.candidate.id for who in (short, claimed, proved)
                  if people.reaches(listing.role, listing.kept.pool.get(who.candidate.id), fit)}  # type: ignore[arg-type]
            for fit in people.FITS}
    assert fits == {"musts": {claimed.candidate.id, proved.candidate.id}, "shown": {proved.candidate.id}}


def test_near_ties_share_their_places(town: Town) -> None:
    for levels in (made.LEVELS, made.LEVELS, WEAK):
        made.seeker(town, levels=levels)
    listing = lists.candidates_for(town.session, town.role(), viewer_id=None, at=town.at, pools=Pools())
    places = [people.places(listing.ranking.lines)[line.id] for line in listing.ranking.lines]
    assert [(p.first, p.last, p.close) for p in places] == [(1, 2, True), (1, 2, True), (3, 3, False)]
