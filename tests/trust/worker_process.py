"""A real worker with two jobs more, started by the tests of killed workers as a process of its own.

Each `test.effect` job writes one row that can be counted and then takes some time before its transaction ends.
`test.mail` sends one mail and then takes some time before the tick.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from matcher.kit import log
from matcher.kit.settings import Settings
from matcher.tasks import runner, worker
from web.mail.render import Mail
from web.mail.sender import send


def effect(session: Session, payload: Mapping[str, Any], _at: datetime) -> None:
    """Write the row, say that the middle is reached, and linger."""
    session.execute(text("INSERT INTO effects (job) VALUES (:job)"), {"job": payload["job"]})
    _linger(payload)


def _linger(payload: Mapping[str, Any]) -> None:
    middle = Path(payload["middle"])
    if not middle.exists():
        middle.touch()
        time.sleep(payload["seconds"])


def main() -> None:
    """Run until stopped."""
    settings = Settings.from_env()
    log.configure(settings)

    def mail(_session: Session, payload: Mapping[str, Any], at: datetime) -> runner.Outside:
        def outside() -> None:
            send(Mail("Hello", "Hello", "<p>Hello</p>"), "ana@example.org", settings, key=payload["job"], at=at)
            _linger(payload)

        return outside

    built = worker.build(settings)
    built.jobs = {**built.jobs, "test.effect": effect, "test.mail": mail}
    built.run()


if __name__ == "__main__":
    main()
