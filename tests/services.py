"""Private PostgreSQL, Redis and mail servers for the tests, each on its own port and gone when the tests are."""

from __future__ import annotations

import atexit
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as mail_policy
from pathlib import Path
from typing import Any

import psycopg
import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as SmtpServer
from aiosmtpd.smtp import Envelope, Session

PATIENCE = 60.0  # seconds for a server to come up on a busy machine


def free_port() -> int:
    """A port of this machine that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def chromium() -> str:
    """Path of the browser that Debian ships."""
    return find("chromium", "chromium-browser", "google-chrome")


def find(*names: str) -> str:
    """Path of the first of these programs; PostgreSQL's are looked for in Debian's folder, newest version first."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for name in names:
        found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(map(str, folders)))
        if found:
            return found
    raise RuntimeError(f"{' or '.join(names)} is not installed: ./dev test installs it")


def end_with_us(with_signal: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """A hook that asks Linux to end the child when this process ends, even by kill -9."""
    libc, parent = ctypes.CDLL(None), os.getpid()

    def ask() -> None:
        libc.prctl(1, with_signal)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)

    return ask


@dataclass
class Server:
    """One process with a folder of its own. It is stopped by its process id, never by a name."""

    process: subprocess.Popen[bytes]
    folder: Path
    stop_signal: signal.Signals = signal.SIGTERM

    def __post_init__(self) -> None:
        atexit.register(self.stop)

    def stop(self) -> None:
        """End the process and remove its folder. May be called more than once."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def wait_for(self, answers: Callable[[], bool]) -> None:
        """Wait until the server answers; a server that ends first shows its log."""
        deadline = time.monotonic() + PATIENCE
        while not answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                log = (self.folder / "log").read_text(errors="replace")[-2000:]
                self.stop()
                raise RuntimeError(f"{self.process.args!r} did not come up:\n{log}")
            time.sleep(0.05)


# --------------------------------------------------------------------------------------------- PostgreSQL
class PostgreSQL(Server):
    """A cluster in a folder of its own. Its data may be lost: it trades safety on disk for speed."""

    port: int

    @classmethod
    def start(cls) -> PostgreSQL:
        """Make a cluster and start it. PostgreSQL refuses to run as root: there it runs as its own user."""
        folder = Path(tempfile.mkdtemp(prefix="first-rung-pg-"))
        as_user = _unprivileged(folder)
        data, port = folder / "data", free_port()
        subprocess.run(
            [find("initdb"), "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True, capture_output=True, cwd=folder, **as_user,
        )  # fmt: skip
        options = {
            "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "max_connections": 60,
            "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB",
            "autovacuum": "off", "jit": "off", "timezone": "UTC",
        }  # fmt: skip
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [find("postgres"), "-D", data, *arguments],
                stdout=log, stderr=log, cwd=folder, start_new_session=True,
                preexec_fn=end_with_us(signal.SIGQUIT), **as_user,
            )  # fmt: skip
        server = cls(process, folder, signal.SIGINT)
        server.port = port
        server.wait_for(server._answers)
        return server

    def _answers(self) -> bool:
        try:
            self.run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def run(self, statement: str) -> None:
        """Run one statement of administration."""
        address = f"host=127.0.0.1 port={self.port} user=tester dbname=postgres connect_timeout=2"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def url(self, database: str) -> str:
        """Address of a database of this cluster in the form the settings take."""
        return f"postgresql+psycopg://tester@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template1") -> str:
        """Make a database as a copy of another one, and give its address. Copying takes some 30 ms."""
        self.run(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY file_copy')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, also when a connection was left open."""
        self.run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def _unprivileged(folder: Path) -> dict[str, Any]:
    """Options that start a process as an ordinary user who owns the folder; nothing to do unless we are root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


# -------------------------------------------------------------------------------------------------- Redis
class Redis(Server):
    """A Redis that keeps everything in memory."""

    port: int

    @classmethod
    def start(cls) -> Redis:
        """Start the server and wait until it answers."""
        folder, port = Path(tempfile.mkdtemp(prefix="first-rung-redis-")), free_port()
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [find("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
                stdout=log, stderr=log, start_new_session=True, preexec_fn=end_with_us(signal.SIGTERM),
            )  # fmt: skip
        server = cls(process, folder)
        server.port = port
        server.wait_for(server._answers)
        return server

    @property
    def url(self) -> str:
        """Address in the form the settings take."""
        return f"redis://127.0.0.1:{self.port}/0"

    def _answers(self) -> bool:
        try:
            return bool(redis.Redis(port=self.port, socket_connect_timeout=2).ping())
        except redis.ConnectionError:
            return False

    def empty(self) -> None:
        """Forget everything."""
        redis.Redis(port=self.port).flushall()


# --------------------------------------------------------------------------------------------------- mail
@dataclass
class MailSink:
    """A mail server that takes every message and keeps it in `messages`, oldest first."""

    messages: list[EmailMessage] = field(default_factory=list)
    refuse: str = ""  # an SMTP answer such as "451 try again later": given in place of taking the message

    def __post_init__(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def url(self) -> str:
        """Address in the form the settings take."""
        return f"smtp://127.0.0.1:{self.controller.port}?starttls=no"

    async def handle_DATA(self, _server: SmtpServer, _session: Session, envelope: Envelope) -> str:
        """Take one message."""
        if self.refuse:
            return self.refuse
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        self.messages.append(BytesParser(policy=mail_policy).parsebytes(raw))  # type: ignore[arg-type]
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """Messages to one address."""
        return [message for message in self.messages if address in str(message["to"])]
