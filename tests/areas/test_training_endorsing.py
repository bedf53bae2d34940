"""Who may vouch for whom (invariant 9), a whole cohort at once, inviting by lines, and nothing across hubs."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.candidates import actions as candidates
from matcher.candidates import queries as profiles
from matcher.candidates.models import ConsentPurpose
from matcher.candidates.rules import held
from matcher.kit import crypto, outbox
from matcher.kit.actor import Actor
from matcher.kit.errors import ConflictError, DomainError, NotAllowedError
from matcher.kit.settings import Settings
from matcher.organizations import actions as organizations
from matcher.organizations import facts_clock
from matcher.organizations import queries as partners
from matcher.organizations.models import Hub, Invitation
from matcher.placements import graduates
from matcher.services import queries as support
from matcher.training import actions, grids, inviting, queries
from matcher.training.grids import Wish
from matcher.training.models import Endorsement, EndorsementBasis
from tests.factories import organizations as make
from tests.factories.people import acting, person
from tests.factories.training import TAUGHT, UNTAUGHT, School, facts

SKILL, LEVEL = TAUGHT[0]


@pytest.fixture
def school(session: Session, at: datetime, settings: Settings) -> School:
    """A vetted provider with a program and a cohort that is over."""
    crypto.configure(settings)
    return School.found(session, at)


@pytest.mark.data
def test_invariant_9_only_a_provider_with_a_confirmed_completion_endorses(school: School) -> None:
    """Each refusing condition by itself, then the one way that is open."""
    done = school.enroll("completed")
    for state in ("intent_recorded", "enrolled", "withdrew", "transferred"):
        with pytest.raises(DomainError, match="Confirm the completion"):
            school.endorse(school.enroll(state))
    with pytest.raises(DomainError, match="does not teach"):
        school.endorse(done, UNTAUGHT, 1)
    with pytest.raises(DomainError, match="teaches this to level 3"):
        school.endorse(done, SKILL, LEVEL + 1)
    for level in (0, 5):
        with pytest.raises(DomainError, match="from 1 to 4"):
            school.endorse(done, SKILL, level, EndorsementBasis.ASSESSED)
    other = School.found(school.session, school.at, hub=school.hub)
    with pytest.raises(NotAllowedError):
        actions.endorse(school.session, done, skill_id=SKILL, level=1, basis=EndorsementBasis.TAUGHT,
                        actor=other.actor, at=school.at)
    assert school.session.scalars(select(Endorsement)).all() == []
    assert school.endorse(done, SKILL, LEVEL).level == LEVEL
    assert school.endorse(done, UNTAUGHT, 4, EndorsementBasis.ASSESSED).basis == EndorsementBasis.ASSESSED


def test_invariant_9_a_provider_that_the_hub_lets_lapse_vouches_no_longer(school: School) -> None:
    """Listing, confirming, endorsing and inviting all wait for the hub."""
    done, waiting = school.enroll("completed"), school.enroll("enrolled")
    held_by = partners.partnership(school.session, school.organization.id, school.hub.id)
    desk = acting(school.session, make.operator(school.session, school.hub, school.at), school.at)
    organizations.advance_partnership(school.session, held_by, "lapse", actor=desk, at=school.at, reason="Closed.")
    for attempt in (
        lambda: school.endorse(done),
        lambda: actions.advance_enrollment(school.session, waiting, "complete", actor=school.actor, at=school.at),
        lambda: actions.advance_program(school.session, school.program, "list", actor=school.actor, at=school.at),
        lambda: inviting.invite(school.session, school.organization, school.hub, name="", email="a@example.org",
                                actor=school.actor, at=school.at),
    ):
        with pytest.raises(DomainError, match="active partner"):
            attempt()


@pytest.mark.data
def test_invariant_9_a_revoked_endorsement_counts_no_longer_at_once_and_re_scores(school: School) -> None:
    """The evidence ends with it, and the profile's facts have changed."""
    done = school.enroll("completed")
    given = school.endorse(done, SKILL, LEVEL)
    profile = profiles.profile(school.session, done.candidate_id)
    assert profile is not None
    before = profile.facts_version
    facts_clock.seen(school.session)  # somebody looked at a list in between
    tiers = {row.skill_id: held(row).tier for row in profile.skills}
    assert tiers[SKILL] == "endorsement"
    assert tiers[TAUGHT[1][0]] == "credential"
    actions.end_endorsement(school.session, given, "revoke", actor=school.actor, at=school.at, reason="A mix-up.")
    assert {row.skill_id: held(row).tier for row in profile.skills}[SKILL] == "credential"
    assert profile.facts_version > before
    assert given.revoked_at == school.at


