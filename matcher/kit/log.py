"""Logs what happened without saying to whom: one line per event, personal data taken out before it is written.

Log with a fixed word and plain facts, `log.info("job.done", job_id=..., kind=...)`. What people typed, addresses and
names do not belong there; the scrubber below is the net for what slips through, not the plan.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from matcher.kit.settings import Settings

HIDDEN = "[hidden]"
# A field with one of these words in its name is hidden whatever it holds.
_PRIVATE = re.compile(
    r"e?mail_?(address)?$|^(to|address|subject|body)$|name$|phone|password|secret|token|cookie|authorization|birth|"
    r"street|postcode|zip|resume|note|comment|text$|form$|args$|params$|race|gender|disab|veteran|justice",
    re.IGNORECASE,
)
_OPEN = frozenset({"logger_name", "hostname", "event_name", "file_name"})
_ADDRESS = re.compile(r"[^\s<>\"'=,;:()]+@[^\s<>\"'=,;:()]+")
_PHONE = re.compile(r"(?<![\w.-])\+?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\w)")
_QUERY = re.compile(r"(\S*/\S*)\?\S+")
_CREDENTIALS = re.compile(r"(\w+://)[^/@\s]+@")


def configure(settings: Settings) -> None:
    """Send every log line of this process, ours and the libraries', through the scrubber to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars, structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True), short_errors, scrub,
    ]
    final: Any = (
        structlog.processors.JSONRenderer() if settings.log_format == "json" else structlog.dev.ConsoleRenderer()
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, final],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def get(name: str) -> Any:
    """A logger; `name` is the module's `__name__`."""
    return structlog.stdlib.get_logger(name)


def short_errors(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an exception by its type and place: its message may repeat what a person typed."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["error"] = describe(error)
    return event


def describe(error: BaseException, depth: int = 4) -> str:
    """Type of an error and the last places it passed through, e.g. `ValueError at kit/outbox.py:81 in claim`."""
    places = " < ".join(_places(error.__traceback__, depth))
    cause = error.__cause__
    because = f" because of {type(cause).__name__}" if cause else ""
    return f"{type(error).__name__}{because}" + (f" at {places}" if places else "")


def _places(trace: TracebackType | None, depth: int) -> list[str]:
    frames = traceback.extract_tb(trace)[-depth:]
    return [f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno} in {frame.name}" for frame in reversed(frames)]


def scrub(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide private fields by name, and addresses, phone numbers, query strings and passwords wherever they stand."""
    for name, value in list(event.items()):
        event[name] = _clean(name, value)
    return event


def _clean(name: str, value: Any) -> Any:
    if name not in _OPEN and _PRIVATE.search(name):
        return HIDDEN
    if isinstance(value, str):
        return scrub_text(value)
    if isinstance(value, MutableMapping):
        return {key: _clean(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(name, inner) for inner in value]
    return value


def scrub_text(text: str) -> str:
    """A text without mail addresses, phone numbers, query strings and passwords; line ends cannot forge a line."""
    text = _CREDENTIALS.sub(rf"\1{HIDDEN}@", text)
    text = _QUERY.sub(rf"\1?{HIDDEN}", text)
    text = _PHONE.sub(HIDDEN, _ADDRESS.sub(HIDDEN, text))
    return text.replace("\r", "\\r").replace("\n", "\\n")
