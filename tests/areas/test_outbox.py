"""The outbox: one row per key, one worker per job, and nothing forgotten when a job fails."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

import matcher.tables  # noqa: F401 - rows point to each other across areas
from matcher.kit import crypto, outbox
from matcher.kit.outbox import JobState, Notice, OutboxJob
from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.people.models import Person

pytestmark = pytest.mark.data
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _keys(settings: Settings) -> None:
    crypto.configure(settings)


@pytest.fixture
def person(session: Session, at: datetime) -> Person:
    """Somebody with an account."""
    made = Person(name="Ana Ruiz", email="ana@example.org", created_at=at)
    session.add(made)
    session.flush()
    return made


def job(session: Session, at: datetime, key: str = "k", **more: object) -> OutboxJob:
    """A waiting job."""
    made = outbox.enqueue(session, kind="test.job", payload={"n": 1}, at=at, key=key, **more)  # type: ignore[arg-type]
    return session.get_one(OutboxJob, made)


def stored(session: Session, key: str = "k") -> OutboxJob:
    """The job as the database has it."""
    return session.scalars(
        select(OutboxJob).where(OutboxJob.key == key).execution_options(populate_existing=True)
    ).one()


def test_the_same_key_twice_is_one_job(session: Session, at: datetime) -> None:
    first = job(session, at)
    made = outbox.enqueue(session, kind="test.other", payload={"n": 2}, at=at + MINUTE, key="k")
    second = session.get_one(OutboxJob, made)
    assert second.id == first.id
    assert stored(session).payload == {"n": 1}
    assert session.scalar(select(func.count()).select_from(OutboxJob)) == 1


def test_a_job_of_a_change_that_is_rolled_back_never_was(session: Session, at: datetime) -> None:
    job(session, at)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(OutboxJob)) == 0


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_that_does_not_fit_is_refused(session: Session, at: datetime, key: str) -> None:
    with pytest.raises(ValueError, match="a key has"):
        job(session, at, key)


def test_writers_that_race_for_a_key_get_one_row(engine: Engine, at: datetime) -> None:
    make_session, start, ids, faults = session_factory(engine), threading.Barrier(8), [], []

    def write() -> None:
        start.wait()
        try:
            with make_session.begin() as session:
                ids.append(job(session, at).id)
        except Exception as error:
            faults.append(repr(error))

    run(write, 8)
    assert faults == []
    assert len(ids) == 8
    assert len(set(ids)) == 1


def run(work: object, threads: int) -> None:
    """Run the function in several threads at once and wait for all."""
    workers = [threading.Thread(target=work) for _ in range(threads)]  # type: ignore[arg-type]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def test_workers_that_race_never_get_the_same_job(engine: Engine, at: datetime) -> None:
    make_session, start = session_factory(engine), threading.Barrier(6)
    with make_session.begin() as session:
        for number in range(90):
            job(session, at, f"k{number}")
    taken: list[str] = []
    faults: list[str] = []

    def work() -> None:
        start.wait()
        try:
            while True:
                with make_session.begin() as session:
                    claims = outbox.claim(session, str(threading.get_ident()), at, 4)
                if not claims:
                    return
                taken.extend(claimed.id for claimed in claims)
        except Exception as error:
            faults.append(repr(error))

    run(work, 6)
    assert faults == []
    assert len(taken) == 90
    assert max(Counter(taken).values()) == 1


def test_jobs_are_taken_when_due_and_oldest_first(session: Session, at: datetime) -> None:
    job(session, at, "later", due=at + MINUTE)
    job(session, at, "second", due=at - MINUTE)
    job(session, at, "first", due=at - 2 * MINUTE)
    ids = {stored(session, key).id: key for key in ("later", "second", "first")}
    assert [ids[claimed.id] for claimed in outbox.claim(session, "w", at, 10)] == ["first", "second"]
    assert outbox.claim(session, "w", at, 10) == []
    assert [ids[claimed.id] for claimed in outbox.claim(session, "w", at + MINUTE, 10)] == ["later"]


@pytest.mark.data
def test_what_somebody_waits_for_is_done_before_what_is_due_longer(session: Session, at: datetime) -> None:
    job(session, at - MINUTE, "mail")
    job(session, at, "paper", urgent=True)
    job(session, at, "later", urgent=True, due=at + MINUTE)
    first, second = outbox.claim(session, "w", at, limit=5)
    assert (first.id, second.id) == (stored(session, "paper").id, stored(session, "mail").id)


def test_a_finished_job_stays_done(session: Session, at: datetime) -> None:
    job(session, at)
    [claimed] = outbox.claim(session, "w", at)
    outbox.finish(session, claimed, at)
    assert (stored(session).state, stored(session).done_at) == (JobState.DONE, at)
    assert outbox.sweep(session, at + timedelta(days=1)) == 0
    assert outbox.claim(session, "w", at + timedelta(days=1)) == []
    with pytest.raises(outbox.LeaseLostError):
        outbox.finish(session, claimed, at)


def test_a_lease_that_runs_out_is_swept_and_its_late_worker_is_turned_away(session: Session, at: datetime) -> None:
    job(session, at)
    [slow] = outbox.claim(session, "slow", at)
    assert outbox.sweep(session, at + timedelta(seconds=59)) == 0
    assert outbox.sweep(session, at + timedelta(seconds=60)) == 1
    with pytest.raises(outbox.LeaseLostError):
        outbox.finish(session, slow, at + MINUTE)
    assert outbox.fail(session, slow, at + MINUTE, "Late") is None
    [fresh] = outbox.claim(session, "slow", at + MINUTE)  # even under the same name the old claim stays worthless
    with pytest.raises(outbox.LeaseLostError):
        outbox.finish(session, slow, at + MINUTE)
    outbox.finish(session, fresh, at + MINUTE)
    assert stored(session).attempts == 2


def test_a_job_may_ask_for_a_longer_lease(session: Session, at: datetime) -> None:
    job(session, at, lease_seconds=600)
    outbox.claim(session, "w", at)
    assert outbox.sweep(session, at + timedelta(seconds=599)) == 0
    assert outbox.sweep(session, at + timedelta(seconds=600)) == 1


def test_a_failing_job_waits_twice_as_long_each_time_and_then_is_dead(session: Session, at: datetime) -> None:
    job(session, at)
    waits, state = [], None
    while state is not JobState.DEAD:
        [claimed] = outbox.claim(session, "w", at)
        state = outbox.fail(session, claimed, at, "SMTPServerDisconnected")
        waits.append((stored(session).due_at - at).total_seconds())
        at = stored(session).due_at
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 0]
    assert [dead.last_error for dead in outbox.dead_letters(session)] == ["SMTPServerDisconnected"]
    assert outbox.claim(session, "w", at + timedelta(days=9)) == []
    assert outbox.retry_dead(session, at) == 1
    assert outbox.claim(session, "w", at)[0].attempts == 1


def test_a_job_that_kills_its_worker_every_time_is_given_up(session: Session, at: datetime) -> None:
    job(session, at)
    for attempt in range(outbox.MAX_ATTEMPTS):
        assert outbox.claim(session, "w", at)[0].attempts == attempt + 1
        at += MINUTE
        outbox.sweep(session, at)
    assert outbox.claim(session, "w", at) == []
    assert len(outbox.dead_letters(session)) == 1


def test_the_backlog_counts_what_is_due(session: Session, at: datetime) -> None:
    job(session, at, "future", due=at + timedelta(hours=5))
    assert outbox.backlog(session, at) == outbox.Backlog(0, 0, 0, 0.0)
    job(session, at, "due", due=at - MINUTE)
    job(session, at, "taken", due=at - 2 * MINUTE)
    outbox.claim(session, "w", at)
    assert outbox.backlog(session, at) == outbox.Backlog(waiting=1, leased=1, dead=0, oldest_seconds=60.0)


def test_a_notice_is_told_once_with_one_mail(session: Session, at: datetime, person: Person) -> None:
    made = outbox.notify(session, person_id=person.id, kind="offer_made", at=at, params={"a": "1"}, key="offer:1")
    first = session.get_one(Notice, made)
    made = outbox.notify(session, person_id=person.id, kind="offer_made", at=at + MINUTE, key="offer:1")
    again = session.get_one(Notice, made)
    assert again.id == first.id
    assert [mail.payload for mail in session.scalars(select(OutboxJob))] == [{"notice_id": first.id}]


def test_one_key_reaches_each_receiver_and_each_kind(session: Session, at: datetime, person: Person) -> None:
    other = Person(name="Bo", email="bo@example.org", created_at=at)
    session.add(other)
    for who in (person, other):
        for kind in ("a", "b"):
            outbox.notify(session, person_id=who.id, kind=kind, at=at, key="posting:1")
    outbox.notify(session, person_id=None, to="c@example.org", kind="a", at=at, key="posting:1")
    outbox.notify(session, person_id=None, to="C@example.org", kind="a", at=at, key="posting:1")
    assert session.scalar(select(func.count()).select_from(Notice)) == 5
    assert outbox.unread_count(session, person.id) == 2


def test_an_address_without_an_account_is_sealed(session: Session, at: datetime) -> None:
    made = outbox.notify(session, person_id=None, to="boss@acme.example", kind="check_due", at=at, key="1", locale="es")
    told = session.get_one(Notice, made)
    assert told.address == "boss@acme.example"
    everything = " ".join(str(row) for table in ("notices", "outbox_jobs")
                          for row in session.execute(text(f"SELECT * FROM {table}")))
    assert "boss" not in everything
    assert "acme" not in everything


def test_a_notice_to_nobody_is_refused(session: Session, at: datetime) -> None:
    with pytest.raises(ValueError, match="a person or an address"):
        outbox.notify(session, person_id=None, kind="news", at=at, key="1")


def test_people_read_their_own_notices_only(session: Session, at: datetime, person: Person) -> None:
    other = Person(name="Bo", email="bo@example.org", created_at=at)
    session.add(other)
    old = session.get_one(Notice, outbox.notify(session, person_id=person.id, kind="news", at=at, key="1", mail=False))
    made = outbox.notify(session, person_id=person.id, kind="news", at=at + MINUTE, key="2", mail=False)
    new = session.get_one(Notice, made)
    assert session.scalar(select(func.count()).select_from(OutboxJob)) == 0
    assert [told.id for told in outbox.notices_for(session, person.id)] == [new.id, old.id]
    assert outbox.mark_read(session, other.id, at, old.id) == 0
    assert outbox.mark_read(session, person.id, at, old.id) == 1
    assert [told.id for told in outbox.notices_for(session, person.id, unread=True)] == [new.id]
    assert outbox.mark_read(session, person.id, at) == 1
    assert outbox.unread_count(session, person.id) == 0


def test_old_work_is_forgotten_and_open_work_is_not(session: Session, at: datetime, person: Person) -> None:
    job(session, at, "done")
    outbox.finish(session, outbox.claim(session, "w", at)[0], at)
    job(session, at, "open")
    outbox.notify(session, person_id=None, to="x@example.org", kind="news", at=at, key="1", mail=False)
    outbox.notify(session, person_id=person.id, kind="news", at=at, key="1", mail=False)
    assert outbox.forget_old(session, at + timedelta(days=90)) == 0
    assert outbox.forget_old(session, at + timedelta(days=91)) == 2
    assert [row.key for row in session.scalars(select(OutboxJob))] == ["open"]
    assert outbox.forget_person(session, person.id) == 1
    assert session.scalar(select(func.count()).select_from(Notice)) == 0
