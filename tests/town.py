"""The demo town for tests: told once for all test processes, copied for each use, and served by a site of its own."""

from __future__ import annotations

import fcntl
import http.client
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.services import Server, end_with_us, free_port

ROOT = Path(__file__).resolve().parents[1]
#: The last one does what a worker finds due, so that no site of a test spends its minutes on the night's work.
VERBS = (("migrate",), ("taxonomy", "load"), ("demo",), ("worker", "--once"))


def environment(data: Path, port: int = 8000, **more: str) -> dict[str, str]:
    """The environment of a demo installation in a folder; nothing of the tester's own settings reaches it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FIRST_RUNG_")}
    ours = {"MODE": "demo", "DATA": str(data), "BASE_URL": f"http://127.0.0.1:{port}", "LOG_LEVEL": "warning", **more}
    return {**kept, **{f"FIRST_RUNG_{name}": value for name, value in ours.items()}}


def told(shared: Path) -> Path:
    """A folder with the demo town in it; the first test process tells it, the others wait and use it too."""
    data = shared / "town"
    with (shared / "town.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (data / "told").exists():
            shutil.rmtree(data, ignore_errors=True)
            data.mkdir(parents=True)
            for verb in VERBS:
                command = [sys.executable, "-m", "matcher", *verb]
                done = subprocess.run(command, cwd=ROOT, env=environment(data), capture_output=True, text=True)
                if done.returncode:
                    raise RuntimeError(f"python -m matcher {' '.join(verb)} failed:\n{done.stdout}{done.stderr}")
            (data / "told").touch()
    return data


class Site:
    """Web server and worker on a data folder, as people run them."""

    def __init__(self, data: Path, *, worker: bool = True, **settings: str) -> None:
        self.data, self.port = data, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = environment(data, self.port, **settings)
        self.running = [self._start("gunicorn", "-c", "web/gunicorn_conf.py", "--bind", f"127.0.0.1:{self.port}")]
        if worker:
            self.running.append(self._start("matcher", "worker"))
        self.running[0].wait_for(self._ready)

    def _start(self, module: str, *arguments: str) -> Server:
        folder = self.data / f"process-{module}"
        folder.mkdir(exist_ok=True)
        with (folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments], cwd=ROOT, env=self.environment, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=end_with_us(),
            )  # fmt: skip
        return Server(process, folder)

    def _ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def settle(self, seconds: float = 30.0) -> None:
        """Wait until the worker has done all that is due, so that mail and notices are there."""
        done = subprocess.run(
            [sys.executable, "-m", "matcher", "worker", "--once"], cwd=ROOT, env=self.environment, timeout=seconds
        )
        if done.returncode:
            raise RuntimeError(f"the worker ended with {done.returncode}")

    def stop(self) -> None:
        """End both processes."""
        for server in reversed(self.running):
            server.stop()
