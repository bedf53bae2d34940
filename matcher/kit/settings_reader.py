"""Reads single settings and gathers what is wrong with them, instead of stopping at the first fault."""

from __future__ import annotations

import os
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from matcher.kit.settings_table import PREFIX, SETTINGS


class Reader:
    """Reads variables one by one and gathers every problem instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []
        self.refused: set[str] = set()  # names whose default stands in for a value that cannot be used

    def usable(self, name: str) -> bool:
        """True when the variable is set to something that could be read."""
        return self.given(name) and name not in self.refused

    def given(self, name: str) -> bool:
        """True when the variable or its `_FILE` form is set to something."""
        variable = SETTINGS[name].variable
        return bool(self.environ.get(variable) or self.environ.get(variable + "_FILE"))

    def text(self, name: str) -> str:
        """Value of the variable, of the file it points to, or the default for settings that are plain words."""
        setting = SETTINGS[name]
        value = self.environ.get(setting.variable, "").strip()
        path = self.environ.get(setting.variable + "_FILE", "").strip() if setting.secret else ""
        if value and path:
            self.problems.append(f"{setting.variable} and {setting.variable}_FILE are both set: keep one of them.")
        elif path:
            value = self._from_file(setting.variable, path)
        return value or ("" if setting.secret else setting.default)

    def _from_file(self, variable: str, path: str) -> str:
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            self.problems.append(f"{variable}_FILE points to {path}, which cannot be read: check path and owner.")
            return ""
        if not value:
            self.problems.append(f"{variable}_FILE points to {path}, which is empty: write the secret into it.")
        return value

    def choice(self, name: str) -> str:
        """One of the choices of the setting; anything else is a problem and counts as the default."""
        setting = SETTINGS[name]
        value = self.text(name).lower()
        if value in setting.choices:
            return value
        self.problems.append(f"{setting.variable} is {value!r}: use one of {', '.join(setting.choices)}.")
        return setting.default

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number between `least` and `most`."""
        value = self.text(name)
        if value.isascii() and value.isdigit() and least <= int(value) <= most:
            return int(value)
        self.problems.append(f"{SETTINGS[name].variable} is {value!r}: use a whole number from {least} to {most}.")
        return int(SETTINGS[name].default)

    def seconds(self, name: str, least: float, most: float) -> float:
        """A number of seconds between `least` and `most`."""
        value = self.text(name)
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if least <= number <= most:
            return number
        self.problems.append(f"{SETTINGS[name].variable} is {value!r}: use seconds from {least} to {most}.")
        return float(SETTINGS[name].default)

    def folder(self, name: str, *, make: bool) -> Path:
        """A folder as a full path, made when `make`; a folder that cannot be written is a problem."""
        path = Path(self.text(name)).expanduser().absolute()
        try:
            if make:
                path.mkdir(mode=0o700, parents=True, exist_ok=True)
            usable = path.is_dir() and os.access(path, os.W_OK | os.X_OK)
        except OSError:
            usable = False
        if not usable:
            self.problems.append(f"{SETTINGS[name].variable} is {path}: make it and let this user write there.")
        return path

    def url(self, name: str, schemes: tuple[str, ...]) -> str:
        """An address with one of the schemes, or nothing. The value may hold a password, so it is never repeated."""
        value = self.text(name)
        if value and (urlsplit(value).scheme not in schemes or not _parses(value)):
            starts = " or ".join(f"{scheme}://" for scheme in schemes)
            self.problems.append(f"{SETTINGS[name].variable} cannot be read: it must be an address with {starts}.")
            return ""
        return value

    def web_address(self, name: str) -> str:
        """Address of the site: scheme, host and perhaps port, with no path."""
        value = self.text(name)
        parts = urlsplit(value)
        if parts.scheme in {"http", "https"} and parts.hostname and _parses(value) and parts.path in {"", "/"}:
            return value
        self.problems.append(f"{SETTINGS[name].variable} is {value!r}: use https://your.host with nothing after it.")
        self.refused.add(name)
        return SETTINGS[name].default

    def mail_from(self, name: str) -> str:
        """Sender of mail, on one line and with an address in it."""
        value = self.text(name)
        if "@" in parseaddr(value)[1] and not set(value) & {"\r", "\n"}:
            return value
        self.problems.append(f"{SETTINGS[name].variable} is {value!r}: use Name <address@your.host>.")
        self.refused.add(name)
        return SETTINGS[name].default

    def database_url(self, data_dir: Path) -> str:
        """Database address with the driver that is used here; the default is a SQLite file in the data folder."""
        value = self.text("DATABASE_URL") or f"sqlite:///{data_dir / 'first_rung.db'}"
        scheme, mark, rest = value.partition("://")
        if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and mark:
            return f"postgresql+psycopg://{rest}"
        if scheme != "sqlite":
            self.problems.append(f"{PREFIX}DATABASE_URL must start with sqlite:/// or postgresql+psycopg://.")
        return value


def _parses(value: str) -> bool:
    """True when host and port of an address can be read; `urlsplit` only notices a bad port on access."""
    try:
        parts = urlsplit(value)
        return bool(parts.hostname or parts.scheme == "unix") and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
