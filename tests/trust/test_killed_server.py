"""A server that is killed two hundred times under four writers keeps every write that it said it had taken, once."""

from __future__ import annotations

import http.client
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.factories.people import PASSWORD
from tests.factories.town import Town
from tests.services import end_with_us, free_port
from tests.town import ROOT
from tests.trust.conftest import settings_in
from tests.trust.test_trail import verify

KILLS = int(os.environ.get("KILLS", "200"))
BUDGET = 480.0  # seconds in which a machine as slow as two busy cores gets through; the test fails if it does not
WRITERS = (("own", "cora@qalderhome.example", "candidate"), ("other", "cora@qcedarhome.example", "candidate"),
           ("far", "cora@qbirchhome.example", "candidate"), ("own", "dan@qalderhome.example", "refused"))
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Nursery:
    """Starts servers and kills them, each by the group that it was started in."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.port = free_port()
        settings = {"MODE": "development", "DATA": str(folder), "BASE_URL": f"http://127.0.0.1:{self.port}",
                    "LOG_LEVEL": "warning"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.trust.lean_server", str(self.port)], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log.open("wb"), preexec_fn=end_with_us(),
            env={**os.environ, **{f"FIRST_RUNG_{name}": value for name, value in settings.items()}},
        )
        self.group: int | None = None

    def start(self) -> None:
        """A fresh server."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("start\n")
        self.process.stdin.flush()
        self.group = int(self.process.stdout.readline())

    def kill(self) -> None:
        """kill -9 for master and worker at once."""
        if self.group is not None:
            os.killpg(self.group, signal.SIGKILL)
            self.group = None

    def close(self) -> None:
        """End everything."""
        self.kill()
        self.process.kill()
        self.process.wait()


@dataclass
class Writer(threading.Thread):
    """One person's browser that adds one experience after another, each with a title of its own."""

    port: int
    candidate: str
    email: str
    acknowledged: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    odd: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.cookie, self.token, self.stopped = "", "", False
        self.form = f"/candidate/{self.candidate}/experience/add"

    __hash__ = threading.Thread.__hash__

    def ask(self, method: str, path: str, **form: str) -> tuple[int, str, str]:
        """Status, place and body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded",
                       "Referer": f"http://127.0.0.1:{self.port}{path}"}
            connection.request(method, path, urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            body = answer.read().decode()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie" and value.startswith("rung="):
                    self.cookie = value.split(";")[0]
            return answer.status, answer.getheader("Location", ""), body
        finally:
            connection.close()

    def sign_in(self) -> None:
        """By address and password, with the tokens of the forms, as a person does."""
        page = self.ask("GET", "/account/sign-in")[2]
        status, place, _ = self.ask("POST", "/account/sign-in", email=self.email, password=PASSWORD,
                                    csrf_token=unescape(TOKEN.findall(page)[0]))
        assert status == 302, (status, place)
        status, _, page = self.ask("GET", self.form)
        assert status == 200
        self.token = unescape(TOKEN.findall(page)[0])

    def run(self) -> None:
        """Write until told to stop."""
        number = 0
        while not self.stopped:
            number += 1
            title = f"{self.candidate} {number}"
            try:
                status, place, _ = self.ask("POST", self.form, kind="work", title=title, csrf_token=self.token)
            except ConnectionRefusedError:
                time.sleep(0.02)  # nobody was there to take it
                continue
            except (OSError, http.client.HTTPException):
                self.unknown.append(title)
                continue
            if status == 302 and place.startswith("/candidate/"):
                self.acknowledged.append(title)
            else:
                self.odd[status] += 1


@pytest.fixture
def nursery(small_town: Path, tmp_path: Path) -> Iterator[Nursery]:
    """Servers on a copy of the small town."""
    folder = Path(shutil.copytree(small_town, tmp_path / "town"))
    nursery = Nursery(folder, tmp_path / "log")
    yield nursery
    nursery.close()


def wait_for(happened: str, seconds: float, check: Callable[[], bool]) -> None:
    """Wait until a check comes true."""
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, f"{happened} did not happen"
        time.sleep(0.01)


def answers(port: int) -> bool:
    """Does a server answer?"""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_acknowledged_write_is_lost_or_doubled(nursery: Nursery, small_town: Path, tmp_path: Path) -> None:
    """Two hundred times kill -9, at moments nobody chose, while four people save forms."""
    town, rng = Town.read(small_town / "town.json"), random.Random(17)
    nursery.start()
    wait_for("a first answer", 60, lambda: answers(nursery.port))
    writers = [Writer(nursery.port, town.worlds[world].ids[role], email) for world, email, role in WRITERS]
    for writer in writers:
        writer.sign_in()
    for writer in writers:
        writer.start()
    began, kills = time.monotonic(), 0
    while kills < KILLS:
        before = sum(len(writer.acknowledged) for writer in writers)
        wait_for("a write", 60, lambda: sum(len(writer.acknowledged) for writer in writers) > before)  # noqa: B023
        time.sleep(rng.uniform(0, 0.12))
        nursery.kill()
        kills += 1
        nursery.start()
        assert time.monotonic() - began < BUDGET, f"only {kills} kills in time"
    wait_for("a last answer", 60, lambda: answers(nursery.port))
    for writer in writers:
        writer.stopped = True
    for writer in writers:
        writer.join(30)
    nursery.close()
    judge(tmp_path / "town", writers)


def judge(folder: Path, writers: list[Writer]) -> None:
    """What was acknowledged is there once; what nobody knows of is there once or not at all; the trail is whole."""
    with sqlite3.connect(folder / "first_rung.db") as db:
        found = Counter(row[0] for row in db.execute("SELECT title FROM experiences"))
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        told = db.execute("SELECT e.title FROM audit_events a JOIN experiences e ON e.id = a.subject_id "
                          "WHERE a.action = 'experience.add'")
        events = Counter(row[0] for row in told)
    acknowledged = [title for writer in writers for title in writer.acknowledged]
    unknown = [title for writer in writers for title in writer.unknown]
    assert [title for title in acknowledged if found[title] == 0] == [], "lost"
    assert [title for title in (*acknowledged, *unknown) if found[title] > 1] == [], "doubled"
    assert len(acknowledged) >= KILLS
    assert all(writer.acknowledged for writer in writers)
    assert sum((writer.odd for writer in writers), Counter()) == Counter()
    assert verify(settings_in(folder).database_url)[0] == []
    assert events == found, "each experience has one event, written in the same transaction"
