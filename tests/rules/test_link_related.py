"""Near occupations are the ones a career adviser would name, and a damaged table is refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from matcher.ranking.related import Related


@pytest.fixture(scope="module")
def related() -> Related:
    return Related.load()


@pytest.mark.parametrize(("code", "expected"), [
    ("15-1252.00", "15-1251.00"),  # software developers: computer programmers
    ("29-1141.00", "29-2061.00"),  # registered nurses: licensed practical nurses
    ("43-3031.00", "43-3021.00"),  # bookkeeping clerks: billing clerks
])
def test_a_near_occupation_is_listed(related: Related, code: str, expected: str) -> None:
    assert expected in [near.code for near in related.near(code)]


def test_every_list_is_ordered_distinct_and_without_itself(related: Related) -> None:
    assert len(related.table) > 1000
    for code, listed in related.table.items():
        codes = [near.code for near in listed]
        assert code not in codes
        assert len(set(codes)) == len(codes)
        assert [near.score for near in listed] == sorted((near.score for near in listed), reverse=True)


def test_similarity_is_the_same_both_ways(related: Related) -> None:
    assert related.similarity("15-1252.00", "15-1251.00") == related.similarity("15-1251.00", "15-1252.00") > 0
    assert related.similarity("15-1252.00", "15-1252.00") == 1.0
    assert related.similarity("15-1252.00", "none") == 0.0
    assert related.near("none") == ()


def test_a_damaged_table_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "related.tsv.gz"
    path.write_bytes(gzip.compress(b"a\tb\t0.5\na\tc\n"))
    with pytest.raises(ValueError, match="line 2"):
        Related.load(path)
