"""A big hub's pool in a file: what the first list costs the process that writes it, one that opens it, one without."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

import matcher.tables  # noqa: F401 - rows point to each other across areas
from matcher.kit import clock
from matcher.kit.session import make_engine, session_factory
from matcher.matches import lists
from matcher.matches.pools import Pools, write_versions
from matcher.roles.models import Posting
from tests.bench.index import machine
from tests.bench.night import ROOT, prepare

MEMORY = {"Rss": "resident", "Pss": "proportional", "Shared_Clean": "shared", "Private_Dirty": "own"}


def memory() -> dict[str, float]:
    """Megabytes of this process by kind."""
    found = {}
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]:
        name, value = line.split(":")
        if name in MEMORY:
            found[MEMORY[name]] = int(value.split()[0]) / 1e3
    return found


def work(url: str, folder: str, at: str, writes: str) -> None:
    """One web process: its first list and its next one; with `writes` it notes the facts as the site does."""
    moment, pools = datetime.fromisoformat(at), Pools(Path(folder) if folder else None)
    taken = []
    with session_factory(make_engine(url))() as session:
        postings = session.scalars(select(Posting).where(Posting.state == "live").order_by(Posting.id).limit(3)).all()
        before = memory()
        for posting in postings:
            own, wall = time.process_time(), time.perf_counter()
            listing = lists.candidates_for(session, posting, viewer_id=None, at=moment, pools=pools)
            taken.append([time.process_time() - own, time.perf_counter() - wall])
            if writes:
                write_versions(session, listing.kept)
                session.commit()
    print(json.dumps({"people": len(listing.kept.pool), "fingerprint": listing.run.fingerprint, "lists": taken,
                      "before": before, "after": memory()}), flush=True)
    sys.stdin.readline()  # stay, so that the pages of the next process are shared


def measure(candidates: int, roles: int) -> None:
    """Print the processes one under the other."""
    at = clock.now()
    with tempfile.TemporaryDirectory() as place:
        url, folder, open_ones, prints = prepare(Path(place), candidates, roles, at), f"{place}/pools", [], set()
        print(f"{candidates:,} people, {roles} roles, SQLite\n  {machine()}")
        for name, where, writes in (("without a file", "", ""), ("the one that writes it", folder, "yes"),
                                    ("a second one", folder, ""), ("a third one", folder, "")):
            command = [sys.executable, "-c", "import sys; from tests.bench.shared import work; work(*sys.argv[1:])",
                       url, where, at.isoformat(), writes]
            worker = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,  # noqa: S603
                                      env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})
            assert worker.stdout
            found = json.loads(worker.stdout.readline())
            prints.add(found["fingerprint"])
            lists_ = ", ".join(f"{own * 1e3:,.0f} ms" for own, _ in found["lists"])
            grown = {kind: found["after"][kind] - found["before"][kind] for kind in found["after"]}
            print(f"  {name:<24} lists, processor time: {lists_}; memory grown, MB: "
                  + ", ".join(f"{kind} {value:.0f}" for kind, value in grown.items()), flush=True)
            open_ones.append(worker)
        for worker in open_ones:
            worker.communicate("\n")
    if len(prints) != 1:
        raise RuntimeError("the processes gave different lists")


def main(argv: list[str]) -> int:
    """`python -m tests.bench.shared [--candidates N] [--roles R]`."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.shared", description=__doc__)
    parser.add_argument("--candidates", type=int, default=20_000)
    parser.add_argument("--roles", type=int, default=20)
    options = parser.parse_args(argv)
    measure(options.candidates, options.roles)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
