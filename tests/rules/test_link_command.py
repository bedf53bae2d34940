"""The link command writes a run that any TREC tool reads, and answers bad files with a sentence and exit code 2."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.ranking.link_command import main

SURFACES = "a\tJavaScript\nb\tJava\nb\tJava language\nc\tWelding\n"


def run(folder: Path, surfaces: bytes, queries: bytes, *more: str) -> int:
    (folder / "S.tsv").write_bytes(surfaces)
    (folder / "Q.tsv").write_bytes(queries)
    return main(["--surfaces", str(folder / "S.tsv"), "--queries", str(folder / "Q.tsv"),
                 "--out", str(folder / "run.txt"), *more])


def test_a_run_has_six_fields_ranks_from_one_and_falling_scores(tmp_path: Path) -> None:
    assert run(tmp_path, SURFACES.encode(), b"q1\tjava\nq2\tjs\n", "--top", "2") == 0
    rows = [line.split() for line in (tmp_path / "run.txt").read_text().splitlines()]
    assert {len(row) for row in rows} == {6}
    assert [(row[0], row[2]) for row in rows if row[3] == "1"] == [("q1", "b"), ("q2", "a")]
    assert all(row[1] == "Q0" and row[5] == "matcher" for row in rows)
    for query in ("q1", "q2"):
        scores = [float(row[4]) for row in rows if row[0] == query]
        assert len(scores) == 2
        assert scores == sorted(scores, reverse=True)


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    assert run(tmp_path, b"\xef\xbb\xbf" + SURFACES.replace("\n", "\r\n").encode(), b"q1\twelding\r\n") == 0
    assert (tmp_path / "run.txt").read_text().split()[2] == "c"


@pytest.mark.parametrize(("surfaces", "queries", "said"), [
    (b"a JavaScript\n", b"q\tx\n", "S.tsv, line 1"),
    (b"a\tJava\n\tnone\n", b"q\tx\n", "S.tsv, line 2"),
    (b"a\t\n", b"q\tx\n", "S.tsv, line 1"),
    (b"", b"q\tx\n", "S.tsv, line 1: the file is empty"),
    (b"a\tJava\nb\t\xff\xfe\n", b"q\tx\n", "S.tsv, line 2: not UTF-8"),
    (b"a b\tJava\n", b"q\tx\n", "S.tsv, line 1"),
    (b"a\tJava\n", b"q\tx\nq\ty\n", "Q.tsv, line 2"),
    (b"a\tJava\n", b"only one field\n", "Q.tsv, line 1"),
])
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], surfaces: bytes,
                                           queries: bytes, said: str) -> None:
    assert run(tmp_path, surfaces, queries) == 2
    shown = capsys.readouterr().err
    assert said in shown
    assert "Traceback" not in shown
    assert not (tmp_path / "run.txt").exists()


@pytest.mark.parametrize("arguments", [
    [], ["--surfaces", "none.tsv", "--queries", "none.tsv", "--out", "run.txt"], ["--top", "0"], ["--top", "many"],
])
def test_wrong_arguments_end_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err


def test_an_output_folder_that_is_missing_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, SURFACES.encode(), b"q\tjava\n", "--out", str(tmp_path / "no" / "run.txt")) == 2
    assert "cannot be written" in capsys.readouterr().err


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80), st.binary(max_size=80))
def test_any_bytes_end_with_a_run_or_a_sentence(tmp_path: Path, surfaces: bytes, queries: bytes) -> None:
    assert run(tmp_path, surfaces, queries) in (0, 2)
