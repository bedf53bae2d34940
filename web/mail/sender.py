"""Hands a finished mail to the mail server, or to the mailbox folder where no server is set."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from matcher.kit.settings import Settings
from web.mail import mailbox
from web.mail.language import known
from web.mail.render import Mail

TIMEOUT_SECONDS = 20


class BadAddressError(ValueError):
    """The address is not one single mail address."""


def message_id(key: str, settings: Settings) -> str:
    """The same identifier for the same notice: a mail program that gets a mail twice shows it once."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{settings.host or 'localhost'}>"


def compose(mail: Mail, to: str, settings: Settings, *, key: str, at: datetime, locale: str = "en") -> EmailMessage:
    """The message as it travels. The policy refuses line ends in headers; raises `BadAddressError` for a bad `to`."""
    try:
        receiver = Address(addr_spec=to)
    except Exception as error:  # the standard library raises several unrelated types here
        raise BadAddressError("not one single mail address") from error
    sender = parseaddr(settings.mail_from)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = mail.subject
    message["From"] = Address(sender[0], addr_spec=sender[1])
    message["To"] = receiver
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id(key, settings)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: keeps holiday replies away
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    message["Content-Language"] = known(locale)  # last, because setting the content drops headers about it
    return message


def send(mail: Mail, to: str, settings: Settings, *, key: str, at: datetime, locale: str = "en") -> None:
    """Send one mail. Raises what the server or the network says; the job is then tried again later."""
    message = compose(mail, to, settings, key=key, at=at, locale=locale)
    if settings.smtp_url:
        with connect(settings.smtp_url) as server:
            server.send_message(message)
    elif settings.production:
        raise RuntimeError("no mail server is set")
    else:
        mailbox.keep(settings.mailbox_dir, message)


def connect(address: str) -> smtplib.SMTP:
    """An open, encrypted and signed-in connection to the mail server."""
    parts = urlsplit(address)
    host, trusted = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=trusted)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_SECONDS)
    try:
        if parts.scheme == "smtp" and parse_qs(parts.query).get("starttls") != ["no"]:
            server.starttls(context=trusted)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server