def test_an_undone_completion_takes_every_word_back(school: School) -> None:
    """Credentials and endorsements of it end together."""
    done = school.enroll("completed")
    school.endorse(done)
    actions.advance_enrollment(school.session, done, "correct", actor=school.actor, at=school.at, reason="Wrong list.")
    assert queries.standing_of_people(school.session, school.organization.id, [done.candidate_id]) == []
    profile = profiles.profile(school.session, done.candidate_id)
    assert profile is not None
    assert {held(row).tier for row in profile.skills} == {"claim"}
    assert done.completed_on is None


def test_a_grid_of_endorsements_is_given_whole_or_not_at_all(school: School) -> None:
    """Every error is named at its cell; a mended grid is given, and each person is told once."""
    done, open_ = school.enroll("completed"), school.enroll("enrolled")
    wishes = {(done.id, SKILL): Wish(2), (done.id, TAUGHT[2][0]): Wish(3), (open_.id, SKILL): Wish(1),
              ("nobody", SKILL): Wish(1)}
    given, errors = grids.endorse_cohort(school.session, school.cohort, wishes, actor=school.actor, at=school.at)
    assert given == []
    assert set(errors) == {(done.id, TAUGHT[2][0]), (open_.id, SKILL), ("nobody", SKILL)}
    assert school.session.scalars(select(Endorsement)).all() == []
    right = {(done.id, SKILL): Wish(2), (done.id, TAUGHT[2][0]): Wish(3, EndorsementBasis.ASSESSED)}
    given, errors = grids.endorse_cohort(school.session, school.cohort, right, actor=school.actor, at=school.at)
    assert len(given) == 2
    assert errors == {}
    assert grids.endorse_cohort(school.session, school.cohort, right, actor=school.actor, at=school.at) == ([], {})
    told = school.session.scalars(select(outbox.Notice).where(outbox.Notice.kind == "endorsed")).all()
    assert [row.params["count"] for row in told] == [2]


def test_a_grid_of_completions_is_confirmed_whole_or_not_at_all(school: School) -> None:
    """A day before the start, after today, or of somebody who left stops all of it."""
    first, second, left = school.enroll(), school.enroll("enrolled"), school.enroll("withdrew")
    late, early = school.at.date() + timedelta(days=1), school.cohort.starts_on - timedelta(days=1)
    errors = grids.confirm_completions(
        school.session, school.cohort, {first.id: late, second.id: early, left.id: school.day, "nobody": school.day},
        actor=school.actor, at=school.at)
    assert set(errors) == {first.id, second.id, left.id, "nobody"}
    assert str(first.state) == "intent_recorded"
    days = {first.id: school.day, second.id: school.at.date()}
    assert grids.confirm_completions(school.session, school.cohort, days, actor=school.actor, at=school.at) == {}
    assert (str(first.state), first.completed_on) == ("completed", school.day)


def test_pasted_lines_are_judged_one_by_one(school: School) -> None:
    """Good lines are read in any separator, bad ones say why, and one bad line holds all of them back."""
    lines = inviting.read_lines("Ana Ruiz, ana@example.org\n\nBo;bo@example.org\nnobody\nAna, ANA@example.org\nc@\n")
    assert [(line.number, line.name, line.email) for line in lines if not line.error] == [
        (1, "Ana Ruiz", "ana@example.org"), (3, "Bo", "bo@example.org")]
    assert [line.number for line in lines if line.error] == [4, 5, 6]
    with pytest.raises(DomainError, match="Nothing was sent"):
        inviting.invite_lines(school.session, school.organization, school.hub, lines, cohort=school.cohort,
                              actor=school.actor, at=school.at)
    assert school.session.scalars(select(Invitation)).all() == []
    for text, words in (("", "at least one"), ("a@example.org\n" * 101, "at most 100")):
        with pytest.raises(DomainError, match=words):
            inviting.read_lines(text)


@pytest.mark.data
def test_an_invited_graduate_joins_the_cohort_by_accepting(school: School) -> None:
    """A profile, a seat, and leave for the provider; a resent invitation replaces the first."""
    first = inviting.invite(school.session, school.organization, school.hub, name="Ana", email="ana@example.org",
                            cohort=school.cohort, actor=school.actor, at=school.at)
    sent = inviting.resend(school.session, first, actor=school.actor, at=school.at)
    school.session.refresh(first)
    assert first.revoked_at
    assert inviting.sent(school.session, school.organization.id) == [sent]
    ana = person(school.session, school.at, email="ana@example.org")
    organizations.accept_invitation(school.session, sent, ana, at=school.at)
    [enrollment] = queries.enrollments_of_cohort(school.session, school.cohort.id)
    assert [c.purpose for c in profiles.standing_consents(school.session, enrollment.candidate_id)] == [
        ConsentPurpose.SHARE_PROFILE]
    with pytest.raises(ConflictError):
        inviting.resend(school.session, sent, actor=school.actor, at=school.at)


