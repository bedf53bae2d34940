"""A first visit is light and stays at home: at most 100 kB compressed, from this server alone."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Response

from tests.browser.people import context
from tests.town import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1500)]
MOST = 100_000  # bytes


def first_visit(browser: Browser, address: str) -> dict[str, int]:
    """Everything that a browser with an empty cache loads for a page: address -> bytes as sent, headers left out."""
    window = context(browser)
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        answers.append(answer)

    window.on("response", keep)
    window.new_page().goto(address, wait_until="networkidle")
    sizes = {answer.url: int(answer.request.sizes()["responseBodySize"]) for answer in answers}
    window.close()
    return sizes


@pytest.mark.parametrize("page", ["home", "role"])
def test_a_first_visit_is_light(browser: Browser, town_site: Site, page: str) -> None:
    """Page, styles, scripts and typeface together, compressed."""
    address = town_site.url + "/"
    if page == "role":
        window = context(browser).new_page()
        window.goto(f"{town_site.url}/hubs/riverbend/roles")
        address = town_site.url + str(window.locator("main a[href^='/roles/']").first.get_attribute("href"))
        window.context.close()
    sizes = first_visit(browser, address)
    kinds = {urlsplit(url).path.rpartition(".")[2] for url in sizes}
    assert {"css", "woff2", "js"} <= kinds, sizes
    assert {urlsplit(url).netloc for url in sizes if not url.startswith("data:")} == {urlsplit(town_site.url).netloc}
    print(page, sum(sizes.values()), sizes)
    assert sum(sizes.values()) <= MOST, sizes
