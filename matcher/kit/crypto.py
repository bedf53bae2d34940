"""Encrypts personal fields one by one, finds them through a blind index, and moves them to a new key.

A sealed value reads `1.<key id>.<base64 of nonce and ciphertext>`: AES-256-GCM (NIST SP 800-38D) with a random
96-bit nonce. The associated data names table, row, column and key, so a value copied into another row, column or
table does not open. Keys in use are derived from the configured ones with HKDF (RFC 5869), one per purpose.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from matcher.kit.settings import Settings

VERSION = "1"
NONCE_BYTES = 12
T_co = TypeVar("T_co", covariant=True)


class SealError(Exception):
    """A value cannot be opened: unknown key, another place, or changed. The message never shows the value."""


def derive(key: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose (HKDF-SHA256 without salt; the input is already random)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"first rung/{purpose}".encode()).derive(key)


def normalized(text: str) -> str:
    """The form of an address or number under which it is looked up: NFKC, no outer space, no case."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


class FieldBox:
    """Seals and opens single values. The first key of `keys` seals; every key opens."""

    def __init__(self, keys: tuple[tuple[str, bytes], ...], index_key: bytes) -> None:
        if not keys or not index_key:
            raise ValueError("a field box needs at least one field key and an index key")
        self.key_id = keys[0][0]
        self._ciphers: Mapping[str, AESGCM] = {name: AESGCM(derive(key, "field")) for name, key in keys}
        self._index_key = index_key

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Names of all keys that open, newest first."""
        return tuple(self._ciphers)

    def seal(self, table: str, row_id: str, column: str, text: str) -> str:
        """`text` encrypted for exactly this place."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        place = _place(table, row_id, column, self.key_id)
        sealed = nonce + self._ciphers[self.key_id].encrypt(nonce, text.encode(), place)
        return f"{VERSION}.{self.key_id}.{base64.b64encode(sealed).decode()}"

    def open(self, table: str, row_id: str, column: str, sealed: str) -> str:
        """The text that was sealed for this place; raises `SealError` for anything else."""
        version, _, rest = sealed.partition(".")
        key_id, _, encoded = rest.partition(".")
        cipher = self._ciphers.get(key_id)
        if version != VERSION or cipher is None:
            raise SealError(f"{table}.{column}: sealed with the unknown key {key_id[:16]!r}")
        try:
            raw = base64.b64decode(encoded, validate=True)
            place = _place(table, row_id, column, key_id)
            return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place).decode()
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise SealError(f"{table}.{column}: the value was changed or belongs to another row") from error

    def blind_index(self, purpose: str, text: str) -> str:
        """43 characters that are equal for equal texts and tell nothing else without the index key (HMAC-SHA256)."""
        mac = hmac.new(derive(self._index_key, f"index/{purpose}"), normalized(text).encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(mac.digest()).decode().rstrip("=")


def _place(*parts: str) -> bytes:
    # Each part carries its length, so that no two different places can ever spell the same bytes.
    return b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)


_box: FieldBox | None = None


def configure(settings: Settings) -> FieldBox:
    """Set the box of this process from the settings; called once by the web app, the worker and the command line."""
    global _box
    _box = FieldBox(settings.field_keys, settings.index_key)
    return _box


def box() -> FieldBox:
    """The box of this process; raises RuntimeError before `configure`."""
    if _box is None:
        raise RuntimeError("call matcher.kit.crypto.configure(settings) before personal fields are used")
    return _box


def seal(table: str, row_id: str, column: str, text: str) -> str:
    """Seal with the box of this process."""
    return box().seal(table, row_id, column, text)


def open_sealed(table: str, row_id: str, column: str, sealed: str) -> str:
    """Open with the box of this process."""
    return box().open(table, row_id, column, sealed)


def blind_index(purpose: str, text: str) -> str:
    """Blind index with the box of this process, e.g. `blind_index("people.email", "a@b.org")`."""
    return box().blind_index(purpose, text)


class Sealed(Generic[T_co]):
    """A model attribute that reads and writes clear text while the row keeps only the sealed column.

        email_sealed: Mapped[str] = mapped_column(Text)
        email_index: Mapped[str] = mapped_column(String(43), unique=True)
        email = Sealed("email_sealed", index="email_index")

    With `index`, that column is written too; look up with `Person.email.lookup(text)`. Without a stored value a plain
    field reads as "", an `optional=True` one as None. The row needs its id before a value is set (`Row` sees to it).
    """

    registry: list[tuple[type[Any], str, Sealed[Any]]] = []

    @overload
    def __init__(
        self: Sealed[str], column: str, *, index: str = ..., optional: Literal[False] = ...,
        clean: Callable[[str], str] | None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: Sealed[str | None], column: str, *, index: str = ..., optional: Literal[True],
        clean: Callable[[str], str] | None = ...,
    ) -> None: ...
    def __init__(
        self, column: str, *, index: str = "", optional: bool = False, clean: Callable[[str], str] | None = None
    ) -> None:
        self.column = column
        self.index = index
        self.optional = optional
        self.clean = clean
        self.owner: type[Any] | None = None

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.owner = owner
        Sealed.registry.append((owner, name, self))

    @overload
    def __get__(self, row: None, owner: type[Any]) -> Sealed[T_co]: ...
    @overload
    def __get__(self, row: object, owner: type[Any]) -> T_co: ...
    def __get__(self, row: Any, owner: type[Any]) -> Any:
        if row is None:
            return self
        sealed = getattr(row, self.column)
        if sealed is None:
            return None if self.optional else ""
        return open_sealed(row.__tablename__, row.id, self.column, sealed)

    def __set__(self, row: Any, text: str | None) -> None:
        if text is not None and self.clean:
            text = self.clean(text)
        if row.id is None:
            raise ValueError(f"{type(row).__name__} needs its id before {self.column} can be set")
        setattr(row, self.column, None if text is None else seal(row.__tablename__, row.id, self.column, text))
        if self.index:
            setattr(row, self.index, None if text is None else blind_index(self.purpose(type(row)), text))

    def purpose(self, owner: type[Any]) -> str:
        """Name of the blind index: table and column, so that equal texts in two columns look different."""
        return f"{owner.__tablename__}.{self.column}"

    def lookup(self, text: str) -> Any:
        """A condition for `select(...).where(...)` that finds the rows with this text."""
        if not self.index or self.owner is None:
            raise TypeError(f"{self.column} has no blind index")
        wanted = self.clean(text) if self.clean else text
        return getattr(self.owner, self.index) == blind_index(self.purpose(self.owner), wanted)


def sealed_columns() -> list[tuple[type[Any], str, Sealed[Any]]]:
    """Every sealed attribute of the loaded models: (model, attribute name, descriptor), sorted by table and name."""
    return sorted(Sealed.registry, key=lambda entry: (entry[0].__tablename__, entry[1]))
