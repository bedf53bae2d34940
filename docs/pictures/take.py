"""Takes the README's pictures from a running demo town: `.venv/bin/python docs/pictures/take.py http://127.0.0.1:8000`."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

HERE = Path(__file__).resolve().parent
DESKTOP, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
HEAVIEST = 250_000  # bytes of one picture: a README is read on phones too


def window(browser: Browser, address: str, kind: str = "", *, phone: bool = False) -> Page:
    """A window of nobody, or of the demo account of a kind."""
    context = browser.new_context(viewport=PHONE if phone else DESKTOP, locale="en-US", reduced_motion="reduce",
                                  color_scheme="light", is_mobile=phone, has_touch=phone,
                                  device_scale_factor=2 if phone else 1)
    page = context.new_page()
    if kind:
        page.goto(f"{address}/account/demo")
        page.locator(".card", has=page.locator(".card__kicker, .kicker", has_text=re.compile(kind, re.I))).locator(
            "form[action*='/demo/'] button").first.click()
        page.wait_for_load_state()
        page.goto(f"{address}/account/")
    return page


def follow(page: Page, part: str) -> None:
    """Go where the first link of the main part leads whose address holds this part."""
    page.goto(str(page.locator(f"main a[href*='{part}']").first.evaluate("link => link.href")))


def employer_matches(page: Page, address: str) -> None:
    """The open role of this employer that most people fit."""
    follow(page, "/employer/")
    slug = re.sub(r".*/employer/([^/?]+).*", r"\1", page.url)
    page.goto(f"{address}/employer/{slug}/roles?state=live")
    roles = page.locator(f"main a[href*='/employer/{slug}/roles/']").evaluate_all("links => links.map(a => a.href)")
    page.goto(next(role for role in roles if re.search(r"/roles/[0-9a-z]{16}$", role)) + "/matches")


def keep(page: Page, name: str) -> Path:
    """Keep what the window shows."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    target = HERE / f"{name}.png"
    page.screenshot(path=target)
    size = target.stat().st_size
    if size > HEAVIEST:
        raise SystemExit(f"{target.name} has {size:,} bytes; at most {HEAVIEST:,} are wanted")
    print(f"{target.name}: {size:,} bytes")
    return target


def take(browser: Browser, address: str) -> None:
    """All pictures."""
    page = window(browser, address)
    page.goto(address)
    keep(page, "home")
    for phone in (False, True):
        page = window(browser, address, "candidate", phone=phone)
        follow(page, "/candidate/")
        page.goto(re.sub(r"(/candidate/[^/?]+).*", r"\1/roles", page.url))
        if phone:
            page.locator("main .card", has=page.locator(".ladder")).first.evaluate("card => card.scrollIntoView()")
        keep(page, "candidate-matches-phone" if phone else "candidate-matches")
    page = window(browser, address, "employer")
    employer_matches(page, address)
    keep(page, "employer-matches")
    page = window(browser, address, "operator")
    page.goto(f"{address}/desk/riverbend/")
    keep(page, "hub-today")


def main() -> None:
    """Take the pictures of the site whose address is given."""
    address = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
                  "--disable-sync", "--no-first-run"],
        )
        take(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
