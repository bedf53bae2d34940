"""The cap on topping many lists: found by the nightly duty, shown as order, noted in the journal, and replayable."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete

from matcher.kit.outbox import OutboxJob
from matcher.kit.session import session_factory
from matcher.matches import crowding, lists, nightly
from matcher.matches.pools import Pools, write_versions
from matcher.organizations.models import Hub
from matcher.ranking import congestion
from matcher.ranking.order import propensity
from matcher.tasks import night, runner
from tests.factories import applications as made
from tests.factories.roles import SKILLS, Town


def test_the_nightly_cap_moves_no_line_hides_nobody_and_leaves_the_list_replayable(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(congestion, "PLACES", 2)
    postings = [town.role() for _ in range(4)]
    people = [made.seeker(town, levels={skill: 2 + place % 2 for place, skill in enumerate(SKILLS[:4])})
              for _ in range(6)]
    pools, session = Pools(), town.session
    session.flush()
    found = crowding.find_cap(session, postings[0].hub_id, at=town.at, pools=pools)
    assert found is not None
    assert found.loss <= congestion.MOST_LOSS
    first = lists.candidates_for(session, postings[0], viewer_id=None, at=town.at, pools=pools).ranking.lines[0].id
    found = replace(found, more={postings[0].id: (first,)})
    row = crowding.keep(session, postings[0].hub_id, found, at=town.at)
    assert crowding.keep(session, postings[0].hub_id, found, at=town.at) is row
    assert row.figures["before"]["people"] == len(people)
    seen = [lists.candidates_for(session, posting, viewer_id=None, at=town.at, pools=pools) for posting in postings]
    assert [line.id for line in seen[0].in_turn(seen[0].ranking.lines)].index(first) == 2
    moved, behind = (next(line for line in seen[0].ranking.lines if line.rank == rank) for rank in (1, 2))
    assert (moved.id, moved.propensity) == (first, propensity(3))
    assert behind.propensity == propensity(1)
    assert [listing.more for listing in seen] == [found.more.get(posting.id, ()) for posting in postings]
    for listing in seen:
        lines = list(listing.ranking.lines)
        turn = listing.in_turn(lines)
        assert sorted(line.id for line in turn) == sorted(line.id for line in lines)
        assert not set(listing.more) & {line.id for line in turn[:2]}
        assert (listing.run.filters or {}).get("more", []) == list(listing.more)
        session.add(listing.run)
        write_versions(session, listing.kept)
        session.flush()
        assert lists.replay(session, listing.run, pools) == listing.run.lines


def test_the_duty_keeps_a_cap_for_every_hub_with_live_lists(town: Town) -> None:
    town.role()
    made.seeker(town)
    session = town.session
    session.execute(delete(OutboxJob))
    night.promise(session, town.at)
    session.commit()
    make_session = session_factory(session.get_bind())
    assert runner.run_due(make_session, town.at, {nightly.KIND: night.share, nightly.CAP_KIND: night.cap}) == 2
    with make_session() as reading:
        kept = [crowding.latest(reading, hub.id) for hub in reading.query(Hub).all()]
        assert [row.cap for row in kept if row is not None] == [1]
