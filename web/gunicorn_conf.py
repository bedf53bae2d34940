"""How gunicorn serves the site: `gunicorn -c web/gunicorn_conf.py`; sizes come from the settings."""

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from matcher.kit.settings import Settings, SettingsError

# Workers share a host, and what a page computes is small: threads of one would only wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

try:
    _settings = Settings.from_env()
except SettingsError as error:
    sys.exit(str(error))

wsgi_app = "web.wsgi:app"
workers = _settings.web_workers
threads = _settings.web_threads
worker_class = "gthread"
preload_app = True  # a mistake in the settings shows before the first visitor, and processes share what was loaded
timeout = 60
graceful_timeout = 20
keepalive = 5
loglevel = _settings.log_level
control_socket_disable = True  # nothing here is steered from outside
# The sign of life of each process is a file: kept in memory, a slow disk cannot make a busy process look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # nosec B108 - gunicorn makes a private file there


def post_fork(_server: Any, _worker: Any) -> None:
    """Give each process its own database connections: shared ones would mix up two visitors' answers."""
    from web.wsgi import app

    engine = app.extensions.get("engine")
    if engine is not None:
        engine.dispose(close=False)
    threading.Thread(target=_warm, args=(app,), name="warm-names", daemon=True).start()


def _warm(app: Any) -> None:
    """Read names and compile pools before somebody asks for them; a failure only makes the first page slow."""
    from matcher.kit import clock
    from matcher.organizations import queries as organizations
    from matcher.ranking import order
    from matcher.skills import queries as skills

    with suppress(Exception), app.extensions["read_sessions"]() as session:
        order.warm()
        today = clock.now().date()
        for hub in organizations.hubs(session):
            app.extensions["pools"].in_use(session, hub.id)
            for kind in ("candidates", "roles"):
                app.extensions["pools"].fresh(session, kind, hub.id, today)
        skills.warm(session)
