"""Names everything that is missing or too weak for an installation that holds real people's data."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any
from urllib.parse import parse_qs, urlsplit

from matcher.kit.settings_keys import NEW_KEY
from matcher.kit.settings_reader import Reader
from matcher.kit.settings_table import PREFIX, SETTINGS

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0", "", None})  # nosec B104: refused, never bound
Values = Mapping[str, Any]


def check_production(values: Values, reader: Reader) -> list[str]:
    """Problems of the values read, one plain sentence each that says what to do."""
    needed = ("DATA", "SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "BASE_URL", "SMTP_URL", "MAIL_FROM")
    absent = [SETTINGS[name] for name in needed if not reader.given(name)]
    problems = [f"{setting.variable} is not set: {setting.production}." for setting in absent]
    for check in (_weak_secret, _weak_address, _weak_mail, _weak_sharing):
        problems += check(values, reader)
    return problems + _unknown(reader.environ)


def _weak_secret(values: Values, _reader: Reader) -> list[str]:
    secret = values["secret_key"]
    if secret and (len(secret) < 32 or len(set(secret)) < 12):
        return [f"{PREFIX}SECRET_KEY is too easy to guess: use at least 32 random characters; {NEW_KEY}."]
    return []


def _weak_address(values: Values, reader: Reader) -> list[str]:
    parts = urlsplit(values["base_url"])
    if reader.usable("BASE_URL") and (parts.scheme != "https" or parts.hostname in LOCAL_HOSTS):
        return [f"{PREFIX}BASE_URL is {values['base_url']}: it must start with https:// and name the public host."]
    return []


def _weak_mail(values: Values, reader: Reader) -> list[str]:
    problems = []
    parts = urlsplit(values["smtp_url"])
    open_line = parts.scheme == "smtp" and parse_qs(parts.query).get("starttls") == ["no"]
    if open_line and parts.hostname not in LOCAL_HOSTS:
        problems.append(f"{PREFIX}SMTP_URL sends mail unencrypted: leave out starttls=no, or use smtps://.")
    if reader.usable("MAIL_FROM") and parseaddr(values["mail_from"])[1].endswith("@localhost"):
        problems.append(f"{PREFIX}MAIL_FROM ends in @localhost: use an address of your own domain.")
    return problems


def _weak_sharing(values: Values, _reader: Reader) -> list[str]:
    problems = []
    if values["web_workers"] > 1 and not values["redis_url"]:
        problems.append(
            f"{PREFIX}WEB_WORKERS is {values['web_workers']} without {PREFIX}REDIS_URL: each process would count rate "
            "limits on its own. Set the Redis address or use one process."
        )
    if values["queue"] == "redis" and not values["redis_url"]:
        problems.append(f"{PREFIX}QUEUE is redis, but {PREFIX}REDIS_URL is not set: set it or use another queue.")
    if values["queue"] == "postgres" and not values["database_url"].startswith("postgresql"):
        problems.append(f"{PREFIX}QUEUE is postgres, but the database is not PostgreSQL: use sqlite or redis.")
    return problems


def _unknown(environ: Mapping[str, str]) -> list[str]:
    known = {row.variable for row in SETTINGS.values()}
    known |= {row.variable + "_FILE" for row in SETTINGS.values() if row.secret}
    strangers = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
    return [f"{name} is no setting of First Rung: check the spelling or remove it." for name in strangers]
