"""The demo town: as large as promised, whole in its trail, true in its figures, and the same from the same seed."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.applications.models import Application
from matcher.candidates.models import Candidate
from matcher.kit import audit, crypto
from matcher.kit.audit import TrailHead
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.matches import lists
from matcher.matches.pools import Pools, write_versions
from matcher.organizations.models import Commitment, Hub, Organization
from matcher.outcomes import queries as outcomes
from matcher.placements.models import CHECK_DAYS, Placement, RetentionCheck
from matcher.roles.models import Posting
from seeds.demo import story
from tests.town import environment


@pytest.fixture
def town(town_data: Path) -> Iterator[Session]:
    """The told town, open for reading; what a test changes is gone after it."""
    settings = Settings.from_env(environment(town_data))
    crypto.configure(settings)
    engine = make_engine(settings.database_url)
    with session_factory(engine)() as session:
        yield session
        session.rollback()
    engine.dispose()


def _count(session: Session, model: type, *conditions: object) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0  # type: ignore[arg-type]


def test_town_is_as_large_as_promised(town: Session) -> None:
    """Two hubs, the second one small; partners, people, roles and hires in the promised number."""
    first, second = town.scalars(select(Hub).order_by(Hub.position)).all()
    kinds = dict(town.execute(select(Organization.kind, func.count()).group_by(Organization.kind)).all())
    assert 14 <= kinds["employer"] <= 18
    assert 7 <= kinds["training_provider"] <= 9
    assert kinds["workforce_organization"] == 4
    assert 360 <= _count(town, Candidate, Candidate.hub_id == first.id) <= 440
    assert 3 <= _count(town, Candidate, Candidate.hub_id == second.id) <= 40
    assert 56 <= _count(town, Posting, Posting.hub_id == first.id) <= 70
    assert 110 <= _count(town, Placement) <= 190
    assert first.invented
    assert second.invented


def test_every_page_has_something_true_to_show(town: Session) -> None:
    """Every way an application can go, a role to review, a partner to vet, a standing commitment for each live flag."""
    states = set(map(str, town.scalars(select(Application.state).distinct())))
    assert {"submitted", "not_selected", "accepted", "declined", "no_response", "posting_closed",
            "hired_elsewhere"} <= states
    assert states & {"shortlisted", "interviewing", "offered"}
    assert _count(town, Posting, Posting.state == "submitted") >= 1
    assert _count(town, Posting, Posting.state == "live") >= 10
    shown = town.scalars(select(Organization.id).where(Organization.name == "Harbor Credit Union")).one()
    assert _count(town, Posting, Posting.organization_id == shown, Posting.state == "live") >= 1, "the demo's employer"
    for posting in town.scalars(select(Posting).where(Posting.open_nontraditional)):
        assert _count(town, Commitment, Commitment.organization_id == posting.organization_id,
                      Commitment.kind == "consider", Commitment.state.in_(("active", "at_risk"))) >= 1
    checked = town.scalars(select(Placement).where(Placement.state == "started").limit(20)).all()
    for placement in checked:
        days = town.scalars(select(RetentionCheck.day).where(RetentionCheck.placement_id == placement.id)).all()
        assert sorted(days) == list(CHECK_DAYS)


def test_invariant_1_the_towns_trail_is_whole(town: Session) -> None:
    """A year of steps, one chain for each hub, without a fault."""
    assert audit.verify(town) == []
    assert sum(head.seq for head in town.scalars(select(TrailHead))) > 10_000


def test_invariant_14_the_towns_headline_is_made_again(town: Session) -> None:
    """The same day gives the same figure, and its parts add up."""
    hub = town.scalars(select(Hub).order_by(Hub.position)).first()
    assert hub is not None
    today = datetime.now(UTC).date()
    starts_on, goal = outcomes.period(town, hub.id, today)
    once, again = (outcomes.headline(town, hub, starts_on=starts_on, as_of=today) for _ in range(2))
    assert once == again
    assert goal is not None
    assert once.numerator >= 30
    assert once.numerator + once.unknown + once.others == once.denominator


def test_town_lists_are_made_again_to_the_last_bit(town: Session) -> None:
    """A list of the town, replayed from its journal line, is the same."""
    posting = town.scalars(select(Posting).where(Posting.state == "live").order_by(Posting.id)).first()
    assert posting is not None
    pools = Pools()
    listing = lists.candidates_for(town, posting, viewer_id=None, at=datetime.now(UTC), pools=pools)
    assert len(listing.ranking.lines) > 20
    write_versions(town, listing.kept)
    town.add(listing.run)
    town.flush()
    assert lists.fingerprint(lists.replay(town, listing.run, pools)) == listing.run.fingerprint
    town.rollback()


def _first_weeks(taxonomy: Path, folder: Path) -> tuple[list[tuple[str, str]], list[str]]:
    settings = Settings.from_env(environment(folder))
    crypto.configure(settings)
    shutil.copyfile(taxonomy, folder / "first_rung.db")
    maker = session_factory(make_engine(settings.database_url))
    story.tell(maker, datetime(2026, 11, 16, 15, 0, tzinfo=UTC), days=24)
    with maker() as session:
        people = session.execute(select(Candidate.id, Candidate.code).order_by(Candidate.code)).all()
        heads = session.scalars(select(TrailHead.hash).order_by(TrailHead.chain)).all()
        return [(name, code) for name, code in people], list(heads)


def test_the_same_seed_tells_the_same_story(taxonomy_file: Path, tmp_path: Path) -> None:
    """Two tellings give the same people, and trails that are equal to the last hash."""
    assert _first_weeks(taxonomy_file, tmp_path / "one") == _first_weeks(taxonomy_file, tmp_path / "two")
