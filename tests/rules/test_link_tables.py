"""The linker's tables give what comparing name by name gives."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from matcher.ranking.link_features import rows_of
from matcher.ranking.link_grams import BUCKETS, GramIndex, windows
from matcher.ranking.link_roots import NameWords, spans
from matcher.ranking.link_surfaces import Surfaces
from matcher.ranking.link_text import roots

WORDS = ("care driver forklift nurse senior lead data sql web repair c sharp welding weld assistant of and".split())


def pairs(seed: int, owners: int, most: int) -> list[tuple[str, str]]:
    """Entries with 1 to `most` names of 1 to 4 words."""
    drawn = random.Random(seed)
    return [(f"o{owner}", " ".join(drawn.choices(WORDS, k=drawn.randint(1, 4))))
            for owner in range(owners) for _ in range(drawn.randint(1, most))]


def grams(name: str) -> Counter[str]:
    padded = f" {name} "
    return Counter(padded[at : at + size] for size in (2, 3, 4) for at in range(len(padded) - size + 1))


def cosines(names: list[str], asked: str) -> np.ndarray:
    """tf-idf cosines by plain counting."""
    seen = Counter(gram for name in names for gram in grams(name))
    idf = {gram: np.log((1 + len(names)) / (1 + sum(gram in grams(name) for name in names))) + 1 for gram in seen}
    unseen = np.log(1 + len(names)) + 1

    def vector(name: str) -> dict[str, float]:
        weights = {gram: (1 + np.log(count)) * idf.get(gram, unseen) for gram, count in grams(name).items()}
        length = np.sqrt(sum(weight * weight for weight in weights.values()))
        return {gram: weight / length for gram, weight in weights.items()}

    mine = vector(asked)
    return np.array([sum(weight * mine.get(gram, 0.0) for gram, weight in vector(name).items()) for name in names])


@pytest.mark.parametrize("asked", ["senior data nurse", "c", "welding assistant of care", "zzzz"])
def test_gram_cosines_are_those_of_plain_counting(asked: str) -> None:
    names = sorted({name for _, name in pairs(1, 30, 3)})
    np.testing.assert_allclose(GramIndex.build(names).cosines(asked), cosines(names, asked), atol=1e-5)


def test_windows_do_not_reach_from_one_name_into_the_next() -> None:
    row, bucket = windows(["ab", "c"])
    assert Counter(row.tolist()) == {0: 3 + 2 + 1, 1: 2 + 1}
    assert set(bucket[row == 1]) == set(windows(["c"])[1])
    assert bucket.max() < BUCKETS


@pytest.mark.parametrize("most", [1, 3, 30])
def test_the_best_name_of_each_entry_is_found_whatever_its_number_of_names(most: int) -> None:
    surfaces = Surfaces.build(pairs(most, 40, most))
    cosine = surfaces.grams.cosines("senior care driver")
    by_name = cosines(surfaces.names, "senior care driver")
    np.testing.assert_allclose(cosine, by_name, atol=1e-5)
    wanted = [by_name[surfaces.owner == owner].max() for owner in range(len(surfaces.ids))]
    np.testing.assert_allclose(surfaces.highest(cosine), wanted, atol=1e-5)


def test_the_rows_compared_are_the_nearest_names_of_each_entry() -> None:
    surfaces = Surfaces.build(pairs(5, 20, 12))
    cosine = surfaces.grams.cosines("forklift repair")
    owners = np.array([0, 3, 19])
    rows = rows_of(surfaces, owners, cosine)
    assert rows.tolist() == sorted(rows.tolist())
    for owner in owners:
        mine = np.flatnonzero(surfaces.owner == owner)
        best = np.sort(cosine[mine])[::-1][:3]
        np.testing.assert_allclose(np.sort(cosine[rows[surfaces.owner[rows] == owner]])[::-1], best)


def test_the_words_of_names_keep_their_order_and_roots() -> None:
    names = ["welding and care", "nurse", "weld weld"]
    words = NameWords.build(names)
    assert words.root_lists() == [roots(name) for name in names]
    assert words.name.tolist() == [0, 0, 0, 1, 2, 2]
    assert words.marked("care".__eq__).tolist() == [False, False, True, False, False, False]
    assert [rows.tolist() for rows in spans(np.array([5, 0]), np.array([2, 1]))] == [[5, 6, 0], [0, 2]]
