"""Skills in texts: exact places, must and nice, levels, evidence, in English and Spanish, whatever the text is like."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.ranking import extract, extract_names
from matcher.ranking.extract import Found, find
from matcher.ranking.extract_model import load

POSTING = """Junior Support Technician

About us
We are a friendly company with 40 people.

Requirements:
- Advanced Excel skills and basic knowledge of SQL
- 3+ years of experience with Python, Java and PostgreSQL
- Good communication skills

Nice to have:
- Familiarity with Docker or Kubernetes
"""
RESUME = """Sam Rivera

Experience
Help desk assistant, Lakeside Clinic, 2021 - 2023
• Resolved tickets in ServiceNow and managed users in Active Directory

Certificates
CompTIA A+

Projects
Inventory app built with Python and PostgreSQL

Skills: Excel (advanced), SQL (basic), customer service, forklift operation
"""
SPANISH = """Se busca auxiliar administrativo

Requisitos:
• Manejo avanzado de Excel
• Conocimientos de contabilidad y facturación
• Atención al cliente
• Deseable: inglés intermedio y nociones de SAP
"""


def by_text(found: list[Found]) -> dict[str, Found]:
    return {one.text: one for one in found}


@pytest.fixture(scope="module")
def posting() -> dict[str, Found]:
    return by_text(find(POSTING, kind="posting"))


@pytest.fixture(scope="module")
def resume() -> dict[str, Found]:
    return by_text(find(RESUME, kind="resume"))


@pytest.fixture(scope="module")
def spanish() -> dict[str, Found]:
    return by_text(find(SPANISH, kind="posting"))


@pytest.mark.parametrize("name", ["SQL", "Python", "Java", "PostgreSQL", "Docker", "Kubernetes"])
def test_a_list_of_tools_is_found_one_by_one(posting: dict[str, Found], name: str) -> None:
    assert posting[name].kind == "knowledge"


@pytest.mark.parametrize(("name", "must", "level"), [("SQL", True, 1), ("Python", True, 3), ("PostgreSQL", True, 3),
                                                     ("Docker", False, 1), ("Kubernetes", False, 1)])
def test_must_and_level_of_an_english_ad(posting: dict[str, Found], name: str, must: bool, level: int) -> None:
    assert (posting[name].must, posting[name].level, posting[name].evidence) == (must, level, None)


@pytest.mark.parametrize(("name", "must", "level"), [("Excel", True, 3), ("contabilidad", True, None),
                                                     ("facturación", True, None), ("Atención al cliente", True, None),
                                                     ("inglés", False, 2), ("SAP", False, 1)])
def test_must_and_level_of_a_spanish_ad(spanish: dict[str, Found], name: str, must: bool, level: int | None) -> None:
    assert (spanish[name].must, spanish[name].level) == (must, level)


@pytest.mark.parametrize(("name", "evidence"), [("ServiceNow", "experience"), ("Active Directory", "experience"),
                                                ("CompTIA A+", "credential"), ("PostgreSQL", "artifact"),
                                                ("Excel", "claim"), ("customer service", "claim"),
                                                ("forklift operation", "claim")])
def test_evidence_of_a_resume_follows_its_sections(resume: dict[str, Found], name: str, evidence: str) -> None:
    assert resume[name].evidence == evidence
    assert resume[name].must is None


def test_levels_in_brackets_belong_to_the_name_before(resume: dict[str, Found]) -> None:
    assert (resume["Excel"].level, resume["SQL"].level) == (3, 1)


def test_a_name_is_no_skill(resume: dict[str, Found]) -> None:
    assert not any(part in text for text in resume for part in ("Sam", "Rivera", "Lakeside"))


def test_it_is_the_same_every_time() -> None:
    assert find(POSTING) == find(POSTING)
    assert find(RESUME, kind="resume") == find(RESUME, kind="resume")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(["Python", "SQL,", "3+ years", "•", "Requirements:", "advanced", "de",
"Excel/Word",
                                           "(", ")", "\n", "deseable", "\r\n", "<NAME>", "C++", "é", "\x95", "​", "🙂"]),
                          st.text(max_size=12)), max_size=60), st.sampled_from(["resume", "posting"]),
       st.sampled_from(["en", "es", None]))
def test_places_always_cut_the_text(parts: list[str], kind: extract.Kind, language: extract.Language | None) -> None:
    text = " ".join(parts)
    for one in find(text, kind=kind, language=language):
        assert text[one.span[0]:one.span[1]] == one.text
        assert one.text == one.text.strip() != ""
        assert one.level in (None, 1, 2, 3, 4)
        assert 0.0 <= one.confidence <= 1.0


@pytest.mark.parametrize("text", ["", " \n\t ", ".", "•\n•", "\x00", "\ud800", "‮" * 50], ids=repr)
def test_nothing_is_found_in_nothing(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize("text", ["a" * 300_000, "-" * 300_000, "a," * 150_000, "(" * 100_000, "ar " * 3_000,
                                  "\n" * 300_000, "https://" * 40_000, "1." * 100_000, "manejo de y " * 800],
                         ids=lambda text: repr(text[:8]))
def test_a_huge_text_takes_bounded_time(text: str) -> None:
    extract.warm()
    for language in ("en", "es"):
        start = time.process_time()
        find(text, kind="resume", language=language)
        assert time.process_time() - start < 10


@pytest.mark.parametrize(("line", "wanted", "not_wanted"), [
    ("SKILLS\nLeadership, teamwork, customer service", {"Leadership", "teamwork", "customer service"},
     {"Leadership, teamwork"}),
    ("EXPERIENCE\nManaged users in Active Directory", {"Active Directory"}, set()),
    ("EXPERIENCE\nReset passwords in Active Directory for 300 users", {"Active Directory"}, {"Reset"})])
def test_a_resume_gives_items_of_lists_names_inside_phrases_and_no_single_verbs(
        line: str, wanted: set[str], not_wanted: set[str]) -> None:
    found = [one.text for one in find(line, kind="resume", language="en")]
    assert wanted <= set(found)
    assert not not_wanted & set(found)
    assert len(found) == len(set(found))  # nothing twice


def test_the_language_is_guessed() -> None:
    assert extract.language(SPANISH) == "es"
    assert extract.language(POSTING) == "en"
    assert extract.language("") == "en"


def test_a_name_links_to_the_taxonomy_only_where_it_is_sure() -> None:
    names = extract_names.load()
    assert names.link("Excel") == ("tech:microsoft-excel", "Microsoft Excel")
    assert names.link("atención al cliente") == names.link("ATENCION AL CLIENTE")
    assert names.link("Kubernetes administration of our own ship") is None
    assert names.link("qqqzzzxx") is None


def test_spanish_names_are_told_from_everyday_words() -> None:
    names = extract_names.load()
    assert {"atencion al cliente", "montacargas", "logistica"} <= names.own_language
    assert names.everyday.isdisjoint(names.own_language)
    assert names.known["historia"].id == "onet:2.C.7.d"


def test_the_model_loads_well_within_a_second() -> None:
    start = time.process_time()
    load.__wrapped__()
    assert time.process_time() - start < 1.5  # a third of that on a quiet machine