def test_nothing_crosses_hubs_or_organizations(school: School) -> None:
    """A cohort of another school cannot be invited into, and a hub that was never asked holds no program."""
    elsewhere = School.found(school.session, school.at)
    with pytest.raises(DomainError, match="belongs to somebody else"):
        inviting.invite(school.session, school.organization, school.hub, name="", email="a@example.org",
                        cohort=elsewhere.cohort, actor=school.actor, at=school.at)
    with pytest.raises(DomainError, match="Ask the hub"):
        actions.add_program(school.session, school.organization, elsewhere.hub, facts=facts(), skills=(),
                            actor=school.actor, at=school.at)
    for one in (school, elsewhere):
        actions.advance_program(one.session, one.program, "list", actor=one.actor, at=one.at)
    assert queries.highest_taught(school.session, school.hub.id) == dict(TAUGHT)
    listed = school.session.scalars(queries.listed(school.hub.id)).unique().all()
    assert [program.id for program in listed] == [school.program.id]


def test_a_stale_program_is_not_overwritten(school: School) -> None:
    """Two editors: the second is told, and nothing changes."""
    version = school.program.version
    actions.edit_program(school.session, school.program, facts={"name": "New"}, skills=TAUGHT, version=version,
                         actor=school.actor, at=school.at)
    with pytest.raises(ConflictError):
        actions.edit_program(school.session, school.program, facts={"name": "Lost"}, skills=(), version=version,
                             actor=school.actor, at=school.at)
    assert school.program.name == "New"


@pytest.mark.parametrize(("sizes", "hidden"), [
    ([12, 15], set()), ([3, 15, 12], {0, 2}), ([3, 4, 15], {0, 1}), ([0, 15], set()), ([5], {0}), ([], set()),
])
def test_invariant_14_a_small_program_cannot_be_worked_out_from_the_total(sizes: list[int], hidden: set[int]) -> None:
    """One hidden line takes the next smallest along."""
    assert graduates.to_hide(sizes) == hidden


def test_invariant_10_who_excludes_the_provider_is_unknown_in_its_outcomes(school: School) -> None:
    """Unknown is not no: the completion stays the provider's own record, what followed is not told."""
    enrolled = [school.enroll("completed") for _ in range(10)]
    shy = profiles.profile(school.session, enrolled[0].candidate_id)
    assert shy is not None
    candidates.exclude(school.session, shy, school.organization.id, actor=Actor(person_id=shy.person_id), at=school.at)
    [line] = graduates.outcomes(school.session, school.organization.id, [school.program], today=school.at.date())
    assert (line.completed.numerator, line.applied.denominator, line.applied.unknown) == (10, 10, 1)


@pytest.mark.data
def test_invariant_11_workforce_staff_see_only_who_agreed_until_they_take_it_back(school: School) -> None:
    """The consent is asked on each request; another organization, another purpose, or an exclusion show nobody."""
    session, at, hub = school.session, school.at, school.hub
    ours, _ = make.organization(session, hub, at, kind="workforce_organization")
    theirs, _ = make.organization(session, hub, at, kind="workforce_organization")
    agreed, silent, excluding = (school.candidate() for _ in range(3))
    for one in (agreed, excluding):
        candidates.give_consent(session, one, ConsentPurpose.SUPPORT, organization_id=ours.id, at=at,
                                actor=Actor(person_id=one.person_id))
    candidates.give_consent(session, silent, ConsentPurpose.SHARE_PROFILE, organization_id=ours.id, at=at,
                            actor=Actor(person_id=silent.person_id))
    candidates.exclude(session, excluding, ours.id, actor=Actor(person_id=excluding.person_id), at=at)

    def seen(organization_id: str, where: Hub = hub) -> list[str]:
        return [row.id for row in session.scalars(support.people_of(organization_id, where.id)).unique()]

    assert seen(ours.id) == [agreed.id]
    assert seen(theirs.id) == []
    assert seen(ours.id, make.hub(session, at)) == []
    assert support.find_person(session, ours.id, agreed.id) is agreed
    candidates.withdraw_consent(session, agreed, ConsentPurpose.SUPPORT, organization_id=ours.id, at=at,
                                actor=Actor(person_id=agreed.person_id))
    assert seen(ours.id) == []
    assert support.find_person(session, ours.id, agreed.id) is None
