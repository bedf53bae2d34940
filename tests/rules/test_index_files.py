"""The index in files: the same lists from mapped pages that processes share, newer changes on top, put in at once."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matcher.ranking import index_files
from matcher.ranking.index import of_people
from matcher.ranking.index_files import IndexFault
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


def test_half_a_generation_and_one_of_another_version_are_refused(people, tmp_path):
    with pytest.raises(IndexFault, match="no index yet"):
        index_files.load(tmp_path)
    made = index_files.save(of_people(people[:50]), tmp_path)
    (made / "post_row.npy").write_bytes((made / "post_row.npy").read_bytes()[:40])
    with pytest.raises(IndexFault, match="not whole"):
        index_files.load(tmp_path)
    manifest = json.loads((made / "manifest.json").read_text())
    (made / "manifest.json").write_text(json.dumps({**manifest, "format": ["0"]}))
    with pytest.raises(IndexFault, match="another version"):
        index_files.load(tmp_path)
