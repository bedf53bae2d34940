"""`./dev run` from the inside: one command starts the site, keeps its data, and leaves nothing running."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.files import ROOT
from tests.services import free_port

PATIENCE = 90.0
pytestmark = pytest.mark.timeout(240)


def answer(port: int, path: str) -> int:
    """Status of one page, or 0 when nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def children(pid: int) -> list[int]:
    """Process ids of everything a process started, children of children included."""
    found: list[int] = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += [int(child), *children(int(child))]
    return found


def alive(pid: int) -> bool:
    """True while the process runs; one that ended but was not yet collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait(done: object, seconds: float = PATIENCE) -> None:
    """Wait until `done()` is true."""
    assert callable(done)
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)


class Site:
    """One run of the site on a free port, without the demo town."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.log = data.parent / f"log-{self.port}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FIRST_RUNG_")}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "web.serve", "--port", str(self.port), "--data", str(data), "--demo", "no"],
                cwd=ROOT, stdout=log, stderr=log, env=environment, start_new_session=True,
            )  # fmt: skip

    def wait_until_ready(self) -> None:
        """Wait for the line that names the address, which comes after the site is ready."""
        wait(lambda: "First Rung is at" in self.said() or self.process.poll() is not None)
        assert self.process.poll() is None, self.said()

    def said(self) -> str:
        """Everything it printed."""
        return self.log.read_text(errors="replace")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for the tests of this file, which run one after another."""
    return tmp_path_factory.mktemp("run") / "data"


@pytest.fixture
def site(data: Path) -> Iterator[Site]:
    """The site, up and answering."""
    site = Site(data)
    try:
        site.wait_until_ready()
        yield site
    finally:
        if site.process.poll() is None:
            site.process.send_signal(signal.SIGINT)
        site.process.wait(40)


class TestRun:
    """In order: the first start makes the data that the later ones keep."""

    def test_starts_answers_and_stops(self, site: Site, data: Path) -> None:
        """It answers on both health addresses; Ctrl-C ends it with all it started; secrets are private."""
        assert (answer(site.port, "/healthz"), answer(site.port, "/readyz")) == (200, 200)
        started = children(site.process.pid)
        assert len(started) >= 3  # the web server, its process, and the worker
        assert (data / "first_rung.db").is_file()
        assert (data / "keys.json").stat().st_mode & 0o777 == 0o600
        site.process.send_signal(signal.SIGINT)
        assert site.process.wait(40) == 0
        assert [pid for pid in started if alive(pid)] == []

    def test_second_start_is_quick_and_keeps_the_data(self, site: Site, data: Path) -> None:
        """The same keys and the same database serve the second start."""
        keys = (data / "keys.json").read_bytes()
        site.process.send_signal(signal.SIGINT)
        site.process.wait(40)
        begun = time.monotonic()
        again = Site(data)
        again.wait_until_ready()
        seconds = time.monotonic() - begun
        again.process.send_signal(signal.SIGTERM)
        assert again.process.wait(40) == 0
        assert (data / "keys.json").read_bytes() == keys
        assert "rows written" not in again.said()  # the facts were not loaded a second time
        assert seconds < 60

    def test_one_folder_serves_one_site(self, site: Site, data: Path) -> None:
        """A second run on the same folder is refused, and says why."""
        second = Site(data)
        assert second.process.wait(40) == 1
        assert "in use by another ./dev run" in second.said()

    def test_kill_leaves_nothing_running(self, site: Site) -> None:
        """Even when the supervisor is killed, what it started ends."""
        started = children(site.process.pid)
        site.process.kill()
        site.process.wait(10)
        wait(lambda: not any(alive(pid) for pid in started), 40)
        assert answer(site.port, "/healthz") == 0

    def test_an_interrupted_first_start_begins_again(self, tmp_path: Path) -> None:
        """A half filled database is not served as if it were whole."""
        folder = tmp_path / "data"
        folder.mkdir()
        (folder / "being-filled").touch()
        (folder / "first_rung.db").write_bytes(b"half a database")
        site = Site(folder)
        try:
            site.wait_until_ready()
            assert "beginning again" in site.said()
            assert not (folder / "being-filled").exists()
        finally:
            site.process.send_signal(signal.SIGINT)
            site.process.wait(40)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    """`./dev run` says which port is taken and which option helps, before it sets anything up."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            ["./dev", "run", "--port", str(port), "--data", str(tmp_path)], cwd=ROOT, capture_output=True, text=True
        )
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert f"--port {port + 1}" in done.stderr


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["run", "--port", "high"], "--port needs a number"),
        (["run", "--wat"], "does not know --wat"),
        (["dance"], "dance"),
    ],
)
def test_mistyped_words_are_explained(words: list[str], answer: str) -> None:
    """What `dev` does not understand ends with a plain sentence."""
    done = subprocess.run(["./dev", *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert answer in done.stderr


def test_help_names_every_verb() -> None:
    """`./dev help` lists what `dev` can do."""
    done = subprocess.run(["./dev", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for verb in ("run", "test", "check", "bench", "tidy", "words", "lock", "notice"):
        assert f"./dev {verb}" in done.stdout
