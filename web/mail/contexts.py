"""What the words of each kind of notice need to know, read at the moment the mail is written.

A notice keeps ids and plain facts only. Names and links come from a function in
`web/mail/about/<area>.py`, found there by the worker:

    @context("application_received")
    def _(session, notice, settings):
        return {"role": roles.queries.get(session, notice.params["posting_id"]).title}
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from matcher.kit.outbox import Notice
from matcher.kit.settings import Settings

Gather = Callable[[Session, Notice, Settings], dict[str, Any]]
_CONTEXTS: dict[str, Gather] = {}


def context(*kinds: str) -> Callable[[Gather], Gather]:
    """Register the function that gathers the values for these kinds of notice; each kind has one function."""

    def add(gather: Gather) -> Gather:
        for kind in kinds:
            if kind in _CONTEXTS:
                raise ValueError(f"{kind} has a context already")
            _CONTEXTS[kind] = gather
        return gather

    return add


def gather(session: Session, notice: Notice, settings: Settings, name: str = "") -> dict[str, Any]:
    """Everything the templates may use: the notice's params, what its kind adds, `url(path)`, `name` and `notice`."""
    add = _CONTEXTS.get(notice.kind)
    extra = add(session, notice, settings) if add else {}
    return {**(notice.params or {}), **extra, "url": settings.url, "name": name, "notice": notice}
