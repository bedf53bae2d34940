"""A list that was shown can be made again bit for bit, and a record that does not fit is refused."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.ranking import codec, log
from matcher.ranking.facts import FactError
from matcher.ranking.ranker import Stage0
from tests.rules import ranking_facts as draw

RANKER = Stage0(draw.NEAR)


@settings(max_examples=60, deadline=None)
@given(draw.candidates(), draw.roles())
def test_facts_come_back_from_json_as_they_were(person, role):
    for facts, read in ((person, codec.candidate_from_dict), (role, codec.role_from_dict)):
        text = codec.canonical(codec.facts_to_dict(facts))
        assert read(json.loads(text)) == facts
        assert codec.canonical(codec.facts_to_dict(read(json.loads(text)))) == text


@pytest.mark.parametrize("key", ["name", "school", "race", "photo", "conviction", "gap_months"])
def test_a_key_that_is_no_fact_is_refused_by_name(key):
    with pytest.raises(FactError, match=key):
        codec.candidate_from_dict({"id": "c", key: "x"})
    with pytest.raises(FactError, match=key):
        codec.candidate_from_dict({"id": "c", "skills": [{"skill": "sql", "level": 2, key: "x"}]})
    with pytest.raises(FactError, match=key):
        codec.role_from_dict({"id": "r", key: "x"})


@settings(max_examples=60, deadline=None)
@given(draw.roles(), draw.people(low=1), st.booleans(), st.none() | st.integers(1, 4))
def test_a_list_of_people_is_made_again_from_its_record(role, people, near_ties, top):
    how = {"day": draw.DAY, "seed": 5, "near_ties": near_ties, "top": top}
    lines = RANKER.rank(role, people, **how)
    record = log.make_record(RANKER, role, people, lines, viewer="v", keep_facts=True, **how)
    again = log.record_from_dict(json.loads(record.to_json()))
    assert again.fingerprint() == record.fingerprint()
    assert log.replay(again, Stage0(draw.NEAR)) == lines


@settings(max_examples=40, deadline=None)
@given(draw.candidates(), st.lists(draw.roles(), min_size=1, max_size=6, unique_by=lambda role: role.id))
def test_a_list_of_roles_is_made_again_from_facts_kept_elsewhere(person, roles):
    how = {"day": draw.DAY, "seed": 5}
    lines = RANKER.rank_roles(person, roles, **how)
    record = log.make_record(RANKER, person, roles, lines, viewer="v", **how)
    kept = {role.id: codec.facts_to_dict(role) for role in roles}
    assert log.replay(record, RANKER, kept) == lines


@given(st.data())
@settings(max_examples=20, deadline=None)
def test_a_record_that_does_not_fit_is_refused(data):
    role, people = data.draw(draw.roles(at_least=3)), data.draw(draw.people(low=2, at_least=3))
    how = {"day": draw.DAY, "seed": 5}
    record = log.make_record(RANKER, role, people, RANKER.rank(role, people, **how), viewer="v", keep_facts=True, **how)
    with pytest.raises(log.ReplayError, match="model"):
        log.replay(record, Stage0())
    changed = {**record.facts, people[0].id: {**record.facts[people[0].id], "max_km": 987.0}}
    with pytest.raises(log.ReplayError, match=people[0].id):
        log.replay(record, RANKER, changed)
    swapped = (record.lines[1], record.lines[0], *record.lines[2:])
    with pytest.raises(log.ReplayError, match="same"):
        log.replay(replace(record, lines=swapped), RANKER)
    assert replace(record, seed=6).fingerprint() != record.fingerprint()
