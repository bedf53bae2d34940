"""The nets read each sentence by itself, forward and backward, and a file that does not fit together is refused."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from matcher.ranking.extract_features import Lists
from matcher.ranking.extract_model import load
from matcher.ranking.extract_net import Nets
from matcher.ranking.extract_sections import of_sentences
from matcher.ranking.extract_seen import Seen
from matcher.ranking.extract_text import sentences

LISTS = Lists.of({}, {})
TEXT = "We use SQL and Excel daily.\nPython\nKnowledge of Docker or Kubernetes is a plus for this role.\nSQL"
WIDTH, SIZE = 3, 2


def arrays(nets: int = 2) -> dict[str, Any]:
    """A file's arrays: nets of a few cells with weights by chance."""
    chance = np.random.default_rng(0)
    shapes = {"table": (3, WIDTH), "project": (2, WIDTH), "enter": (2 * WIDTH, 4 * SIZE), "keep": (2 * SIZE, 4 * SIZE),
              "out": (2 * SIZE + WIDTH, 10)}
    made: dict[str, Any] = {"nets": np.array(nets), "numbers": chance.integers(-9, 9, (2, 2)).astype(np.int8),
                            "numbers_scale": np.ones(2, np.float32)}
    made |= {name: np.frombuffer(lines.encode(), np.uint8)
             for name, lines in (("signs", "c=A\nc=T\nend=0"), ("words", "sql\npython"))}
    for at in range(nets):
        for name, shape in shapes.items():
            made[f"{name}{at}"] = chance.integers(-127, 128, shape).astype(np.int8)
            made[f"{name}{at}_scale"] = np.full(shape[1], 0.02, np.float32)
        made |= {f"first{at}": np.ones(WIDTH, np.float32), f"bias{at}": chance.normal(size=(2, 4 * SIZE)),
                 f"shift{at}": chance.normal(size=10)}
    return made


def packed(made: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    np.savez(file, **made)
    return file.getvalue()


@pytest.fixture(scope="module")
def nets() -> Nets:
    return Nets.of(packed(arrays()), ("knowledge", "skill"))


def seen(text: str) -> Seen:
    read = sentences(text)
    return Seen.of(read, of_sentences(read), LISTS)


def slowly(nets: Nets, entered: np.ndarray, net: int) -> np.ndarray:
    """What one net's memories hold after each word, word by word: [words, 2 * size]."""
    sides = []
    for side, line in ((0, entered), (1, entered[::-1])):
        held, memory, out = np.zeros(SIZE), np.zeros(SIZE), []
        for word in line:
            gates = word @ nets.enter[2 * net + side] + held @ nets.keep[2 * net + side] + nets.bias[2 * net + side, 0]
            come, forget, leave, new = np.split(gates, 4)
            memory = expit(2 * forget) * memory + expit(2 * come) * np.tanh(new)  # the gates are kept halved
            held = expit(2 * leave) * np.tanh(memory)
            out.append(held)
        sides.append(out[::-1] if side else out)
    return np.hstack(sides)


def test_chances_are_those_of_a_plain_reading_word_by_word(nets: Nets) -> None:
    told = seen(TEXT)
    found = nets.chances(told)
    for at, parts in enumerate(np.split(nets._entered(told), np.cumsum(told.sizes)[:-1], axis=1)):
        wanted = 0.0
        for net, own in enumerate(parts):
            scores = np.hstack([slowly(nets, own, net), own]) @ nets.out[net] + nets.shift[net, 0]
            rise = np.exp(scores.reshape(-1, 2, 5))
            wanted = wanted + rise / rise.sum(axis=2, keepdims=True) / 2
        for place, label in enumerate(("knowledge", "skill")):
            outside, first, inside, last, alone = wanted[:, place].T
            np.testing.assert_allclose(found[label][at], np.stack([outside, first + alone, inside + last], axis=1),
                                       atol=1e-5)


def test_chances_are_whole_for_every_word_of_the_model_that_ships() -> None:
    read = sentences(TEXT)
    model = load()
    for chances in model.chances(read, of_sentences(read)).values():
        for sentence, one in zip(read, chances, strict=True):
            assert one.shape == (len(sentence.tokens), 3)
            np.testing.assert_allclose(one.sum(axis=1), 1.0, atol=1e-5)


def test_a_sign_that_two_lists_tell_counts_once_as_it_did_when_the_nets_were_taught() -> None:
    nets = Nets.of(packed(arrays() | {"signs": np.frombuffer(b"part=0\nc=T\nend=0", np.uint8)}), ("knowledge", "skill"))
    told = seen("Python")
    (core, more), = told.whole
    assert [*core, *more].count("part=0") == 2
    once = Seen(told.words, [(sorted({*core, *more}), [])], told.own, told.sizes)
    np.testing.assert_array_equal(nets._entered(told), nets._entered(once))


@pytest.mark.parametrize("most", [1, 6, 9, 1000])
def test_a_long_text_read_in_parts_gives_the_same_chances(most: int, nets: Nets,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    told = seen(TEXT)
    parts = list(told.parts(most))
    assert [size for part in parts for size in part.sizes] == told.sizes
    assert [one for part in parts for one in part.own] == told.own
    assert all(sum(part.sizes) <= most or len(part.sizes) == 1 for part in parts)
    whole = nets.chances(told)
    monkeypatch.setattr("matcher.ranking.extract_net._AT_ONCE", most)
    for label, chances in nets.chances(told).items():
        assert len(chances) == len(told.sizes)
        for one, other in zip(chances, whole[label], strict=True):
            np.testing.assert_allclose(one, other, atol=1e-6)


def test_of_no_text_there_are_no_chances(nets: Nets) -> None:
    assert nets.chances(seen("")) == {"knowledge": [], "skill": []}


@pytest.mark.parametrize("wrong", [
    {"nets": np.array(0)}, {"nets": np.array(3)}, {"signs": np.frombuffer(b"c=A", np.uint8)},
    {"words": np.frombuffer(b"sql", np.uint8)}, {"keep0": np.zeros((4, 6), np.int8)},
    {"out1_scale": np.ones(3, np.float32)}, {"bias0": np.zeros((2, 3))}, {"shift1": np.zeros(4)},
], ids=lambda wrong: next(iter(wrong)))
def test_a_file_whose_parts_do_not_fit_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises((ValueError, KeyError)):
        Nets.of(packed(arrays() | wrong), ("knowledge", "skill"))
