"""The fairness lab and the public page on matching, as operators and strangers use them, on a desk and a phone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import axe, people
from tests.browser.chrome import NARROW, WIDE, complaints
from tests.town import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
DESK = "/desk/riverbend/lab"


@pytest.fixture
def operator(browser: Browser, town_site: Site) -> Iterator[Page]:
    """The operator of the demo's first hub."""
    window = people.enter(browser, town_site, people.account(town_site, "operator"))
    page = window.new_page()
    heard = complaints(page)
    yield page
    assert heard == []
    window.close()


def looked_at(page: Page) -> None:
    """Nothing breaks the rules, wide and narrow, all parts opened, light and dark; nothing scrolls sideways."""
    page.evaluate("document.querySelectorAll('details.more').forEach(part => { part.open = true })")
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        assert axe.faults(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, page.url
    page.emulate_media(color_scheme="dark")
    assert axe.faults(page, axe.NARROW_AND_DARK) == [], page.url
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)


def test_the_demo_town_has_a_trained_model_with_a_history(operator: Page, town_site: Site) -> None:
    """The lab shows true figures of a model that runs; its history says what became of every other one."""
    operator.goto(f"{town_site.url}{DESK}")
    expect(operator.get_by_role("heading", name="In use now")).to_be_visible()
    expect(operator.get_by_text("Learned weights")).to_be_visible()
    expect(operator.get_by_role("img", name=re.compile("judged roles the learned order scores"))).to_be_visible()
    expect(operator.get_by_role("img", name=re.compile("Said and happened differ by"))).to_be_visible()
    looked_at(operator)
    operator.goto(f"{town_site.url}{DESK}/models")
    assert operator.locator("tbody tr").count() >= 3, "two models and the fixed weights"
    looked_at(operator)
    operator.locator("tbody th a").first.click()
    expect(operator.get_by_role("heading", name="Its release tests")).to_be_visible()
    looked_at(operator)


@pytest.fixture
def own_site(town_template: Path, tmp_path: Path) -> Iterator[Site]:
    """A town of its own for a test that changes what ranks there."""
    site = Site(Path(shutil.copytree(town_template, tmp_path / "data")), worker=False)
    yield site
    site.stop()


def test_an_operator_rolls_back_and_lets_new_models_in_again(browser: Browser, own_site: Site) -> None:
    """With the keyboard alone, a reason each; the page says who, when and why."""
    window = people.enter(browser, own_site, people.account(own_site, "operator"))
    operator = window.new_page()
    heard = complaints(operator)
    operator.goto(f"{own_site.url}{DESK}")
    before = operator.get_by_text(re.compile(r"^model \d+$")).inner_text()
    for label, step in (("Roll back", "roll_back"), ("Release", "release")):
        summary = operator.locator("details.ask > summary", has_text=label)
        summary.focus()
        operator.keyboard.press("Enter")
        field = operator.locator(f"#reason-{step}")
        field.focus()
        operator.keyboard.type(f"{label} for a test")
        operator.keyboard.press("Tab")
        with operator.expect_navigation():
            operator.keyboard.press("Enter")
        if step == "roll_back":
            expect(operator.get_by_text("New models are held", exact=True)).to_be_visible()
            assert operator.get_by_text(re.compile(r"^model \d+$")).all_inner_texts() != [before]
    operator.goto(f"{own_site.url}{DESK}/models")
    expect(operator.get_by_text("Roll back for a test")).to_be_visible()
    expect(operator.get_by_text("Release for a test")).to_be_visible()
    assert heard == []
    window.close()


@pytest.mark.parametrize(("language", "heading"), [("en", "How matching works"), ("es", None)])
def test_the_public_page_in_both_languages(
    browser: Browser, town_site: Site, language: str, heading: str | None
) -> None:
    """What ranks, what the law asks, and a way to a human look that ends at the sign-in."""
    window = people.context(browser, language=language)
    page = window.new_page()
    page.goto(f"{town_site.url}/how-matching-works")
    if heading:
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    looked_at(page)
    page.locator("#human ~ p a.btn").click()
    page.wait_for_url(re.compile("/account/sign-in"))
    window.close()
