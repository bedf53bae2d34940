"""A typed skill is taken, asked about or proposed, and nothing typed is lost (no script needed)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, g
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FormField
from wtforms import Form as PlainForm

from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.organizations.models import Hub
from matcher.skills.models import SkillProposal
from tests.areas.taxonomy_db import taxonomy_file  # noqa: F401
from web import create_app
from web.kit import db
from web.kit.forms import Form
from web.kit.understanding import Picked, PickField, flash_readings, picks, propose_all

AT = datetime(2026, 11, 16, 15, tzinfo=UTC)


class Row(PlainForm):
    """A row with one skill."""

    skill = PickField("Skill", kind="skill")


class Skills(Form):
    """A form with a picker of its own and pickers in rows."""

    title = PickField("Title", kind="occupation", free=True)
    skills = FieldList(FormField(Row), min_entries=2)


@pytest.fixture
def app(taxonomy_file: Path, tmp_path: Path) -> Iterator[Flask]:  # noqa: F811
    """The site on a database with the taxonomy and one hub."""
    shutil.copyfile(taxonomy_file, tmp_path / "rung.db")
    url = f"sqlite:///{tmp_path / 'rung.db'}"
    with session_factory(make_engine(url)).begin() as session:
        session.add(Hub(slug="river", name="River", place_label="River", latitude=41.0, longitude=-90.0, wage_area="",
                        created_at=AT))
    app = create_app(Settings.from_env({
        "FIRST_RUNG_MODE": "development", "FIRST_RUNG_DATA": str(tmp_path / "data"), "FIRST_RUNG_DATABASE_URL": url,
    }))
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    app.extensions["engine"].dispose()


def post(app: Flask, actor: Actor = SYSTEM, locale: str = "en", **fields: str) -> Skills:
    """The form as it comes back from a post of these fields (`__` stands for a dash)."""
    data = MultiDict({name.replace("__", "-"): value for name, value in fields.items()})
    with app.test_request_context("/", method="POST", data=data, headers={"Accept-Language": locale}):
        g.hub, g.at = db.session().scalars(select(Hub)).one(), AT
        form = Skills()
        form.ok = form.sent()
        if form.ok:
            form.proposed = propose_all(form, g.hub, actor=actor, at=AT)
            flash_readings(form)
            form.stored = list(db.session().scalars(select(SkillProposal.text)))
            db.session().commit()
        return form


def first(form: Skills) -> PickField:
    """The picker of the first row."""
    return form.skills.entries[0].form.skill


def test_exact_name_and_other_name_are_taken(app: Flask) -> None:
    form = post(app, skills__0__skill="PostgreSQL", skills__1__skill="postgres")
    assert form.ok
    assert [pick.data.id for pick in picks(form)] == [None, "tech:postgresql", "tech:postgresql"]
    assert form.skills.entries[1].form.skill.read == ("postgres", "PostgreSQL")


def test_unsure_words_come_back_as_a_question_with_everything_typed_kept(app: Flask) -> None:
    form = post(app, title="Barge singer", skills__0__skill="office", skills__1__skill="PostgreSQL")
    assert not form.ok
    field = first(form)
    assert field.data == Picked("office")
    assert len(field.options) >= 2
    assert field.options[-1].value == "propose"
    assert field.asked_input._value() == "office"
    assert form.skills.entries[1].form.skill.data.id == "tech:postgresql"
    assert form.title.data == Picked("Barge singer")


def test_a_reader_of_spanish_types_and_sees_spanish_names(app: Flask) -> None:
    """In either language both names are understood; what stands in the field and in the list is the reader's."""
    for typed in ("atencion al cliente", "Customer and Personal Service"):
        form = post(app, locale="es", skills__0__skill=typed, skills__1__skill="PostgreSQL")
        assert form.ok
        assert first(form).data == Picked("Atención al cliente", "onet:2.C.1.e")
        assert form.skills.entries[1].form.skill.data.text == "PostgreSQL"
    assert first(post(app, skills__0__skill="atención al cliente")).data.text == "Customer and Personal Service"
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["locale"] = "es"
    listed = browser.get("/suggest/skill?q=montac").get_data(as_text=True)
    assert "Manejo de montacargas" in listed
    assert "Forklift" not in listed
    asked = first(post(app, locale="es", skills__0__skill="soporte"))
    assert "Soporte técnico" in {option.label for option in asked.options}


def test_an_answer_is_taken_only_for_the_words_that_were_asked_about(app: Flask) -> None:
    option = first(post(app, skills__0__skill="office")).options[0]
    chosen = post(app, skills__0__skill="office",
                  **{"skills__0__skill__asked": "office", "skills__0__skill__choice": option.value})
    assert chosen.ok
    assert first(chosen).data == Picked(option.label, option.value)
    assert first(chosen).confirmed == "office"
    changed = post(app, skills__0__skill="PostgreSQL",
                   **{"skills__0__skill__asked": "office", "skills__0__skill__choice": option.value})
    assert first(changed).data.id == "tech:postgresql"
    assert first(changed).confirmed is None


def test_answers_of_three_people_teach_the_hub_the_word(app: Flask) -> None:
    options = first(post(app, skills__0__skill="office")).options
    for person in ("anna", "ben", "cleo"):
        assert first(post(app, skills__0__skill="office")).options == options, "not learned yet"
        post(app, Actor(person_id=person), skills__0__skill="office",
             **{"skills__0__skill__asked": "office", "skills__0__skill__choice": options[0].value})
    now = post(app, skills__0__skill="office")
    assert now.ok
    assert first(now).data.id == options[0].value


def test_a_made_up_id_is_not_taken(app: Flask) -> None:
    form = post(app, skills__0__skill="PostgreSQL", skills__0__skill__id="tech:not-there")
    assert first(form).data.id == "tech:postgresql"
    wrong = post(app, skills__0__skill="PostgreSQL", skills__0__skill__id="tech:mysql")
    assert first(wrong).data.id != "tech:mysql"


def test_unknown_words_can_be_proposed_in_the_same_form(app: Flask) -> None:
    asked = post(app, skills__0__skill="zzqx barge lashing")
    assert not asked.ok
    assert [option.value for option in first(asked).options][-1] == "propose"
    sent = post(app, skills__0__skill="zzqx barge lashing",
                **{"skills__0__skill__asked": "zzqx barge lashing", "skills__0__skill__choice": "propose"})
    assert sent.ok
    assert sent.proposed == 1
    assert sent.stored == ["zzqx barge lashing"]
    assert first(sent).data.id is None


def test_suggestions_forgive_spelling_and_are_limited(app: Flask) -> None:
    client = app.test_client()
    body = client.get("/suggest/skill?q=postgre").get_data(as_text=True)
    assert 'data-id="tech:postgresql"' in body
    assert 'data-id="15-1232.00"' in client.get("/suggest/occupation?q=computer user support").get_data(as_text=True)
    assert client.get("/suggest/spell?q=x").status_code == 404
    codes = {client.get("/suggest/skill?q=a").status_code for _ in range(121)}
    assert codes == {200, 429}
