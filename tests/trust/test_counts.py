"""The number of SQL statements of a page does not grow with its rows: no list asks once for each line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from matcher import wiring
from matcher.kit import clock, crypto
from matcher.kit.session import make_engine, session_factory
from matcher.organizations.models import Hub, Organization
from matcher.people.models import Person
from tests.factories.people import acting
from tests.factories.town_circle import Circle
from tests.trust.pages import open_doors
from tests.trust.walker import Walk

MORE = 1


@contextmanager
def counted(walk: Walk) -> Iterator[list[str]]:
    """Statements that the site sends meanwhile."""
    sent: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_: object) -> None:
        sent.append(statement)

    engine = walk.app.extensions["engine"]
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def measure(walk: Walk, visitor: str) -> dict[str, list[str]]:
    """Statements of each page that the visitor can open, the second time it is opened."""
    client, found = walk.browser(visitor), {}
    for door, address in open_doors(walk, visitor):
        client.get(address)
        with counted(walk) as sent:
            assert client.get(address).status_code < 400
        found[door.endpoint] = sent
    return found


class Again(Circle):
    """More of the same for a world that is there already: the same team, with new roles, people, talks and hires."""

    def join(self, walk: Walk, number: int) -> None:
        """Take over the organizations and people of the own world, then tell the rest once more."""
        told = walk.town.worlds["own"]
        self.number = number
        for role, owner in (("employer", "owner"), ("provider", "provider"), ("workforce", "workforce")):
            row = self.session.query(Organization).filter_by(slug=told.ids[role]).one()
            self.keep(role, row)
            self.actors[role] = acting(self.session, self.session.get_one(Person, told.people[owner]))
        self.days_ago(194)
        self.training()
        self.roles()
        self.newcomers()
        self.hire()
        self.applications()
        self.session.flush()

    def person(self, first: str, role: str) -> Person:
        """Somebody new."""
        return super().person(f"{first}{self.number}", role)

    def profile(self, who: Person, role: str) -> None:
        """A profile with a code of its own."""
        self.mark = f"Q{self.number}x"
        super().profile(who, role)


def grow(walk: Walk) -> None:
    """Twice as many rows of everything around the own employer."""
    wiring.connect()
    crypto.configure(walk.settings)
    engine = make_engine(walk.settings.database_url)
    with session_factory(engine)() as session:
        hub = session.query(Hub).filter_by(slug=walk.town.worlds["own"].hub).one()
        boss = session.query(Person).filter(Person.name == "Opal Qalderpriv").one()
        desk = acting(session, boss, clock.now() - timedelta(days=1))
        for number in range(MORE):
            Again(session, hub, desk, "Qalder", clock.now()).join(walk, number)
        session.commit()
    engine.dispose()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("visitor", ["anonymous", "candidate", "employer-owner", "provider", "workforce", "operator"])
def test_no_page_asks_once_for_each_row(walk: Walk, visitor: str) -> None:
    """Every page is opened with some rows and with twice as many: the same number of statements."""
    before = measure(walk, visitor)
    grow(walk)
    after = measure(walk, visitor)
    grown = {page: (len(before[page]), len(after[page]), extra(before[page], after[page]))
             for page in before if len(after[page]) > max(len(before[page]) + SLACK, BOUNDED.get(page, 0))}
    assert grown == {}, "\n".join(f"{page}: {few} -> {many}: {what[:300]}" for page, (few, many, what) in grown.items())
    assert len(before) > 10


# A page that had no row of some kind before (no notice, no second page) may ask for what belongs to it, once.
SLACK = 2


def extra(before: list[str], after: list[str]) -> str:
    """The statement that became more frequent."""
    more = [statement for statement in after if after.count(statement) > before.count(statement)]
    return max(set(more), key=lambda statement: after.count(statement) - before.count(statement)) if more else ""


def test_the_count_would_show_a_list_that_asks_for_each_row(walk: Walk) -> None:
    """A loop over rows is seen."""
    with sqlite3.connect(walk.settings.data_dir / "first_rung.db") as db:
        people = db.execute("SELECT count(*) FROM persons").fetchone()[0]
    with counted(walk) as sent, session_factory(walk.app.extensions["engine"], read_only=True)() as session:
        for who in session.query(Person.id).all():
            session.get(Person, who[0])
    assert sum(statement.startswith("SELECT") for statement in sent) == people + 1
# Each notice is told in the words of its kind, which may ask for a row or two: at most so many for a page of twelve.
BOUNDED = {"account.notices": 60}
