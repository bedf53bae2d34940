"""Server p95 of match pages and main lists with a big hub behind them, as a ratio to the same page of an empty one."""

import http.client
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

from matcher.kit import clock, crypto, migrate
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.skills.load import load
from tests.bench.population import PASSWORD, Ends, hub_with

ROOT = Path(__file__).resolve().parents[2]
ROUNDS, LOAD_SECONDS, CLIENTS = 40, 10, 4
SIZES = (int(os.environ.get("FIRST_RUNG_BENCH_CANDIDATES", "10000")),
         int(os.environ.get("FIRST_RUNG_BENCH_ROLES", "1000")))


class Visitor:
    """One signed-in browser on the loopback."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes, float]:
        """Status, body and seconds of one request."""
        headers = {"Accept-Encoding": "identity", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = urllib.parse.urlencode(form) if form else None
        if form:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        began = time.perf_counter()
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError):  # the server had closed the idle connection
            self.connection.close()
            began = time.perf_counter()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        data = answer.read()
        took = time.perf_counter() - began
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return answer.status, data, took

    def sign_in(self, email: str) -> None:
        """Sign in with the password of the benchmark's people."""
        _, page, _ = self.ask("GET", "/account/sign-in")
        token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page)
        if token is None:
            raise RuntimeError("the sign-in page has no token")
        status, _, _ = self.ask("POST", "/account/sign-in", {
            "csrf_token": token.group(1).decode(), "email": email, "password": PASSWORD})
        if status != 302:
            raise RuntimeError(f"signing in as {email} answered {status}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare(folder: Path) -> tuple[dict[str, str], Ends, Ends]:
    """A database with the big and the empty hub; returns the environment to serve it with."""
    env = {**os.environ, "FIRST_RUNG_MODE": "development", "FIRST_RUNG_DATA": str(folder),
           "FIRST_RUNG_WEB_WORKERS": "2", "FIRST_RUNG_WEB_THREADS": "4"}
    settings = Settings.from_env({k: v for k, v in env.items() if k.startswith("FIRST_RUNG") and "BENCH" not in k})
    crypto.configure(settings)
    engine = make_engine(settings.database_url)
    migrate.upgrade(engine)
    at = clock.now()
    with session_factory(engine)() as session:
        load(session, at)
        session.commit()
        big = hub_with(session, "big", candidates=SIZES[0], roles=SIZES[1], at=at)
        empty = hub_with(session, "empty", candidates=1, roles=1, at=at)
        session.commit()
    engine.dispose()
    return env, big, empty


def pages_of(ends: Ends) -> dict[str, tuple[str, str | None]]:
    """Page name to (path, who asks)."""
    return {
        "people for a role": (f"/employer/{ends.organization}/roles/{ends.posting}/matches", ends.employer_mail),
        "roles for a person": (f"/candidate/{ends.candidate}/roles", ends.candidate_mail),
        "public role list": (f"/hubs/{ends.hub}/roles", None),
        "employer's role list": (f"/employer/{ends.organization}/roles", ends.employer_mail),
        "home of the hub": (f"/hubs/{ends.hub}/", None),
    }


def p95(values: list[float]) -> float:
    """The 95th percentile by nearest rank."""
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def measure(port: int, big: Ends, empty: Ends) -> list[tuple[str, float, float]]:
    """(page, p95 with the big hub, p95 with the empty one) in seconds; the two are asked in turn."""
    visitors: dict[str | None, Visitor] = {}
    for mail in (None, big.employer_mail, big.candidate_mail, empty.employer_mail, empty.candidate_mail):
        visitors[mail] = Visitor(port)
        if mail:
            visitors[mail].sign_in(mail)
    rows = []
    for name, (path, who) in pages_of(big).items():
        other, nobody = pages_of(empty)[name]
        times: tuple[list[float], list[float]] = ([], [])
        for turn in range(ROUNDS + 4):
            for kind, (address, visitor) in enumerate(((path, who), (other, nobody))):
                status, _, took = visitors[visitor].ask("GET", address)
                if status != 200:
                    raise RuntimeError(f"{address} answered {status}")
                if turn >= 4:  # each of two processes has compiled its pools by then
                    times[kind].append(took)
        rows.append((name, p95(times[0]), p95(times[1])))
    return rows


def throughput(port: int, big: Ends) -> float:
    """Requests a second over the main pages with a few clients at once, for ten seconds."""
    counts: list[int] = []
    until = time.perf_counter() + LOAD_SECONDS

    def work() -> None:
        visitor, done = Visitor(port), 0
        visitor.sign_in(big.candidate_mail)
        paths = [path for path, who in pages_of(big).values() if who in (None, big.candidate_mail)]
        while time.perf_counter() < until:
            visitor.ask("GET", paths[done % len(paths)])
            done += 1
        counts.append(done)

    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / LOAD_SECONDS


def run() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        env, big, empty = prepare(Path(folder))
        port = _free_port()
        server = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "gunicorn", "-c", "web/gunicorn_conf.py", "--bind", f"127.0.0.1:{port}"],
            cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            _wait(port)
            rows = measure(port, big, empty)
            rate = throughput(port, big)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)
    print(f"Pages with {SIZES[0]:,} people and {SIZES[1]:,} roles against the same page with one of each "
          f"(SQLite, 2 processes, {ROUNDS} asked in turn)")
    for name, large, small in rows:
        print(f"  {name:<24} p95 {large * 1000:7.1f} ms   nothing to rank {small * 1000:7.1f} ms   "
              f"ratio {large / small:5.2f}")
    print(f"  {rate:.1f} requests a second from {CLIENTS} clients over public list, home and roles for a person")
    print(f"  median of the ratios {statistics.median(large / small for _, large, small in rows):.2f}")


def _wait(port: int) -> None:
    for _ in range(240):
        try:
            if Visitor(port).ask("GET", "/readyz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.25)
    raise RuntimeError("the server did not come up")
