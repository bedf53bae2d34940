"""What the browser tests share: Chromium, and the pages that every kind of visitor can reach."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chrome import chrome
from tests.browser.visits import Visit, visit_all
from tests.town import Site


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Chromium for the tests of one file."""
    with chrome(chromium_path) as started:
        yield started


@pytest.fixture(scope="session")
def visits(town_template: Path, tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> list[Visit]:
    """Every page that each kind of visitor finds by following links, looked at once for all tests of this group."""
    site = Site(Path(shutil.copytree(town_template, tmp_path_factory.mktemp("visits") / "data")))

    def look() -> list[Visit]:
        with chrome(chromium_path) as started:
            return visit_all(started, site)

    try:
        # In a thread of its own: a test may hold the browser of its file already, and Playwright allows one a thread.
        with ThreadPoolExecutor(1) as alone:
            return alone.submit(look).result()
    finally:
        site.stop()
