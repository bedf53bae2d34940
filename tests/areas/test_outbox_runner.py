"""The runner and the duties: effect and tick together, slow work outside, failures apart from each other."""

from __future__ import annotations

import json
import logging
import os
import signal
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

import matcher.tables  # noqa: F401 - rows point to each other across areas
from matcher.kit import crypto, log, outbox
from matcher.kit.outbox import JobState, OutboxJob
from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.tasks import duties, handlers, queue, runner, worker
from tests.services import Redis

pytestmark = pytest.mark.data
Made = sessionmaker[Session]


@pytest.fixture
def make_session(engine: Engine, settings: Settings) -> Made:
    """A maker of sessions, with the keys of the test in place."""
    crypto.configure(settings)
    return session_factory(engine)


def promise(make_session: Made, at: datetime, key: str, kind: str = "test.write") -> None:
    """Put one job into the outbox."""
    with make_session.begin() as session:
        outbox.enqueue(session, kind=kind, payload={"key": key}, at=at, key=key)


def states(make_session: Made) -> dict[str, JobState]:
    """State of every job by key."""
    with make_session() as session:
        return {job.key: job.state for job in session.scalars(select(OutboxJob))}


def write(session: Session, payload: Mapping[str, Any], at: datetime) -> None:
    """An effect that can be counted: another job, whose key is never the same twice by accident."""
    outbox.enqueue(session, kind="test.effect", payload={}, at=at, key=f"effect of {payload['key']}",
                   due=at + timedelta(days=1))


def test_effect_and_tick_are_committed_together(make_session: Made, at: datetime) -> None:
    promise(make_session, at, "a")
    promise(make_session, at, "b")
    assert runner.run_due(make_session, at, {"test.write": write}) == 2
    assert states(make_session) == {
        "a": JobState.DONE, "b": JobState.DONE, "effect of a": JobState.WAITING, "effect of b": JobState.WAITING,
    }
    assert runner.run_due(make_session, at, {"test.write": write}) == 0


def test_a_failure_takes_its_effect_back_and_leaves_the_others_alone(make_session: Made, at: datetime) -> None:
    def fails(session: Session, payload: Mapping[str, Any], moment: datetime) -> None:
        write(session, payload, moment)
        raise ValueError("ana@example.org could not be reached")

    promise(make_session, at, "bad", "test.fails")
    promise(make_session, at, "good")
    runner.run_due(make_session, at, {"test.write": write, "test.fails": fails})
    assert states(make_session) == {
        "bad": JobState.WAITING, "good": JobState.DONE, "effect of good": JobState.WAITING,
    }
    with make_session() as session:
        error = session.scalars(select(OutboxJob.last_error).where(OutboxJob.key == "bad")).one()
    assert error.startswith("ValueError at ")
    assert "ana" not in error


def test_an_unknown_kind_waits_and_is_tried_again(make_session: Made, at: datetime) -> None:
    promise(make_session, at, "a", "test.unheard_of")
    runner.run_due(make_session, at, {})
    assert states(make_session) == {"a": JobState.WAITING}
    assert runner.run_due(make_session, at, {"test.unheard_of": write}) == 0  # not before its pause is over
    assert runner.run_due(make_session, at + timedelta(seconds=30), {"test.unheard_of": write}) == 1
    assert states(make_session)["a"] is JobState.DONE


def test_slow_work_holds_no_transaction_and_its_result_is_written_with_the_tick(
    make_session: Made, at: datetime
) -> None:
    def slow(_session: Session, payload: Mapping[str, Any], moment: datetime) -> runner.Outside:
        def outside() -> runner.Inside:
            with make_session.begin() as other:  # would hang on SQLite if the job still held the write lock
                write(other, {"key": "outside"}, moment)
            return lambda session: write(session, payload, moment)

        return outside

    promise(make_session, at, "a", "test.slow")
    runner.run_due(make_session, at, {"test.slow": slow})
    assert states(make_session) == {
        "a": JobState.DONE, "effect of a": JobState.WAITING, "effect of outside": JobState.WAITING,
    }


def test_work_that_outlasts_its_lease_writes_nothing(make_session: Made, at: datetime) -> None:
    def late(session: Session, payload: Mapping[str, Any], moment: datetime) -> runner.Outside:
        def outside() -> runner.Inside:
            runner.sweep(make_session, moment + timedelta(minutes=2))
            return lambda later: write(later, payload, moment)

        return outside

    promise(make_session, at, "a", "test.late")
    runner.run_due(make_session, at, {"test.late": late}, limit=1)
    assert states(make_session) == {"a": JobState.WAITING}


def test_a_duty_is_done_once_in_each_period(make_session: Made, at: datetime) -> None:
    done: list[datetime] = []
    daily = duties.Duty("test.daily", timedelta(days=1), lambda _session, moment: done.append(moment),
                        after=timedelta(hours=9))
    jobs = {duties.KIND: duties.handler([daily])}
    morning = datetime(2026, 11, 16, 9, tzinfo=UTC)
    for hours in (0, 1, 23, 24, 25, 72):
        for _worker in range(2):
            with make_session.begin() as session:
                duties.schedule(session, morning + timedelta(hours=hours), [daily])
            runner.run_due(make_session, morning + timedelta(hours=hours), jobs)
    assert done == [morning, morning + timedelta(days=1), morning + timedelta(days=3)]


