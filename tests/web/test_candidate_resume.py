"""Bringing in a résumé by the pages: every line is a guess, kept only when ticked, and no upload breaks the site."""

from __future__ import annotations

import io
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from matcher.candidates import rules
from matcher.candidates.models import Experience
from matcher.kit.settings import Settings
from matcher.papers.models import Paper
from matcher.people.models import Person
from matcher.ranking.documents_faults import REASONS
from matcher.skills.models import Skill, SkillProposal
from tests.factories.bad_papers import uploads
from tests.factories.people import person
from tests.factories.reading import read_papers
from tests.factories.roles import SKILLS
from tests.web.candidate_site import NOW, Site, ok, refused, sent, site

__all__ = ["site"]
pytestmark = pytest.mark.timeout(150)

TEXT = """Jo Somebody
WORK EXPERIENCE
Help desk assistant, Riverbend Library
March 2022 - Present
• Answered tickets
Skills: Networking, Windows (basic), Customer servce, Glass blowing
CERTIFICATIONS
CompTIA A+
"""
THROUGH_THE_SITE = ("PDF: locked with AES", "PDF: packed to burst", "DOCX: with macros",
                    "mislabelled: a program for Linux", "text: JSON, half letters")


def bring(site: Site, settings: Settings, **fields: Any) -> str:
    """Hand in a résumé, let the worker read it, and give the address of its page."""
    where = sent(site.browser.post(site.path("resume"), data=fields, content_type="multipart/form-data"))
    site.town.session.commit()
    read_papers(settings)
    site.fresh()
    site.town.session.commit()
    return where


def row_of(page: str, words: str) -> str:
    """The number of the line that says these words."""
    return page.split(words)[0].rsplit('name="skills-', 1)[1].split("-")[0]


def test_the_empty_profile_offers_it_first_and_the_page_says_what_happens(site: Site) -> None:
    for skill in list(site.candidate.skills):
        site.town.session.delete(skill)
    site.town.session.commit()
    assert f'class="btn" href="{site.path("resume")}"' in ok(site.browser.get(site.path("skills")))
    assert f'href="{site.path("resume")}"' in ok(site.browser.get(site.path("profile")))
    ok(site.browser.get(site.path("resume")), "Your name, your school and your years of school are not read",
       "at most 5 MB", 'enctype="multipart/form-data"')
    refused(site.browser.post(site.path("resume"), data={}), "Choose a file, or paste the text.")


def test_it_waits_is_reviewed_and_only_what_is_ticked_is_kept(site: Site, settings: Settings) -> None:
    where = sent(site.browser.post(site.path("resume"), data={"text": TEXT}))
    waiting = ok(site.browser.get(where), "We are reading it", "data-wait")
    assert f'href="{where}"' in waiting, "a link looks again where no script runs"
    site.town.session.commit()
    read_papers(settings)
    page = unescape(ok(site.browser.get(where), "These are guesses", "Networking", "CompTIA A+", "at level 2 already"))
    assert " checked" not in page, "nothing is kept that was not ticked"
    assert " checked" in ok(site.browser.get(f"{where}?all=yes"))
    refused(site.browser.post(where, data={}), "Tick what you want to keep")
    lines = {words: row_of(page, f">{words}<") for words in ("Networking", "Windows")}
    taken = {f"skills-{lines['Networking']}-{name}": value for name, value in (
        ("keep", "y"), ("skill", "Networking"), ("skill-id", SKILLS[2]), ("level", "3"))}
    done = {"experiences-0-keep": "y", "experiences-0-kind": "work", "experiences-0-title": "Help desk assistant",
            "experiences-0-place": "Library", "experiences-0-starts_on": "2022-03-01"}
    left = {f"skills-{lines['Windows']}-{name}": value for name, value in (
        ("skill", "nonsense that nobody knows"), ("skill-choice", "propose"), ("level", "4"))}
    before = {skill.skill_id: skill.level for skill in site.candidate.skills}
    assert "/skills" in sent(site.browser.post(where, data={**taken, **done, **left}))
    site.fresh()
    after = {skill.skill_id: skill.level for skill in site.candidate.skills}
    assert after == {**before, SKILLS[2]: 3}
    assert {rules.held(skill).tier for skill in site.candidate.skills} <= {"claim", "experience"}
    assert [row.title for row in site.town.session.scalars(select(Experience))] == ["Help desk assistant"]
    assert site.town.session.scalars(select(SkillProposal)).all() == [], "what is not ticked is proposed to nobody"
    assert site.town.session.scalars(select(Paper)).all() == []
    assert site.browser.get(where).status_code == 404


