"""Decisions as people keep them in a table: CSV with role, stage, selected and group columns, faults named by line."""

import csv
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from matcher.ranking.audit_tables import Decided
from matcher.ranking.files import BadInput

NEEDED = ("role", "stage", "selected")
OPTIONAL = ("score", "candidate")
YES, NO = frozenset({"1", "yes", "true"}), frozenset({"0", "no", "false"})


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a file holds: its rows, the names of its group columns in their order, and whether it has scores."""

    rows: tuple[Decided, ...]
    columns: tuple[str, ...]
    scored: bool


def read_decisions(path: Path) -> Decisions:
    """Read a decisions file; BadInput names file, line and column of the first thing that has to be corrected."""
    lines = _lines(path)
    try:
        number, names = next(lines)
    except StopIteration:
        raise BadInput(path, 1, "role", "is missing: the first line names the columns") from None
    names = _header(path, number, names)
    seen: set[tuple[str, ...]] = set()
    rows = []
    for number, fields in lines:
        if len(fields) != len(names):
            raise BadInput(path, number, "", f"has {len(fields)} fields, but the first line names {len(names)} columns")
        row = dict(zip(names, fields, strict=True))
        rows.append(_row(path, number, row))
        if row.get("candidate"):
            key = row["candidate"], row["role"], row["stage"]
            if key in seen:
                raise BadInput(path, number, "candidate", f"{key[0]!r} is decided twice for this role and stage")
            seen.add(key)
    if not rows:
        raise BadInput(path, 0, "", "holds no decisions")
    columns = tuple(name for name in names if name not in (*NEEDED, *OPTIONAL))
    return Decisions(tuple(rows), columns, "score" in names)


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(line number of its end, trimmed fields) of every record that is not empty."""
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as problem:
        raise BadInput(path, 0, "", f"cannot be read ({getattr(problem, 'strerror', None) or problem})") from None
    text = _text(path, data.removeprefix(b"\xef\xbb\xbf"))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for fields in reader:
            trimmed = [field.strip() for field in fields]
            if any(trimmed):
                yield reader.line_num, trimmed
    except csv.Error as problem:
        raise BadInput(path, reader.line_num, "", f"is not CSV ({problem})") from None


def _text(path: Path, data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise BadInput(path, line, "", "is not UTF-8 text") from None
    if "\0" in text:
        raise BadInput(path, text.count("\n", 0, text.index("\0")) + 1, "", "holds a NUL byte")
    return text


def _header(path: Path, number: int, fields: Sequence[str]) -> list[str]:
    names = [name.lower() if name.lower() in (*NEEDED, *OPTIONAL) else name for name in fields]
    for place, name in enumerate(names, start=1):
        if not name:
            raise BadInput(path, number, "", f"column {place} has no name")
        if names.index(name) != place - 1:
            raise BadInput(path, number, name, "names two columns")
    for name in NEEDED:
        if name not in names:
            raise BadInput(path, number, name, "is missing from the first line")
    if len(names) == len({*NEEDED, *OPTIONAL} & set(names)):
        raise BadInput(path, number, "", "names no group column, such as sex or race")
    return names


def _row(path: Path, number: int, row: dict[str, str]) -> Decided:
    for name in ("role", "stage"):
        if not row[name]:
            raise BadInput(path, number, name, "is empty")
    score = _score(path, number, row.get("score", ""))
    word = row["selected"].lower()
    if word not in YES | NO and (word or score is None):
        raise BadInput(path, number, "selected", f"{row['selected'][:40]!r} is not 0, 1, yes or no")
    groups = {name: value for name, value in row.items() if name not in (*NEEDED, *OPTIONAL) and value}
    return Decided(row["role"], row["stage"], word in YES if word else None, groups, score)


def _score(path: Path, number: int, text: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise BadInput(path, number, "score", f"{text[:40]!r} is not a number") from None
    if not math.isfinite(value):
        raise BadInput(path, number, "score", f"{text[:40]!r} is out of range")
    return value
