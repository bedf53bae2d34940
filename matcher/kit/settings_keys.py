"""The three secrets of an installation: read, checked for shape, and made once for a demonstration."""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from pathlib import Path

from matcher.kit.settings_reader import Reader
from matcher.kit.settings_table import SETTINGS

KEY_BYTES = 32
NEW_KEY = "make one with: python -m matcher keys new"

Keys = tuple[str, tuple[tuple[str, bytes], ...], bytes]


def read_keys(reader: Reader, data_dir: Path, *, make: bool) -> Keys:
    """Secret key, field keys and index key; with `make`, what is missing comes from `keys.json` in the folder."""
    names = ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY")
    values = {name: reader.text(name) for name in names}
    if make and not all(values.values()) and data_dir.is_dir():
        kept = kept_keys(data_dir)
        values = {name: value or kept[name] for name, value in values.items()}
    return (
        values["SECRET_KEY"],
        parse_field_keys(values["FIELD_KEYS"], reader.problems),
        parse_key("INDEX_KEY", values["INDEX_KEY"], reader.problems),
    )


def kept_keys(data_dir: Path) -> dict[str, str]:
    """Secrets in `keys.json`, made on the first call. Two processes that start at once end with the same file."""
    path = data_dir / "keys.json"
    if not path.exists():
        made = {"SECRET_KEY": secrets.token_urlsafe(48), "FIELD_KEYS": new_field_key("k1"), "INDEX_KEY": new_key()}
        draft = data_dir / f".keys-{os.getpid()}-{secrets.token_hex(4)}"
        write_private(draft, json.dumps(made, indent=1))
        try:
            os.link(draft, path)  # unlike a rename, a link never replaces the keys another process has just made
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return {str(name): str(value) for name, value in json.loads(path.read_text(encoding="utf-8")).items()}


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read; it never exists with wider rights, not even for a moment."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def new_key() -> str:
    """32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def new_field_key(key_id: str) -> str:
    """A fresh field key in the form the setting takes, `name:base64`."""
    return f"{key_id}:{new_key()}"


def parse_field_keys(value: str, problems: list[str]) -> tuple[tuple[str, bytes], ...]:
    """`name:base64,name:base64` as pairs, in order; each fault is added to `problems` without showing the key."""
    variable = SETTINGS["FIELD_KEYS"].variable
    pairs: list[tuple[str, bytes]] = []
    for place, entry in enumerate((part.strip() for part in value.split(",") if part.strip()), 1):
        key_id, _, encoded = entry.partition(":")
        if not (key_id.isascii() and key_id.isalnum() and len(key_id) <= 16):
            problems.append(f"{variable}: name of key {place} must be 1 to 16 letters or digits, as in k2:base64.")
        elif key_id in dict(pairs):
            problems.append(f"{variable}: the name {key_id} is used twice; give each key its own name.")
        else:
            pairs.append((key_id, parse_key("FIELD_KEYS", encoded, problems)))
    return tuple(pairs)


def parse_key(name: str, encoded: str, problems: list[str]) -> bytes:
    """32 bytes from base64, or nothing and a problem."""
    if not encoded:
        return b""
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES or len(set(key)) < KEY_BYTES // 2:
        problems.append(f"{SETTINGS[name].variable} must hold {KEY_BYTES} random bytes in base64; {NEW_KEY}.")
        return b""
    return key
