"""People who top many lists come after the first ten on the page of a role, with a word on why, all still there."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.matches import lists
from matcher.matches.models import ListCap, MatchRun
from tests.factories import applications as made
from tests.factories.roles import Town
from tests.web.hiring_site import NOW, app, base, look, owner, read, town  # noqa: F401 - fixtures


def test_who_tops_many_lists_is_shown_after_the_first_ten(owner: FlaskClient, town: Town) -> None:
    seekers = [made.seeker(town, name=f"Name {number}") for number in range(12)]
    posting = town.role()
    town.session.commit()
    path = f"{base(town)}/roles/{posting.id}/matches"
    codes = {seeker.candidate.id: f"Candidate {seeker.candidate.code}" for seeker in seekers}
    before = read(owner, path)
    first = min(codes, key=lambda name: before.index(codes[name]))
    town.session.add(ListCap(created_at=NOW, hub_id=posting.hub_id, day=NOW.date(), cap=1, figures={},
                             more={posting.id: [first]}))
    town.session.commit()
    after = read(owner, f"{path}?q=")
    assert "1 person who tops many lists comes after the first ten here" in after
    assert sorted(codes, key=lambda name: after.index(codes[name])).index(first) == 10
    seen = look(town)
    runs = seen.scalars(select(MatchRun).order_by(MatchRun.created_at, MatchRun.id)).all()
    noted = next(run for run in runs if run.filters)
    assert noted.filters["more"] == [first]
    assert lists.fingerprint(lists.replay(seen, noted)) == noted.fingerprint
