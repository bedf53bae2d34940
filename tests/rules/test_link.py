"""Typed words find the skill or title they name; what is not on the list is not taken for something that is."""

from __future__ import annotations

import random
import string
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.ranking.link import Linker

SKILLS = [
    ("js", "JavaScript"), ("java", "Java"), ("pg", "PostgreSQL"), ("service", "Customer service"), ("cs", "C#"),
    ("cpp", "C++"), ("c", "C"), ("seo", "Search engine optimization"), ("xl", "Microsoft Excel"),
    ("pm", "Project management"), ("fork", "Forklift operation"), ("fork", "Driving a forklift"),
    ("care", "Patient care"), ("k8s", "Kubernetes"), ("weld", "Welding"), ("net", ".NET"), ("es", "Español"),
]
TITLES = [
    ("15-1252", "Software Developers"), ("29-1141", "Registered Nurses"), ("53-7051", "Forklift Operator"),
    ("53-7051", "Industrial Truck Operator"), ("43-4051", "Customer Service Representative"),
    ("35-3023", "Fast Food Worker"), ("39-9011", "Childcare Worker"), ("31-1131", "Nursing Assistant"),
    ("49-9021", "HVAC Mechanic"), ("11-9051", "Food Service Manager"), ("33-2011", "Firefighter"),
]
ANY_TEXT = st.text(max_size=300)


@pytest.fixture(scope="module")
def skills() -> Linker:
    return Linker(SKILLS)


@pytest.fixture(scope="module")
def titles() -> Linker:
    return Linker(TITLES)


@pytest.mark.parametrize(("typed", "meant", "how"), [
    ("javascript", "js", "exact"), ("JAVA", "java", "exact"), ("c#", "cs", "exact"), ("C ++", "cpp", None),
    ("js", "js", "alias"), ("postgres", "pg", "alias"), ("k8s", "k8s", "alias"), ("ms excel", "xl", "alias"),
    ("custmer service", "service", "spelling"), ("project managment", "pm", "spelling"),
    ("java script", "js", None), ("dot net", "net", None), ("espanol", "es", "exact"),
])
def test_a_known_way_of_writing_is_taken(skills: Linker, typed: str, meant: str, how: str | None) -> None:
    understood = skills.understand(typed)
    assert understood.best is not None
    assert (understood.best.id, understood.outcome) == (meant, "sure")
    assert how is None or understood.best.how == how


@pytest.mark.parametrize("typed", ["asdfqwer", "zzzz qqq", "", "!!!", "\x00", "underwater basket", "🦊"])
def test_what_is_not_on_the_list_is_unknown(skills: Linker, typed: str) -> None:
    assert skills.understand(typed).outcome == "unknown"
    assert skills.understand(typed).best is None


@pytest.mark.parametrize(("typed", "meant"), [
    ("rn", "29-1141"), ("programmer", "15-1252"), ("nanny", "39-9011"), ("CNA", "31-1131"),
    ("air conditioning technician", "49-9021"), ("burger flipper fast food", "35-3023"),
])
def test_titles_are_met_by_meaning(titles: Linker, typed: str, meant: str) -> None:
    assert titles.lookup(typed)[0].id == meant


def test_two_entries_with_one_name_are_both_offered_first() -> None:
    linker = Linker([("a", "Java"), ("b", "Java"), ("c", "JavaScript")])
    assert [hit.id for hit in linker.lookup("java")[:2]] == ["a", "b"]


def test_the_name_in_brackets_is_optional() -> None:
    linker = Linker([("py", "Python (computer programming)"), ("py2", "Pythonidae care")])
    assert linker.lookup("python")[0].id == "py"


def test_a_removed_entry_is_not_offered(skills: Linker) -> None:
    assert "js" not in [hit.id for hit in skills.lookup_without("javascript", frozenset({"js"}))]


def test_the_hits_are_ordered_distinct_and_limited(skills: Linker) -> None:
    hits = skills.lookup("management of customers", 4)
    assert len(hits) == 4
    assert len({hit.id for hit in hits}) == 4
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


LONE = ["Nanny", "Childcare Worker", "Preschool Teacher", "Truck Driver", "Delivery Driver", "Bus Driver",
        "Registered Nurse", "Nursing Assistant", "Warehouse Manager", "Software Developer"]


def test_among_lone_titles_the_neighbours_of_the_likeliest_move_up_and_no_chance_grows() -> None:
    fed = Linker((title, title) for title in LONE)
    plain = Linker((title, title) for title in LONE)
    plain.model = replace(plain.model, feedback=0.0)
    moved = 0
    for text in ("babysitter for children", "lorry driver", "hospital nurse", "day care", "stock manager", "coder"):
        with_it, without = fed.lookup(text), plain.lookup(text)
        moved += [hit.id for hit in with_it] != [hit.id for hit in without]
        assert {hit.id for hit in with_it} == {hit.id for hit in without}
        if with_it[0].id == without[0].id:
            assert with_it[0].score == pytest.approx(without[0].score)
    assert moved


def test_entries_with_several_names_are_not_judged_by_their_neighbours() -> None:
    many = [(code, name) for code, label in TITLES for name in (label, f"Senior {label}")]
    fed, plain = Linker(many), Linker(many)
    assert fed.model.feedback > 0
    plain.model = replace(plain.model, feedback=0.0)
    for text in ("nurse", "lorry driver", "programmer"):
        assert fed.lookup(text) == plain.lookup(text)


def test_an_empty_list_knows_nothing() -> None:
    assert Linker([]).lookup("python") == []
    assert Linker([("x", "!!!")]).understand("python").outcome == "unknown"


def test_random_letters_are_hardly_ever_taken(skills: Linker, titles: Linker) -> None:
    letters = random.Random(7)
    words = ["".join(letters.choices(string.ascii_lowercase, k=letters.randint(4, 12))) for _ in range(300)]
    for linker in (skills, titles):
        taken = sum(linker.understand(word).outcome == "sure" for word in words)
        assert taken <= 3  # 1 %


@settings(max_examples=150, deadline=None)
@given(ANY_TEXT)
def test_any_text_is_answered_the_same_way_twice(skills: Linker, text: str) -> None:
    first = skills.lookup(text)
    assert first == skills.lookup(text)
    assert all(0.0 <= hit.score <= 1.0 for hit in first)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SKILLS), st.sampled_from([str.upper, str.lower, str.title, lambda text: f"  {text} "]))
def test_the_exact_name_is_always_first(skills: Linker, entry: tuple[str, str], change) -> None:  # type: ignore[no-untyped-def]
    hit = skills.lookup(change(entry[1]))[0]
    assert (hit.id, hit.how) == (entry[0], "exact")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.text(max_size=20)), max_size=12), ANY_TEXT)
def test_any_list_can_be_linked_to(surfaces: list[tuple[str, str]], text: str) -> None:
    linker = Linker(surfaces)
    hits = linker.lookup(text, 3)
    assert {hit.id for hit in hits} <= {identifier for identifier, _ in surfaces}


def test_the_order_of_the_list_does_not_change_the_answer() -> None:
    turned = Linker(list(reversed(SKILLS)))
    straight = Linker(SKILLS)
    for text in ("java", "care for patients", "truck"):
        assert [hit.id for hit in turned.lookup(text, 5)] == [hit.id for hit in straight.lookup(text, 5)]
