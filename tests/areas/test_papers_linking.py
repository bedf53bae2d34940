"""On the real taxonomy: which skills the words of a paper name, and what is asked about."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from matcher.papers.linking import link_occupation, link_skills


def item(text: str, where: str, **more: Any) -> dict[str, Any]:
    """An item of a list of skills, as the reading of a résumé gives it."""
    return {"text": text, "where": where, "level": 2, "experience": None, "listed": True, **more}


def linked(session: Session, *items: dict[str, Any]) -> list[tuple[str, str | None]]:
    """(outcome, skill) of each line."""
    return [(line["outcome"], line["id"]) for line in link_skills(session, items, "h")]


def test_an_item_is_taken_by_its_whole_name_before_by_what_is_left_of_it(taxonomy_session: Session) -> None:
    """“manejo de” is left out before tools; of “manejo de caja” a box would remain."""
    assert linked(taxonomy_session, item("caja", "manejo de caja")) == [("sure", "own:cash-handling")]
    assert linked(taxonomy_session, item("Excel", "manejo de Excel")) == [("sure", "tech:microsoft-excel")]
    [line] = link_skills(taxonomy_session, [item("Excel", "Excel avanzado", level=3)], "h")
    assert (line["id"], line["level"]) == ("tech:microsoft-excel", 3)


def test_of_a_sentence_only_known_names_count(taxonomy_session: Session) -> None:
    assert linked(taxonomy_session, item("soporte", "Técnico de soporte", listed=False, whole=False)) == []
    asked = link_skills(taxonomy_session, [item("soporte", "soporte")], "h")
    assert [line["outcome"] for line in asked] == ["did_you_mean"]


@pytest.mark.parametrize(("title", "code"), [
    ("Técnico de soporte", "15-1232.00"), ("Help desk technician", "15-1232.00"), ("Cajera", "41-2011.00"),
])  # fmt: skip
def test_a_title_is_linked_in_either_language(taxonomy_session: Session, title: str, code: str) -> None:
    found = link_occupation(taxonomy_session, title, "h")
    assert (found["outcome"], found["id"]) == ("sure", code)