def test_an_unsure_word_is_asked_about_and_an_unknown_one_can_be_proposed(site: Site, settings: Settings) -> None:
    where = bring(site, settings, text=TEXT)
    page = unescape(ok(site.browser.get(where)))
    unknown = row_of(page, "Keep “Glass blowing”")
    ticked = {f"skills-{unknown}-keep": "y", f"skills-{unknown}-skill": "Glass blowing", f"skills-{unknown}-level": "2"}
    refused(site.browser.post(where, data=ticked), "propose")
    answer = {f"skills-{unknown}-skill-asked": "Glass blowing", f"skills-{unknown}-skill-choice": "propose"}
    sent(site.browser.post(where, data={**ticked, **answer}))
    site.fresh()
    (proposal,) = site.town.session.scalars(select(SkillProposal)).all()
    assert proposal.text == "Glass blowing"


def test_a_review_in_spanish_names_skills_in_spanish(site: Site, settings: Settings) -> None:
    site.town.session.get_one(Skill, SKILLS[2]).name_es = "Redes"
    site.town.session.commit()
    where = bring(site, settings, text=TEXT)
    browser = site.browser
    with browser.session_transaction() as cookie:
        cookie["locale"] = "es"
    page = unescape(ok(browser.get(where)))
    assert "Nivel de Redes" in page
    assert 'value="Redes"' in page
    assert "Nivel de Networking" not in page


def test_throwing_it_away_keeps_nothing_and_others_never_see_it(site: Site, settings: Settings) -> None:
    where = bring(site, settings, text=TEXT)
    stranger: Person = person(site.town.session, NOW)
    for other in (site.enter(stranger), site.enter(site.town.owner_person), site.enter(site.town.operator_person)):
        assert other.get(where).status_code == 404
        assert other.post(f"{where}/discard").status_code == 404
    ok(site.browser.get(site.path("resume")), "You brought one in already")
    sent(site.browser.post(f"{where}/discard"))
    site.fresh()
    assert site.town.session.scalars(select(Paper)).all() == []
    assert site.town.session.scalars(select(Experience)).all() == []


@pytest.mark.parametrize("what", THROUGH_THE_SITE)
def test_a_bad_upload_meets_plain_words_on_the_page(site: Site, settings: Settings, what: str) -> None:
    name, data, codes = next((name, data, codes) for said, name, data, codes in uploads() if said == what)
    where = bring(site, settings, paper=(io.BytesIO(data), name))
    page = unescape(ok(site.browser.get(where)))
    if codes == {"read"}:
        assert "It could not be read" not in page
    else:
        assert any(REASONS[code] in page for code in codes), page
        assert "Try another way" in page
    site.fresh()
    (paper,) = site.town.session.scalars(select(Paper)).all()
    assert paper.source_sealed is None


def test_what_is_too_large_is_refused_before_anything_is_kept(site: Site) -> None:
    answer = site.browser.post(site.path("resume"), data={"paper": (io.BytesIO(b"x" * 6_000_000), "cv.pdf")})
    assert answer.status_code == 413
    ok_page = answer.get_data(as_text=True)
    assert "too large" in ok_page
    refused(site.browser.post(site.path("resume"), data={"paper": (io.BytesIO(b"  \n"), "cv.txt")}), "nothing in it")
    site.fresh()
    assert site.town.session.scalars(select(Paper)).all() == []
