"""Rate limits: counted in memory by one process, in Redis by many, and before the CSRF check."""

from collections.abc import Callable

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

from matcher.kit.settings import Settings

limiter = Limiter(get_remote_address, default_limits=[], strategy="fixed-window")
csrf = CSRFProtect()


def init(app: Flask, settings: Settings) -> None:
    """Attach the limiter, then CSRF: the other way round, floods of bad tokens would go uncounted."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.limits_url
    app.config["RATELIMIT_HEADERS_ENABLED"] = True
    app.config.setdefault("RATELIMIT_ENABLED", True)
    limiter.init_app(app)
    csrf.init_app(app)


def per_address(rate: str) -> Callable[..., object]:
    """Limit posts to a view by address, e.g. "20 per 10 minutes"."""
    return limiter.limit(rate, methods=["POST"])


def per_field(rate: str, field: str) -> Callable[..., object]:
    """Limit posts to a view by what was typed into a field (an account's mail address)."""
    return limiter.limit(
        rate, key_func=lambda: f"{field}:{request.form.get(field, '').strip().casefold()[:200]}", methods=["POST"]
    )
