"""Reads the text of a résumé or a job ad (PDF, DOCX, plain text, JSON Resume), and refuses what could do harm.

What a file is, its content decides and never its name. Nothing in a document is run or followed: no script, macro,
link or attached file. Whoever reads what strangers send does so in a process with limits on memory and time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matcher.ranking import documents_json, documents_pdf, documents_word
from matcher.ranking.documents_faults import MAX_BYTES, MAX_LETTERS, REASONS, Unreadable

__all__ = ["KINDS", "MAX_BYTES", "REASONS", "Document", "Unreadable", "read", "read_bytes", "read_text"]

KINDS = ("txt", "pdf", "docx", "json")
_LEAST_LETTERS = 12  # a page of a scanned paper often has a stamp or a number as text
_OTHERS = (  # beginnings of files that are no text
    b"\x7fELF", b"MZ", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"\x1f\x8b", b"BZh",
    b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"RIFF", b"ID3", b"OggS", b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe", b"SQLite format 3", b"%!PS", b"\x00asm", b"wOFF",
)
_PRINTED = (b"{\\rtf", b"%!PS")  # others whose bytes are letters
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_SUFFIX = {".pdf": "pdf", ".docx": "docx", ".docm": "docx", ".json": "json", ".txt": "txt", ".text": "txt",
           ".md": "txt"}
_CONTROL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_MARKUP = re.compile(rb"\s*(?:<!doctype|<html|<\?xml|<svg|<script)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a document, how many pages it has, its kind (one of KINDS), and its facts if it is a JSON Resume."""

    text: str
    pages: int
    kind: str
    resume: Mapping[str, Any] | None = None


def read(path: Path) -> Document:
    """Read a file; raises Unreadable, and OSError when the file cannot be opened at all."""
    with path.open("rb") as file:
        return read_bytes(file.read(MAX_BYTES + 1), path.name)


def read_bytes(data: bytes, name: str) -> Document:
    """Read what a file holds; `name` is only used to notice that it promises something else. Raises Unreadable."""
    if not data.strip(b"\x00 \t\r\n"):
        raise Unreadable("empty")
    if len(data) > MAX_BYTES:
        raise Unreadable("too_large")
    promised = _SUFFIX.get(Path(name.replace("\\", "/")).suffix.lower())
    kind = _kind(data, promised)
    if promised not in {None, kind}:
        raise Unreadable("mislabelled")
    try:
        return _READERS[kind](data)
    except MemoryError:
        raise Unreadable("too_deep") from None


def read_text(text: str) -> Document:
    """Take text that was pasted; raises Unreadable when there is none, or too much."""
    return Document(_tidy(text), 1, "txt")


def _kind(data: bytes, promised: str | None) -> str:
    """What the content is; raises Unreadable for kinds that are not read."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx" if documents_word.is_word(data) else _refuse("mislabelled" if promised else "other_kind")
    if data.startswith(_OLE):
        return _refuse("encrypted" if _LOCKED in data else "mislabelled" if promised else "old_word")
    if data.startswith(_PRINTED) or _MARKUP.match(data[:200]) or (data.startswith(_OTHERS) and not _is_text(data)):
        return _refuse("mislabelled" if promised else "other_kind")
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if promised == "json" or (promised is None and start[:1] == b"{"):
        return "json"
    if promised in {"pdf", "docx"}:  # a torn file has lost its beginning, another kind has one of its own
        return _refuse("mislabelled" if _is_text(data) else "broken")
    return "txt"


def _refuse(code: str) -> str:
    raise Unreadable(code)


def _is_text(data: bytes) -> bool:
    try:
        _decoded(data)
    except Unreadable:
        return False
    return True


def _pdf(data: bytes) -> Document:
    text, pages = documents_pdf.text_of(data)
    return Document(_tidy(text, "no_text"), pages, "pdf")


def _word(data: bytes) -> Document:
    text, pages = documents_word.text_of(data)
    return Document(_tidy(text, "no_text"), pages, "docx")


def _json(data: bytes) -> Document:
    resume = documents_json.resume_of(data)
    return Document(_tidy(documents_json.as_text(resume)), 1, "json", resume)


def _plain(data: bytes) -> Document:
    return Document(_tidy(_decoded(data)), 1, "txt")


def _decoded(data: bytes) -> str:
    """Bytes as text: UTF-8, what the byte order mark says, or Windows-1252; raises Unreadable for what is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codecs = ["utf-16"]
    elif b"\x00" in data:
        raise Unreadable("not_text")
    else:
        codecs = ["utf-8-sig", "cp1252"]
    for codec in codecs:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        odd = sum(letter not in "\t\r\n\f\v" and unicodedata.category(letter) in _CONTROL - {"Cf"} for letter in text)
        if odd * 100 <= len(text):
            return text
    raise Unreadable("not_text")


def _tidy(text: str, bare: str = "empty") -> str:
    """Text with plain line ends and spaces and without control letters; Unreadable(`bare`) where no words are left."""
    text = unicodedata.normalize("NFC", text[: 4 * MAX_LETTERS])
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\v", "\n")
    text = "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in _CONTROL)
    text = re.sub(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+", " ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    if len(text) > MAX_LETTERS:
        raise Unreadable("too_much_text")
    if sum(map(str.isalpha, text)) < (_LEAST_LETTERS if bare == "no_text" else 1):
        raise Unreadable(bare)
    return text


_READERS = {"pdf": _pdf, "docx": _word, "json": _json, "txt": _plain}
