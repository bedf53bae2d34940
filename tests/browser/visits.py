"""Visits every page that each kind of visitor finds by following links, and keeps what the browser says about it."""

from __future__ import annotations

import json
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Error as BrowserError
from werkzeug.exceptions import HTTPException

from matcher.kit.settings import Settings
from tests.browser import axe, people
from tests.browser.chrome import NARROW, PATIENCE, WIDE, complaints
from tests.town import Site
from web import create_app

DEEPEST = 8
#: Pages of one endpoint that look different with the state of what they show: as many are visited for each visitor.
SEVERAL = {
    "account.letter": 12, "candidate.application": 4, "candidate.skill": 2, "employer.application_show": 5,
    "employer.role_show": 4, "employer.placement_show": 3, "employer.commitment_show": 2,
    "provider.enrollment_show": 3, "provider.cohort_show": 2, "public.role_show": 2,
}  # fmt: skip
#: They change the language, or are no pages.
LEFT_OUT = {"public.language", "account.letter_page", "static", "account.data_download", "public.roles_feed",
            "public.sitemap", "public.robots", "health.healthz", "health.readyz", "public.favicon"}
#: Forms that are sent empty too, so that what they say about errors is looked at.
EMPTY = {"account.sign_up", "account.sign_in", "employer.role_new", "employer.commitment_new",
         "employer.application_no", "provider.program_new", "hub.review_show"}
ALONE = ("/", "/nothing-is-here", "/account/verify/no-such-link", "/account/reset/no-such-link", "/checks/no-such-link",
         "/account/sign-up/sent", "/account/reset/sent", "/developers/components", "/suggest/propose", "/account/demo")


@dataclass
class Visit:
    """One page as one visitor met it. `shift`: pixels that it is wider than a screen of 375."""

    visitor: str
    language: str
    endpoint: str
    url: str
    status: int
    html: str
    light: list[str] = field(default_factory=list)
    dark: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    shift: int = 0

    def __str__(self) -> str:
        return f"{self.visitor} ({self.language}) {self.endpoint} {self.url}"


class Walker:
    """Follows the links of one visitor, breadth first, to one page of each endpoint (or a few, see SEVERAL)."""

    def __init__(self, app: Flask, site: Site, context: BrowserContext, visitor: str, language: str = "en",
                 met: Counter[str] | None = None) -> None:
        self.site, self.visitor, self.language = site, visitor, language
        self.adapter = app.url_map.bind(urlsplit(site.url).netloc)
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.heard = complaints(self.page)
        self.met = Counter() if met is None else met
        self.found: list[Visit] = []

    def walk(self, *starts: str, dark: bool = True) -> list[Visit]:
        """Every page that can be reached from these."""
        queue = deque((urljoin(self.site.url, start), 0) for start in starts)
        known = {url for url, _ in queue}
        while queue:
            url, depth = queue.popleft()
            visit = self.look(url, dark)
            if visit is None or depth == DEEPEST:
                continue
            links = self.page.eval_on_selector_all("a[href]", "links => links.map(a => a.href.split('#')[0])")
            for link in dict.fromkeys(links):
                if link not in known and link.startswith(self.site.url) and "download=" not in link:
                    known.add(link)
                    queue.append((link, depth + 1))
        self.page.close()
        return self.found

    def look(self, url: str, dark: bool) -> Visit | None:
        """Open one page, unless enough of its kind were seen; None when it is not one."""
        endpoint = self.endpoint(url)
        if endpoint in LEFT_OUT or self.met[endpoint] >= SEVERAL.get(endpoint.partition("?")[0], 1):
            return None
        before = len(self.heard)
        try:
            answer = self.page.goto(url)
        except BrowserError as error:
            if "ERR_ABORTED" in str(error) or "Download is starting" in str(error):
                return None
            raise
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            return None
        self.met[endpoint] += 1
        arrived = self.endpoint(self.page.url)
        if arrived != endpoint:  # a redirect
            if self.met[arrived] >= SEVERAL.get(arrived.partition("?")[0], 1):
                return None
            self.met[arrived] += 1
        visit = Visit(self.visitor, self.language, arrived, self.page.url, answer.status, answer.text())
        self.check(visit, dark)
        visit.errors = self.heard[before:]
        self.found.append(visit)
        if arrived in EMPTY and dark and self.page.locator("main form.form").count():
            self.send_empty(visit)
        return visit

    def send_empty(self, visit: Visit) -> None:
        """Clear a form and send it: the page that comes back names what is missing."""
        for given in self.page.locator("main form.form").last.locator("input[type=text], input[type=number]").all():
            if given.is_visible():
                given.fill("")
        before = len(self.heard)
        with self.page.expect_navigation() as went:
            self.page.locator("main form.form .buttons button[type=submit]:not([name])").last.click()
        answer = went.value
        back = Visit(visit.visitor, visit.language, f"{visit.endpoint} sent empty", self.page.url, answer.status,
                     answer.text())
        self.check(back, dark=True)
        back.errors = self.heard[before:]
        self.found.append(back)

    def endpoint(self, url: str) -> str:
        """The endpoint an address belongs to, with the names of filters that make another page of it."""
        parts = urlsplit(url)
        try:
            name = str(self.adapter.match(parts.path, method="GET")[0])
        except HTTPException:
            return f"none: {parts.path}" if parts.path.startswith(("/account", "/checks", "/nothing")) else "none"
        wanted = sorted(set(parse_qs(parts.query)) - {"page", "next", "kind", "hub", "q"})
        return name + ("?" + "&".join(wanted) if wanted else "")

    def check(self, visit: Visit, dark: bool) -> None:
        """Ask axe, in the light on a wide screen and in the dark on a narrow one, and measure the narrow page."""
        visit.light = axe.faults(self.page)
        self.page.set_viewport_size(NARROW)
        visit.shift = int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
        if dark:
            self.page.emulate_media(color_scheme="dark")
            visit.dark = axe.faults(self.page, axe.NARROW_AND_DARK)
            self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(WIDE)


