"""The job that mails a notice: read and write the words first, send when the database is free again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from matcher.kit.outbox import MAIL_KIND, Notice
from matcher.kit.settings import Settings
from web.mail import about, contexts
from web.mail.receiver import find_receiver
from web.mail.render import render
from web.mail.sender import send


def register(handlers: MutableMapping[str, Any], settings: Settings) -> None:
    """Add this handler to the worker's table."""
    about.load()
    handlers[MAIL_KIND] = partial(mail_notice, settings)


def mail_notice(
    settings: Settings, session: Session, payload: Mapping[str, Any], _at: datetime
) -> Callable[[], None] | None:
    """Prepare the mail of a notice and return the function that sends it; None when nobody is to get it."""
    notice = session.get(Notice, payload["notice_id"])
    receiver = find_receiver(session, notice) if notice else None
    if notice is None or receiver is None:
        return None
    words = contexts.gather(session, notice, settings, receiver.name)
    mail = render(notice, receiver.locale, words)
    return partial(
        send, mail, receiver.address, settings, key=notice.key, at=notice.at, locale=receiver.locale
    )
