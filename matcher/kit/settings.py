"""Everything an installation can be told, read once from the environment into one frozen object."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from matcher.kit.settings_checks import check_production
from matcher.kit.settings_keys import read_keys
from matcher.kit.settings_reader import Reader
from matcher.kit.settings_table import SETTINGS, Setting

__all__ = ["SETTINGS", "Setting", "Settings", "SettingsError", "documented"]

SECRET_FIELDS = frozenset({"secret_key", "field_keys", "index_key", "smtp_url", "redis_url", "database_url"})


class SettingsError(Exception):
    """The environment cannot be used; `problems` holds one plain sentence for each thing to repair."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        listed = "\n".join(f"  {number}. {problem}" for number, problem in enumerate(problems, 1))
        super().__init__(f"First Rung will not start until these settings are repaired:\n{listed}")


@dataclass(frozen=True, repr=False)
class Settings:
    """The settings of one installation. `documented()` explains each one."""

    mode: str
    data_dir: Path
    database_url: str
    secret_key: str
    field_keys: tuple[tuple[str, bytes], ...]
    index_key: bytes
    base_url: str
    smtp_url: str
    mail_from: str
    redis_url: str
    queue: str
    proxies: int
    web_workers: int
    web_threads: int
    task_threads: int
    poll_seconds: float
    lease_seconds: int
    max_upload_mb: int
    log_level: str
    log_format: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment (or the mapping handed in).

        Raises `SettingsError` listing every problem at once. In demo and development mode missing secrets
        are made once and kept in `keys.json` in the data folder, readable by its owner only.
        """
        reader = Reader(os.environ if environ is None else environ)
        values = _read(reader)
        problems = reader.problems
        if values["mode"] == "production":
            problems = problems + check_production(values, reader)
        if problems:
            raise SettingsError(problems)
        return cls(**values)

    @property
    def production(self) -> bool:
        """True where real people's data lives."""
        return self.mode == "production"

    @property
    def demo(self) -> bool:
        """True for the demonstration town, where mail stays in a box that anyone may open."""
        return self.mode == "demo"

    @property
    def https(self) -> bool:
        """True when people reach the site over TLS: cookies are then marked Secure and get the `__Host-` name."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """The host name of the site, without the port."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def limits_url(self) -> str:
        """Where rate limits are counted: in memory for one process, in Redis for several."""
        return self.redis_url or "memory://"

    @property
    def mailbox_dir(self) -> Path:
        """Folder that keeps mail when no mail server is set."""
        return self.data_dir / "mail"

    @property
    def queue_file(self) -> Path:
        """File of the wake-up queue when it is kept in SQLite; never the database itself."""
        return self.data_dir / "wake.db"

    def url(self, path: str) -> str:
        """Full address of a local path, for links in mail."""
        return self.base_url.rstrip("/") + "/" + path.lstrip("/")

    def __repr__(self) -> str:
        shown = (
            f"{field.name}={'<hidden>' if field.name in SECRET_FIELDS else repr(getattr(self, field.name))}"
            for field in fields(self)
        )
        return f"Settings({', '.join(shown)})"


def _read(reader: Reader) -> dict[str, Any]:
    mode = reader.choice("MODE")
    data_dir = reader.folder("DATA", make=mode != "production")
    secret_key, field_keys, index_key = read_keys(reader, data_dir, make=mode != "production")
    return {
        "mode": mode,
        "data_dir": data_dir,
        "database_url": reader.database_url(data_dir),
        "secret_key": secret_key,
        "field_keys": field_keys,
        "index_key": index_key,
        "base_url": reader.web_address("BASE_URL").rstrip("/"),
        "smtp_url": reader.url("SMTP_URL", ("smtp", "smtps")),
        "mail_from": reader.mail_from("MAIL_FROM"),
        "redis_url": reader.url("REDIS_URL", ("redis", "rediss", "unix")),
        "queue": reader.choice("QUEUE"),
        "proxies": reader.whole("PROXIES", 0, 10),
        "web_workers": reader.whole("WEB_WORKERS", 1, 64),
        "web_threads": reader.whole("WEB_THREADS", 1, 64),
        "task_threads": reader.whole("TASK_THREADS", 1, 32),
        "poll_seconds": reader.seconds("POLL_SECONDS", 0.05, 60.0),
        "lease_seconds": reader.whole("LEASE_SECONDS", 1, 3600),
        "max_upload_mb": reader.whole("MAX_UPLOAD_MB", 1, 50),
        "log_level": reader.choice("LOG_LEVEL"),
        "log_format": reader.choice("LOG_FORMAT"),
    }


def documented() -> list[dict[str, str]]:
    """One row per setting for the operating guide: name, what it is for, default, choices, secret or not."""
    return [
        {
            "name": setting.variable,
            "meaning": setting.meaning,
            "default": setting.default or "none",
            "choices": ", ".join(setting.choices),
            "secret": f"yes, may come from {setting.variable}_FILE" if setting.secret else "no",
            "production": setting.production,
        }
        for setting in SETTINGS.values()
    ]


# The table is the documentation: `help(matcher.kit.settings)` shows the same rows as the operating guide.
__doc__ = f"{__doc__}\n\n" + "\n".join(f"{row['name']}: {row['meaning']}" for row in documented())
