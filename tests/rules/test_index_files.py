"""The index in files: the same lists from mapped pages that processes share, newer changes on top, put in at once."""

import json
import os
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from matcher.ranking import features, index_files
from matcher.ranking.index import of_people
from matcher.ranking.index_files import IndexFault, Stored
from matcher.ranking.index_people import People
from matcher.ranking.index_role_rows import Roles
from matcher.ranking.index_roles import RoleIndex
from matcher.ranking.ranker import Stage0
from tests.rules import ranking_facts as draw
from tests.rules.test_index import CHAIN, HOW, wanted

ROOT = Path(__file__).resolve().parents[2]
RANKER = Stage0(CHAIN)
ROLE = wanted(np.random.default_rng(4))
READER = """
import sys
from pathlib import Path
from matcher.ranking import index_files
from tests.rules.test_index_files import HOW, RANKER, ROLE
index, _ = index_files.load(Path(sys.argv[1]))
print([(line.id, line.score.hex()) for line in index.rank_for(ROLE, ranker=RANKER, **HOW).lines])
shared = Path("/proc/self/maps").read_text().count(index_files.generation(Path(sys.argv[1])))
print(shared)
"""


@pytest.fixture(scope="module")
def people():
    return draw.crowd(600, 100, seed=9)


def lines(index):
    return index.rank_for(ROLE, ranker=RANKER, **HOW).lines


def test_another_process_maps_the_files_and_gives_the_same_bits(people, tmp_path):
    index = of_people(people)
    index_files.save(index, tmp_path, version=7)
    found, about = index_files.load(tmp_path)
    assert about == {"version": 7}
    assert lines(found) == lines(index)
    assert {item.id: item for item in found.facts()} == {person.id: person for person in people}
    answer = subprocess.run([sys.executable, "-c", READER, str(tmp_path)], cwd=ROOT, capture_output=True, text=True,  # noqa: S603
                            check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}).stdout.splitlines()
    assert answer[0] == str([(line.id, line.score.hex()) for line in lines(index)])
    assert int(answer[1]) > 10  # the arrays are the files themselves, not copies of them


def test_changes_lie_on_top_of_the_files_and_leave_them_as_they_are(people, tmp_path):
    index_files.save(of_people(people), tmp_path)
    found, _ = index_files.load(tmp_path)
    other, _ = index_files.load(tmp_path)
    before = lines(other)
    changed = [*people[2:], replace(people[0], skills=people[1].skills), replace(people[5], id="new")]
    found.remove(people[0].id)
    found.remove(people[1].id)
    for person in changed[-2:]:
        found.upsert(person)
    assert lines(found) == lines(of_people(changed))
    assert lines(other) == before == lines(index_files.load(tmp_path)[0])
    index_files.save(found, tmp_path)
    assert lines(index_files.load(tmp_path)[0]) == lines(found)
    assert lines(other) == before  # who still reads the generation before may go on


def test_an_older_generation_goes_when_two_newer_ones_are_there(people, tmp_path):
    names = []
    for _ in range(3):
        names.append(index_files.save(of_people(people[:50]), tmp_path).name)
    assert index_files.generation(tmp_path) == names[2]
    assert sorted(path.name for path in tmp_path.glob("generation-*")) == sorted(names[1:])


def test_half_a_generation_and_one_of_another_version_are_refused(people, tmp_path, monkeypatch):
    with pytest.raises(IndexFault, match="no index yet"):
        index_files.load(tmp_path)
    made = index_files.save(of_people(people[:50]), tmp_path)
    (made / "post.npy").write_bytes((made / "post.npy").read_bytes()[:40])
    with pytest.raises(IndexFault, match="not whole"):
        index_files.load(tmp_path)
    manifest = json.loads((made / "manifest.json").read_text())
    (made / "manifest.json").write_text(json.dumps({**manifest, "format": ["0"]}))
    with pytest.raises(IndexFault, match="not whole"):
        index_files.load(tmp_path)
    with monkeypatch.context() as then:
        then.setattr(features, "SCHEMA", "0")
        index_files.save(of_people(people[:50]), tmp_path)
    with pytest.raises(IndexFault, match="another version"):
        index_files.load(tmp_path)


def test_one_changed_byte_is_seen_in_every_file(people, tmp_path):
    made = index_files.save(of_people(people[:50]), tmp_path)
    for path in (*made.iterdir(), tmp_path / index_files.CURRENT):
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        with pytest.raises(IndexFault, match="not whole"):
            index_files.load(tmp_path)
        path.write_bytes(whole)
    index_files.load(tmp_path)


def test_only_the_owner_may_read_the_files_and_they_hold_no_more_than_ranking_knows(people, tmp_path):
    made = index_files.save(of_people(people), tmp_path / "hub")
    assert (tmp_path / "hub").stat().st_mode & 0o777 == made.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (*made.iterdir(), tmp_path / "hub" / "current")} == {0o600}
    held = {item.name for item in fields(People)}
    assert {path.stem for path in made.iterdir()} == held | {"manifest"}


def test_roles_are_kept_the_same_way(tmp_path):
    random, person = np.random.default_rng(2), draw.crowd(1, 300, seed=5)[0]
    index = RoleIndex()
    for number in range(80):
        index.upsert(replace(wanted(random), id=f"r{number}"))
    before = index.rank_for(person, ranker=RANKER, **HOW)
    index.tidy()
    index_files.put(Stored(index.parts[0].rows, index.words, {}, {"version": 3}), tmp_path)
    found = index_files.take(Roles, tmp_path)
    assert RoleIndex([found.rows], found.words).rank_for(person, ranker=RANKER, **HOW) == before
    assert found.about == {"version": 3}
    with pytest.raises(IndexFault, match="another version"):
        index_files.take(People, tmp_path)


def test_a_snapshot_stays_as_it_was_while_the_index_goes_on(people):
    index = of_people(people)
    then, before = index.snapshot(), lines(index)
    for person in people[:300]:
        index.remove(person.id)
    index.upsert(replace(people[5], id="new", skills=tuple(replace(item, skill=f"new-{item.skill}")
                                                           for item in people[5].skills)))
    assert lines(then) == before != lines(index)
    assert lines(index) == lines(of_people(index.facts()))
