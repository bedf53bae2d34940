"""Reads many papers, each in a process of its own under the limits of the worker's child, quicker than it would.

`python -m tests.factories.paper_cell` takes a pickled list of (name, content) and answers with one line of JSON for
each: what was said, what was refused, the most memory in bytes and the seconds of processor time.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import time

from matcher.ranking import documents
from matcher.tasks import paper_child


def _read(name: str, data: bytes) -> dict[str, object]:
    refused = paper_child.limit()
    try:
        document = documents.read_bytes(data, name)
        said: dict[str, object] = {"code": "read", "text": document.text[:300]}
    except documents.Unreadable as fault:
        said = {"code": fault.code, "text": fault.words}
    except (MemoryError, RecursionError):
        said = {"code": "too_deep", "text": documents.REASONS["too_deep"]}
    return {**said, "refused": refused}


def main() -> None:
    """Read each paper in a fork, and measure it."""
    for name, data in pickle.load(sys.stdin.buffer):  # noqa: S301  # nosec B301: made by the test that started this
        receive, send = os.pipe()
        begun, child = time.monotonic(), os.fork()
        if child == 0:
            os.close(receive)
            os.write(send, json.dumps(_read(name, data)).encode()[:60_000])
            os._exit(0)
        os.close(send)
        with os.fdopen(receive, "rb") as answer:
            said = answer.read()
        _pid, status, used = os.wait4(child, 0)
        told = json.loads(said) if said else {"code": f"died {status}", "text": "", "refused": []}
        print(json.dumps({**told, "memory": used.ru_maxrss * 1024, "cpu": used.ru_utime + used.ru_stime,
                          "seconds": time.monotonic() - begun}), flush=True)


if __name__ == "__main__":
    main()
