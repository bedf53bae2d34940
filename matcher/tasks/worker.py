"""The worker process: wakes when called, looks for work by itself, and hands back work when told to stop."""

from __future__ import annotations

import argparse
import importlib
import signal
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import FrameType

from huey.consumer import Consumer
from sqlalchemy.orm import Session, sessionmaker

from matcher.kit import clock, crypto, log
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.tasks import duties, handlers, queue, runner

TICK_SECONDS = 5.0
PAUSE_AFTER_FAULT = 2.0
PATIENCE_SECONDS = 30.0
ENDINGS = (signal.SIGINT, signal.SIGTERM)


class Worker:
    """Threads that do jobs, one clockwork that sweeps and schedules, and the bell that wakes them."""

    def __init__(
        self, settings: Settings, make_session: sessionmaker[Session], jobs: Mapping[str, runner.Handler]
    ) -> None:
        self.settings = settings
        self.make_session = make_session
        self.jobs = jobs
        self.stopping = threading.Event()
        self._bells = [threading.Event() for _ in range(settings.task_threads)]
        self._logger = log.get(__name__)

    def wake(self) -> None:
        """Let every thread look for work now."""
        for bell in self._bells:
            bell.set()

    def stop(self) -> None:
        """Finish the jobs in hand and take no more."""
        self.stopping.set()
        self.wake()

    def run(self) -> None:
        """Work until `stop` is called, or the process is asked to end."""
        for number in ENDINGS:
            signal.signal(number, self._on_signal)
        consumer = self._listen()
        threads = [threading.Thread(target=self._work, args=(bell,), name=f"jobs-{number}", daemon=True)
                   for number, bell in enumerate(self._bells, 1)]
        for thread in threads:
            thread.start()
        self._logger.info("worker.started", threads=len(threads), queue=self.settings.queue)
        while not self.stopping.is_set():
            self._safely(self.tick)
            self.stopping.wait(min(TICK_SECONDS, float(self.settings.lease_seconds)))
        if consumer:
            consumer.stop()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
        self._logger.info("worker.stopped")

    def tick(self) -> None:
        """Sweep up after dead workers and promise the duties of the present period."""
        at = clock.now()
        runner.sweep(self.make_session, at)
        with self.make_session() as session:
            duties.schedule(session, at, duties.DUTIES)
            session.commit()

    def drain(self) -> int:
        """Do everything that is due now, in this thread; returns how many jobs were tried."""
        lease = timedelta(seconds=self.settings.lease_seconds)
        return runner.run_due(self.make_session, clock.now, self.jobs, lease=lease, stop=self.stopping.is_set)

    def _work(self, bell: threading.Event) -> None:
        while not self.stopping.is_set():
            bell.clear()
            healthy = self._safely(self.drain)
            bell.wait(self.settings.poll_seconds if healthy else PAUSE_AFTER_FAULT)

    def _safely(self, action: Callable[[], object]) -> bool:
        try:
            action()
        except Exception:
            # A database that is away must not end the worker: it tries again until the database is back.
            self._logger.exception("worker.fault")
            return False
        return True

    def _listen(self) -> Consumer | None:
        consumer = None
        # Huey sets handlers of its own, which know nothing of our jobs: an ending asked for meanwhile waits for ours.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
        try:
            bell, _ = queue.make_queue(self.settings, self.wake)
            consumer = Consumer(bell, workers=1, periodic=False, initial_delay=0.05, max_delay=0.5)
            consumer.start()
        except Exception:
            self._logger.warning("worker.no_bell", exc_info=True)  # slower by up to one poll, nothing is lost
        finally:
            for number in ENDINGS:
                signal.signal(number, self._on_signal)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
        return consumer

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()


def build(settings: Settings) -> Worker:
    """A worker for these settings, with the keys and handlers in place."""
    importlib.import_module("matcher.tables")  # rows point to each other across areas
    crypto.configure(settings)
    engine = make_engine(settings.database_url, pool_size=settings.task_threads + 2)
    return Worker(settings, session_factory(engine), handlers.build(settings))


def main(argv: list[str]) -> int:
    """`python -m matcher worker [--once]`: work until stopped, or do what is due now and end."""
    parser = argparse.ArgumentParser(prog="python -m matcher worker", description=__doc__)
    parser.add_argument("--once", action="store_true", help="do what is due now, then end")
    options = parser.parse_args(argv)
    settings = Settings.from_env()
    log.configure(settings)
    worker = build(settings)
    if options.once:
        worker.tick()
        worker.drain()
    else:
        worker.run()
    return 0
