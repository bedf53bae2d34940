"""Rows made for another day from the dates beside them are the rows that the facts of that day give."""

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.candidates.rules import months_between
from matcher.ranking.facts import CandidateFacts
from matcher.ranking.index import PeopleIndex
from matcher.ranking.index_dated import Dated, months_since, ordinals
from matcher.ranking.index_people import People
from matcher.ranking.index_words import Lexicon
from tests.rules import ranking_facts as draw

dates = st.none() | st.dates(date(1960, 1, 1), date(2030, 12, 31))


@settings(deadline=None)
@given(st.lists(dates, max_size=20), st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_months_are_counted_as_for_each_person(then, day):
    wanted = [months_between(item, day) for item in then]
    assert months_since(ordinals(then), day).tolist() == [-1 if item is None else item for item in wanted]


def aged(person: CandidateFacts, told: dict[str, list[tuple[date | None, date | None]]], day: date) -> CandidateFacts:
    """The facts of a person on a day."""
    skills = tuple(replace(item, evidence_months=months_between(given_on, day), used_months=months_between(used, day))
                   for item, (given_on, used) in zip(person.skills, told[person.id], strict=True))
    return replace(person, skills=skills)


def dated(people, told, day, words) -> Dated:
    """People of a day with their dates."""
    given_on, used = ([pair[side] for person in people for pair in told[person.id]] for side in (0, 1))
    rows = People.from_facts([aged(person, told, day) for person in people], words)
    return Dated(rows, words, ordinals(given_on), ordinals(used))


def held(rows: Dated) -> dict[str, CandidateFacts]:
    """The facts in rows, by id."""
    return {item.id: item for item in PeopleIndex([rows.people], rows.words).facts()}


@settings(max_examples=40, deadline=None)
@given(draw.people(), draw.people(high=4), st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.data())
def test_another_day_and_other_people_give_the_rows_of_their_facts(people, newer, day, data):
    told = {person.id: [(data.draw(dates), data.draw(dates)) for _ in person.skills] for person in (*people, *newer)}
    first = dated(people, told, draw.DAY, Lexicon())
    assert held(first) == {person.id: aged(person, told, draw.DAY) for person in people}
    then = first.on(day)
    assert held(then) == {person.id: aged(person, told, day) for person in people}
    gone = [person.id for person in people[:2]]
    others = [person for person in newer if person.id not in {one.id for one in people}]
    found = then.changed([*gone, "nobody"], dated(others, told, day, then.words.copy()))
    kept = {person.id: aged(person, told, day) for person in (*people[2:], *others)}
    assert held(found) == kept
    assert held(found.on(draw.DAY)) == {person.id: aged(person, told, draw.DAY) for person in (*people[2:], *others)}
    assert np.array_equal(found.people.flags > 0, np.ones(len(kept), dtype=bool))
