"""The command line for keys: make new ones, move stored values to the newest, and see which are still in use."""

from __future__ import annotations

import argparse
import importlib
import json
import secrets
from collections.abc import Callable

from sqlalchemy.orm import Session, sessionmaker

from matcher.kit import crypto, rotation
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.kit.settings_keys import kept_keys, new_field_key, new_key, write_private
from matcher.kit.settings_table import PREFIX


def main(argv: list[str]) -> int:
    """`python -m matcher keys new|add|rotate|status|reindex`."""
    parser = argparse.ArgumentParser(prog="python -m matcher keys", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, (_, words) in VERBS.items():
        verbs.add_parser(verb, help=words)
    verb = parser.parse_args(argv).verb
    if verb == "new":
        return new()
    settings = Settings.from_env()
    if verb == "add":
        return add(settings)
    importlib.import_module("matcher.tables")  # every model, or its sealed columns would be left behind
    crypto.configure(settings)
    action, _ = VERBS[verb]
    return action(session_factory(make_engine(settings.database_url)))


def new() -> int:
    """Print fresh secrets in the form the environment takes."""
    print(f"{PREFIX}SECRET_KEY={secrets.token_urlsafe(48)}")
    print(f"{PREFIX}FIELD_KEYS={new_field_key('k' + secrets.token_hex(3))}")
    print(f"{PREFIX}INDEX_KEY={new_key()}")
    return 0


def add(settings: Settings) -> int:
    """Put a fresh field key in front of the ones in `keys.json` (demo and development only)."""
    if settings.production:
        print(f"In production put the new key in front of {PREFIX}FIELD_KEYS yourself; `keys new` prints one.")
        return 2
    kept = kept_keys(settings.data_dir)
    kept["FIELD_KEYS"] = f"{new_field_key('k' + secrets.token_hex(3))},{kept['FIELD_KEYS']}"
    draft = settings.data_dir / ".keys-new"
    write_private(draft, json.dumps(kept, indent=1))
    draft.replace(settings.data_dir / "keys.json")
    print("Added. Restart the site and the worker, then run: python -m matcher keys rotate")
    return 0


def rotate(make_session: sessionmaker[Session]) -> int:
    """Move every value to the newest key, in small commits, while the site runs."""
    moved = 0
    while True:
        with make_session() as session:
            step = rotation.rotate(session)
            session.commit()
        moved += step
        if not step:
            print(f"{moved} values moved; all are under the newest key.")
            return 0


def status(make_session: sessionmaker[Session]) -> int:
    """Say how many values are under each key."""
    with make_session() as session:
        used = rotation.keys_in_use(session)
    for key_id in crypto.box().key_ids:
        print(f"{key_id}: {used[key_id]} values")
    if used["unknown"]:
        print(f"unknown keys: {used['unknown']} values cannot be opened with the keys that are set")
    return 1 if used["unknown"] else 0


def reindex(make_session: sessionmaker[Session]) -> int:
    """Write every blind index again, after a change of the index key; the site must be stopped."""
    with make_session() as session:
        written = rotation.rewrite_indexes(session)
        session.commit()
    print(f"{written} indexes written.")
    return 0


def _unused(_make_session: sessionmaker[Session]) -> int:
    raise NotImplementedError("handled before the database is opened")


VERBS: dict[str, tuple[Callable[[sessionmaker[Session]], int], str]] = {
    "new": (_unused, "print fresh secrets"),
    "add": (_unused, "add a field key to keys.json (demo and development)"),
    "rotate": (rotate, "move stored values to the newest key while the site runs"),
    "status": (status, "count stored values under each key"),
    "reindex": (reindex, "write the blind indexes again after a change of the index key"),
}
