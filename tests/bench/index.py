"""Exact top-k beside other ways: the same made-up people, asked in turn in one process and one thread each."""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

import numba
import numpy as np

from matcher.ranking.facts import RoleFacts
from matcher.ranking.index import PeopleIndex
from matcher.ranking.index_people import People
from matcher.ranking.ranker import Stage0
from tests.bench import index_population as population
from tests.bench.index_peers import PEERS, Ask

DAY, SEED = date(2026, 11, 22), 7
OURS, BARE = "First Rung, filters on", "First Rung, no filters"
SCORED = "the same with features"  # of the 50 and the few beside them, scored to the last bit
EXPLAINED, WARM = 20, 3
GROWTH = (1_000, 3_000, 10_000, 20_000, 100_000, 300_000, 1_000_000)
GOALS = {"bm25s (numba)": 1.0, "tantivy": 0.25}


@dataclass
class Report:
    """What was measured; times are processor milliseconds of this process, `whole_wall` on the clock."""

    candidates: int
    roles: int
    k: int
    seed: int
    machine: str
    ms: dict[str, float] = field(default_factory=dict)
    ratio: dict[str, float] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    whole: dict[str, float] = field(default_factory=dict)
    whole_wall: dict[str, float] = field(default_factory=dict)
    change_ms: float = 0.0
    megabytes: float = 0.0
    build_seconds: float = 0.0


