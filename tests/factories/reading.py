"""Lets the worker read the papers that a test handed in, with the worker's own handler and child process."""

from __future__ import annotations

from datetime import UTC, datetime

from matcher.kit import outbox
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.tasks import papers, runner


def read_papers(settings: Settings, at: datetime | None = None) -> int:
    """Do the waiting jobs that read papers, now unless told otherwise; returns how many jobs were tried."""
    handlers: dict[str, runner.Handler] = {outbox.MAIL_KIND: lambda _session, _payload, _at: None}
    papers.register(handlers, settings)
    engine = make_engine(settings.database_url)
    tried = runner.run_due(session_factory(engine), at or datetime.now(UTC), handlers)
    engine.dispose()
    return tried
