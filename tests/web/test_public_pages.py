"""The public pages on a small hub: what they show, what they keep back, and that reading them changes nothing."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from matcher.kit import clock
from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.organizations import actions
from matcher.roles.models import Posting
from tests.factories.roles import Town
from web import create_app


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The real application on a database of its own."""
    app = create_app(settings)
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A stranger."""
    return app.test_client()


@pytest.fixture
def town(app: Flask, engine: Engine) -> Iterator[Town]:
    """A hub with an employer that promised to look, and three roles in different states."""
    with session_factory(engine)() as session:
        town = Town.found(session, clock.now() - timedelta(days=1))
        session.commit()
        yield town


def role(town: Town, state: str = "live", **facts: object) -> Posting:
    """A role, committed."""
    made = town.role(state, **facts)
    town.session.commit()
    return made


def test_the_front_door_shows_the_promise_the_number_and_the_newest_roles(browser: FlaskClient, town: Town) -> None:
    """The root is the first hub's door; its own address shows the same."""
    made = role(town, title="Help desk <first> rung")
    for address in ("/", f"/hubs/{town.hub.slug}/"):
        page = browser.get(address).text
        assert "1 employer near Riverbend has signed" in page
        assert "Fewer than 10 so far" in page
        assert f"/roles/{made.id}" not in page, "the role is not marked open, so it is not among those"
    assert "Help desk &lt;first&gt; rung" in browser.get(f"/hubs/{town.hub.slug}/roles").text


@pytest.mark.parametrize("state", ["draft", "submitted", "changes_requested", "approved", "withdrawn"])
def test_a_role_that_was_never_open_is_not_there(browser: FlaskClient, town: Town, state: str) -> None:
    """Not in the list, not in the feed, not under its address."""
    made = role(town, state)
    assert browser.get(f"/roles/{made.id}").status_code == 404
    for page in (f"/hubs/{town.hub.slug}/roles", f"/hubs/{town.hub.slug}/roles.atom", "/sitemap.xml"):
        assert made.id not in browser.get(page).text


@pytest.mark.parametrize("state", ["paused", "filled", "closed", "expired"])
def test_a_role_that_is_over_says_so_and_offers_no_way_to_apply(browser: FlaskClient, town: Town, state: str) -> None:
    """The address still answers; the list does not name it."""
    made = role(town, state)
    page = browser.get(f"/roles/{made.id}")
    assert page.status_code == 200
    assert "This role is not open now" in page.text
    assert "Join and apply" not in page.text
    assert made.id not in browser.get(f"/hubs/{town.hub.slug}/roles").text


def test_the_role_page_carries_its_facts_for_search_engines_and_nothing_breaks_out(
    browser: FlaskClient, town: Town
) -> None:
    """The data block is JSON, and words with a closing tag in them stay words."""
    made = role(town, summary="Fix it </script><script>alert(1)</script> & smile.")
    page = browser.get(f"/roles/{made.id}").text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert block
    told = json.loads(block[1])
    assert told["description"].startswith("Fix it </script><script>")
    assert told["baseSalary"]["value"]["minValue"] == 22.0
    assert "alert(1)</script>" not in page


def test_filters_are_addresses_and_nonsense_is_dropped(browser: FlaskClient, town: Town) -> None:
    """Each filter keeps the right roles; what makes no sense is left out, not refused."""
    hourly = role(town, title="Night desk", schedules=["nights"], workplace="onsite")
    yearly = role(town, title="Web helper", pay_min_cents=6_000_000, pay_max_cents=7_000_000, pay_period="year",
                  workplace="remote", schedules=["days"])
    base = f"/hubs/{town.hub.slug}/roles"

    def found(query: str) -> set[str]:
        page = browser.get(f"{base}?{query}")
        assert page.status_code == 200
        return {made.title for made in (hourly, yearly) if f"/roles/{made.id}" in page.text}

    assert found("") == {"Night desk", "Web helper"}
    assert found("q=night") == {"Night desk"}
    assert found("workplace=remote") == {"Web helper"}
    assert found("schedule=nights") == {"Night desk"}
    assert found("pay=60000") == {"Web helper"}
    assert found("open=y") == set()
    assert found("workplace=moon&pay=lots&sort=wild&page=-3&work=x") == {"Night desk", "Web helper"}
    assert browser.get(f"{base}?q=night&download=csv").text.count("\n") == 2


def test_the_feed_and_the_map_are_well_formed(browser: FlaskClient, town: Town) -> None:
    """Both parse, with words that need escaping."""
    role(town, title="Fish & chips <net>")
    feed = ElementTree.fromstring(browser.get(f"/hubs/{town.hub.slug}/roles.atom").data)  # noqa: S314
    names = {"a": "http://www.w3.org/2005/Atom"}
    assert [entry.text for entry in feed.findall("a:entry/a:title", names)] == ["Fish & chips <net>"]
    places = ElementTree.fromstring(browser.get("/sitemap.xml").data)  # noqa: S314
    assert len(places) > 8


def test_pages_to_read_answer_and_name_what_they_must(browser: FlaskClient, town: Town) -> None:
    """Each says what it is for; the weights are those of the program."""
    assert "30" in browser.get("/how-matching-works").text
    assert "O*NET" in browser.get("/sources").text
    for page in ("/privacy", "/accessibility", "/hubs/", f"/hubs/{town.hub.slug}/headline",
                 f"/hubs/{town.hub.slug}/programs", f"/hubs/{town.hub.slug}/partners",
                 f"/partners/{town.organization.slug}", "/robots.txt"):
        assert browser.get(page).status_code == 200, page
    assert browser.get("/developers/components").status_code == 404, "only the demo shows its parts"


def test_reading_public_pages_changes_no_row(browser: FlaskClient, town: Town, engine: Engine) -> None:
    """The database is the same, byte for byte of every table's count, after all of it was read."""
    made = role(town)

    def state() -> dict[str, int]:
        with engine.connect() as link:
            names = link.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
            return {name: link.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608
                    for name in names}

    before = state()
    for page in ("/", f"/roles/{made.id}", f"/hubs/{town.hub.slug}/headline", f"/partners/{town.organization.slug}"):
        browser.get(page)
    assert state() == before


def test_a_partner_that_is_not_active_has_no_public_page(browser: FlaskClient, town: Town) -> None:
    """A lapsed partner disappears from the list and its own address."""
    assert town.organization.name in browser.get(f"/hubs/{town.hub.slug}/partners").text
    actions.advance_partnership(town.session, town.partnership, "lapse", actor=town.operator, at=town.at,
                                reason="Gone.")
    town.session.commit()
    assert town.organization.name not in browser.get(f"/hubs/{town.hub.slug}/partners").text
    assert browser.get(f"/partners/{town.organization.slug}").status_code == 404
