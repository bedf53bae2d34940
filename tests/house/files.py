"""Checks of the files that are kept: their size, the layout, and addresses that must not be in them."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 400
COUNTED = {".py", ".html", ".css", ".scss", ".js"}
TOP_FILES = {
    ".editorconfig", ".gitattributes", ".gitignore", ".npmrc", ".dockerignore", "Dockerfile", "NOTICE", "README.md",
    "compose.yaml", "dev", "package-lock.json", "package.json", "pyproject.toml", "requirements-dev.lock",
    "requirements.lock",
}  # fmt: skip
TOP_FOLDERS = {".ci", "docs", "matcher", "migrations", "seeds", "tests", "web"}

# Written in pieces, so that this file does not find itself.
_HOSTS = ("pypi", "pythonhosted", "npmjs", "yarnpkg", "jsdelivr", "unpkg", "anaconda", "docker", "ghcr", "quay", "gcr")
_OPTIONS = ("index-url", "extra-index-url", "find-links")
INDEX_ADDRESS = re.compile(
    rf"\b(?:{'|'.join(_HOSTS)})\.(?:org|com|io|net|dev)\b"
    rf"|--(?:{'|'.join(_OPTIONS)})[ =]\S*[:/]|\bfile:/{{3}}(?:opt|srv)/"
)
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:work|home/\w+|opt/(?:wheels|pypi))/")


def tracked() -> list[Path]:
    """Every file of the project that is kept in its history, links and removed files left out."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def named(path: Path) -> str:
    """The path as a person would write it from the top folder."""
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str | None:
    """What the file says; None for pictures, archives and other files that hold no text."""
    content = path.read_bytes()
    return None if b"\0" in content[:8192] else content.decode("utf-8", errors="replace")


def too_long() -> Iterator[str]:
    """Files of code that grew past the limit. A migration tells one step of history and is never split."""
    for path in tracked():
        if path.suffix in COUNTED and not named(path).startswith("migrations/versions/"):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > MOST_LINES:
                yield f"{named(path)} has {lines} lines; {MOST_LINES} is the most. A new noun is hiding in it."


def foreign_addresses() -> Iterator[str]:
    """Places that name a package index or registry, or a folder of one single machine."""
    for path in tracked():
        for number, line in enumerate((text_of(path) or "").splitlines(), 1):
            found = INDEX_ADDRESS.search(line) or MACHINE_PATH.search(line)
            if found:
                yield f"{named(path)}:{number} names {found.group()}"


def strangers_at_the_top() -> Iterator[str]:
    """Anything in the top folder that the layout does not know, and what the layout asks for but is not there."""
    tops = {named(path).split("/")[0] for path in tracked()}
    for name in sorted(tops - TOP_FILES - TOP_FOLDERS):
        yield f"{name} has no place in the top folder"
    for name in sorted((TOP_FILES - {".dockerignore"} | TOP_FOLDERS) - tops):
        yield f"{name} is missing from the top folder"
