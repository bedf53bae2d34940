"""What every ranker must do, whatever its stage: one check for each promise, and the list of rankers that make it.

A new stage joins by one line in RANKERS.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from matcher.ranking.boosted import Stage2
from matcher.ranking.calibration import Link
from matcher.ranking.change import with_skill
from matcher.ranking.explain import explain
from matcher.ranking.facts import CandidateFacts, HeldSkill, Requirement, RoleFacts, Tier
from matcher.ranking.features import COLUMNS, Pair, pair_matrix
from matcher.ranking.learned import Learned, Stage1
from matcher.ranking.ranker import Ranker, Scored, Stage0
from matcher.ranking.two_sides import Accepts, TwoSided
from tests.rules import ranking_facts as facts


def answered() -> Accepts:
    """Chances of accepting, learned from people who accept what suits them."""
    pairs, outcomes = judged(loves="preference", seed=6)
    return Accepts().fit(pairs, [outcome >= 0.5 for outcome in outcomes], facts.NEAR)


def _calibrated(ranker: Learned) -> Learned:
    """A ranker whose chances run through knots, as with more than 1,000 labels; its trees say nearly all."""
    ranker.set_params(mix=0.9)
    ranker.fit(*judged(loves="recency", size=400))
    ranker.link = Link(2.0, -1.0, (-2.0, -1.0, -0.5, 0.5), (0.05, 0.1, 0.4, 0.95))
    return ranker


def judged(loves: str, size: int = 120, seed: int = 5) -> tuple[list[Pair], list[float]]:
    """Pairs with outcomes, 0 to 1 in quarters, that follow one column and some noise."""
    wanted = tuple(Requirement(f"s{n}", 1 + n % 3, n % 2 == 0, 1 + n % 3) for n in range(6))
    role = RoleFacts("r", requirements=wanted, place=(35.9, -83.9), remote="onsite", schedules=frozenset({"day"}))
    pairs = [(role, person) for person in facts.crowd(size, 16, seed)]
    column = pair_matrix(pairs, facts.NEAR)[COLUMNS.index(loves)]
    noisy = column / (column.std() or 1.0) + np.random.default_rng(seed).normal(size=size) * 0.3
    places = noisy.argsort().argsort() / size
    return pairs, [float(value) for value in np.floor(places * 5) / 4]


RANKERS: list[Ranker] = [
    Stage0(), Stage0(facts.NEAR), Stage1(facts.NEAR).fit(*judged(loves="weighted_cover")),
    Stage2(facts.NEAR).fit(*judged(loves="evidence", size=400)), _calibrated(Stage2(facts.NEAR)),
    TwoSided(Stage1(facts.NEAR).fit(*judged(loves="adjacency")), answered()),
]  # fmt: skip
HOW = {"day": facts.DAY, "seed": 3}
Check = Callable[[Ranker, st.DataObject], None]


def deterministic(ranker: Ranker, data: st.DataObject) -> None:
    """Asked twice, and asked of a copy, a ranker says the same."""
    role, people = data.draw(facts.roles()), data.draw(facts.people())
    copy = type(ranker)(**ranker.get_params())
    vars(copy).update(vars(ranker))
    assert ranker.rank(role, people, **HOW) == ranker.rank(role, people, **HOW) == copy.rank(role, people, **HOW)
    assert copy.fingerprint() == ranker.fingerprint()


def order_free(ranker: Ranker, data: st.DataObject) -> None:
    """The order of people and of their skills changes nothing; who else is in the list does not change a score."""
    role, people = data.draw(facts.roles(at_least=3)), data.draw(facts.people(low=1))
    mixed = [replace(p, skills=tuple(reversed(p.skills))) for p in data.draw(st.permutations(people))]
    other = replace(role, requirements=tuple(reversed(role.requirements)))
    lines = ranker.rank(role, people, **HOW)
    assert lines == ranker.rank(other, mixed, **HOW)
    whole, some = _scores(lines), people[: len(people) // 2]
    assert all(whole[line.id] == line.score for line in ranker.rank(role, some, **HOW))
    assert all(whole[person.id] == ranker.rank_roles(person, [role], **HOW)[0].score for person in people)


def monotone(ranker: Ranker, data: st.DataObject) -> None:
    """More evidence, a higher level, a skill more, or telling an age never lowers a score or a rank."""
    role, people = data.draw(facts.roles(at_least=3)), data.draw(facts.people(low=1, at_least=1))
    one = people[0]
    better = with_skill(one, data.draw(better_skill(one)))
    before = _line(ranker.rank(role, people, **HOW), one.id)
    after = _line(ranker.rank(role, [better, *people[1:]], **HOW), one.id)
    if before.score is not None:
        assert after.score >= before.score
        assert after.rank <= before.rank


def claim_below_evidence(ranker: Ranker, data: st.DataObject) -> None:
    """Of two alike in all else, the one who shows a skill asked for stands above the one who claims it."""
    role, people = data.draw(facts.roles("r", at_least=3)), data.draw(facts.people(at_least=3))
    skill = data.draw(st.sampled_from(role.requirements)).skill
    tier, age = data.draw(st.sampled_from(list(Tier)[1:])), data.draw(facts.months)
    claim = HeldSkill(skill, data.draw(facts.levels), Tier.CLAIM, data.draw(facts.months), data.draw(facts.months))
    one = with_skill(data.draw(facts.candidates(at_least=3)), claim)
    shown = with_skill(replace(one, id=one.id + "shown"), replace(claim, tier=tier, evidence_months=age))
    lines = ranker.rank(role, [one, shown, *people], day=facts.DAY, seed=data.draw(st.integers(0, 99)))
    assert _line(lines, shown.id).rank < _line(lines, one.id).rank


def twins_equal(ranker: Ranker, data: st.DataObject) -> None:
    """The same facts under another id get the same score, bit for bit."""
    role, person = data.draw(facts.roles(at_least=3)), data.draw(facts.candidates(at_least=3))
    twins = [replace(person, id=f"twin{number}") for number in range(9)]
    assert len({line.score for line in ranker.rank(role, [person, *twins], **HOW)}) == 1


def too_little_gives_none(ranker: Ranker, data: st.DataObject) -> None:
    """Without enough skills on either side there is no score, no rank, and a word on what to add."""
    role, people = data.draw(facts.roles()), data.draw(facts.people(low=1))
    by_id = {person.id: person for person in people}
    lines = ranker.rank(role, people, **HOW)
    assert {line.id for line in lines} == set(by_id)
    for line in lines:
        enough = len(role.requirements) >= 3 and len(by_id[line.id].skills) >= 3
        assert (line.score is not None) == (line.rank is not None) == enough == (not line.needs)
    ranked = [line.rank for line in lines]
    assert ranked == [*range(1, len([rank for rank in ranked if rank]) + 1)] + [None] * ranked.count(None)


def exact_explanation(ranker: Ranker, data: st.DataObject) -> None:
    """By column and by requirement, the parts add up to the score to 1e-9."""
    role, people = data.draw(facts.roles(at_least=3)), data.draw(facts.people(low=1, at_least=3))
    by_id = {person.id: person for person in people}
    for line in ranker.rank(role, people, **HOW):
        told = explain(ranker, role, by_id[line.id])
        parts = [told.base, *(finding.share for finding in told.findings), *told.rest.values()]
        assert told.score == line.score
        assert abs(math.fsum(parts) - line.score) < 1e-9
        assert abs(math.fsum([line.base, *line.contributions.values()]) - line.score) < 1e-9
        assert 0.0 <= line.score <= 1.0


def ties_by_lot(ranker: Ranker, data: st.DataObject) -> None:
    """Who are alike take turns at the top from day to day, and their ids have no say."""
    role, person = data.draw(facts.roles(at_least=3)), data.draw(facts.candidates(at_least=3))
    pair = [replace(person, id=name) for name in ("a", "b")]
    days = [facts.DAY.fromordinal(facts.DAY.toordinal() + number) for number in range(32)]
    first = {ranker.rank(role, pair, day=day, seed=3)[0].id for day in days}
    assert first == {"a", "b"}


CHECKS: list[Check] = [
    deterministic, order_free, monotone, claim_below_evidence, twins_equal, too_little_gives_none, exact_explanation,
    ties_by_lot,
]  # fmt: skip


class ByBatch(Stage0):
    """Broken on purpose: scores relative to the list."""

    def score(self, columns: np.ndarray) -> np.ndarray:
        found = super().score(columns)
        return found / max(found.max(initial=0.0), 1e-300)


class LikesClaims(Stage0):
    """Broken on purpose: proof counts against a person."""

    def score(self, columns: np.ndarray) -> np.ndarray:
        return super().score(columns) - 0.4 * columns[3]


class Vague(Stage0):
    """Broken on purpose: reasons that leave out a column."""

    def shares(self, column: np.ndarray):
        return replace(super().shares(column), slopes=(0.0,) * len(column))


def better_skill(person: CandidateFacts) -> st.SearchStrategy[HeldSkill]:
    """One skill of this person as it might be better: a higher level, stronger or newer proof, newer use, or new."""
    own = st.sampled_from(person.skills)
    new = st.sampled_from(sorted(set(facts.SKILLS) - {item.skill for item in person.skills}))
    return st.one_of(
        st.tuples(own, facts.levels).map(lambda pair: replace(pair[0], level=max(pair[1], pair[0].level))),
        st.tuples(own, st.sampled_from(Tier)).map(lambda pair: replace(pair[0], tier=max(pair[1], pair[0].tier))),
        st.tuples(own, st.integers(0, 700)).map(
            lambda pair: replace(pair[0], evidence_months=_newer(pair[0].evidence_months, pair[1]))
        ),
        st.tuples(own, st.integers(0, 700)).map(
            lambda pair: replace(pair[0], used_months=_newer(pair[0].used_months, pair[1]))
        ),
        st.builds(HeldSkill, new, facts.levels, st.sampled_from(Tier), facts.months, facts.months),
    )


def _newer(one: int | None, other: int) -> int:
    return other if one is None else min(one, other)


def _scores(lines: list[Scored]) -> dict[str, float | None]:
    return {line.id: line.score for line in lines}


def _line(lines: list[Scored], name: str) -> Scored:
    return next(line for line in lines if line.id == name)


#: A role and a person for checks by hand.
SIMPLE = RoleFacts("r", requirements=(Requirement("sql", 2, True, 3), Requirement("git", 1), Requirement("css", 3)))
