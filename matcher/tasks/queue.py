"""The bell that wakes the worker: Huey in a file, in Redis or in PostgreSQL, with messages that carry no data."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.registry import Message
from redis import ConnectionPool

from matcher.kit import crypto, log
from matcher.kit.settings import Settings

NAME = "first-rung"
ENOUGH_WAITING = 20


class SignedJson:
    """Messages as signed JSON. Huey's own format is pickle, which runs code for whoever can write to the queue."""

    def __init__(self, secret: str) -> None:
        self._key = crypto.derive(secret.encode(), "wake")

    def serialize(self, message: Any) -> bytes:
        """A message as JSON with its HMAC-SHA256 in front."""
        body = json.dumps(list(message), default=str).encode()
        return self._signature(body) + b"." + body

    def deserialize(self, data: bytes) -> Message:
        """The message again; raises ValueError when the signature is not ours."""
        signature, _, body = data.partition(b".")
        if not hmac.compare_digest(signature, self._signature(body)):
            raise ValueError("a wake-up message that this installation did not sign")
        return Message(*json.loads(body))

    def _signature(self, body: bytes) -> bytes:
        return hmac.new(self._key, body, hashlib.sha256).hexdigest().encode()


def make_queue(settings: Settings, on_wake: Callable[[], None] = lambda: None) -> tuple[Huey, Callable[[], Any]]:
    """The queue of the settings and its one task: `task()` rings the bell, the worker answers with `on_wake()`."""
    common = {"results": False, "serializer": SignedJson(settings.secret_key)}
    if settings.queue == "redis":
        pool = ConnectionPool.from_url(settings.redis_url, socket_connect_timeout=1, socket_timeout=3)
        queue = RedisHuey(NAME, connection_pool=pool, **common)
    elif settings.queue == "postgres":
        address = settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
        queue = PostgresHuey(NAME, dsn=address, connect_timeout=2, **common)
    else:
        queue = SqliteHuey(NAME, filename=str(settings.queue_file), timeout=1, fsync=False, **common)

    def wake() -> None:
        on_wake()

    return queue, queue.task(name="wake")(wake)


@lru_cache(maxsize=4)
def _bell(settings: Settings) -> tuple[Huey, Callable[[], Any]]:
    return make_queue(settings)


def wake(settings: Settings) -> bool:
    """Ring the bell after a commit. Never raises: the worker also looks for work by itself every second or so.

    Returns whether the bell was rung; it is not when enough rings are waiting already.
    """
    try:
        queue, task = _bell(settings)
        if queue.pending_count() >= ENOUGH_WAITING:
            return False
        task()
    except Exception:
        log.get(__name__).warning("wake.failed", exc_info=True)
        return False
    return True
