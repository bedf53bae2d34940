"""Debian's Chromium, driven by Playwright: how it is started, and what its pages complain about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, sync_playwright

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
)  # fmt: skip
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=375, height=812)
DESKTOP: dict[str, Any] = {"viewport": WIDE}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True,
                         "device_scale_factor": 2}
PATIENCE = 20_000  # milliseconds for one page on a busy machine


@contextmanager
def chrome(path: str) -> Iterator[Browser]:
    """A running browser, gone at the end of the block.

    It is held by a block and not for a whole test session: while Playwright runs, no other event loop can.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def complaints(page: Page) -> list[str]:
    """A list that grows with every error the page reports: broken scripts, missing files, refusals by the CSP."""
    found: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "status of 4" not in message.text:
            found.append(f"{page.url}: {message.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    return found
