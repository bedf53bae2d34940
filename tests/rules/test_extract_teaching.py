"""What the nets are taught with: sentences changed at random keep their form; each is read as often as it should."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from matcher.ranking.extract_net import TAGS
from matcher.ranking.extract_text import Sentence, sentences
from tests.bench.extract_lstm import rounds
from tests.bench.extract_varied import FIXED, NEAREST, Exchange

NEAR = {"knowledge": ["experience"], "good": ["strong"], "python": ["ruby"], "sql": ["xml"]}


def sentence(text: str) -> Sentence:
    return sentences(text)[0]


def texts(one: Sentence) -> list[str]:
    return [token.text for token in one.tokens]


def tags(letters: str) -> np.ndarray:
    return np.array([TAGS.index(letter) for letter in letters])


def changed(one: Sentence, letters: str, names: list[str], times: int = 200) -> list[Sentence]:
    exchange, chance = Exchange(NEAR, names), random.Random(1)
    return [exchange.varied(one, tags(letters), chance) for _ in range(times)]


def test_words_give_way_to_near_ones_with_the_same_capitals_and_others_stay() -> None:
    made = changed(sentence("Good knowledge of PYTHON is needed"), "OOOOOO", [])
    seen = [set(words) for words in zip(*map(texts, made), strict=True)]
    assert seen == [{"Good", "Strong"}, {"knowledge", "experience"}, {"of"}, {"PYTHON", "RUBY"}, {"is"}, {"needed"}]


def test_a_marked_name_gives_way_as_a_whole_and_places_and_breaks_go_on() -> None:
    one = sentence("• Good SQL Server, Python")
    made = changed(one, "OBES", ["google cloud platform"])
    assert {len(texts(it)) for it in made} == {4, 5, 6, 7}  # none, the second, the first, both
    for it in made:
        words = texts(it)
        assert it.bullet == one.bullet
        assert ("Server" in words) == bool({"SQL", "XML"} & set(words))
        assert [token.start for token in it.tokens] == sorted(token.start for token in it.tokens)
        (cut,) = it.breaks  # the comma stands before the last thing still
        assert it.tokens[cut].start == one.tokens[3].start
        assert it.tokens[cut - 1].start < one.tokens[3].start


def test_nearest_are_by_cosine_without_the_word_itself_and_small_words_have_none() -> None:
    chance = np.random.default_rng(0)
    words = ["the", *(f"w{at}" for at in range(60))]
    table = chance.normal(size=(len(words), 8)).astype(np.float32)
    table[2] = table[1] + 0.01
    made = Exchange.of(words, table, {"the", "w0", "w5"}, [])
    assert set(made.near) == {"w0", "w5"}
    assert "the" in FIXED
    assert len(made.near["w0"]) == NEAREST
    assert "w1" in made.near["w0"]
    assert "w0" not in made.near["w0"]


@pytest.mark.parametrize(("count", "together"), [(1, 4), (10, 4), (500, 16)])
def test_every_round_reads_each_once_and_the_rate_goes_up_and_down(count: int, together: int) -> None:
    sizes = [at * 7 % 13 for at in range(count)]
    read = list(rounds(sizes, 3, together, random.Random(0)))
    assert Counter(at for _, some in read for at in some) == dict.fromkeys(range(count), 3)
    assert all(0 < len(some) <= together for _, some in read)
    rates = [rate for rate, _ in read]
    assert all(0 <= rate <= 1 for rate in rates)
    top = rates.index(max(rates))
    assert rates == sorted(rates[: top + 1]) + sorted(rates[top + 1 :], reverse=True)
