"""Loads every area that hooks into a lower floor, so that whichever program starts, nothing is left unhooked."""

import importlib

HOOKING = ("matcher.candidates.evidence", "matcher.candidates.closing", "matcher.roles.actions")


def connect() -> None:
    """Import them all; doing it twice changes nothing."""
    for name in HOOKING:
        importlib.import_module(name)
