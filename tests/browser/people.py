"""Browser windows of the demo town's people, of somebody new, and of nobody; and the mail that waits for them."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.chrome import DESKTOP, PATIENCE
from tests.town import Site

#: What the role asks for and the program teaches, as people write it, and what they are shown; one is spelled wrong.
SKILLS = {
    "en": {"Microsoft Excell": "Microsoft Excel", "Microsoft Word": "Microsoft Word",
           "Active Listening": "Active Listening", "customer service": "Customer and Personal Service"},
    "es": {"Microsoft Excell": "Microsoft Excel", "Microsoft Word": "Microsoft Word",
           "escucha activa": "Escucha activa", "servicio al cliente": "Atención al cliente"},
}
PASSWORD = "a ladder leans on the barn"  # noqa: S105  # nosec B105: of people made up in this test
LOCALES = {"en": "en-US", "es": "es-US"}


def accounts(site: Site) -> list[dict[str, Any]]:
    """The accounts that the demo lists."""
    found: list[dict[str, Any]] = json.loads((Path(site.data) / "demo_accounts.json").read_text(encoding="utf-8"))
    return found


def account(site: Site, kind: str, hub: str = "riverbend") -> dict[str, Any]:
    """The demo account of a kind."""
    return next(row for row in accounts(site) if row["kind"] == kind and row["hub"] == hub)


def context(browser: Browser, *, language: str = "en", **options: Any) -> BrowserContext:
    """A window with no cookies, in a language."""
    wanted = {**DESKTOP, "reduced_motion": "reduce", **options}  # nothing fades while it is looked at
    made = browser.new_context(locale=LOCALES[language], **wanted)
    made.set_default_timeout(PATIENCE)
    return made


def enter(browser: Browser, site: Site, who: dict[str, Any], *, language: str = "en", **options: Any) -> BrowserContext:
    """A window in which a demo account is signed in, by the button on the demo's own page."""
    made = context(browser, language=language, **options)
    page = made.new_page()
    page.goto(f"{site.url}/account/demo")
    page.locator(f"form[action$='/demo/{accounts(site).index(who)}/sign-in'] button").click()
    page.wait_for_url(re.compile(r"/(account|candidate|employer|provider|workforce|desk|hub)"))
    page.goto(f"{site.url}/language/{language}")
    page.close()
    return made


def letter(page: Page, site: Site, address: str, part: str, seconds: float = 90) -> str:
    """Wait for the newest mail to an address that carries a link with this part, and return the link."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        page.goto(f"{site.url}/account/mailbox?q={address}")
        letters = page.locator("main th[scope=row] a").evaluate_all("links => links.map(a => a.href)")
        for address_of_letter in letters:
            page.goto(address_of_letter)
            link = page.locator(f"main a[href*='{part}']")
            if link.count():
                return str(link.first.get_attribute("href"))
        page.wait_for_timeout(400)
    raise AssertionError(f"no mail to {address} with a link to {part} came within {seconds} seconds")


def sign_up(page: Page, site: Site, name: str, address: str, kind: str) -> None:
    """Fill in the page for joining, and send it."""
    page.goto(f"{site.url}/account/sign-up?kind={kind}&hub=riverbend")
    page.fill("[name=name]", name)
    page.fill("[name=email]", address)
    page.fill("[name=password]", PASSWORD)
    page.locator("form.form button[type=submit]").click()
    page.wait_for_url("**/sign-up/sent")


def prepare(browser: Browser, site: Site) -> BrowserContext:
    """Let mail be written that carries each kind of link, and return a window of somebody who has just joined."""
    made = context(browser)
    page = made.new_page()
    sign_up(page, site, "Noa Waiting", "noa.waiting@people.example", "candidate")
    page.goto(f"{site.url}/account/reset")
    page.fill("main [name=email]", account(site, "workforce")["email"])
    page.locator("form.form button[type=submit]").click()
    employer = enter(browser, site, account(site, "employer"))
    team = employer.new_page()
    team.goto(f"{site.url}/account/")
    team.locator("main a[href^='/employer/']").first.click()
    slug = re.search(r"/employer/([^/]+)", team.url)
    assert slug, team.url
    team.goto(f"{site.url}/account/organizations/{slug[1]}/team")
    team.fill("main [name=email]", "jo.invited@people.example")
    team.locator("form:has([name=email]) button[type=submit]").click()
    employer.close()
    sign_up(page, site, "Lee Newcomer", "lee.newcomer@people.example", "candidate")
    page.goto(letter(page, site, "lee.newcomer@people.example", "/account/verify/"))
    page.fill("main [name=password]", PASSWORD)
    page.locator("form.form button[type=submit]").click()
    page.wait_for_url(re.compile("/candidate/start"))
    letter(page, site, "noa.waiting@people.example", "/account/verify/")
    letter(page, site, "jo.invited@people.example", "/account/invitations/")
    page.close()
    return made
