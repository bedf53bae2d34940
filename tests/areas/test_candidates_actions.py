"""Profiles: every state × role × step, skills and evidence, consents, exclusions, and facts that reach the ranker."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.candidates import actions, evidence, queries, rules
from matcher.candidates.lifecycle import CANDIDATE
from matcher.candidates.models import Candidate, ConsentPurpose, EvidenceTier, ProfileView
from matcher.kit import lifecycle
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.audit import AuditEvent
from matcher.kit.errors import ConflictError, DomainError, NotAllowedError
from matcher.matches import lists
from matcher.matches.pools import Pools
from matcher.training import actions as training
from matcher.training.models import EndorsementBasis
from tests.factories import candidates as make
from tests.factories.roles import SKILLS, Town

pytestmark = pytest.mark.data
PATHS: dict[str, tuple[str, ...]] = {
    "incomplete": (), "active": ("activate",), "paused": ("activate", "pause"), "placed": ("activate", "place"),
    "withdrawn": ("withdraw",), "dormant": ("activate", "sleep"), "anonymized": ("anonymize",),
}


def in_state(town: Town, state: str) -> tuple[Candidate, Actor]:
    """A profile in that state, by its steps."""
    candidate, actor, _ = make.profile(town.session, town.hub, town.at, active=False)
    for step in PATHS[state]:
        by_system = "system" in CANDIDATE.step(step).by
        lifecycle.advance(town.session, candidate, step, actor=SYSTEM if by_system else actor, at=town.at)
    return candidate, actor


def test_every_state_role_and_step(town: Town) -> None:
    """Invariant 1: a step is open from its sources to its roles, and to nobody else."""
    taken = 0
    for state in PATHS:
        candidate, own = in_state(town, state)
        actors = {"candidate": own, "system": SYSTEM, "employer": town.owner, "operator": town.operator}
        for (role, actor), step in product(actors.items(), CANDIDATE.steps):
            savepoint = town.session.begin_nested()
            if role not in step.by:
                with pytest.raises(NotAllowedError):
                    lifecycle.advance(town.session, candidate, step.name, actor=actor, at=town.at)
            elif state not in step.source:
                with pytest.raises(ConflictError):
                    lifecycle.advance(town.session, candidate, step.name, actor=actor, at=town.at)
            else:
                lifecycle.advance(town.session, candidate, step.name, actor=actor, at=town.at)
                town.session.flush()
                assert str(candidate.state) == step.target
                taken += 1
            savepoint.rollback()
            town.session.expire_all()
    assert taken == sum(len(step.source) * len(step.by) for step in CANDIDATE.steps)


def test_invariant_5_a_profile_with_too_little_is_not_shown_nor_scored(town: Town) -> None:
    session, at = town.session, town.at
    posting = town.role()
    candidate, actor, _ = make.profile(session, town.hub, at, skills={SKILLS[0]: 3}, active=False)
    with pytest.raises(DomainError, match="three skills"):
        actions.advance(session, candidate, "activate", actor=actor, at=at)
    listing = lists.roles_for(session, candidate, viewer_id=None, at=at, pools=Pools())
    assert listing.ranking.lines == ()
    assert [need.code for need in listing.ranking.needs] == ["candidate_needs_skills"]
    assert lists.explain_pair(session, posting.id, candidate.id, at=at, pools=Pools()).score is None


def test_invariant_5_evidence_never_ranks_below_the_same_claim(town: Town) -> None:
    session, at, pools = town.session, town.at, Pools()
    posting = town.role()
    candidate, actor, _ = make.profile(session, town.hub, at)
    scores = [_score(session, posting.id, candidate.id, at, pools)]
    for tier in (EvidenceTier.EXPERIENCE, EvidenceTier.ARTIFACT, EvidenceTier.CREDENTIAL):
        for skill in candidate.skills:
            evidence.add_own(session, candidate, skill, tier=tier, title="Shown", given_on=at.date(), actor=actor,
                             at=at)
        scores.append(_score(session, posting.id, candidate.id, at, pools))
    assert scores == sorted(scores)
    assert len(set(scores)) == 4


def _score(session: Session, posting_id: str, candidate_id: str, at: datetime, pools: Pools) -> float:
    found = lists.explain_pair(session, posting_id, candidate_id, at=at, pools=pools).score
    assert found is not None
    return found


def test_evidence_counts_up_to_its_level_and_moves_with_the_persons_own(town: Town) -> None:
    session, at = town.session, town.at
    candidate, actor, _ = make.profile(session, town.hub, at)
    skill = candidate.skills[0]
    evidence.add_own(session, candidate, skill, tier=EvidenceTier.CREDENTIAL, title="A+", given_on=at.date(),
                     actor=actor, at=at)
    actions.put_skill(session, candidate, skill_id=skill.skill_id, level=4, last_used_on=None, actor=actor, at=at)
    assert rules.held(skill).tier == "claim"
    assert rules.lower_but_backed(skill) == 3
    for tier in (EvidenceTier.ENDORSEMENT, EvidenceTier.EMPLOYER_CONFIRMED, EvidenceTier.CLAIM):
        with pytest.raises(DomainError, match="Only a provider endorses"):
            evidence.add_own(session, candidate, skill, tier=tier, title="x", given_on=at.date(), actor=actor, at=at)
    for bad in ({"given_on": at.date() + timedelta(days=1)}, {"url": "javascript:x"}, {"title": " "}):
        facts = {"tier": EvidenceTier.EXPERIENCE, "title": "Work", "given_on": at.date(), **bad}
        with pytest.raises(DomainError):
            evidence.add_own(session, candidate, skill, actor=actor, at=at, **facts)


def test_invariant_9_a_completion_brings_skills_and_a_revoked_endorsement_stops_at_once(town: Town) -> None:
    session, at, pools = town.session, town.at, Pools()
    posting = town.role()
    candidate, actor, _ = make.profile(session, town.hub, at)
    _, cohort, provider = make.course(session, town.hub, at)
    seat = training.enroll(session, cohort, candidate.id, actor=actor, at=at)
    training.advance_enrollment(session, seat, "complete", actor=provider, at=at)
    taught = actions.find_skill(session, candidate, SKILLS[2])
    assert taught is not None
    assert (taught.level, str(taught.source), rules.held(taught).tier) == (2, "program", "credential")
    before = _score(session, posting.id, candidate.id, at, pools)
    given = training.endorse(session, seat, skill_id=SKILLS[1], level=3, basis=EndorsementBasis.TAUGHT, actor=provider,
                             at=at)
    assert _score(session, posting.id, candidate.id, at, pools) > before
    training.end_endorsement(session, given, "revoke", actor=provider, at=at, reason="Given in error.")
    assert _score(session, posting.id, candidate.id, at, pools) == before
    training.advance_enrollment(session, seat, "correct", actor=provider, at=at, reason="Not completed.")
    assert rules.held(taught).tier == "claim"
    with pytest.raises(DomainError, match="somebody else"):
        evidence.remove_own(session, candidate, taught.evidence[0], actor=actor, at=at)


def test_invariant_10_an_excluded_employer_has_no_trace_of_the_profile(town: Town) -> None:
    session, at, pools = town.session, town.at, Pools()
    posting = town.role()
    candidate, actor, _ = make.profile(session, town.hub, at)
    seen = lists.candidates_for(session, posting, viewer_id=None, at=at, pools=pools).ranking
    assert [line.id for line in seen.lines] == [candidate.id]
    actions.exclude(session, candidate, posting.organization_id, actor=actor, at=at)
    actions.exclude(session, candidate, posting.organization_id, actor=actor, at=at)
    hidden = lists.candidates_for(session, posting, viewer_id=None, at=at, pools=pools).ranking
    assert (hidden.lines, hidden.considered, dict(hidden.shown_hits), hidden.too_little) == ((), 0, {}, ())
    actions.include(session, candidate, posting.organization_id, actor=actor, at=at)
    again = lists.candidates_for(session, posting, viewer_id=None, at=at, pools=pools).ranking
    assert [line.id for line in again.lines] == [candidate.id]


def test_invariant_11_a_consent_is_withdrawn_not_deleted(town: Town) -> None:
    session, at = town.session, town.at
    candidate, actor, _ = make.profile(session, town.hub, at)
    purpose, audience = ConsentPurpose.SHARE_PROFILE, town.organization.id
    first = actions.give_consent(session, candidate, purpose, organization_id=audience, actor=actor, at=at)
    assert actions.give_consent(session, candidate, purpose, organization_id=audience, actor=actor, at=at) is first
    assert actions.standing_consent(session, candidate.id, purpose) is None
    assert actions.withdraw_consent(session, candidate, purpose, organization_id=audience, actor=actor, at=at)
    assert not actions.withdraw_consent(session, candidate, purpose, organization_id=audience, actor=actor, at=at)
    assert first.withdrawn_at == at
    assert queries.standing_consents(session, candidate.id) == []


def test_who_saw_counts_organizations_once_and_latest_first(town: Town) -> None:
    session, at = town.session, town.at
    candidate, _, _ = make.profile(session, town.hub, at)
    for days, named in ((40, False), (3, True), (1, False)):
        session.add(ProfileView(
            created_at=at - timedelta(days=days), hub_id=town.hub.id, candidate_id=candidate.id, named=named,
            organization_id=town.organization.id, person_id=town.owner_person.id))
    session.flush()
    (row,) = queries.who_saw(session, candidate.id)
    last = at - timedelta(days=1)
    assert (row.organization, row.times, row.last, row.named) == (town.organization.name, 3, last, True)
    (recent,) = queries.who_saw(session, candidate.id, since=at - timedelta(days=30))
    assert recent.times == 2


def test_one_profile_for_each_hub_and_person(town: Town) -> None:
    session, at = town.session, town.at
    candidate, actor, who = make.profile(session, town.hub, at)
    assert actions.start_profile(session, town.hub, person_id=who.id, actor=actor, at=at) is candidate
    assert queries.profile_in(session, town.hub.id, who.id) is candidate
    assert queries.profiles_of(session, who.id) == [candidate]


def test_every_change_leaves_one_line_in_the_trail_without_the_words(town: Town) -> None:
    session, at = town.session, town.at
    candidate, actor, _ = make.profile(session, town.hub, at)
    session.commit()
    known = set(session.scalars(select(AuditEvent.id)))
    actions.describe(session, candidate, headline="A quiet canary", story="Sings at night", actor=actor, at=at)
    session.commit()  # the trail is written in the same transaction, just before it ends
    new = [event for event in session.scalars(select(AuditEvent)) if event.id not in known]
    assert [event.action for event in new] == ["candidate.describe"]
    assert "canary" not in repr([(e.before, e.after, e.details) for e in new])
