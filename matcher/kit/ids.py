"""Opaque row ids that tell nothing about order or number."""

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 16
_source: ContextVar[random.Random | None] = ContextVar("id_source", default=None)


def new_id() -> str:
    """Return 16 characters of Crockford base 32 (80 random bits)."""
    source = _source.get()
    bits = source.getrandbits(80) if source else secrets.randbits(80)
    return "".join(ALPHABET[(bits >> shift) & 31] for shift in range(75, -1, -5))


@contextmanager
def from_seed(seed: int) -> Iterator[None]:
    """Make ids repeatable inside the block, for the demo town and tests."""
    token = _source.set(random.Random(seed))  # noqa: S311  # nosec B311: repeatable on purpose
    try:
        yield
    finally:
        _source.reset(token)
