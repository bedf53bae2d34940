"""`python -m matcher link`: names in a file -> the nearest entries of a list, as a TREC run."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from matcher.ranking.link import Linker


class BadInput(Exception):
    """A file that cannot be used; the message names file and line and says what to do."""


def main(argv: list[str]) -> int:
    """Run the command; 0 when the run was written, 2 when the input has to be corrected first."""
    parser = _parser()
    try:
        options = parser.parse_args(argv)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    try:
        surfaces = read_pairs(options.surfaces, "id<TAB>label", repeated=True)
        queries = read_pairs(options.queries, "qid<TAB>text", repeated=False)
        linker = Linker(surfaces, semantic=_semantic(options.semantic))
        lines = run_lines(linker, queries, options.top)
        options.out.write_text("".join(lines), "utf-8")
    except BadInput as problem:
        print(f"link: {problem}", file=sys.stderr)
        return 2
    except OSError as problem:
        print(f"link: {options.out}: cannot be written ({problem.strerror}). Name a file in a folder that exists.",
              file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("matcher link", description="Link free text to the entries of a list.")
    parser.add_argument("--surfaces", type=Path, required=True, help="id<TAB>label, several labels per id allowed")
    parser.add_argument("--queries", type=Path, required=True, help="qid<TAB>text")
    parser.add_argument("--top", type=_positive, default=10, help="how many entries per query (default 10)")
    parser.add_argument("--out", type=Path, required=True, help="where the TREC run goes")
    parser.add_argument("--semantic", action="store_true", help="use the semantic extra, if it is installed")
    return parser


def _positive(text: str) -> int:
    """A whole number from 1 on, for argparse."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def read_pairs(path: Path, shape: str, *, repeated: bool) -> list[tuple[str, str]]:
    """Lines of two fields; BadInput with file and line for anything else. Empty lines are skipped."""
    pairs: list[tuple[str, str]] = []
    seen: set[str] = set()
    for number, line in enumerate(_text(path).split("\n"), start=1):
        line = line.removesuffix("\r")
        if not line.strip():
            continue
        key, tab, value = line.partition("\t")
        key, value = key.strip(), value.split("\t")[0].strip()
        if not tab or not key or not value:
            raise BadInput(f"{path}, line {number}: expected {shape}, both filled in. Correct the line or remove it.")
        if any(ch.isspace() for ch in key):
            raise BadInput(f"{path}, line {number}: the id {key!r} has a space in it. Use ids without spaces.")
        if not repeated and key in seen:
            raise BadInput(f"{path}, line {number}: the id {key!r} was used before. Give each line its own id.")
        seen.add(key)
        pairs.append((key, value))
    if not pairs:
        raise BadInput(f"{path}, line 1: the file is empty. Give at least one line of {shape}.")
    return pairs


def _text(path: Path) -> str:
    """The file's text without a byte-order mark; BadInput if it cannot be read as UTF-8."""
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise BadInput(f"{path}: cannot be read ({problem.strerror}). Check the path.") from problem
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        raise BadInput(f"{path}, line {line}: not UTF-8. Save the file as UTF-8.") from problem


def run_lines(linker: Linker, queries: list[tuple[str, str]], top: int) -> list[str]:
    """TREC run lines `qid Q0 id rank score matcher`, in the order of the queries."""
    lines = []
    for key, text in queries:
        for rank, hit in enumerate(linker.lookup(text, top), start=1):
            lines.append(f"{key} Q0 {hit.id} {rank} {hit.score:.9f} matcher\n")
    return lines


def _semantic(wanted: bool):  # type: ignore[no-untyped-def]
    """The sentence vectors, or None; BadInput if they were asked for and are not installed."""
    if not wanted:
        return None
    from matcher.ranking.link_semantic import NotInstalled, SentenceVectors  # optional extra, loaded on demand

    try:
        return SentenceVectors.load()
    except NotInstalled as problem:
        raise BadInput(f"--semantic: {problem}") from problem
