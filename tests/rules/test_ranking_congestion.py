"""The cap on how many lists one person tops: the smallest that costs little, nobody hidden, the same in any order."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.ranking import congestion

PEOPLE = [f"p{number}" for number in range(30)]


def crowded(stars: int, lists: int = 12, seed: int = 1) -> dict[str, list[tuple[str, float]]]:
    """Lists that a few people lead by little everywhere."""
    rng = random.Random(seed)
    found = {}
    for number in range(lists):
        scores = {name: 0.7 + 0.2 * rng.random() + 0.05 * (place < stars) for place, name in enumerate(PEOPLE)}
        found[f"r{number}"] = sorted(scores.items(), key=lambda item: -item[1])
    return found


lists = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d", "e"]),
    st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9]), min_size=1).map(
        lambda scores: sorted(scores.items(), key=lambda item: (-item[1], item[0]))),
    min_size=1,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(lists, st.integers(1, 4), st.integers(1, 5))
def test_nobody_holds_more_than_the_cap_nobody_is_lost_and_no_place_stays_empty_without_need(found, cap, places):
    firsts = congestion.capped(found, cap, places=places)
    held = congestion.crowd(found, firsts)
    assert held.most <= cap
    more = congestion.overflow(found, firsts)
    for name, line in found.items():
        ids = [person for person, _ in line]
        shown, under = congestion.parted(ids, more.get(name, ()))
        assert sorted(shown + under) == sorted(ids)
        assert tuple(shown[: len(firsts[name])]) == firsts[name]
        if len(firsts[name]) < min(places, len(ids)):
            others = [p for n, people in firsts.items() for p in people if n != name]
            assert all(others.count(person) == cap for person in ids if person not in firsts[name])
    assert firsts == congestion.capped(dict(reversed(found.items())), cap, places=places)


def test_the_cap_is_the_smallest_whose_loss_is_at_most_one_percent():
    found = congestion.smallest_cap(crowded(stars=10))
    assert found.loss <= congestion.MOST_LOSS
    tighter = congestion.cost(crowded(stars=10), congestion.capped(crowded(stars=10), found.cap - 1))
    assert tighter > congestion.MOST_LOSS
    assert found.before.most > found.after.most == found.cap
    assert found.after.gini < found.before.gini
    assert found.after.seen >= found.before.seen
    assert found.more


def test_without_a_crowd_and_without_lists_nothing_moves():
    apart = {f"r{n}": [(f"q{n}-{place}", 1.0 - place / 20) for place in range(12)] for n in range(3)}
    found = congestion.smallest_cap(apart)
    assert (found.cap, found.loss, found.more) == (1, 0.0, {})
    assert congestion.smallest_cap({}).loss == 0.0
