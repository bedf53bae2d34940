"""From an ad to a draft by the pages: guesses with their words beside them, saved only when the employer says so."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.kit.settings import Settings
from matcher.papers.models import Paper
from matcher.ranking.extract import Found
from matcher.roles import ad, ad_pay
from matcher.roles.models import Posting
from tests.factories.reading import read_papers
from tests.factories.roles import OCCUPATION, SKILLS, Town
from tests.web.hiring_site import app, base, enter, look, owner, read, send, town

__all__ = ["app", "owner", "town"]
pytestmark = pytest.mark.timeout(150)

AD = """IT support technician - Riverbend, OH
$18.50 – $22 per hour, full-time

About the role
You answer calls and tickets from library staff and fix laptops.
- Write clear notes

Requirements
- Networking
- Customer service
- Bachelor's degree or equivalent experience
Schedule: Monday to Friday, some evenings
We have two openings. You can grow into network technician after 18 months.
"""


def brought(owner: FlaskClient, town: Town, settings: Settings) -> str:
    """Paste the ad, let the worker read it, and give the address of its page."""
    answer = owner.post(f"{base(town)}/roles/paste", data={"text": AD, "hub": town.hub.slug})
    assert answer.status_code == 302, answer.get_data(as_text=True)[:2000]
    town.session.commit()
    read_papers(settings)
    return str(answer.headers["Location"])


def form_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form as it is shown."""
    fields: dict[str, list[str]] = {}
    form = page.split('<form class="form"')[1].split("</form>")[0]
    for tag in re.findall(r"<input[^>]*>", form):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if told.get("name") and (told.get("type") not in {"checkbox", "radio"} or re.search(r"\bchecked\b", tag)):
            fields.setdefault(told["name"], []).append(unescape(told.get("value", "")))
    for name, inside in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', inside) or re.search(r'value="([^"]*)"', inside)
        fields[name] = [chosen[1] if chosen else ""]
    for name, inside in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        fields[name] = [unescape(inside).strip()]
    return fields


def test_the_way_is_shown_on_the_list_and_beside_the_empty_form(owner: FlaskClient, town: Town) -> None:
    there = f'{base(town)}/roles/paste"'
    assert there in read(owner, f"{base(town)}/roles")
    assert there in read(owner, f"{base(town)}/roles/new")
    assert "Nothing is saved or shown to anyone" in read(owner, f"{base(town)}/roles/paste")
    assert "Choose a file, or paste the text." in send(owner, f"{base(town)}/roles/paste", 422, hub=town.hub.slug)
    assert owner.post(f"{base(town)}/roles/paste", data={"text": "x", "hub": "elsewhere"}).status_code in {404, 422}


def test_an_ad_becomes_a_draft_only_when_the_employer_saves_it(
    owner: FlaskClient, town: Town, settings: Settings
) -> None:
    where = brought(owner, town, settings)
    page = read(owner, where)
    for words in ("We read this from your ad; please check", "$18.50 – $22 per hour", "a guess", "Write clear notes"):
        assert words in page, words
    with look(town) as now:
        assert now.scalars(select(Posting)).all() == [], "reading saves nothing"
    fields = form_of(page)
    assert fields["occupation-id"] == [OCCUPATION]
    saved = owner.post(where, data=fields)
    assert saved.status_code == 302, unescape(saved.get_data(as_text=True))[:3000]
    with look(town) as now:
        (made,) = now.scalars(select(Posting)).all()
        assert str(made.state) == "draft"
        assert not made.open_nontraditional
        assert (made.title, made.occupation_code, made.positions) == ("IT support technician", OCCUPATION, 2)
        assert (made.pay_min_cents, made.pay_max_cents, str(made.pay_period)) == (1850, 2200, "hour")
        assert (made.schedules, made.place_label, str(made.degree)) == (
            ["days", "evenings"], "Riverbend, OH", "or_equivalent")
        assert made.progression == "network technician after 18 months"
        assert now.scalars(select(Paper)).all() == []
    assert f"/roles/{made.id}/edit" in saved.headers["Location"]
    assert "You answer calls" in read(owner, str(saved.headers["Location"]))


