"""Flask's own settings, cookies and template globals."""

from datetime import timedelta
from typing import Any

from flask import Flask, g
from flask_babel import get_locale

from matcher.kit.settings import Settings
from web.kit import access, nav, pages


def init(app: Flask, settings: Settings) -> None:
    """Set keys, cookies, limits and what every template may use."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-rung" if settings.https else "rung",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=2000,
        WTF_CSRF_TIME_LIMIT=8 * 3600,
        COMPRESS_MIMETYPES=["text/html", "text/css", "application/json", "text/javascript", "image/svg+xml",
                            "application/atom+xml", "application/xml"],
        COMPRESS_ALGORITHM=["br", "gzip"],
    )
    app.extensions["settings"] = settings
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(lambda: context(settings))


def context(settings: Settings) -> dict[str, Any]:
    """The names that templates share."""
    actor = access.actor()
    return {
        "actor": actor if actor.person_id else None, "hub": g.get("hub"), "locale": str(get_locale() or "en"),
        "nav": nav.current(), "demo": settings.demo, "can": access.can, "export_url": pages.export_url,
        "at": g.get("at"),
    }
