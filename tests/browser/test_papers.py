"""Bringing in a résumé and pasting a job ad in Chromium: read by the worker, ticked by a person, on phone and desk."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import docx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser import axe, people
from tests.browser.chrome import DESKTOP, PHONE, complaints
from tests.browser.hands import Hand
from tests.browser.test_main_way import ask
from tests.factories.bad_pdfs import locked
from tests.town import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
READ = 90_000  # milliseconds for the worker on a busy machine
WINDOWS: dict[str, dict[str, Any]] = {
    "phone in Spanish": {"language": "es", "window": PHONE},
    "desktop in English": {"language": "en", "window": DESKTOP},
}
RESUME = {
    "es": ["Ana Prueba", "Experiencia laboral", "Auxiliar de soporte técnico en Biblioteca Central",
           "enero de 2022 - actualidad", "• Atendí a clientes con Microsoft Excel", "• Cuadré la caja", "Habilidades",
           "COBOL, SQL, Perl", "Educación", "Colegio Secreto 2019"],
    "en": ["Ana Tester", "WORK EXPERIENCE", "Help desk assistant, Riverbend Library", "March 2022 - Present",
           "• Answered tickets with Microsoft Excel", "• Balanced the till", "Skills", "COBOL, SQL, Perl", "Education",
           "Secret High School 2019"],
}
DEED = {"es": "Cuadré la caja", "en": "Balanced the till"}
AD = {
    "es": "Técnico de soporte\nSalario: $18 a $22 por hora. Tiempo completo, lunes a viernes.\nRequisitos\n- Python\n"
          "- SQL\nFunciones:\n• Contestar llamadas y resolver problemas de computadoras.",
    "en": "Help desk technician\nPay: $18 to $22 an hour. Full time, Monday to Friday.\nRequirements\n- Python\n"
          "- SQL\nWhat you will do:\n- Answer calls and fix computers for people at the library.",
}


def hand_of(browser: Browser, site: Site, kind: str, language: str, window: dict[str, Any]) -> Hand:
    """A signed-in window."""
    made = people.enter(browser, site, people.account(site, kind), language=language, **window)
    return Hand(made.new_page(), site.url, finger=bool(window.get("has_touch")))


def clean(hand: Hand) -> None:
    """No rule of WCAG is broken, and nothing is wider than the window."""
    assert axe.faults(hand.page) == []
    assert hand.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, hand.page.url


def word(lines: list[str]) -> bytes:
    """A Word document of these lines."""
    made, held = docx.Document(), io.BytesIO()
    for line in lines:
        made.add_paragraph(line)
    made.save(held)
    return held.getvalue()


@pytest.mark.parametrize("where", WINDOWS)
def test_a_resume_is_brought_in(browser: Browser, town_site: Site, tmp_path: Path, where: str) -> None:
    """A locked file is answered in words; a good one is read, ticked and kept; the rest is gone."""
    language, window = WINDOWS[where]["language"], WINDOWS[where]["window"]
    hand = hand_of(browser, town_site, "candidate", language, window)
    heard = complaints(hand.page)
    hand.open("/candidate/")
    home = re.sub(r"\?.*", "", hand.page.url).rstrip("/")
    hand.page.goto(f"{home}/resume")
    clean(hand)
    for name, data in (("locked.pdf", locked("AES-256")), ("cv.docx", word(RESUME[language]))):
        (tmp_path / name).write_bytes(data)
        hand.page.locator("input[type=file]").set_input_files(tmp_path / name)
        hand.send()
        if name == "locked.pdf":
            expect(hand.page.locator(".usa-alert--warning")).to_be_visible(timeout=READ)
            clean(hand)
            hand.page.goto(f"{home}/resume")
    expect(hand.page.locator("main form.form")).to_be_visible(timeout=READ)  # the page looks again by itself
    clean(hand)
    assert hand.page.locator("input[type=checkbox]:checked").count() == 0
    assert not re.search("Secret|2019", hand.text())
    assert hand.page.locator(".guess", has_text=DEED[language]).count() == 1, "what was done shows a skill"
    known = hand.page.locator(".guess", has_text="COBOL").first.locator("input[type=checkbox]").get_attribute("name")
    level = hand.page.locator(f"[name='{str(known).replace('-keep', '-level')}']")
    expect(level).to_be_hidden()
    hand.tick(str(known))
    expect(level).to_be_visible()
    hand.tick("experiences-0-keep")
    hand.send()
    assert hand.page.url.endswith("/skills"), hand.text()
    assert "COBOL" in hand.text()
    assert "Perl" not in hand.text()
    assert ask(town_site, "SELECT count(*) FROM papers WHERE candidate_id IS NOT NULL") == (0,)
    assert heard == []


@pytest.mark.parametrize("where", WINDOWS)
def test_an_ad_becomes_a_draft(browser: Browser, town_site: Site, where: str) -> None:
    """Pasted, read, checked, saved: a draft that only the employer sees, and no trace of the text."""
    language, window = WINDOWS[where]["language"], WINDOWS[where]["window"]
    hand = hand_of(browser, town_site, "employer", language, window)
    heard = complaints(hand.page)
    hand.open("/account/")
    hand.follow("/employer/")
    home = re.sub(r"(/employer/[^/?]+).*", r"\1", hand.page.url)
    hand.page.goto(f"{home}/roles")
    hand.follow("/roles/paste")
    hand.write("text", AD[language])
    before = ask(town_site, "SELECT count(*) FROM postings")[0]
    hand.send()
    expect(hand.page.locator("main form.form")).to_be_visible(timeout=READ)
    clean(hand)
    assert hand.page.locator("[name=pay_min]").input_value() in {"18", "18.00"}
    assert ask(town_site, "SELECT count(*) FROM postings") == (before,), "nothing is saved by reading"
    hand.send()
    assert "/edit" in hand.page.url, hand.text()
    assert ask(town_site, "SELECT state FROM postings ORDER BY created_at DESC LIMIT 1") == ("draft",)
    assert ask(town_site, "SELECT count(*) FROM papers WHERE organization_id IS NOT NULL") == (0,)
    assert heard == []
