"""A worker that is killed in the middle: its jobs are done again, and each effect is there exactly once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text

import matcher.tables  # noqa: F401 - rows point to each other across areas
from matcher.kit import clock, crypto, outbox
from matcher.kit.outbox import JobState, OutboxJob
from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.tasks import queue
from tests.services import MailSink

pytestmark = [pytest.mark.data, pytest.mark.timeout(180)]
ROOT = Path(__file__).resolve().parents[2]
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def effects(engine: Engine, settings: Settings) -> Engine:
    """A table without any rule against doubles, so that a double effect would be seen."""
    crypto.configure(settings)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE effects (job VARCHAR(40))"))
    return engine


@pytest.fixture
def start(settings: Settings, tmp_path: Path) -> Iterator[Start]:
    """Starts workers as processes of their own and ends those that are left after the test."""
    started: list[subprocess.Popen[bytes]] = []
    log = (tmp_path / "worker.log").open("wb")

    def begin(**more: str) -> subprocess.Popen[bytes]:
        environ = {
            "MODE": "development", "DATA": str(settings.data_dir), "DATABASE_URL": settings.database_url,
            "LEASE_SECONDS": "1", "POLL_SECONDS": "0.1", **more,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.trust.worker_process"], cwd=ROOT, stderr=log,
            env={**os.environ, **{f"FIRST_RUNG_{name}": value for name, value in environ.items()}},
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
    log.close()


def wait_until(happened: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something to come true, or fail."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def promise(engine: Engine, tmp_path: Path, jobs: int, seconds: float, kind: str = "test.effect") -> list[str]:
    """Promise jobs that linger in the middle the first time they are done."""
    names = [f"job {number}" for number in range(jobs)]
    with session_factory(engine).begin() as session:
        for name in names:
            payload = {"job": name, "seconds": seconds, "middle": str(tmp_path / f"middle of {name}")}
            outbox.enqueue(session, kind=kind, payload=payload, at=clock.now(), key=name)
    return names


def state(engine: Engine, name: str) -> JobState:
    """State of one job."""
    with session_factory(engine, read_only=True)() as session:
        return session.scalars(select(OutboxJob.state).where(OutboxJob.key == name)).one()


def all_done(engine: Engine) -> bool:
    """True when no promised job is open."""
    with session_factory(engine, read_only=True)() as session:
        left = select(func.count()).where(OutboxJob.kind.like("test.%"), OutboxJob.state != JobState.DONE)
        return session.scalar(left) == 0


def effects_of(engine: Engine) -> Counter[str]:
    """How often each job has had its effect."""
    with session_factory(engine, read_only=True)() as session:
        return Counter(session.scalars(text("SELECT job FROM effects")))


def test_a_job_whose_worker_was_killed_is_done_once_by_another(
    effects: Engine, tmp_path: Path, start: Start
) -> None:
    [name] = promise(effects, tmp_path, 1, seconds=60)
    first = start()
    wait_until((tmp_path / f"middle of {name}").exists)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert state(effects, name) is JobState.LEASED
    assert effects_of(effects) == {}
    start()
    wait_until(lambda: all_done(effects))
    assert effects_of(effects) == {name: 1}
    with session_factory(effects)() as session:
        assert session.scalars(select(OutboxJob.attempts).where(OutboxJob.key == name)).one() == 2


def test_workers_killed_again_and_again_lose_and_double_nothing(
    effects: Engine, tmp_path: Path, start: Start
) -> None:
    names = promise(effects, tmp_path, 40, seconds=0.15)
    chance, workers = random.Random(17), [start(), start()]
    wait_until(lambda: len(effects_of(effects)) > 0)
    kills = 0
    while kills < 6 and not all_done(effects):
        time.sleep(chance.uniform(0.1, 0.4))
        victim = chance.randrange(2)
        workers[victim].kill()
        workers[victim].wait()
        workers[victim] = start()
        kills += 1
    assert kills >= 3
    wait_until(lambda: all_done(effects))
    assert effects_of(effects) == dict.fromkeys(names, 1)


def test_a_mail_whose_worker_was_killed_before_the_tick_comes_again_under_the_same_id(
    effects: Engine, tmp_path: Path, start: Start, mail_sink: MailSink
) -> None:
    [name] = promise(effects, tmp_path, 1, seconds=60, kind="test.mail")
    first = start(SMTP_URL=mail_sink.url)
    wait_until((tmp_path / f"middle of {name}").exists)
    first.kill()
    first.wait()
    assert len(mail_sink.messages) == 1
    start(SMTP_URL=mail_sink.url)
    wait_until(lambda: all_done(effects))
    assert len(mail_sink.messages) == 2
    assert len({message["Message-ID"] for message in mail_sink.messages}) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_told_to_stop_finishes_what_it_has_in_hand(
    effects: Engine, tmp_path: Path, start: Start, number: signal.Signals
) -> None:
    [name] = promise(effects, tmp_path, 1, seconds=0.8)
    process = start(LEASE_SECONDS="30")
    wait_until((tmp_path / f"middle of {name}").exists)
    process.send_signal(number)
    assert process.wait(30) == 0
    assert state(effects, name) is JobState.DONE
    assert effects_of(effects) == {name: 1}


def test_a_sleeping_worker_is_woken_by_the_bell(
    effects: Engine, settings: Settings, tmp_path: Path, start: Start
) -> None:
    start(POLL_SECONDS="60")
    promise(effects, tmp_path, 1, seconds=0)
    wait_until(lambda: all_done(effects))  # the worker is up
    with session_factory(effects).begin() as session:
        payload = {"job": "second", "seconds": 0, "middle": str(tmp_path / "m")}
        outbox.enqueue(session, kind="test.effect", payload=payload, at=clock.now(), key="second")
    began = time.monotonic()
    assert queue.wake(settings)
    wait_until(lambda: all_done(effects), seconds=20)
    assert time.monotonic() - began < 20
    assert effects_of(effects)["second"] == 1