def machine() -> str:
    """Processor and cores, with the load while measuring."""
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.processor())
    return f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Processor and clock milliseconds of one call."""
    wall, own = time.perf_counter(), time.process_time()
    action()
    return (time.process_time() - own) * 1e3, (time.perf_counter() - wall) * 1e3


def size_of(people: People) -> float:
    """Megabytes of all arrays of a part."""
    return sum(np.asarray(value).nbytes for value in vars(people).values()) / 1e6


def ways(index: PeopleIndex, people: People, report: Report, wanted: set[str]) -> dict[str, Ask]:
    """Ours and every peer that is installed."""
    ranker = Stage0()
    found: dict[str, Ask] = {
        OURS: lambda role, k: index.shortlist(role, ranker, k),
        BARE: lambda role, k: index.shortlist(role, ranker, k, filtered=False),
        SCORED: lambda role, k: index.retrieve(role, ranker, k),
    }
    for name, build in PEERS.items():
        if name not in wanted:
            continue
        try:
            found[name] = build(people)
        except ModuleNotFoundError:
            report.missing.append(name)
    return found


def alternate(asked: dict[str, Ask], roles: list[RoleFacts], k: int) -> dict[str, list[float]]:
    """Milliseconds of each way for each role, the ways taking turns in who goes first."""
    names, found = list(asked), {name: [] for name in asked}
    for turn, role in enumerate(roles):
        for name in names[turn % len(names):] + names[:turn % len(names)]:
            own, _ = timed(lambda ask=asked[name], role=role: ask(role, k))
            if turn >= WARM:
                found[name].append(own)
    return found


def whole_answer(index: PeopleIndex, roles: list[RoleFacts]) -> list[tuple[float, float]]:
    """Retrieve with filters, features and score of all who can be in the list, order, count, and explain the first."""
    ranker = Stage0()

    def answer(role: RoleFacts) -> object:
        found = index.rank_for(role, ranker=ranker, day=DAY, seed=SEED)
        return index.explain(ranker, role, [line.id for line in found.lines[:EXPLAINED]])

    for role in roles[:WARM]:
        answer(role)
    gc.collect()
    gc.freeze()  # what the bench itself and the peers left is no part of an answer, and need not be looked through
    return [timed(lambda role=role: answer(role)) for role in roles]


def spread(values: list[float]) -> dict[str, float]:
    """Median, 95th and 99th percentile and the least."""
    named = {"p50": 50, "p95": 95, "p99": 99, "least": 0}
    return {name: float(np.percentile(values, at)) for name, at in named.items()}


def change(index: PeopleIndex, roles: list[RoleFacts]) -> float:
    """Median milliseconds from one profile's change to the next list having seen it, the list included."""
    names = [f"c{number:07d}" for number in range(0, len(index), max(1, len(index) // 20))]

    def again(name: str, role: RoleFacts) -> None:
        index.upsert(replace(index.get(name), pay_floor_cents=1))
        index.rank_for(role, ranker=Stage0(), day=DAY, seed=SEED)

    return float(np.median([timed(lambda n=name, r=role: again(n, r))[1] for name, role in
                            zip(names, roles * 20, strict=False)]))


def measure(candidates: int, roles: int, k: int, seed: int, wanted: set[str], answers: int) -> Report:
    """Everything about one size."""
    report = Report(candidates, roles, k, seed, machine())
    words = population.lexicon()
    people = population.people(candidates, seed, words)
    asked = population.roles(max(roles + WARM, answers), seed)
    index = PeopleIndex([people], words)
    report.megabytes = size_of(people)
    report.build_seconds = timed(lambda: People.made(
        skills=len(words.skills), **{name: getattr(people, name) for name in population.STORED}))[0] / 1e3
    times = alternate(ways(index, people, report, wanted), asked[: roles + WARM], k)
    ours = np.array(times[OURS])
    for name, taken in times.items():
        report.ms[name] = float(np.median(taken))
        report.ratio[name] = float(np.median(ours / np.array(taken)))
    own, wall = zip(*whole_answer(index, asked[:answers]), strict=True)
    report.whole, report.whole_wall = spread(list(own)), spread(list(wall))
    report.change_ms = change(index, asked[:5])
    return report


def show(report: Report) -> None:
    """Print one size as a table."""
    print(f"{report.candidates:,} people x {population.HELD} Zipf skills of {population.SKILLS:,}, "
          f"{population.WANTED} required, exact top {report.k}, {report.roles} roles in turn, one thread\n"
          f"  {report.machine}; processor time, medians")
    for name, taken in sorted(report.ms.items(), key=lambda item: -item[1]):
        goal = f"   goal {GOALS[name]:.2f}" if name in GOALS else ""
        print(f"  {name:<28} {taken:9.3f} ms per role   ours / this {report.ratio[name]:6.2f}{goal}")
    for name in report.missing:
        print(f"  {name:<28} is not installed")
    own, wall = report.whole, report.whole_wall
    print(f"  whole answer (top 50, counts, near-ties, {EXPLAINED} explained): processor p50 {own['p50']:.1f} "
          f"p99 {own['p99']:.1f} ms, clock p50 {wall['p50']:.1f} p99 {wall['p99']:.1f} ms")
    print(f"  a changed profile is in the next list; change and list together {report.change_ms:.1f} ms")
    print(f"  index {report.megabytes:.0f} MB, sorted in {report.build_seconds:.1f} s, process at most "
          f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB", flush=True)


def main(argv: list[str]) -> int:
    """Print the table; 2 for unusable words."""
    parser = argparse.ArgumentParser(prog="python -m matcher bench index", description=__doc__)
    parser.add_argument("--candidates", type=_count, default=20_000)
    parser.add_argument("--roles", type=_count, default=20)
    parser.add_argument("--answers", type=_count, default=100, help="roles for the percentiles of the whole answer")
    parser.add_argument("--k", type=_count, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--growth", action="store_true", help="ours at sizes up to --candidates")
    parser.add_argument("--no-peers", action="store_true", help="ours alone")
    options = parser.parse_args(argv)
    if options.candidates <= options.k:
        sys.stderr.write(f"--candidates: {options.candidates} people hold no top {options.k}\n")
        return 2
    numba.set_num_threads(1)
    sizes = [size for size in GROWTH if size <= options.candidates] if options.growth else [options.candidates]
    reports = []
    for size in sizes:
        wanted = set() if options.no_peers or options.growth else set(PEERS)
        reports.append(measure(size, options.roles, options.k, options.seed, wanted, options.answers))
        show(reports[-1])
    if options.json:
        options.json.write_text(json.dumps([asdict(report) for report in reports], indent=1) + "\n", "utf-8")
    return 0


def _count(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 5_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 5000000")
    return int(text)
