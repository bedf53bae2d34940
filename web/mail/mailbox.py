"""Keeps mail in a folder where no mail server is set, so that a demonstration can be followed to the end."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import parsedate_to_datetime
from pathlib import Path

from matcher.kit.settings_keys import write_private

_NAME = re.compile(r"\d{8}T\d{6}-[0-9a-f]{16}")


@dataclass(frozen=True)
class Letter:
    """One kept mail. `id` is opaque and may stand in an address."""

    id: str
    to: str
    subject: str
    at: datetime
    text: str
    html: str


def keep(folder: Path, message: EmailMessage) -> Path:
    """Write a message as a file, whole or not at all; the same message twice is one file."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:16]
    path = folder / f"{parsedate_to_datetime(str(message['Date'])):%Y%m%dT%H%M%S}-{digest}.eml"
    draft = path.with_suffix(".part")
    write_private(draft, message.as_bytes(policy=SMTP.clone(cte_type="8bit", utf8=True)).decode())
    draft.replace(path)
    return path


def letters(folder: Path, limit: int = 100, to: str = "") -> list[Letter]:
    """Kept mail, newest first; only that of one address when `to` is given."""
    found: list[Letter] = []
    for path in sorted(folder.glob("*.eml"), key=lambda path: path.name, reverse=True):
        letter = _read(path)
        if not to or letter.to.casefold() == to.casefold():
            found.append(letter)
        if len(found) == limit:
            break
    return found


def find_letter(folder: Path, letter_id: str) -> Letter | None:
    """One kept mail by its id; None for anything that is not one, paths included."""
    path = folder / f"{letter_id}.eml"
    return _read(path) if _NAME.fullmatch(letter_id) and path.is_file() else None


def _read(path: Path) -> Letter:
    message = message_from_bytes(path.read_bytes(), policy=default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return Letter(
        id=path.stem, to=str(message["To"]), subject=str(message["Subject"]),
        at=parsedate_to_datetime(str(message["Date"])),
        text=text.get_content() if text else "", html=html.get_content() if html else "",
    )
