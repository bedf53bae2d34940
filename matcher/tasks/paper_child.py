"""Reads one paper in a process of its own that gets little memory and time, and may neither call nor write anywhere.

`python -m matcher.tasks.paper_child resume|ad NAME` takes the paper on standard input and answers with one line of
JSON: {"found": …} or {"fault": a key of documents_faults.REASONS}, with "kind", "pages" and "refused" (what the paper
made the parser try that is not allowed; always empty so far). It knows no settings, no keys and no database.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
from collections.abc import Callable
from typing import Any, Literal

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 20
SEARCHED = 60_000  # letters in which skills are looked for: some fifteen pages
_ALONE = 0x10000000 | 0x40000000  # CLONE_NEWUSER | CLONE_NEWNET: a network without any way out
_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile",
              "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.chmod", "os.chown", "os.link", "os.symlink",
              "os.kill", "shutil.", "urllib.", "ftplib.", "smtplib.", "http.", "webbrowser.", "pty.",
              "tempfile.", "sqlite3.", "winreg.", "signal.pthread_kill")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


def limit() -> list[str]:
    """Put every limit in place; returns the list that fills with what was refused afterwards."""
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_CORE, 0),
                       (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 64)):
        resource.setrlimit(what, (most, most))
    ctypes.CDLL(None).unshare(_ALONE)  # where the system does not allow it, the hook below still does
    refused: list[str] = []

    def watch(event: str, told: tuple[Any, ...]) -> None:
        writing = event == "open" and isinstance(told[2], int) and bool(told[2] & _WRITING)
        if writing or event.startswith(_FORBIDDEN):
            refused.append(event)
            raise PermissionError(f"{event} is not allowed while a paper is read")

    sys.addaudithook(watch)
    return refused


def read(purpose: str, data: bytes, name: str) -> dict[str, Any]:
    """What a paper says; raises Unreadable."""
    from matcher.candidates import resume  # after the limits: nothing heavy is loaded without them
    from matcher.ranking.documents import read_bytes
    from matcher.roles import ad

    document = read_bytes(data, name)
    found, finder = _skills_in(document.text, "resume" if purpose == "resume" else "posting")
    said = resume.read(document.text, document.resume, found) if purpose == "resume" else ad.read(document.text, found)
    return {"found": said, "kind": document.kind, "pages": document.pages, "finder": finder}


def _skills_in(text: str, kind: Literal["resume", "posting"]) -> tuple[list[Any], str]:
    """Skills found in running text, and how the finder is; without its model the lists of the paper are still read."""
    from matcher.ranking import extract
    from matcher.ranking.extract_model import ModelRefused

    try:
        return extract.find(text[:SEARCHED], kind=kind), "whole"
    except ModelRefused:
        return [], "refused"


def main(argv: list[str], reading: Callable[[str, bytes, str], dict[str, Any]] = read) -> int:
    """Read standard input and print the answer; 0 also for a paper that cannot be read."""
    refused = limit()
    from matcher.ranking.documents_faults import Unreadable

    try:
        answer = reading(argv[0], sys.stdin.buffer.read(), argv[1])
    except Unreadable as fault:
        answer = {"fault": fault.code}
    except (MemoryError, RecursionError):
        answer = {"fault": "too_deep"}
    sys.stdout.write(json.dumps({**answer, "refused": refused}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
