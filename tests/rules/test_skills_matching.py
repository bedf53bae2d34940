"""Names are found by what people type: exactly, by a beginning, misspelled, or not at all."""

from __future__ import annotations

import pytest

from matcher.skills.matching import Names, Surface
from matcher.skills.text import key, tails

NAMES = Names(
    [
        Surface("c", "C", "C", True, 70),
        Surface("cpp", "C++", "C++", True, 110),
        Surface("cpp", "C++", "cpp", False, 110),
        Surface("csharp", "C#", "C#", True, 90),
        Surface("dotnet", ".NET", ".NET", True, 50),
        Surface("excel", "Microsoft Excel", "Microsoft Excel", True, 859),
        Surface("excel", "Microsoft Excel", "Excel", False, 859),
        Surface("word", "Microsoft Word", "Microsoft Word", True, 784),
        Surface("postgres", "PostgreSQL", "PostgreSQL", True, 230),
        Surface("a", "Analysts, Data", "Data Analyst", False, 30),
        Surface("b", "Analysts, Business", "Data Analyst", False, 60),
        Surface("cashiers", "Cashiers", "Cashiers", True, 90),
        Surface("cashiers", "Cashiers", "Cashier", False, 90),
        Surface("tellers", "Tellers", "Cashier", False, 99),
    ]
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Node.js", "node js"),
        ("  E-Mail ", "email"),
        ("Español", "espanol"),
        ("ASP .NET", "asp dotnet"),
        (".net", "dotnet"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_signs_of_languages_count() -> None:
    assert len({key("C"), key("C#"), key("C++")}) == 3


def test_tails_begin_at_each_word() -> None:
    assert tails("Microsoft SQL Server") == ["microsoftsqlserver", "sqlserver", "server"]
    assert tails(" -- ") == []


@pytest.mark.parametrize(
    ("text", "expected"), [("c", "c"), ("C++", "cpp"), ("cpp", "cpp"), ("c#", "csharp"), (".net", "dotnet")]
)
def test_short_names_are_taken_literally(text: str, expected: str) -> None:
    understood = NAMES.understand(text)
    assert (understood.outcome, understood.best and understood.best.id) == ("sure", expected)


def test_common_things_come_first_and_once() -> None:
    found = [(hit.id, hit.how) for hit in NAMES.suggest("micro", 8)]
    assert found == [("excel", "starts"), ("word", "starts")]


def test_a_later_word_may_begin_it() -> None:
    assert [hit.id for hit in NAMES.suggest("exc", 8)] == ["excel"]


@pytest.mark.parametrize("text", ["postgress", "Postgre SLQ", "postgrsql"])
def test_spelling_is_forgiven(text: str) -> None:
    assert NAMES.suggest(text, 5)[0].id == "postgres"


def test_a_beginning_may_be_misspelled() -> None:
    assert [hit.id for hit in NAMES.suggest("psotg", 5)] == ["postgres"]


def test_a_name_of_several_things_is_asked_back() -> None:
    understood = NAMES.understand("data analyst")
    assert understood.outcome == "did_you_mean"
    assert understood.best is not None
    assert [understood.best.id, *(hit.id for hit in understood.others)] == ["b", "a"]


def test_the_singular_of_its_own_name_is_sure() -> None:
    understood = NAMES.understand("cashier")
    assert (understood.outcome, understood.best and understood.best.id) == ("sure", "cashiers")


@pytest.mark.parametrize("text", ["", "  ", "!!", "zzqx", "x"])
def test_what_means_nothing_is_unknown(text: str) -> None:
    assert NAMES.understand(text).outcome == "unknown"


def test_a_pasted_page_is_not_a_name() -> None:
    assert NAMES.suggest("lorem ipsum " * 5_000, 8) == []
