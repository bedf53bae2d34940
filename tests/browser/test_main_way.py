"""The main way, walked in Chromium: from an employer who joins to a person at work whom the headline counts."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser

from matcher.kit.settings import Settings
from matcher.placements.links import check_token
from tests.browser import people, steps
from tests.browser.chrome import DESKTOP, PHONE
from tests.browser.hands import Hand
from tests.browser.steps import Way
from tests.town import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1500)]

WALKS: dict[str, dict[str, Any]] = {
    "phone in Spanish": {"name": "Alder", "language": "es", "window": PHONE},
    "desktop in English": {"name": "Birch", "window": DESKTOP},
    "without JavaScript": {"name": "Cedar", "window": {**DESKTOP, "java_script_enabled": False}},
    "by keyboard alone": {"name": "Dogwood", "window": DESKTOP, "keyboard": True},
}


@pytest.mark.parametrize("walk", WALKS)
def test_the_main_way(browser: Browser, town_site: Site, walk: str) -> None:
    """Join, commit, post, teach, endorse, match, apply, hire, start: the number rises by one (invariants 7, 8, 10)."""
    way = Way(browser, town_site, **WALKS[walk])
    public, owner, graduate = way.hand(), way.hand(), way.hand()
    before = steps.number(public)
    steps.found_employer(way, owner)
    operator = way.hand(people.account(town_site, "operator"))
    steps.vet_partner(way, operator)
    steps.sign_commitment(way, owner)
    steps.accept_commitment(way, operator)
    steps.write_role(way, owner)
    steps.approve_role(way, operator)
    owner.open(f"/employer/{way.organization}/roles/{way.posting}")
    owner.step("open")
    provider = way.hand(people.account(town_site, "provider"))
    steps.add_program(way, provider)
    steps.invite_graduate(way, provider)
    steps.build_profile(way, graduate)
    steps.confirm_and_endorse(way, provider)
    steps.apply(way, graduate)
    steps.shortlist(way, owner)
    steps.propose_times(way, owner)
    steps.choose_time(way, graduate)
    steps.offer(way, owner)
    steps.accept_offer(way, graduate)
    assert steps.number(public) == before, "an accepted offer is no start"
    page = steps.confirm_start(way, owner)
    assert steps.number(public) == before + 1
    too_early(way, owner, page)
    in_its_language(way, graduate)


def too_early(way: Way, owner: Hand, page: str) -> None:
    """The check after 30 days cannot be answered on the first day (invariant 8)."""
    after_30 = "SELECT id FROM retention_checks WHERE placement_id = ? AND day = 30"
    owner.open(f"/employer/{way.organization}/checks/{ask(way.site, after_30, [way.placement])[0]}")
    owner.tick("still_there", "yes")
    owner.tick("would_hire_again", "yes")
    owner.send()
    assert owner.page.locator("[data-error-summary]").count(), owner.text()
    owner.open(page)
    assert not owner.page.locator("main a[href*='/checks/']").count()


def in_its_language(way: Way, hand: Hand) -> None:
    """The pages say which language they are in, and are: the menu has no English words on a Spanish page."""
    hand.open(f"/candidate/{way.candidate}/applications")
    assert hand.page.locator("html").get_attribute("lang") == way.language
    menu = hand.page.locator("#menu").text_content() or ""
    words = {"en": ("Today", "Applications", "Privacy"), "es": ("Hoy", "Solicitudes", "Privacidad")}
    assert all(re.search(word, menu) for word in words[way.language]), menu


DUE = """
SELECT c.id, m.person_id FROM retention_checks c JOIN placements p ON p.id = c.placement_id
JOIN programs g ON g.id = p.program_id JOIN organizations o ON o.id = g.organization_id
JOIN memberships m ON m.organization_id = p.organization_id AND m.ended_at IS NULL
WHERE c.state = 'due' AND c.due_on <= ? AND p.state = 'started' AND o.slug = ? ORDER BY c.due_on DESC
"""


def test_a_check_by_the_link_in_a_mail(browser: Browser, town_site: Site) -> None:
    """Opening the link changes nothing (invariant 16); the button does, and the provider reads the words at once."""
    way = Way(browser, town_site, "Elder")
    provider = way.hand(people.account(town_site, "provider"))
    provider.open("/account/")
    provider.follow("/provider/")
    slug = steps.part(r"/provider/([^/?]+)", provider)
    now = datetime.now(UTC)
    check, person = ask(town_site, DUE, [now.date().isoformat(), slug])
    settings = Settings.from_env(town_site.environment)
    employer = way.hand()
    link = f"/checks/{check_token(settings.secret_key, check, person, at=now)}"
    words = "Please practise writing tickets that others can follow."
    before = ask(town_site, ANSWERS)[0]
    for _ in range(2):
        employer.open(link)
    assert ask(town_site, ANSWERS)[0] == before
    employer.tick("still_there", "yes")
    employer.tick("would_hire_again", "yes")
    employer.write("words", words)
    employer.send()
    assert ask(town_site, ANSWERS)[0] == before + 1, employer.text()
    provider.open(f"/provider/{slug}/words")
    assert words in provider.text()


ANSWERS = "SELECT count(*) FROM retention_answers"


def ask(site: Site, question: str, values: Sequence[str] = ()) -> tuple[Any, ...]:
    """The first row of an answer of the site's database, which is only read."""
    with sqlite3.connect(f"file:{site.data}/first_rung.db?mode=ro", uri=True) as connection:
        row: tuple[Any, ...] | None = connection.execute(question, values).fetchone()
    assert row, question
    return row
