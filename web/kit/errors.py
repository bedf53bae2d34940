"""Turns every failure into a page that says what happened and what to do, and loses nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, render_template, request
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from structlog import get_logger
from werkzeug.exceptions import HTTPException

from matcher.kit.errors import ConflictError, DomainError, NotAllowedError, NotFoundError
from web.kit import db
from web.kit.words import translate

log = get_logger("web")
Answer = tuple[str, int, dict[str, str]]


def init(app: Flask) -> None:
    """Register every handler."""
    for kind, handler in HANDLERS.items():
        app.register_error_handler(kind, _on_clean_ground(handler))


def _on_clean_ground(handler: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Undo first: to choose the words' language a handler reads the person, which a failed transaction refuses."""

    @wraps(handler)
    def handle(error: Any) -> Any:
        db.rollback()
        return handler(error)

    return handle


def page(status: int, title: str, text: str, headers: dict[str, str] | None = None) -> Answer:
    """One error page."""
    db.rollback()
    body = render_template("error.html", status=status, title=title, text=text, back=request.referrer or "/")
    return body, status, headers or {}


def _http(error: HTTPException) -> Answer:
    status = error.code or 500
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    titles = {
        400: (_("That request could not be read"), _("Go back, reload the page and try once more.")),
        403: (_("This page is not for your account"), _("Sign in with another account, or go back.")),
        404: (_("We can’t find that page"), _("It may have moved, or it is not for your account.")),
        405: (_("That can’t be done here"), _("Go back and use the buttons on the page.")),
        413: (_("That is too large"), _("Send a smaller file or a shorter text.")),
    }
    title, text = titles.get(status, (error.name, error.description or ""))
    headers = {k: v for k, v in error.get_headers() if k in {"Allow", "Retry-After"}}
    return page(status, title, text, headers)


def _csrf(_error: CSRFError) -> Answer:
    return page(400, _("This form has been open too long"),
                _("For your safety, go back, reload the page and send it again."))


def _limited(error: RateLimitExceeded) -> Answer:
    headers = {"Retry-After": str((getattr(error.limit, "limit", None) and error.limit.limit.get_expiry()) or 60)}
    return page(429, _("Too many tries"), _("Wait a few minutes, then try again."), headers)


def _domain(error: DomainError) -> Answer:
    status = {NotFoundError: 404, NotAllowedError: 403, ConflictError: 409}.get(type(error), 422)
    return page(status, _("That could not be done"), translate(error.message, **error.params))


def _stale(_error: StaleDataError | IntegrityError) -> Answer:
    return page(409, _("Somebody else changed this a moment ago"),
                _("Nothing was overwritten. Go back, reload the page and look again."))


def _busy(error: Exception) -> Answer:
    log.warning("database_unavailable", kind=type(error).__name__)
    return page(503, _("We are short of breath"), _("Nothing was lost. Try again in a moment."), {"Retry-After": "2"})


def _broken(error: Exception) -> Answer:
    log.exception("server_error", path=request.path)
    return page(500, _("Something broke on our side"), _("It has been noted. Go back and try once more."))


HANDLERS: dict[type[Exception], Callable[[Any], Any]] = {
    HTTPException: _http, CSRFError: _csrf, RateLimitExceeded: _limited, DomainError: _domain,
    StaleDataError: _stale, IntegrityError: _stale, OperationalError: _busy, PoolTimeout: _busy,
    DBAPIError: _broken, Exception: _broken,
}
