"""Reading what people bring: lines of JSON or fields, where anything wrong is named by file, line and key."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

_DEPTH = 8  # no fact lies deeper


class BadInput(Exception):
    """Input that has to be corrected first: file, line (0: the whole file) and key, with what is wrong."""

    def __init__(self, file: Path | str, line: int, key: str, problem: str) -> None:
        place = f"{file}, line {line}" if line else str(file)
        super().__init__(f"{place}, {key}: {problem}" if key else f"{place}: {problem}")
        self.line = line
        self.key = key


def read_jsonl(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """(line number, object) of each line that is not empty; BadInput for what is not a JSON object."""
    found = []
    for number, text in read_text(path):
        try:
            value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
        except _Twice as twice:
            raise BadInput(path, number, str(twice), "is given twice") from None
        except (ValueError, RecursionError) as problem:
            raise BadInput(path, number, "", f"is not JSON ({problem})") from None
        if not isinstance(value, dict):
            raise BadInput(path, number, "", "is not a JSON object")
        _check_depth(path, number, value)
        found.append((number, value))
    return found


def read_fields(path: Path, names: Sequence[str], *, split: str | None = None) -> list[tuple[int, list[str]]]:
    """(line number, fields) of each line that is not empty; BadInput where the fields are not these."""
    found = []
    for number, text in read_text(path):
        parts = text.split(split)
        if len(parts) != len(names):
            raise BadInput(path, number, "", f"has {len(parts)} fields, not {len(names)} ({' '.join(names)})")
        found.append((number, parts))
    return found


def read_text(path: Path) -> Iterator[tuple[int, str]]:
    """(line number, text) of each line that is not empty; BadInput for a file that cannot be read as UTF-8."""
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise BadInput(path, 0, "", f"cannot be read ({reason})") from None
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        try:
            text = line.decode().strip()
        except UnicodeDecodeError:
            raise BadInput(path, number, "", "is not UTF-8 text") from None
        if text:
            yield number, text


def write_text(path: Path, text: str) -> None:
    """Write UTF-8; BadInput where the file cannot be written."""
    try:
        path.write_text(text, "utf-8")
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise BadInput(path, 0, "", f"cannot be written ({reason})") from None


class _Twice(Exception):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key)
        found[key] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number in JSON")


def _check_depth(path: Path, number: int, value: Any) -> None:
    level = [value]
    for _ in range(_DEPTH):
        level = [inner for item in level for inner in _inside(item)]
        if not level:
            return
    raise BadInput(path, number, "", "has objects inside objects too deep to be facts")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
