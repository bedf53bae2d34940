"""Cues around a skill: must or nice, and how well, in English and Spanish."""

from __future__ import annotations

import pytest

from matcher.ranking.extract_cues import Cues, evidence
from matcher.ranking.extract_sections import Section, of_sentences
from matcher.ranking.extract_text import sentences

MUSTS = [
    ("Python is required", "Python", True), ("Python is a plus", "Python", False),
    ("Python preferred", "Python", False),
    ("You must know Python", "Python", True), ("Ideally you know Python", "Python", False),
    ("We use Python", "Python", None),
    ("Python is not required", "Python", False), ("Python required, Java preferred", "Python", True),
    ("Python required, Java preferred", "Java", False), ("Nice to have: Python", "Python", False),
    ("Must have Python; Java would be nice", "Java", False), ("Bonus points for Python", "Python", False),
    ("Imprescindible Python", "Python", True), ("Se valorará Python", "Python", False),
    ("Deseable Python", "Python", False),
    ("Imprescindible Java; deseable Python", "Python", False), ("Imprescindible Java; deseable Python", "Java", True),
    ("Python no excluyente", "Python", False), ("Se requiere Python", "Python", True),
    ("Python indispensable", "Python", True),
    ("Python será un plus", "Python", False), ("Usamos Python", "Python", None),
]
LEVELS = [
    ("Advanced Python", "Python", 3), ("basic knowledge of Python", "Python", 1), ("3+ years of Python", "Python", 3),
    ("Expert in Python", "Python", 4), ("Python (advanced)", "Python", 3), ("Python: native", "Python", 4),
    ("familiarity with Python", "Python", 1), ("10 years of experience in Python", "Python", 4),
    ("6 months of Python", "Python", 1), ("1-2 years with Python", "Python", 2), ("Intermediate Python", "Python", 2),
    ("Java (basic), Python", "Python", None), ("Java (basic), Python", "Java", 1), ("Python", "Python", None),
    ("Advanced Java; Python", "Python", None), ("Strong Java, Python", "Python", 3),
    ("Python avanzado", "Python", 3), ("Python nivel básico", "Python", 1), ("dominio de Python", "Python", 3),
    ("nociones de Python", "Python", 1), ("2 años de experiencia en Python", "Python", 2),
    ("experto en Python", "Python", 4),
    ("buen manejo de Python", "Python", 2), ("Java avanzado, Python intermedio", "Python", 2),
    ("Java avanzado, Python intermedio", "Java", 3), ("Python nativo", "Python", 4),
]


def places(sentence: str, name: str) -> tuple[int, int, list[tuple[int, int]]]:
    start = sentence.index(name)
    others = [(sentence.index(other), sentence.index(other) + len(other)) for other in ("Java", "Python")
              if other != name and other in sentence]
    return start, start + len(name), others


@pytest.mark.parametrize(("sentence", "name", "must"), MUSTS)
def test_must_or_nice(sentence: str, name: str, must: bool | None) -> None:
    start, end, _ = places(sentence, name)
    assert Cues.of(sentence).must(start, end, "") is must


@pytest.mark.parametrize(("sentence", "name", "level"), LEVELS)
def test_level(sentence: str, name: str, level: int | None) -> None:
    assert Cues.of(sentence).level(*places(sentence, name)) == level


@pytest.mark.parametrize(("section", "must"), [("requirements", True), ("nice", False), ("duties", None), ("", None)])
def test_where_no_cue_tells_the_section_does(section: Section, must: bool | None) -> None:
    assert Cues.of("Python and Java").must(0, 6, section) is must


@pytest.mark.parametrize(("section", "sentence", "shown"), [
    ("experience", "Fixed computers", "experience"), ("projects", "A site in Flask", "artifact"),
    ("certificates", "CompTIA A+", "credential"), ("education", "Certificate in welding", "credential"),
    ("skills", "Excel", "claim"), ("", "Licencia de montacargas", "credential"),
    ("volunteer", "Taught Excel", "experience")])
def test_evidence(section: Section, sentence: str, shown: str) -> None:
    assert evidence(section, sentence) == shown


@pytest.mark.parametrize(("heading", "section"), [
    ("Requirements:", "requirements"), ("What you bring", "requirements"), ("NICE TO HAVE", "nice"),
    ("Skills", "skills"),
    ("Work experience", "experience"), ("Education", "education"), ("About us", "about"),
    ("What we offer:", "benefits"),
    ("Requisitos", "requirements"), ("Se valorará:", "nice"), ("Funciones:", "duties"),
    ("Experiencia laboral", "experience"),
    ("Formación académica", "education"), ("Habilidades", "skills"), ("Certificaciones", "certificates"),
    ("Ofrecemos", "benefits"), ("Idiomas:", "languages"), ("Projects", "projects"), ("I like long walks.", "")])
def test_headings(heading: str, section: Section) -> None:
    assert of_sentences(sentences(heading + "\nPython"))[-1][0] == section


def test_words_keep_their_signs_and_places() -> None:
    text = "Python, C++/C#; .NET (ASP.NET) — Node.js, CI/CD. U.S. based, 1,000 users!"
    found = sentences(text)
    assert [token.text for one in found for token in one.tokens] == [
        "Python", "C++/C#", ".NET", "(", "ASP.NET", ")", "—", "Node.js", "CI/CD", ".", "U.S.", "based", "1,000",
        "users", "!"]
    assert all(text[start:end] == word for one in found for start, end, word in one.tokens)