def test_a_period_begins_at_its_hour() -> None:
    duty = duties.Duty("d", timedelta(days=1), lambda _session, _at: None, after=timedelta(hours=9))
    assert duty.period(datetime(2026, 11, 16, 8, 59, tzinfo=UTC)) == datetime(2026, 11, 15, 9, tzinfo=UTC)
    assert duty.period(datetime(2026, 11, 16, 9, 0, tzinfo=UTC)) == datetime(2026, 11, 16, 9, tzinfo=UTC)


def test_duties_have_names_of_their_own_and_run_on_an_empty_hub(make_session: Made, at: datetime) -> None:
    names = [duty.name for duty in duties.DUTIES]
    assert len(names) == len(set(names)) > 0
    with make_session.begin() as session:
        duties.schedule(session, at, duties.DUTIES)
    runner.run_due(make_session, at, {duties.KIND: duties.handler(duties.DUTIES)})
    with make_session() as session:
        left = session.scalars(select(OutboxJob.last_error).where(OutboxJob.state != JobState.DONE)).all()
    assert left == []


def test_every_handler_is_found_by_name(settings: Settings) -> None:
    assert {outbox.MAIL_KIND, duties.KIND} <= set(handlers.build(settings))


@pytest.mark.parametrize("where", ["file", "server"])
def test_a_wake_up_rings_through_each_kind_of_queue(
    settings: Settings, backend: str, where: str, redis_server: Redis
) -> None:
    if where == "server":
        kind = "postgres" if backend == "postgresql" else "redis"
        settings = replace(settings, queue=kind, redis_url=redis_server.url)
    rung: list[bool] = []
    listening, _ = queue.make_queue(settings, lambda: rung.append(True))
    assert queue.wake(settings)
    task = listening.dequeue()
    assert list(task.args) == []
    listening.execute(task)
    assert rung == [True]
    assert all(queue.wake(settings) for _ in range(queue.ENOUGH_WAITING))
    assert not queue.wake(settings)  # a worker that is away does not find thousands of rings


def test_a_wake_up_that_was_not_signed_here_is_refused(settings: Settings) -> None:
    ours, strangers = queue.SignedJson(settings.secret_key), queue.SignedJson("another secret")
    listening, task = queue.make_queue(settings)
    message = listening._registry.create_message(task.s())
    assert list(ours.deserialize(ours.serialize(message))) == json.loads(json.dumps(list(message)))
    for forged in (strangers.serialize(message), b"", b".", b"gASVAAAA", ours.serialize(message) + b" "):
        with pytest.raises(ValueError, match="did not sign"):
            ours.deserialize(forged)


def test_a_queue_that_is_away_never_stops_the_one_who_rings(settings: Settings) -> None:
    away = replace(settings, queue="redis", redis_url="redis://127.0.0.1:1/0")
    assert queue.wake(away) is False


def test_logs_tell_what_happened_without_saying_to_whom(
    settings: Settings, make_session: Made, at: datetime, capfd: pytest.CaptureFixture[str]
) -> None:
    def fails(_session: Session, _payload: Mapping[str, Any], _at: datetime) -> None:
        raise ValueError("ana@example.org, 512-555-0199")

    root = logging.getLogger()
    before = (root.handlers, root.level)
    try:
        log.configure(settings)
        promise(make_session, at, "a", "test.fails")
        runner.run_due(make_session, at, {"test.fails": fails})
        log.get("x").info("visit", email="ana@example.org", path="/reset?token=abc", person_name="Ana",
                          note="tel 512-555-0199", database="postgresql://u:geheim@h/d", seen=3, where="line\nforged")
        logging.getLogger("other").warning("mail to %s failed", "ana@example.org")
    finally:
        root.handlers, root.level = before
    told = capfd.readouterr().err
    lines = [json.loads(line) for line in told.splitlines()]
    assert [line["event"] for line in lines] == ["job.failed", "visit", "mail to [hidden] failed"]
    assert lines[0]["error"].startswith("ValueError at ")
    assert lines[1]["seen"] == 3
    for secret in ("ana", "Ana", "0199", "abc", "geheim"):
        assert secret not in told


def test_nothing_is_left_on_lease_after_a_run(make_session: Made, at: datetime) -> None:
    for number in range(5):
        promise(make_session, at, str(number))
    runner.run_due(make_session, at, {"test.write": write}, limit=3)
    with make_session() as session:
        counts = dict(session.execute(select(OutboxJob.state, func.count()).group_by(OutboxJob.state)).all())
    assert counts == {JobState.DONE: 3, JobState.WAITING: 2 + 3}


def test_an_ending_asked_for_while_the_worker_starts_is_heard(
    make_session: Made, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Huey sets its own handlers when the bell is hung: a request that comes at that moment must reach ours."""
    kept = {number: signal.getsignal(number) for number in (*worker.ENDINGS, signal.SIGHUP)}
    hang, waiting = queue.make_queue, worker.Worker(settings, make_session, {})

    def hang_while_told_to_end(*given: Any) -> Any:
        os.kill(os.getpid(), signal.SIGTERM)
        return hang(*given)

    monkeypatch.setattr(queue, "make_queue", hang_while_told_to_end)
    try:
        waiting.run()
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    assert waiting.stopping.is_set()
