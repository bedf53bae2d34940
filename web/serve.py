"""Starts the web server and the worker on one machine, says when they answer, and stops both on Ctrl-C."""

import argparse
import ctypes
import fcntl
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import IO, NoReturn

PYTHON = sys.executable
PATIENCE_START = 90.0  # seconds until the site must answer
PATIENCE_STOP = 25.0  # seconds for requests and jobs under way to end
DATABASE_FILES = ("first_rung.db", "first_rung.db-wal", "first_rung.db-shm")


class Stopped(Exception):
    """Someone pressed Ctrl-C or asked the process to end."""


def main() -> int:
    """Set up the data, start everything, wait. Returns 0 after Ctrl-C, 1 when something failed."""
    options = _options()
    os.umask(0o077)  # what is kept here is about people: nobody else on this machine may read it
    data = Path(options.data).expanduser().absolute()
    with suppress(Stopped):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _raise_stopped)
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (data / "running.lock").open("a+") as lock:
            _take(lock, data)
            mode = _mode(data, options.demo == "yes")
            _tell_environment(data, mode, options.port)
            _set_up(data, mode)
            return _serve(data, mode, options.port)
    _say("Stopped before the site was up. The next ./dev run goes on.")
    return 130


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev run", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data", default=".data")
    parser.add_argument("--demo", choices=("yes", "no"), default="yes")
    return parser.parse_args()


# ------------------------------------------------------------------------------------------------ the data
def _take(lock: IO[str], data: Path) -> None:
    """Hold the data folder for this run: two sites on the same SQLite file would count rate limits apart."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _fail(f"The data in {data} is in use by another ./dev run. Stop that one, or choose another --data DIR.")


def _mode(data: Path, demo: bool) -> str:
    """Mode of this run, demo or development: what the folder holds already wins over the command line."""
    if not (data / "ready").exists():
        return "demo" if demo else "development"
    kept = (data / "ready").read_text(encoding="utf-8").strip()
    if kept == "demo" and not demo:
        _fail(f"{data} holds the demo town already. For an empty hub choose another folder: --no-demo --data DIR")
    if kept != "demo" and demo:
        _say(f"{data} was made without the demo town and stays so.")
    return kept


def _tell_environment(data: Path, mode: str, port: int) -> None:
    os.environ["FIRST_RUNG_DATA"] = str(data)
    os.environ["FIRST_RUNG_MODE"] = mode
    os.environ.setdefault("FIRST_RUNG_BASE_URL", f"http://127.0.0.1:{port}")
    os.environ.setdefault("FIRST_RUNG_LOG_LEVEL", "warning")
    os.environ.setdefault("FIRST_RUNG_LOG_FORMAT", "console")


def _set_up(data: Path, mode: str) -> None:
    """Bring the database to the present; a new one is filled. One that was left half filled is begun again."""
    ready, started = data / "ready", data / "being-filled"
    if started.exists():
        _say("The last start was interrupted while it filled the database: beginning again.")
        for name in DATABASE_FILES:
            (data / name).unlink(missing_ok=True)
    new = not ready.exists() and not (data / DATABASE_FILES[0]).exists()
    if new:
        started.touch()
    _matcher("migrate")
    _matcher("taxonomy", "load")
    if new and mode == "demo":
        _matcher("demo")
    if not ready.exists():
        ready.write_text(mode + "\n", encoding="utf-8")
    started.unlink(missing_ok=True)


def _matcher(*verb: str) -> None:
    result = subprocess.run([PYTHON, "-m", "matcher", *verb], check=False)
    if result.returncode:
        _fail(f"python -m matcher {' '.join(verb)} failed; the reason stands above.")


# ------------------------------------------------------------------------------------------- the processes
def _serve(data: Path, mode: str, port: int) -> int:
    running = {
        "web server": _start("-m", "gunicorn", "-c", "web/gunicorn_conf.py", "--bind", f"127.0.0.1:{port}"),
        "worker": _start("-m", "matcher", "worker"),
    }
    try:
        _wait_until_ready(running, port)
        _welcome(data, mode)
        while not _ended(running):
            time.sleep(0.5)
        return 1
    except Stopped:
        return 0
    finally:
        _stop(running)


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C in the terminal reaches only us, and we stop the children in good order.
    return subprocess.Popen([PYTHON, *arguments], start_new_session=True, preexec_fn=_end_with(os.getpid()))


def _end_with(parent: int) -> Callable[[], None]:
    """A hook that asks Linux to end the child when we end, even by kill -9."""
    libc = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)

    return ask


def _wait_until_ready(running: dict[str, subprocess.Popen[bytes]], port: int) -> None:
    deadline = time.monotonic() + PATIENCE_START
    while not _answers(port):
        if _ended(running):
            raise SystemExit(1)
        if time.monotonic() > deadline:
            _fail(f"The site did not answer on /readyz within {PATIENCE_START:.0f} seconds.")
        time.sleep(0.2)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _ended(running: dict[str, subprocess.Popen[bytes]]) -> bool:
    """True, with a word about it, when a process ended that should run on."""
    for name, process in running.items():
        if process.poll() is not None:
            _say(f"The {name} ended by itself (code {process.returncode}); stopping the rest.")
            return True
    return False


def _welcome(data: Path, mode: str) -> None:
    _say(f"\nFirst Rung is at {os.environ['FIRST_RUNG_BASE_URL']}   (data in {data}; Ctrl-C stops it)\n")
    if mode == "demo":
        _matcher("demo", "accounts")
    else:
        _say(f"There is no mail server set: mail waits as files in {data / 'mail'}.")


def _stop(running: dict[str, subprocess.Popen[bytes]]) -> None:
    """End what we started: the web server finishes its requests, the worker its jobs. A second Ctrl-C hurries."""
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + PATIENCE_STOP
    with suppress(Stopped, subprocess.TimeoutExpired):
        for process in running.values():
            process.wait(max(0.1, deadline - time.monotonic()))
    for process in running.values():
        if process.poll() is None:
            process.kill()
            process.wait()
    _say("Stopped.")


# --------------------------------------------------------------------------------------------------- words
def _raise_stopped(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Stopped


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _fail(text: str) -> NoReturn:
    _say("\n" + text)
    raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main())
