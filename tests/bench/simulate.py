"""A hub made up with planted preferences, so that it is known who is right: people, roles, employers, judgments."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.facts import CandidateFacts, HeldSkill, Requirement, RoleFacts, Tier
from matcher.ranking.features import COLUMNS
from matcher.ranking.pool import CandidatePool
from matcher.ranking.similarity import Similarity

Floats = NDArray[np.float64]
SKILLS, FAMILY = 40, 4
PEOPLE, ROLES, HELD_OUT, JUDGED = 240, 256, 60, 25
EMPLOYERS = 40
CUTS = (0.70, 0.85, 0.94, 0.98)  # shares of a role's people below grade 1, 2, 3, 4
NOISE = 0.5  # of the spread of the truth: what one judgment adds by chance
UNLIKE = 0.25  # how far an employer's preferences stray from what the hub's have in common
BIASED, PENALTY, PROXY = 0.5, 1.5, 0.85
TRUTHS = ("linear", "interacting")


@dataclass(frozen=True)
class World:
    """One hub: columns (roles, 8, people), truth (roles, people) in units of its own spread, and a group nobody names.

    `group` (people,) is what a biased employer reacts to; `proxy` (people,) is a field that gives it away, which our
    facts cannot hold and the baselines are handed. The last HELD_OUT roles are never judged.
    """

    people: tuple[CandidateFacts, ...]
    roles: tuple[RoleFacts, ...]
    similarity: Similarity
    columns: Floats
    truth: Floats
    grades: NDArray[np.int64]
    group: NDArray[np.bool_]
    proxy: Floats
    employer: NDArray[np.int64]


@dataclass(frozen=True)
class Judged:
    """Judgments of one role: which people (n,), what grade each got (n,), how likely each was looked at (n,)."""

    people: NDArray[np.int64]
    grades: NDArray[np.int64]
    propensity: Floats


def world(seed: int, truth: str = "linear") -> World:
    """A hub drawn from a seed; `truth` is one of TRUTHS."""
    draw = np.random.default_rng(seed)
    similarity = _similarity()
    people = tuple(_person(draw, number) for number in range(PEOPLE))
    roles = tuple(_role(draw, number) for number in range(ROLES + HELD_OUT))
    pool = CandidatePool()
    for person in people:
        pool.upsert(person)
    columns = np.stack([pool.columns(role, similarity) for role in roles])
    employer = draw.integers(0, EMPLOYERS, len(roles))
    wanted = _linear(draw, columns, employer) if truth == "linear" else _interacting(draw, columns, employer)
    group = draw.random(PEOPLE) < 0.35
    proxy = np.where(draw.random(PEOPLE) < PROXY, group, ~group).astype(np.float64)
    return World(people, roles, similarity, columns, wanted, graded(wanted), group, proxy, employer)


def graded(values: Floats) -> NDArray[np.int64]:
    """Grades 0 to 4 (roles, people) by where each person stands among all for that role."""
    cuts = np.quantile(values, CUTS, axis=1)
    return np.asarray((values[None] > cuts[:, :, None]).sum(axis=0))


def judge(found: World, role: int, draw: np.random.Generator, *, biased: bool = False, many: int = JUDGED) -> Judged:
    """What an employer says of `many` people.

    Without bias they are any people. With bias they are looked at down a list that the fixed rule of coverage made
    (the chance falls with the place, as 1/log2(1 + place)), and half of the employers mark a group down.
    """
    chance = np.full(PEOPLE, 1.0)
    noisy = found.truth[role] + draw.normal(size=PEOPLE) * NOISE * found.truth[role].std()
    if biased:
        liked = found.columns[role][1] + draw.random(PEOPLE) * 1e-6
        place = (-liked).argsort().argsort() + 1
        chance = 1.0 / np.log2(1.0 + place)
        if found.employer[role] < BIASED * EMPLOYERS:
            noisy = noisy - found.group * PENALTY * found.truth[role].std()
    looked = draw.choice(PEOPLE, size=many, replace=False, p=chance / chance.sum())
    cuts = np.quantile(found.truth[role], CUTS)
    return Judged(looked, (noisy[looked, None] > cuts).sum(axis=1), chance[looked])


def _linear(draw: np.random.Generator, columns: Floats, employer: NDArray[np.int64]) -> Floats:
    """A weighted sum of what our columns measure; the weights differ between hubs and, a little, between employers."""
    shared = draw.dirichlet(np.full(len(COLUMNS), 1.5))
    own = shared * draw.lognormal(0.0, UNLIKE, (EMPLOYERS, len(COLUMNS)))
    spread = columns.std(axis=(0, 2)) + 1e-9
    return np.asarray(np.einsum("rc,rcp->rp", own[employer] / spread, columns))


def _interacting(draw: np.random.Generator, columns: Floats, employer: NDArray[np.int64]) -> Floats:
    """Preferences that no weighted sum can hold: proof counts only with cover, wishes only when both agree, a bar."""
    must, cover, near, proof, wish, close, fresh, program = np.moveaxis(columns, 1, 0)
    parts = np.stack([
        must**2 * proof, np.where(must >= 0.6, 1.0, 0.0) * (0.2 + fresh), np.minimum(wish, close) * cover,
        np.minimum(cover, 1.4 * proof), np.maximum(near * fresh, program * cover),
        close * np.where(proof > 0.3, 1.0, 0.2),
    ])  # fmt: skip
    shared = draw.dirichlet(np.full(len(parts), 1.5))
    own = shared * draw.lognormal(0.0, UNLIKE, (EMPLOYERS, len(parts)))
    spread = parts.std(axis=(1, 2)) + 1e-9
    return np.asarray(np.einsum("rk,krp->rp", own[employer] / spread, parts))


def _similarity() -> Similarity:
    """Skills in families of four: a person who knows one is no stranger to the others."""
    pairs = [(a, b) for a in range(SKILLS) for b in range(SKILLS) if a != b and a // FAMILY == b // FAMILY]
    return Similarity((f"s{a}", f"s{b}", 0.4 + 0.1 * ((a + b) % 4)) for a, b in pairs)


def _person(draw: np.random.Generator, number: int) -> CandidateFacts:
    common = 1.0 / (np.arange(SKILLS) // FAMILY + 2.0)
    held = draw.choice(SKILLS, size=int(draw.integers(6, 15)), replace=False, p=common / common.sum())
    proof = float(draw.random())  # some people prove much of what they know, some nothing
    skills = tuple(
        HeldSkill(f"s{skill}", int(draw.integers(1, 5)), Tier(int(draw.binomial(5, proof * 0.8))),
                  int(draw.integers(0, 60)), int(draw.integers(0, 90)))
        for skill in held
    )
    return CandidateFacts(
        f"p{number}", skills, place=(35.9 + float(draw.normal()) * 0.25, -83.9 + float(draw.normal()) * 0.25),
        remote=frozenset(draw.choice(["yes", "hybrid", "no"], size=2, replace=False).tolist()),
        schedules=frozenset([str(draw.choice(["day", "evening", "weekend"]))]),
        pay_floor_cents=int(draw.integers(2_500_000, 5_500_000)), programs=_programs(draw),
    )


def _programs(draw: np.random.Generator) -> frozenset[str]:
    codes = ("15-1252.00", "15-1254.00", "15-1232.00", "15-2051.00")
    return frozenset([str(draw.choice(codes))]) if draw.random() < 0.5 else frozenset()


def _role(draw: np.random.Generator, number: int) -> RoleFacts:
    common = 1.0 / (np.arange(SKILLS) // FAMILY + 2.0)
    asked = draw.choice(SKILLS, size=int(draw.integers(4, 9)), replace=False, p=common / common.sum())
    wanted = tuple(
        Requirement(f"s{skill}", int(draw.integers(1, 4)), bool(draw.random() < 0.5), int(draw.integers(1, 4)))
        for skill in asked
    )
    role = RoleFacts(
        f"r{number:04d}", requirements=wanted, occupation=str(draw.choice(["15-1252.00", "15-1232.00", "15-2051.00"])),
        place=(35.9 + float(draw.normal()) * 0.2, -83.9 + float(draw.normal()) * 0.2),
        schedules=frozenset([str(draw.choice(["day", "evening", "weekend"]))]),
        pay_min_cents=3_000_000, pay_max_cents=int(draw.integers(3_500_000, 6_000_000)),
    )
    mode = str(draw.choice(["onsite", "hybrid", "remote"]))
    return replace(role, remote=mode)  # type: ignore[arg-type]
