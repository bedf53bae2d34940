"""What is added up word by word and pair by pair is what all signs say, and chances are those of a known library."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pycrfsuite
import pytest

from matcher.ranking.extract_chances import Tagger, decode
from matcher.ranking.extract_features import signs
from matcher.ranking.extract_model import Model, load
from matcher.ranking.extract_sections import of_sentences
from matcher.ranking.extract_seen import Seen
from matcher.ranking.extract_text import sentences
from matcher.ranking.extract_weights import Sums

TEXT = """Junior Support Technician
Requirements:
- Advanced Excel skills, basic knowledge of SQL and of PostgreSQL
- Excel
• Good communication skills; you like people and people like you
Nice to have: Familiarity with Docker or Kubernetes. C++ is a plus. Excel skills again
"""
SHORT = [["a", "b"], ["b"], ["c", "a"], ["d"]]
TAGS = ["O", "B", "I", "O"]


@pytest.fixture(scope="module")
def model() -> Model:
    return load()


@pytest.mark.parametrize("text", [TEXT, "Excel", "Excel\nSQL", "SQL Excel\n\nWord", TEXT * 3], ids=len)
def test_sums_by_word_and_pair_are_the_sums_of_all_signs(model: Model, text: str) -> None:
    read = sentences(text)
    places = of_sentences(read)
    for _ in range(2):  # made new, then remembered
        said = model.weights.read(Seen.of(read, places, model.lists))
        for sentence, (section, headed), found in zip(read, places, said, strict=True):
            part = min(9, 10 * sentence.start // read[-1].end)
            rows = signs(sentence, section, headed, model.lists, part)
            whole = model.weights.sums([[*row.core, *row.more] for row in rows])
            np.testing.assert_allclose(found, whole, atol=2e-4)


def test_sums_that_are_too_many_are_forgotten_and_made_again(model: Model) -> None:
    kept = Sums(1, model.weights.table.shape[1], 3)
    signs_of = {"a": ["bias"], "b": ["w=sql"], "c": ["c=A"], "d": ["w=excel"]}

    def asked(*keys: str) -> np.ndarray:
        return kept.rows[kept.find(keys, lambda at: [signs_of[keys[at]]], model.weights), 0]

    for keys in (("a", "b"), ("b", "c", "b"), ("c", "d"), ("a", "d", "b", "c")):
        np.testing.assert_allclose(asked(*keys), model.weights.sums([signs_of[key] for key in keys]))
    assert len(kept.places) <= 4


def test_chances_are_those_of_crfsuite(tmp_path: Path) -> None:
    trainer = pycrfsuite.Trainer("lbfgs", verbose=False)
    trainer.set_params({"feature.possible_transitions": True, "c2": 0.1, "max_iterations": 20})
    for _ in range(2):
        trainer.append(SHORT, TAGS)
        trainer.append(SHORT[::-1], ["O", "B", "I", "I"])
    trainer.train(str(tmp_path / "tagger"))
    known = pycrfsuite.Tagger()
    known.open(str(tmp_path / "tagger"))
    told = known.info()
    steps = [[told.transitions.get((one, two), 0.0) for two in "OBI"] for one in "OBI"]
    free = Tagger(("knowledge",), ("O", "B", "I"), 0, np.array(steps), np.zeros(3), np.zeros(3))
    texts = [SHORT, SHORT[::-1], SHORT[:1], SHORT[1:] * 3]
    said = [np.array([[sum(told.state_features.get((sign, tag), 0.0) for sign in word) for tag in "OBI"]
                      for word in text], np.float32) for text in texts]
    for text, found in zip(texts, free.chances(said)["knowledge"], strict=True):
        known.set(text)
        np.testing.assert_allclose(found, [[known.marginal(tag, at) for tag in "OBI"] for at in range(len(text))],
                                   atol=1e-5)


def test_a_tag_that_cannot_follow_never_does() -> None:
    told = {"reads": ["skill"], "tags": ["B", "E", "I", "O", "S"], "first": 0, "steps": np.zeros((5, 5)).tolist()}
    tagger = Tagger.of(told)
    (chances,) = tagger.chances([np.zeros((1, 5), np.float32)])["skill"]
    np.testing.assert_allclose(chances, [[0.5, 0.5, 0.0]], atol=1e-9)  # O or S: one word is neither B, I nor E
    (chances,) = tagger.chances([np.zeros((2, 5), np.float32)])["skill"]
    np.testing.assert_allclose(chances, [[2 / 5, 3 / 5, 0.0], [2 / 5, 2 / 5, 1 / 5]], atol=1e-9)


@pytest.mark.parametrize("told", [{}, {"reads": ["skill"], "tags": ["O"], "first": 0, "steps": [[0.0, 0.0]]},
                                  {"reads": ["skill"], "tags": ["OO"], "first": 0, "steps": [[0.0]]}], ids=len)
def test_a_tagger_that_does_not_fit_its_entry_is_refused(told: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError)):
        Tagger.of(told)


def test_the_likeliest_spans_are_taken() -> None:
    chances = np.array([[0.9, 0.1, 0.0], [0.2, 0.7, 0.1], [0.3, 0.1, 0.6], [0.4, 0.6, 0.0], [0.8, 0.1, 0.1]])
    assert decode(chances, 0.0) == [(1, 3), (3, 4)]
    assert decode(chances, 1.0) == [(1, 2)]
    assert decode(chances, 9.0) == []
