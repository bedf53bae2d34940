"""What people tell that they did shows the skill that is meant, and nothing else does."""

from __future__ import annotations

import pytest

from matcher.ranking import extract_deeds, extract_names
from matcher.ranking.extract import find
from matcher.ranking.extract_model import MODELS

RESUME = """Dana Example

EXPERIENCE
General Manager, Harvest Table Restaurant, 2019 - 2024
- Managed a team of 18 and trained new hires on the register
- Took orders and handled cash for up to 12 tables

INTERESTS
Coached a youth team

EDUCATION
Course in which we repaired computers
"""
SPANISH = """Experiencia laboral
Cajera, Supermercado El Sol, 2018 - 2023
- Atendí a clientes, cobré en efectivo y cuadré la caja
- Capacité al personal nuevo y organicé los horarios
"""


def labels(text: str) -> list[str]:
    """The shown names of the skills that a phrase tells of."""
    names = extract_names.load()
    return [names.labels[skill] for _, skill in extract_deeds.of_text(text)]


def test_every_line_of_the_list_names_a_skill_and_can_be_met() -> None:
    rows = [line.split("\t") for line in (MODELS / "deeds.tsv").read_text("utf-8").splitlines() if line[0] != "#"]
    known = extract_names.load().labels
    for skill, language, doing, what in rows:
        assert skill in known
        assert language in {"en", "es"}
        for stem in (*doing.split(), *what.replace("_", " ").split()):
            assert stem == "*" or extract_names.key(stem.rstrip(".")) == stem.rstrip("."), stem
            assert len(stem) >= 3 or stem == "*", f"{stem} begins too many words"
        first, thing = doing.split()[0].rstrip("."), what.split()[0].rstrip(".").replace("_", " ").replace(".", "")
        told = extract_deeds.of_text(first if thing == "*" else f"{first} the {thing}")
        assert skill in [found for _, found in told], (skill, doing, what)


@pytest.mark.parametrize(("told", "shown"), [
    ("Handled cash", ["Cash handling"]),
    ("resolved customer complaints", ["Calming difficult situations"]),
    ("Prepared weekly schedules and payroll", ["Bookkeeping", "Scheduling"]),
    ("packed and shipped 200 orders a day", ["Warehouse work"]),
    ("raised three kids; ran the household budget", ["Caring for people", "Management of Financial Resources"]),
    ("led a squad of 8 soldiers", ["Leadership"]),
    ("Create and reset accounts", ["User account administration"]),
    ("Cuidé a dos niños", ["Caring for people"]),
    ("manejar montacargas", ["Forklift operation"]),
])
def test_what_was_done_shows_a_skill(told: str, shown: list[str]) -> None:
    assert sorted(labels(told)) == shown


@pytest.mark.parametrize("told", [
    "Server maintenance for customers", "Reported to the store manager", "Sales representative", "Business analyst",
    "training and team sports", "took orders and walked past a phone", "Project manager", "",
])
def test_who_does_it_and_what_others_do_is_no_deed(told: str) -> None:
    assert labels(told) == []


def test_a_deed_ends_where_the_next_one_begins() -> None:
    assert extract_deeds.of_text("answered phones, repaired bikes") == [
        ("answered phones", "own:phone-support"), ("repaired bikes", "onet:2.B.3.l")]
    assert labels("answered mail, repaired phones") == ["Computer hardware repair"]


def test_a_resume_tells_deeds_where_it_speaks_of_what_was_done() -> None:
    found = {one.text: one for one in find(RESUME, kind="resume")}
    assert {"Managed a team", "trained new hires", "handled cash"} <= set(found)
    assert found["handled cash"].evidence == "experience"
    assert RESUME[slice(*found["handled cash"].span)] == "handled cash"
    assert not {"Coached a youth team", "repaired computers"} & set(found)
    assert "handled cash" not in {one.text for one in find(RESUME, kind="posting")}
    spanish = {one.text for one in find(SPANISH, kind="resume")}
    assert {"Atendí a clientes", "cobré en efectivo", "Capacité al personal", "organicé los horarios"} <= spanish
