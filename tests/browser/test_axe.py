"""No page that any kind of visitor can reach breaks WCAG 2.2 AA, light or dark, or is wider than a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser import axe
from tests.browser.visits import Visit, told

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1500)]


def test_every_kind_of_visitor_reached_their_pages(visits: list[Visit]) -> None:
    """The walk itself is sound: nothing else below could fail if it had gone nowhere."""
    reached = {visit.endpoint.partition("?")[0] for visit in visits}
    for blueprint, least in {"public": 12, "account": 20, "candidate": 18, "employer": 20, "provider": 10,
                             "workforce": 2, "hub": 8, "checks": 1}.items():
        assert sum(name.startswith(f"{blueprint}.") for name in reached) >= least, (blueprint, sorted(reached))
    for visit in visits:
        expected = 422 if visit.endpoint.endswith("sent empty") else 410 if "no-such-link" in visit.url else 200
        assert visit.status == (404 if "nothing-is-here" in visit.url else expected), visit
    assert sum(visit.status == 422 for visit in visits) >= 5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visits: list[Visit], scheme: str) -> None:
    """All rules on a wide light screen; contrast and target size on a narrow dark one."""
    rows = [(visit, fault) for visit in visits for fault in getattr(visit, scheme)]
    assert not rows, told(rows)


def test_no_page_scrolls_sideways_on_a_phone(visits: list[Visit]) -> None:
    """Nothing is wider than 375 pixels."""
    rows = [(visit, f"{visit.shift} px too wide") for visit in visits if visit.shift > 0]
    assert not rows, told(rows)


def test_the_judges_see_faults(browser: Browser) -> None:
    """They judge all pages above: a picture without words, faint text and a tiny button do not pass them."""
    page = browser.new_page()
    page.set_content("<html lang=en><title>A</title><main><h1>A</h1><img src='data:,'><p style='color:#999'>faint</p>"
                     + "<button style='all:unset;font-size:8px'>x</button>" * 2)
    assert {fault.partition(":")[0] for fault in axe.faults(page)} >= {"image-alt", "color-contrast"}
    assert {fault.partition(":")[0] for fault in axe.faults(page, axe.NARROW_AND_DARK)} >= {
        "color-contrast", "target-size"}
    page.close()
