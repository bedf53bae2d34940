"""The headline from stored records, on both databases: counted once, made again, and a consent taken back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matcher.candidates.models import Candidate, Consent, ConsentPurpose
from matcher.demographics.models import AnswerStatus, DemographicAnswer, Question
from matcher.kit import audit, crypto
from matcher.kit.actor import SYSTEM
from matcher.kit.errors import DomainError
from matcher.kit.settings import Settings
from matcher.outcomes import actions, kept, programs, queries
from matcher.outcomes.rules import Headline
from matcher.placements import actions as placements
from matcher.placements.models import Confirmation, Placement
from matcher.skills import actions as skills
from matcher.skills.models import DecisionBasis, HubOccupation
from tests.factories.people import person
from tests.factories.roles import OCCUPATION, Town

pytestmark = pytest.mark.data
START, DAY = date(2026, 1, 1), date(2026, 11, 16)


@dataclass
class Counted:
    """A hub with one listed occupation, and people who start there."""

    town: Town
    occupation: HubOccupation

    @property
    def session(self) -> Session:
        """The open session."""
        return self.town.session

    def candidate(self, *, consent: bool = True, gender: str | None = "woman") -> Candidate:
        """Somebody with a profile, who agreed and answered unless told otherwise."""
        at = self.town.at - timedelta(days=90)
        who = person(self.session, at)
        made = Candidate(hub_id=self.town.hub.id, person_id=who.id, code=who.id[:6], created_at=at)
        self.session.add(made)
        self.session.flush()
        if consent:
            self.session.add(Consent(hub_id=self.town.hub.id, candidate_id=made.id, given_at=at, created_at=at,
                                     purpose=ConsentPurpose.COUNT_IN_GROUPS))
        if gender:
            answer = DemographicAnswer(hub_id=self.town.hub.id, candidate_id=made.id, question=Question.GENDER,
                                       status=AnswerStatus.ANSWERED, answered_at=at, created_at=at)
            answer.value = gender
            self.session.add(answer)
        self.session.flush()
        return made

    def hire(self, who: Candidate, *, day: date = date(2026, 11, 2), code: str | None = OCCUPATION) -> Placement:
        """An accepted offer with a first day; nobody confirmed it yet."""
        made = Placement(hub_id=self.town.hub.id, candidate_id=who.id, organization_id=self.town.organization.id,
                         title="Technician", occupation_code=code, pay_cents=2200, pay_period="hour", starts_on=day,
                         confirmation=Confirmation.SELF_REPORTED, created_at=self.town.at - timedelta(days=60))
        self.session.add(made)
        self.session.flush()
        return made

    def confirm(self, made: Placement, at: datetime | None = None) -> None:
        """The employer confirms the start."""
        placements.confirm_start(self.session, made, starts_on=made.starts_on, actor=self.town.owner,
                                 at=at or self.town.at)

    def figure(self, as_of: date = DAY) -> Headline:
        """The headline as of a day."""
        self.session.flush()
        return queries.headline(self.session, self.town.hub, starts_on=START, as_of=as_of)


@pytest.fixture
def hub(session: Session, at: datetime, settings: Settings) -> Counted:
    """The hub, long before anybody is counted."""
    crypto.configure(settings)
    town = Town.found(session, at)
    earlier = datetime(2025, 6, 1, tzinfo=UTC)
    row = HubOccupation(hub_id=town.hub.id, occupation_code=OCCUPATION, in_demand=True, entry_level=True,
                        career_path=True, basis=DecisionBasis.DEFAULT_RULE, decided_at=earlier, created_at=earlier)
    session.add(row)
    session.flush()
    return Counted(town, row)


def test_invariant_7_a_person_with_two_jobs_counts_once(hub: Counted) -> None:
    """The better known of the two is the one that counts."""
    who = hub.candidate()
    hub.hire(who, day=date(2026, 3, 2))
    hub.confirm(hub.hire(who))
    told = hub.figure()
    assert (told.numerator, told.denominator, told.unknown) == (1, 1, 0)


def test_invariant_6_a_start_that_nobody_confirmed_is_unknown(hub: Counted) -> None:
    """It raises the denominator and the unknown; confirming it moves it into the number."""
    made = hub.hire(hub.candidate())
    assert (hub.figure().numerator, hub.figure().not_confirmed, hub.figure().denominator) == (0, 1, 1)
    hub.confirm(made)
    assert (hub.figure().numerator, hub.figure().unknown, hub.figure().by_employer) == (1, 0, 1)


def test_a_first_day_still_ahead_is_in_no_figure(hub: Counted) -> None:
    """Neither counted nor unknown until the day has come."""
    hub.hire(hub.candidate(), day=DAY + timedelta(days=3))
    assert hub.figure().denominator == 0


def test_invariant_14_the_figure_of_a_day_stays_when_it_is_made_again(hub: Counted) -> None:
    """A confirmation, a new placement and a changed list, all later, do not reach back."""
    hub.confirm(hub.hire(hub.candidate()))
    late = hub.hire(hub.candidate())
    before = hub.figure()
    kept_row = actions.publish_snapshot(hub.session, hub.town.hub, as_of=DAY, at=hub.town.at)
    later = hub.town.at + timedelta(days=20)
    hub.confirm(late, later)
    hub.hire(hub.candidate(gender=None)).created_at = later
    skills.decide(hub.session, hub.occupation, in_demand=False, entry_level=True, career_path=True,
                  actor=hub.town.operator, at=later, reason="Fewer openings.")
    audit.write_pending(hub.session)
    assert hub.figure() == before
    assert (kept_row.numerator, kept_row.denominator) == (before.numerator, before.denominator) == (1, 2)
    assert hub.figure(later.date() + timedelta(days=1)).numerator == 0, "from the decision on it no longer counts"


def test_invariant_14_the_same_day_and_definition_are_kept_once(hub: Counted) -> None:
    """Publishing again gives the kept figure back, whatever happened since; a day to come is refused."""
    first = actions.publish_snapshot(hub.session, hub.town.hub, as_of=DAY, at=hub.town.at)
    hub.confirm(hub.hire(hub.candidate()))
    again = actions.publish_snapshot(hub.session, hub.town.hub, as_of=DAY, at=hub.town.at, actor=SYSTEM)
    assert again.id == first.id
    assert again.numerator == 0
    with pytest.raises(DomainError):
        actions.publish_snapshot(hub.session, hub.town.hub, as_of=DAY + timedelta(days=2), at=hub.town.at)


def test_a_consent_taken_back_leaves_the_number_at_once(hub: Counted) -> None:
    """From the next reading on the person is unknown; the kept figure stays as it was published."""
    who = hub.candidate()
    hub.confirm(hub.hire(who))
    published = actions.publish_snapshot(hub.session, hub.town.hub, as_of=DAY, at=hub.town.at)
    consent = hub.session.query(Consent).filter_by(candidate_id=who.id).one()
    consent.withdrawn_at = hub.town.at + timedelta(days=1)
    assert (hub.figure().numerator, hub.figure().no_consent) == (0, 1)
    assert published.numerator == 1


def test_another_hubs_people_are_in_no_figure_of_this_one(hub: Counted) -> None:
    """Figures are of one hub."""
    hub.confirm(hub.hire(hub.candidate()))
    other = Town.found(hub.session, hub.town.at, name="Far Away Mills")
    assert queries.headline(hub.session, other.hub, starts_on=START, as_of=DAY).denominator == 0


def test_promises_are_read_from_live_records(hub: Counted) -> None:
    """Roles open and confirmed starts of the last year; a start nobody confirmed is no hire yet."""
    hub.town.role("live")
    hub.confirm(hub.hire(hub.candidate()))
    hub.hire(hub.candidate())
    hub.session.flush()
    record = kept.kept_by(hub.session, hub.town.hub.id, [hub.town.organization.id], hub.town.at)
    mine = record[hub.town.organization.id]
    assert (mine.open_roles, mine.hires, mine.interviews, mine.answered) == (1, 1, 0, 0)


def test_a_program_without_people_says_fewer_than_ten_and_never_nought(hub: Counted) -> None:
    """Small cells stay hidden in outcomes too."""
    told = programs.completion(hub.session, "nobody-there")
    assert told.yes.hidden
    assert told.whole.hidden
    assert told.span == (0, 27)
