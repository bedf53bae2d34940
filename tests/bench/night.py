"""Every live list of a big hub made at night by two worker processes: seconds from the first process's start."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, func, select

import matcher.tables  # noqa: F401 - rows point to each other across areas
from matcher.kit import clock, crypto, migrate
from matcher.kit.outbox import JobState, OutboxJob
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.matches import nightly
from matcher.matches.models import ListCap, NightList
from matcher.skills.load import load
from matcher.tasks import night, runner
from tests.bench.index import machine
from tests.bench.population import hub_with

ROOT = Path(__file__).resolve().parents[2]
HANDLERS = {nightly.KIND: night.share, nightly.CAP_KIND: night.cap}
GOAL_SECONDS = 60.0


def work(url: str, at: str) -> None:
    """One worker process: take shares until none is left."""
    cpu, moment = time.process_time(), datetime.fromisoformat(at)
    done = runner.run_due(session_factory(make_engine(url)), moment, HANDLERS)
    print(f"  a worker did {done} jobs in {time.process_time() - cpu:.1f} s of processor time", flush=True)


def prepare(folder: Path, candidates: int, roles: int, at: datetime) -> str:
    """A database with one hub and tonight's shares; its address."""
    settings = Settings.from_env({"FIRST_RUNG_MODE": "development", "FIRST_RUNG_DATA": str(folder)})
    crypto.configure(settings)
    engine = make_engine(settings.database_url)
    migrate.upgrade(engine)
    with session_factory(engine)() as session:
        load(session, at)
        session.commit()
        hub_with(session, "big", candidates=candidates, roles=roles, at=at)
        session.execute(delete(OutboxJob))
        nightly.plan(session, at=at)
        session.commit()
    engine.dispose()
    return settings.database_url


def measure(candidates: int, roles: int, processes: int) -> float:
    """Seconds until every share and the cap are done."""
    at = clock.now()
    with tempfile.TemporaryDirectory() as folder:
        url = prepare(Path(folder), candidates, roles, at)
        command = [sys.executable, "-c", "import sys; from tests.bench.night import work; work(*sys.argv[1:])", url,
                   at.isoformat()]
        env = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        began = time.perf_counter()
        workers = [subprocess.Popen(command, cwd=ROOT, env=env) for _ in range(processes)]  # noqa: S603
        for worker in workers:
            worker.wait()
        took = time.perf_counter() - began
        with session_factory(make_engine(url), read_only=True)() as session:
            states = dict(session.execute(select(OutboxJob.state, func.count()).group_by(OutboxJob.state)).all())
            made = session.scalar(select(func.count()).select_from(NightList))
            cap = session.scalar(select(ListCap.cap))
    if states != {JobState.DONE: sum(states.values())} or made != roles:
        raise RuntimeError(f"not all was made: {states}, {made} lists")
    print(f"{candidates:,} people x {roles:,} roles, first 60 of each list, {processes} processes, SQLite: "
          f"{took:.1f} s (goal {GOAL_SECONDS:.0f} s), cap found: {cap}\n  {machine()}", flush=True)
    return took


def main(argv: list[str]) -> int:
    """`python -m tests.bench.night [--candidates N] [--roles R] [--processes P]`."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.night", description=__doc__)
    parser.add_argument("--candidates", type=int, default=20_000)
    parser.add_argument("--roles", type=int, default=2_000)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(argv)
    measure(options.candidates, options.roles, options.processes)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
