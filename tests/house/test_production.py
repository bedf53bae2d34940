"""What the containers run, run here: production mode, secrets from files, PostgreSQL, Redis, two web processes."""

from __future__ import annotations

import base64
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from matcher.kit.settings import SETTINGS
from tests.house.files import ROOT
from tests.house.test_run import answer, wait
from tests.services import MailSink, PostgreSQL, Redis, free_port

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
APP = ("prepare", "web", "worker")
pytestmark = pytest.mark.timeout(240)


# ------------------------------------------------------------------------------------------ what is written
def test_compose_names_only_settings_that_exist() -> None:
    """A misspelt setting would stop production from starting."""
    known = {row.variable for row in SETTINGS.values()} | {
        f"{row.variable}_FILE" for row in SETTINGS.values() if row.secret
    }
    for service in APP:
        assert set(COMPOSE["services"][service]["environment"]) <= known


def test_compose_gives_production_what_it_needs() -> None:
    """Everything that production asks for is there, as a value or as a secret file."""
    given = {name.removesuffix("_FILE") for name in COMPOSE["services"]["web"]["environment"]}
    needed = {
        SETTINGS[name].variable for name in ("DATA", "SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "BASE_URL", "SMTP_URL")
    }
    assert needed | {"FIRST_RUNG_MAIL_FROM", "FIRST_RUNG_REDIS_URL", "FIRST_RUNG_DATABASE_URL"} <= given


def test_every_secret_file_is_declared_and_kept_out_of_the_history() -> None:
    """What a service reads under /run/secrets is declared, given to it, and ignored by git."""
    for service in COMPOSE["services"].values():
        for value in (service.get("environment") or {}).values():
            if str(value).startswith("/run/secrets/"):
                name = Path(value).name
                assert name in COMPOSE["secrets"]
                assert name in service["secrets"]
    for secret in COMPOSE["secrets"].values():
        ignored = subprocess.run(["git", "check-ignore", "--quiet", secret["file"]], cwd=ROOT)
        assert ignored.returncode == 0, secret


def test_the_image_copies_only_what_is_there() -> None:
    """Each path the Dockerfile copies from the project exists and is let through by .dockerignore."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [word for line in lines if re.match(r"COPY (?!--from)", line) for word in line.split()[1:-1]]
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied
    for path in copied:
        assert (ROOT / path).exists(), path
        assert path in let_through


def test_images_do_not_run_as_root() -> None:
    """The last user named in the Dockerfile is an ordinary one."""
    users = re.findall(r"^USER (\S+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert users == ["first-rung"]


# -------------------------------------------------------------------------------------------------- what runs
@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of the compose file, on private servers, with every secret in a file."""
    folder = tmp_path_factory.mktemp("production")
    (folder / "data").mkdir()
    database, broker, sink = PostgreSQL.start(), Redis.start(), MailSink()
    values = {
        "FIRST_RUNG_BASE_URL": "https://jobs.example.org",
        "FIRST_RUNG_MAIL_FROM": "First Rung <jobs@example.org>",
        "FIRST_RUNG_DATA": str(folder / "data"),
        "FIRST_RUNG_REDIS_URL": broker.url,
        "FIRST_RUNG_PROXIES": "1",
        "FIRST_RUNG_WEB_WORKERS": "2",
    }
    kept = {
        "DATABASE_URL": database.create("first_rung"),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "INDEX_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "SMTP_URL": sink.url,
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FIRST_RUNG_")}
    for name, value in COMPOSE["services"]["web"]["environment"].items():
        short = name.removeprefix("FIRST_RUNG_").removesuffix("_FILE")
        if short in kept:
            (folder / short).write_text(kept[short] + "\n")
            environment[name] = str(folder / short)
        else:
            environment[name] = values.get(name, str(value))
    yield environment
    database.stop()
    broker.stop()


def python(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command of the image to its end."""
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True)


def command_of(service: str, port: int) -> list[str]:
    """The command the image or the compose file gives to a service, on a port of ours."""
    words = COMPOSE["services"][service].get("command")
    if words is None:
        line = re.findall(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)[-1]
        words = yaml.safe_load(line)
    words = [f"127.0.0.1:{port}" if word == "0.0.0.0:8000" else word for word in words]
    return [sys.executable, *words[1:]] if words[0] == "python" else [sys.executable, "-m", *words]


def ready(port: int, log: Path) -> bool:
    """True when web answers and the worker said that it works: before that it has nothing to end in order."""
    return answer(port, "/readyz") == 200 and "worker.started" in log.read_text()


def test_the_whole_installation_starts_serves_and_stops(production: dict[str, str], tmp_path: Path) -> None:
    """Prepare, then web and worker: both answer for themselves and end when asked, the web server with code 0."""
    for verb in (["migrate"], ["taxonomy", "load"], ["taxonomy", "load"]):
        done = python(production, "-m", "matcher", *verb)
        assert done.returncode == 0, done.stderr
    port = free_port()
    with (tmp_path / "log").open("wb") as log:
        running = {
            service: subprocess.Popen(command_of(service, port), cwd=ROOT, env=production, stdout=log, stderr=log)
            for service in ("web", "worker")
        }
    try:
        wait(lambda: ready(port, tmp_path / "log") or any(process.poll() is not None for process in running.values()))
        assert answer(port, "/healthz") == 200, (tmp_path / "log").read_text()
        assert answer(port, "/readyz") == 200
        assert running["worker"].poll() is None
    finally:
        for process in running.values():
            process.terminate()
        codes = {service: process.wait(60) for service, process in running.items()}
    assert codes == {"web": 0, "worker": 0}, (tmp_path / "log").read_text()


def test_a_half_configured_installation_does_not_start(production: dict[str, str]) -> None:
    """Without its secret key the web server ends at once and names what is missing."""
    lacking = {name: value for name, value in production.items() if "SECRET_KEY" not in name}
    done = python(lacking, "-m", "gunicorn", "-c", "web/gunicorn_conf.py", "--bind", f"127.0.0.1:{free_port()}")
    assert done.returncode != 0
    assert "FIRST_RUNG_SECRET_KEY is not set" in done.stderr


def test_a_web_worker_computes_with_one_thread(production: dict[str, str]) -> None:
    """Several workers on a host must not each start as many computing threads as it has processors."""
    asks = ("import runpy; runpy.run_path('web/gunicorn_conf.py'); import numpy, threadpoolctl; "
            "print({pool['num_threads'] for pool in threadpoolctl.threadpool_info()})")
    done = python({name: value for name, value in production.items() if name != "OMP_NUM_THREADS"}, "-c", asks)
    assert done.stdout.strip() == "{1}", done.stderr
