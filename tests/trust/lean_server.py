"""A nursery of real servers: builds the site once, then forks a fresh gunicorn for each line read from stdin.

What is real: gunicorn's master and its threaded worker on a loopback port, in a process group of their own, and the
whole site with CSRF, sign-in and SQLite at `synchronous=FULL`. What is saved: reading the modules and building the
application, which 200 starts would do 200 times; like gunicorn's preloading, each server inherits them by fork and
opens database connections of its own. The site of `./dev run` differs in having more workers; that it starts and
stops as it should is tested in tests/house.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from web import create_app


class Site(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """One worker with four threads on the port given."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        told: dict[str, Any] = {"bind": f"127.0.0.1:{sys.argv[1]}", "workers": 1, "threads": 4,
                                "worker_class": "gthread", "loglevel": "error", "control_socket_disable": True}
        for name, value in told.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The whole site."""
        return self.app


def main() -> None:
    """Fork a server for each line; its process id, which is its group's, is the answer."""
    app = create_app()
    app.test_client().get("/account/sign-in")  # the layout is compiled now and not in every server
    app.extensions["engine"].dispose()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever is killed is not waited for
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            Site(app).run()
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
