"""Loads every area that hooks into a lower floor, so that whichever program starts, nothing is left unhooked."""

import importlib

HOOKING = (
    "matcher.applications.closing",
    "matcher.applications.leaving",
    "matcher.candidates.closing",
    "matcher.candidates.evidence",
    "matcher.candidates.joining",
    "matcher.candidates.telling",
    "matcher.demographics.closing",
    "matcher.matches.looks",
    "matcher.papers.closing",
    "matcher.roles.actions",
    "matcher.roles.flag",
)


def connect() -> None:
    """Import them all; doing it twice changes nothing."""
    for name in HOOKING:
        importlib.import_module(name)
