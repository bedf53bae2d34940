"""Facts drawn at random for the ranking tests: few names and numbers, so that ties, gaps and near skills are common."""

import datetime

import numpy as np
from hypothesis import strategies as st

from matcher.ranking.facts import CandidateFacts, HeldSkill, Requirement, RoleFacts, Tier
from matcher.ranking.similarity import Similarity

DAY = datetime.date(2026, 11, 22)
SKILLS = ("aws", "css", "git", "html", "linux", "mysql", "postgresql", "python", "sql", "support")
ALIKE = (("mysql", "postgresql", 0.85), ("mysql", "sql", 0.6), ("css", "html", 0.7), ("linux", "aws", 0.3))
NEAR = Similarity((a, b, value) for one, two, value in ALIKE for a, b in ((one, two), (two, one)))
SCHEDULES = ("day", "evening", "weekend")
SOCS = ("15-1252.00", "15-1254.00", "15-1232.00", "15-2051.00", "11-3021.00")

months = st.none() | st.integers(0, 700)
levels = st.integers(1, 4)
places = st.none() | st.tuples(st.floats(35.0, 36.5), st.floats(-84.5, -83.0))
pay = st.none() | st.integers(3_000_000, 6_000_000)
ordinals = st.none() | st.integers(DAY.toordinal() - 60, DAY.toordinal() + 60)


def some(names: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    """A small set of these names, often empty."""
    return st.frozensets(st.sampled_from(names), max_size=3)


def _skills(low: int) -> st.SearchStrategy[tuple[HeldSkill, ...]]:
    held = st.builds(HeldSkill, st.sampled_from(SKILLS), levels, st.sampled_from(Tier), months, months)
    return st.lists(held, min_size=low, max_size=7, unique_by=lambda item: item.skill).map(tuple)


@st.composite
def candidates(draw: st.DrawFn, name: str | None = None, at_least: int = 0) -> CandidateFacts:
    """A person with at least this many skills."""
    return CandidateFacts(
        id=name or draw(st.uuids(version=4)).hex,
        skills=draw(_skills(at_least)),
        place=draw(places),
        max_km=draw(st.none() | st.floats(0, 120)),
        remote=draw(some(("yes", "hybrid", "no"))),
        schedules=draw(some(SCHEDULES)),
        pay_floor_cents=draw(pay),
        available_on=draw(ordinals),
        excluded=draw(some(("acme", "bolt"))),
        programs=draw(some(SOCS)),
    )


@st.composite
def roles(draw: st.DrawFn, name: str | None = None, at_least: int = 0) -> RoleFacts:
    """A role with at least this many requirements."""
    wanted = st.builds(Requirement, st.sampled_from(SKILLS), levels, st.booleans(), st.integers(1, 3))
    low = draw(pay)
    return RoleFacts(
        id=name or draw(st.uuids(version=4)).hex,
        organization=draw(st.sampled_from((None, "acme", "bolt", "civic"))),
        occupation=draw(st.none() | st.sampled_from(SOCS)),
        requirements=tuple(draw(st.lists(wanted, min_size=at_least, max_size=6, unique_by=lambda item: item.skill))),
        place=draw(places),
        remote=draw(st.sampled_from((None, "onsite", "hybrid", "remote"))),
        schedules=draw(some(SCHEDULES)),
        pay_min_cents=low,
        pay_max_cents=draw(st.none() | st.integers(low or 3_000_000, 7_000_000)),
        starts_on=draw(ordinals),
    )


def people(low: int = 0, high: int = 12, at_least: int = 0) -> st.SearchStrategy[list[CandidateFacts]]:
    """Several people, each id once."""
    return st.lists(candidates(at_least=at_least), min_size=low, max_size=high, unique_by=lambda item: item.id)


def crowd(size: int, skills: int, seed: int) -> list[CandidateFacts]:
    """Many people with 8 to 18 of `skills` skills named s0, s1 …, the first far more common than the last (Zipf)."""
    random = np.random.default_rng(seed)
    # The smallest of exponential waits, each as quick as the skill is common, is a draw without replacement.
    waits = random.exponential(size=(size, skills)) * np.arange(1, skills + 1)
    common = np.argsort(waits, axis=1)
    numbers = random.integers((1, 0, 0, 0), (5, 6, 60, 60), size=(size, 18, 4)).tolist()
    found = []
    for number in range(size):
        held = common[number, : random.integers(8, 19)].tolist()
        found.append(
            CandidateFacts(
                f"c{number}",
                tuple(_skill(f"s{skill}", *drawn) for skill, drawn in zip(held, numbers[number], strict=False)),
                place=(35.9 + float(random.normal()) * 0.3, -83.9 + float(random.normal()) * 0.3),
                max_km=float(random.integers(10, 90)),
                remote=frozenset({"yes", "no"}),
                schedules=frozenset({str(random.choice(SCHEDULES))}),
                pay_floor_cents=int(random.integers(3_000_000, 5_000_000)),
            )
        )
    return found


def _skill(name: str, level: int, tier: int, age: int, used: int) -> HeldSkill:
    return HeldSkill(name, level, Tier(tier), age, used)
