"""Checks of habits that no linter knows: who reads the clock, who commits, how long a function may be."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from matcher.kit.settings import documented
from tests.house.files import ROOT, named, text_of, tracked

MOST_FUNCTION_LINES = 40
GUIDE = ROOT / "docs" / "operating.md"
CLOCK = "matcher/kit/clock.py"
# The transaction ends in two places: at the end of a request, and at the end of a task or of a command by hand.
MAY_COMMIT = re.compile(r"web/kit/(db|access)\.py|matcher/tasks/.*|matcher/.*command\.py")
CLOCK_CALL = re.compile(r"(datetime\.)?(datetime|date)\.(now|utcnow|today)|time\.time|today|utcnow")
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\bsrc=)[^>]*>|javascript:", re.IGNORECASE
)


def modules(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    """Every Python file in these folders that says anything, as a syntax tree."""
    for path in tracked():
        if path.suffix == ".py" and named(path).startswith(tuple(f"{folder}/" for folder in folders)):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if tree.body:
                yield path, tree


def without_purpose() -> Iterator[str]:
    """Modules that do not say in one sentence what they are for."""
    for path, tree in modules("matcher", "web", "seeds", "tests"):
        said = (ast.get_docstring(tree) or "").strip().split("\n\n")[0]
        if not said.endswith((".", "?", "`")):
            yield f"{named(path)}: its first line must be one sentence that says what it is for"


def long_functions() -> Iterator[str]:
    """Functions over the limit; their docstrings are not counted."""
    for path, tree in modules("matcher", "web", "seeds"):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1 - _docstring_lines(node)
                if lines > MOST_FUNCTION_LINES:
                    yield f"{named(path)}:{node.lineno} {node.name} has {lines} lines (most: {MOST_FUNCTION_LINES})"


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    if ast.get_docstring(node) is None:
        return 0
    return (node.body[0].end_lineno or 0) - node.body[0].lineno + 1


def clock_readers() -> Iterator[str]:
    """Places in the domain that read the clock in place of having the time handed in."""
    for path, tree in modules("matcher"):
        if named(path) == CLOCK:
            continue
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if CLOCK_CALL.fullmatch(ast.unparse(call.func)):
                yield f"{named(path)}:{call.lineno} reads the clock: {ast.unparse(call)}"


def early_commits() -> Iterator[str]:
    """Places that end a transaction where it is not theirs to end."""
    for path, tree in modules("matcher", "web"):
        if MAY_COMMIT.fullmatch(named(path)):
            continue
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Attribute) and call.func.attr == "commit":
                yield f"{named(path)}:{call.lineno} commits: {ast.unparse(call)}"


DATA_BLOCK = 'type="application/ld+json"'  # data for search engines: no browser runs it


def inline_code() -> Iterator[str]:
    """Templates of pages that hold a script or a style themselves: the browser would refuse it."""
    for path in tracked():
        if named(path).startswith("web/templates/") and path.suffix == ".html" and "/mail/" not in named(path):
            for number, line in enumerate((text_of(path) or "").splitlines(), 1):
                found = INLINE.search(line)
                if found and DATA_BLOCK not in line:
                    yield f"{named(path)}:{number} is inline: {found.group().strip()}"


def settings_table() -> str:
    """All settings as a table for the operating guide."""
    lines = ["| setting | what it is for | default | in production |", "|---|---|---|---|"]
    for row in documented():
        choices = f" One of: {row['choices']}." if row["choices"] else ""
        secret = " Secret." if row["secret"].startswith("yes") else ""
        lines.append(
            f"| `{row['name']}` | {row['meaning']}{choices}{secret} | {row['default']} | {row['production']} |"
        )
    return "\n".join(lines)


def undocumented_settings() -> Iterator[str]:
    """Settings that the operating guide does not explain as they are."""
    guide = GUIDE.read_text(encoding="utf-8")
    for line in settings_table().splitlines():
        if line not in guide:
            yield f"docs/operating.md lacks this line, ./dev notice writes it: {line}"
