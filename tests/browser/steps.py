"""The steps of the main way, each by the people who take it, found by addresses, names of fields and roles of parts.

No step looks for words: the same steps walk the site in English and in Spanish.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser

from matcher.people import second_factor
from tests.browser import people
from tests.browser.hands import Hand, Keyboard
from tests.browser.people import PASSWORD, SKILLS
from tests.town import Site

HUB = "riverbend"


@dataclass
class Way:
    """One walk: who walks it, how, and the addresses found on the way."""

    browser: Browser
    site: Site
    name: str
    language: str = "en"
    keyboard: bool = False
    window: dict[str, Any] = field(default_factory=dict)
    organization: str = ""
    posting: str = ""
    cohort: str = ""
    provider: str = ""
    candidate: str = ""
    application: str = ""
    placement: str = ""

    def hand(self, account: dict[str, object] | None = None) -> Hand:
        """A new window, signed in as a demo account or not at all."""
        made = people.context(self.browser, language=self.language, **self.window)
        page = made.new_page()
        touch = bool(self.window.get("has_touch"))
        hand = Keyboard(page, self.site.url) if self.keyboard else Hand(page, self.site.url, finger=touch)
        if account is not None:
            sign_in(hand, account)
            hand.open(f"/language/{self.language}")
        return hand

    def person(self, who: str) -> tuple[str, str]:
        """Name and address of somebody new."""
        return f"{who} {self.name}", f"{who}.{self.name}@people.example".lower()

    @property
    def skills(self) -> dict[str, str]:
        """The skills as they are typed, and as the pages call them."""
        return SKILLS[self.language]

    @property
    def title(self) -> str:
        """The role of this walk."""
        return f"Help desk technician {self.name}"


def part(pattern: str, hand: Hand) -> str:
    """A part of the address of the page."""
    found = re.search(pattern, hand.page.url)
    assert found, f"{pattern} is not in {hand.page.url}: {hand.text()[:900]}"
    return found[1]


def number(hand: Hand) -> int:
    """The headline as the public page shows it."""
    hand.open(f"/hubs/{HUB}/")
    return int(re.sub(r"\D", "", hand.page.locator(".headline__number").first.inner_text()))


# ------------------------------------------------------------------------------------------------- accounts
def sign_in(hand: Hand, account: dict[str, object]) -> None:
    """Address and password, and the code of the second factor where there is one."""
    hand.open("/account/sign-in")
    hand.write("email", str(account["email"]))
    hand.write("password", str(account["password"]))
    hand.send()
    for _ in range(3):
        if "/second-factor" not in hand.page.url:
            break
        hand.write("code", second_factor.current_code(str(account["totp_secret"]), datetime.now(UTC)))
        hand.send()
        if "/second-factor" in hand.page.url:  # a code works once: wait for the next
            hand.page.wait_for_timeout((30 - datetime.now(UTC).timestamp() % 30) * 1000 + 500)
    assert not re.search("/sign-in|/second-factor", hand.page.url), hand.text()


def join(way: Way, hand: Hand, who: str, kind: str) -> None:
    """Sign up, and confirm the address from the mail."""
    name, address = way.person(who)
    hand.open(f"/account/sign-up?kind={kind}&hub={HUB}")
    hand.tick("kind", kind)
    hand.write("name", name)
    hand.write("email", address)
    hand.write("password", PASSWORD)
    hand.send()
    assert hand.page.url.endswith("/sign-up/sent"), hand.text()
    hand.open(people.letter(hand.page, way.site, address, "/account/verify/"))
    hand.write("password", PASSWORD)
    hand.send()


# ------------------------------------------------------------------------------------------------ employer
def found_employer(way: Way, hand: Hand) -> None:
    """A new owner brings an organization and asks the hub to take it in."""
    join(way, hand, "Olive", "employer")
    assert "/organizations/new" in hand.page.url, hand.page.url
    hand.tick("kind", "employer")
    hand.write("name", f"Lantern {way.name} Works")
    hand.write("place_label", "Riverbend")
    hand.write("about", "We look after computers and the people who use them.")
    hand.write("words", "We would like to hire two people for our help desk.")
    hand.send()
    way.organization = part(r"/employer/([^/?]+)", hand)
    hand.open(f"/employer/{way.organization}/join/{HUB}")
    hand.tick("families", "support")
    hand.write("hires_planned", "2")
    hand.send()


def sign_commitment(way: Way, hand: Hand) -> None:
    """The owner promises to consider people who learned outside a degree, and signs."""
    hand.open(f"/employer/{way.organization}/commitments/new?kind=consider")
    hand.tick("kind", "consider")
    hand.write("answer_days", "14")
    hand.write("feedback_how", "I answer the four short checks in the first year.")
    hand.write("signed_name", way.person("Olive")[0])
    hand.write("signed_title", "Owner")
    hand.tick("agree")
    hand.send()
    part(r"/commitments/([0-9A-Za-z_-]{16})", hand)


def write_role(way: Way, hand: Hand) -> None:
    """A role with levelled skills as they are typed, pay, path and place, marked as open, sent to the hub."""
    hand.open(f"/employer/{way.organization}/roles/new")
    hand.write("title", way.title)
    hand.write("occupation", "Computer User Support Specialists")
    hand.send()
    answer_questions(hand)
    way.posting = part(r"/roles/([^/]+)/edit", hand)
    hand.write("summary", "You answer calls from our staff, find out what is wrong and put it right. "
                          "A colleague sits beside you in the first three months and shows you the tools.")
    hand.write("positions", "1")
    fill_skills(way, hand, f"/employer/{way.organization}/roles/{way.posting}/edit", role=True)
    hand.write("pay_min", "21")
    hand.write("pay_max", "25")
    hand.tick("pay_period", "hour")
    hand.write("progression", "Network technician after 12 to 18 months")
    hand.tick("schedules", "days")
    hand.tick("workplace", "onsite")
    hand.write("place_label", "Riverbend")
    hand.tick("degree", "none")
    hand.tick("open_nontraditional")
    hand.send()
    answer_questions(hand)
    assert hand.page.locator("[name=open_nontraditional]").is_checked(), hand.text()
    hand.step("submit")


def fill_skills(way: Way, hand: Hand, again: str, *, role: bool = False) -> None:
    """Fill the rows of a form with the skills; where no script adds rows, save what fits and go on."""
    for typed in way.skills:
        row = empty_row(hand, again)
        hand.write(f"skills-{row}-skill", typed)
        hand.select(f"skills-{row}-level", "2")
        if role:
            hand.select(f"skills-{row}-need", "must")


def empty_row(hand: Hand, again: str) -> int:
    """The number of a row to fill in: one that stands there, one more by the button, or one after saving the others."""
    free = "[name^='skills-'][name$='-skill']"

    def found() -> int | None:
        rows = hand.page.locator(f"[data-row]:visible {free}").all()
        names = [str(row.get_attribute("name")) for row in rows if not row.input_value()]
        return int(names[0].split("-")[1]) if names else None

    row = found()
    if row is None and hand.page.locator("[data-add-row]").is_visible():
        hand.add_row()
        row = found()
    if row is None:
        hand.send()
        answer_questions(hand)
        hand.open(again)
        row = found()
    assert row is not None, hand.text()
    return row


def answer_questions(hand: Hand) -> None:
    """Where the site is not sure which word was meant, choose the first it names, and send again."""
    for _ in range(4):
        asked = hand.page.locator("[data-question]")
        if not asked.count():
            return
        for place in range(asked.count()):
            first = asked.nth(place).locator("input[type=radio]").first
            hand.tick(str(first.get_attribute("name")), str(first.get_attribute("value")))
        hand.send()
    raise AssertionError(hand.text())


# ------------------------------------------------------------------------------------------------ operator
def vet_partner(way: Way, hand: Hand) -> None:
    """The hub speaks with the employer, confirms it, and makes it a partner."""
    hand.open(f"/desk/{HUB}/partners?q=Lantern+{way.name}")
    hand.follow(f"/desk/{HUB}/partners/")
    for step in ("contact", "confirm", "activate"):
        hand.step(step)


def accept_commitment(way: Way, hand: Hand) -> None:
    """The hub accepts what was signed."""
    hand.open(f"/desk/{HUB}/commitments?q=Lantern+{way.name}")
    hand.follow(f"/desk/{HUB}/commitments/")
    hand.step("accept")


def approve_role(way: Way, hand: Hand) -> None:
    """The hub reads the role and approves it."""
    hand.open(f"/desk/{HUB}/roles/{way.posting}")
    for skill in way.skills.values():
        assert skill in hand.text(), (skill, hand.text())
    hand.tick("decision", "approve")
    hand.send()


# ------------------------------------------------------------------------------------------------ provider
def add_program(way: Way, hand: Hand) -> None:
    """The provider adds a program that teaches these skills, and a group that ends today."""
    hand.open("/account/")
    hand.follow("/provider/")
    way.provider = part(r"/provider/([^/?]+)", hand)
    hand.open(f"/provider/{way.provider}/programs/new")
    hand.write("name", f"Help desk evenings {way.name}")
    hand.write("about", "Graduates help people with their computers, calmly and in plain words.")
    hand.write("occupation", "Computer User Support Specialists")
    hand.write("weeks", "12")
    hand.write("cost", "0")
    hand.tick("delivery", "in_person")
    for typed in list(way.skills.values())[:3]:
        row = empty_row(hand, "")
        hand.write(f"skills-{row}-skill", typed)
        hand.select(f"skills-{row}-level", "3")
    hand.send()
    answer_questions(hand)
    program = part(r"/programs/([^/?]+)$", hand)
    hand.step("list")
    hand.open(f"/provider/{way.provider}/programs/{program}/cohorts/new")
    hand.write("name", f"Autumn {way.name}")
    hand.day("starts_on", datetime.now(UTC) - timedelta(weeks=12))
    hand.day("ends_on", datetime.now(UTC) - timedelta(days=1))
    hand.write("seats", "12")
    hand.send()
    way.cohort = part(r"/cohorts/([^/?]+)$", hand)


def invite_graduate(way: Way, hand: Hand) -> None:
    """The provider invites a graduate by mail."""
    name, address = way.person("Gale")
    hand.open(f"/provider/{way.provider}/cohorts/{way.cohort}/invite")
    hand.write("name", name)
    hand.write("email", address)
    hand.select("locale", way.language)
    hand.send()


def confirm_and_endorse(way: Way, hand: Hand) -> None:
    """The provider confirms the completion, and endorses what the program teaches."""
    hand.open(f"/provider/{way.provider}/cohorts/{way.cohort}/completions")
    hand.tick("people-0-done")
    hand.send()
    hand.open(f"/provider/{way.provider}/cohorts/{way.cohort}/endorsements?fill=taught")
    hand.send()
    assert hand.page.url.endswith(f"/cohorts/{way.cohort}"), hand.text()


# ----------------------------------------------------------------------------------------------- candidate
def build_profile(way: Way, hand: Hand) -> None:
    """The graduate comes by the mail and builds a profile: skills, wishes, questions, consent; then shows it."""
    name, address = way.person("Gale")
    hand.open(people.letter(hand.page, way.site, address, "/account/invitations/"))
    hand.write("name", name)
    hand.write("password", PASSWORD)
    hand.send()
    if "/start" in hand.page.url:
        hand.tick("hub", HUB)
        hand.send()
    way.candidate = part(r"/candidate/([^/?]+)/", hand)
    hand.open(f"/candidate/{way.candidate}/skills/add")
    fill_skills(way, hand, f"/candidate/{way.candidate}/skills/add")
    hand.send()
    answer_questions(hand)
    assert "Microsoft Excel" in hand.text(), hand.text()
    hand.open(f"/candidate/{way.candidate}/wishes")
    hand.select("quarter", "hub")
    hand.tick("remote", "any")
    hand.send()
    hand.open(f"/candidate/{way.candidate}/privacy")
    hand.press(hand.page.locator("form:has(input[name=purpose][value=count_in_groups]) button"))
    hand.open(f"/candidate/{way.candidate}/questions")
    hand.tick("gender", "woman")
    hand.tick("first_generation", "yes")
    hand.send()
    hand.open(f"/candidate/{way.candidate}/")
    hand.step("activate")


def apply(way: Way, hand: Hand) -> None:
    """The graduate finds the role among those that fit, reads why, looks at what will be sent, and sends it."""
    hand.open(f"/candidate/{way.candidate}/roles")
    hand.follow(f"/roles/{way.posting}")
    assert "Microsoft Excel" in hand.text()
    assert hand.page.locator("main .ladder").count() >= len(way.skills)
    hand.follow("/apply")
    shown = hand.text()
    assert all(skill in shown for skill in way.skills.values()), shown
    assert way.person("Gale")[0] not in shown
    hand.write("words", "I like to solve problems for people.")
    hand.tick("consent")
    hand.send()
    way.application = part(r"/applications/([^/?]+)$", hand)


def choose_time(way: Way, hand: Hand) -> None:
    """The graduate chooses one of the times."""
    hand.open(f"/candidate/{way.candidate}/applications/{way.application}")
    first = hand.page.locator("main input[name=chosen]").first
    hand.tick("chosen", str(first.get_attribute("value")))
    hand.send("main form.form:has([name=chosen])")


def accept_offer(way: Way, hand: Hand) -> None:
    """The graduate reads the terms and accepts."""
    hand.open(f"/candidate/{way.candidate}/applications/{way.application}")
    hand.step("accept")
    way.placement = part(r"/placements/([^/?]+)$", hand)


# ------------------------------------------------------------------------------------------ hiring, checks
def shortlist(way: Way, hand: Hand) -> None:
    """The employer sees skills and no name; the name shows when the person is shortlisted."""
    name, address = way.person("Gale")
    hand.open(f"/employer/{way.organization}/applications/{way.application}")
    before = hand.page.content()
    assert "Microsoft Excel" in before
    assert name not in before
    assert address not in before
    hand.step("shortlist")
    assert name in hand.text(), hand.text()
    assert address in hand.text(), hand.text()


def propose_times(way: Way, hand: Hand) -> None:
    """The employer offers two times to talk."""
    hand.open(f"/employer/{way.organization}/applications/{way.application}/interview")
    morning = datetime.now(UTC).replace(hour=10, minute=30) + timedelta(days=2)
    hand.when("options", morning)
    hand.when("options_2", morning + timedelta(days=1))
    hand.write("place", "12 Mill Street, Riverbend")
    hand.send()


def offer(way: Way, hand: Hand) -> None:
    """An interview is not held before its time; the employer may make an offer all the same."""
    page = f"/employer/{way.organization}/applications/{way.application}"
    hand.open(page)
    hand.step("hold")
    assert hand.page.locator(".usa-alert--warning").count(), hand.text()
    hand.follow("/offer")
    hand.write("pay", "22.50")
    hand.send()
    assert hand.page.url.endswith(page), hand.text()


def confirm_start(way: Way, hand: Hand) -> str:
    """The employer confirms that the person started today; returns the address of a check that is still ahead."""
    page = f"/employer/{way.organization}/hires/{way.placement}"
    hand.open(page + "/start")
    here = datetime.now(ZoneInfo("America/Chicago")).date()  # in the evening it is tomorrow in Greenwich
    assert hand.page.locator("main [name=starts_on]").input_value() == here.isoformat()
    hand.send()
    assert hand.page.url.endswith(page), hand.text()
    assert hand.page.locator("main tbody tr").count() == 4, hand.text()
    assert not hand.page.locator("main a[href*='/checks/']").count(), "a check can be opened on the first day"
    return page
