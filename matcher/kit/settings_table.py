"""The table of all settings: name, meaning, default, choices, and what production asks of each."""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "FIRST_RUNG_"


@dataclass(frozen=True)
class Setting:
    """One setting. `production` says in words what is asked of it where real people's data lives."""

    name: str
    meaning: str
    default: str = ""
    choices: tuple[str, ...] = ()
    secret: bool = False
    production: str = ""

    @property
    def variable(self) -> str:
        """Name of the environment variable."""
        return PREFIX + self.name


_ROWS = (
    Setting(
        "MODE",
        "What kind of installation this is. Nothing set means production, so that a forgotten setting is never lax.",
        default="production",
        choices=("demo", "development", "production"),
    ),
    Setting(
        "DATA",
        "Folder for everything that is kept: the SQLite database, the wake-up queue, uploads, models.",
        default="./data",
        production="must be set to a full path that exists and can be written",
    ),
    Setting(
        "DATABASE_URL",
        "Database address, sqlite:///… or postgresql+psycopg://… (postgres:// and postgresql:// are understood).",
        default="sqlite file first_rung.db in the data folder",
        secret=True,
    ),
    Setting(
        "SECRET_KEY",
        "Signs sessions, links and wake-up messages. Changing it signs everybody out.",
        secret=True,
        production="at least 32 characters of randomness",
    ),
    Setting(
        "FIELD_KEYS",
        "Keys that encrypt personal fields, newest first: name:base64,name:base64. The first encrypts, all decrypt.",
        secret=True,
        production="each key is 32 random bytes in base64; python -m matcher keys new prints one",
    ),
    Setting(
        "INDEX_KEY",
        "Key of the blind index that finds a person by e-mail address without storing the address in the clear.",
        secret=True,
        production="32 random bytes in base64; it stays the same when field keys are rotated",
    ),
    Setting(
        "BASE_URL",
        "Address under which people reach the site; links in mail start with it.",
        default="http://127.0.0.1:8000",
        production="must start with https:// and name a public host",
    ),
    Setting(
        "SMTP_URL",
        "Mail server: smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465. "
        "Add ?starttls=no only for a server on the same machine.",
        secret=True,
        production="must be set, and encrypted unless the server is on the same machine",
    ),
    Setting(
        "MAIL_FROM",
        "Sender of all mail, as an address or as Name <address>.",
        default="First Rung <no-reply@localhost>",
        production="must be set to an address of your own domain",
    ),
    Setting(
        "REDIS_URL",
        "Redis server for shared rate limits and, if chosen, the wake-up queue.",
        secret=True,
        production="needed when there is more than one web process",
    ),
    Setting(
        "QUEUE",
        "Where wake-up messages for the worker wait. Work itself is always kept in the database.",
        default="sqlite",
        choices=("sqlite", "redis", "postgres"),
    ),
    Setting("PROXIES", "How many proxies of your own stand in front of the site and may name the visitor.", "0"),
    Setting("WEB_WORKERS", "Number of web server processes.", "1"),
    Setting("WEB_THREADS", "Number of threads in each web server process.", "8"),
    Setting("TASK_THREADS", "Number of threads in which the worker does its jobs.", "2"),
    Setting("POLL_SECONDS", "How often the worker looks for work when nothing woke it.", "1.0"),
    Setting("LEASE_SECONDS", "How long a job may take before it is taken for lost and done again.", "60"),
    Setting("MAX_UPLOAD_MB", "Largest file a person may upload, in megabytes.", "5"),
    Setting(
        "LOG_LEVEL",
        "Least important message that is still logged.",
        default="info",
        choices=("debug", "info", "warning", "error"),
    ),
    Setting(
        "LOG_FORMAT",
        "Shape of the log: one JSON object per line, or words for a terminal.",
        default="json",
        choices=("json", "console"),
    ),
)

SETTINGS: dict[str, Setting] = {row.name: row for row in _ROWS}