def visit_all(browser: Browser, site: Site) -> list[Visit]:
    """Walk as everybody: nobody, somebody new, each demo account; nobody and the candidate in Spanish too."""
    app = create_app(Settings.from_env(site.environment))
    found: list[Visit] = []
    newcomer = people.prepare(browser, site)
    shared: Counter[str] = Counter()  # what everybody who is signed in sees alike is looked at once
    walks: list[tuple[str, str, BrowserContext, tuple[str, ...]]] = [
        ("newcomer", "en", newcomer, ("/account/", "/account/organizations/new", "/candidate/start"))]
    for account in people.accounts(site):
        walks.append((f"{account['kind']} of {account['hub']}", "en", people.enter(browser, site, account),
                      ("/account/", "/")))
    candidate = next(account for account in people.accounts(site) if account["kind"] == "candidate")
    walks.append(("candidate", "es", people.enter(browser, site, candidate, language="es"), ("/account/",)))
    walks.append(("nobody", "en", people.context(browser), (*ALONE, "/account/mailbox")))
    walks.append(("nobody", "es", people.context(browser, language="es"), ALONE))
    for visitor, language, context, starts in walks:
        began = time.monotonic()
        met = Counter({name: seen for name, seen in shared.items() if name.startswith(("public.", "account."))
                       and name not in {"public.home", "account.home"}})
        alike = visitor != "nobody" and language == "en"
        pages = Walker(app, site, context, visitor, language, met if alike else None).walk(
            *starts, dark=language == "en")
        context.close()
        shared += met
        found += pages
        print(f"{visitor} ({language}): {len(pages)} pages in {time.monotonic() - began:.0f} s")
    return found


def told(rows: list[tuple[Visit, Any]]) -> str:
    """Faults grouped by what is wrong, each with the pages it stands on: one broken component is one line."""
    pages: dict[str, list[str]] = {}
    for visit, what in rows:
        pages.setdefault(what if isinstance(what, str) else json.dumps(what), []).append(str(visit))
    return "\n".join(f"{what}\n    on {len(where)}: {'; '.join(where[:3])}" for what, where in pages.items())