def test_the_employer_decides_which_skills_are_asked_for(owner: FlaskClient, town: Town, settings: Settings) -> None:
    where = brought(owner, town, settings)
    fields = {name: value for name, value in form_of(read(owner, where)).items() if not name.startswith("skills-")}
    rows = {"skills-0-keep": "y", "skills-0-skill": "Networking", "skills-0-skill-id": SKILLS[2], "skills-0-level": "3",
            "skills-0-need": "nice", "skills-0-weight": "2", "skills-1-skill": "words nobody knows",
            "skills-1-level": "2", "skills-1-need": "must", "skills-1-weight": "1"}
    assert owner.post(where, data={**fields, **rows, "pay_max": "9"}).status_code == 422
    assert owner.post(where, data={**fields, **rows}).status_code == 302
    with look(town) as now:
        (made,) = now.scalars(select(Posting)).all()
        asked = [(row.skill_id, row.level, row.must, row.weight) for row in made.requirements]
        assert asked == [(SKILLS[2], 3, False, 2)]


def test_throwing_it_away_and_strangers(app: Flask, owner: FlaskClient, town: Town, settings: Settings) -> None:
    where = brought(owner, town, settings)
    stranger = enter(app, town, town.operator_person)
    assert stranger.get(where).status_code == 404
    assert stranger.post(f"{where}/discard").status_code == 404
    assert owner.post(f"{where}/discard").status_code == 302
    with look(town) as now:
        assert now.scalars(select(Paper)).all() == []
        assert now.scalars(select(Posting)).all() == []


# ----------------------------------------------------------------------------------------------------- reading
@pytest.mark.parametrize(("text", "low", "high", "period"), [
    ("$18.50 – $22 per hour", 1850, 2200, "hour"), ("$40-45k", 4_000_000, 4_500_000, "year"),
    ("Pay: $42,000 to $50,000 a year", 4_200_000, 5_000_000, "year"), ("$3,000 monthly", 3_600_000, 3_600_000, "year"),
    ("$20/hr", 2000, 2000, "hour"), ("$15 a $17 por hora", 1500, 1700, "hour"),
    ("$52,000", 5_200_000, 5_200_000, "year"), ("$5 off lunch", None, None, "hour"),
    ("$1,200 sign-on bonus", None, None, "hour"),
    ("401(k)", None, None, "hour"),
])
def test_pay_is_read_as_ads_write_it(text: str, low: int | None, high: int | None, period: str) -> None:
    found = ad_pay.read(text)
    assert (found["pay_min"][0], found["pay_max"][0], found["pay_period"][0]) == (low, high, period)


def test_an_ad_in_spanish() -> None:
    found = ad.read("Se busca Cajero/a para tienda\nLugar: Centro, Riverbend\nSalario: $15 a $17 por hora. "
                    "Medio tiempo, fines de semana.\nFunciones:\n• Cobrar\n• Atender clientes\n", [])["facts"]
    assert (found["title"], found["place_label"]) == ("Cajero/a", "Centro, Riverbend")
    assert found["employment_type"] == "part_time"
    assert (found["schedules"], found["degree"], found["summary"]) == (["weekends"], "none", "Cobrar\nAtender clientes")


def test_duties_are_searched_for_what_they_tell_and_are_no_must() -> None:
    found = ad.read("Technician\nWhat you will do:\n- Reset accounts\n- Lift boxes\nBenefits\n- Free coffee", [])
    assert [(one["text"], one["whole"], one["must"]) for one in found["phrases"]] == [
        ("Reset accounts", False, False), ("Lift boxes", False, False)]


def test_nobody_is_asked_about_the_words_of_the_title() -> None:
    """A technician of something: what the title says is searched for known names, and for nothing else."""
    text = "Técnico de soporte\nRequisitos:\n- Redes\n"
    spans = [(text.index(word), text.index(word) + len(word)) for word in ("soporte", "Redes")]
    found = [Found(span, text[slice(*span)], "knowledge", True, None, None, 0.6) for span in spans]
    assert [(one["text"], one["whole"]) for one in ad.read(text, found)["phrases"]] == [
        ("soporte", False), ("Redes", True)]


@pytest.mark.parametrize(("words", "degree"), [
    ("No degree required.", "none"), ("Bachelor's degree in IT.", "required"),
    ("A college degree is a plus.", "or_equivalent"),
    ("Associate degree or equivalent experience", "or_equivalent"), ("Licenciatura o experiencia", "or_equivalent"),
    ("Works with a master electrician", "none"),
])
def test_a_degree_is_a_condition_only_where_there_is_no_other_way_in(words: str, degree: str) -> None:
    assert ad.read(f"Technician\n{words}", [])["facts"]["degree"] == degree
