"""The text of a Word document: paragraphs, tables and text boxes in order; macros, pictures and links are left out.

A DOCX is a ZIP of XML. Before it is opened the parts are weighed, each XML part is read once by a parser that refuses
document types and entities, and everything that is not XML (pictures, macros, attached files) is emptied.
"""

import io
import zipfile
from typing import Any

import docx
from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import DefusedXMLParser, ParseError  # type: ignore[import-untyped]

from matcher.ranking.documents_faults import MAX_LETTERS, MAX_PAGES, MAX_UNPACKED, Unreadable

_MAX_PARTS = 1500
_MAX_RATIO = 250  # plain XML packs 10 to 60 times
_MAX_DEPTH = 200
_MAX_ELEMENTS = 400_000
_TYPES = "[Content_Types].xml"
_MAIN = "word/document.xml"
_PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_WITH_MACROS = (b"application/vnd.ms-word.document.macroEnabled.main+xml",
                b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
                b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # says a text box a second time
_BREAKS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def is_word(data: bytes) -> bool:
    """Does a ZIP hold a Word document? True for a torn one too: reading it says so."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return b"word/" in data or b"[Content_Types].xml" in data
    return _MAIN in names or any(name.startswith("word/") for name in names)


def text_of(data: bytes) -> tuple[str, int]:
    """(text, number of pages as last printed); raises Unreadable: broken, encrypted, too_deep, entities, …"""
    try:
        return _read(_cleaned(data))
    except (Unreadable, MemoryError):
        raise
    except DefusedXmlException:
        raise Unreadable("entities") from None
    except RecursionError:
        raise Unreadable("too_deep") from None
    except Exception:  # a torn file can fail in any way; which way tells its sender nothing
        raise Unreadable("broken") from None


def _cleaned(data: bytes) -> io.BytesIO:
    """The same package with checked XML parts and everything else emptied."""
    clean = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(clean, "w") as target:
        _weigh(archive)
        for entry in archive.infolist():
            part = _checked(archive, entry) if entry.filename.lower().endswith((".xml", ".rels")) else b""
            if entry.filename == _TYPES:
                for kind in _WITH_MACROS:
                    part = part.replace(kind, _PLAIN_TYPE)
            target.writestr(entry.filename, part)
    clean.seek(0)
    return clean


def _weigh(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unreadable("encrypted")
    names = [entry.filename for entry in entries]
    if _MAIN not in names or _TYPES not in names or len(set(names)) != len(names):
        raise Unreadable("broken")
    xml = sum(entry.file_size for entry in entries if entry.filename.lower().endswith((".xml", ".rels")))
    packed = any(e.file_size > 1_000_000 and e.file_size > _MAX_RATIO * max(1, e.compress_size) for e in entries)
    if len(entries) > _MAX_PARTS or xml > MAX_UNPACKED or packed:
        raise Unreadable("too_deep")


def _checked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """One XML part, whole, read once for its form: no document type, no entity, not too deep."""
    with archive.open(entry) as part:
        content = part.read(entry.file_size + 1)  # the size that was weighed; more is a lie
    if len(content) > entry.file_size:
        raise Unreadable("too_deep")
    parser = DefusedXMLParser(target=_Plumb(), forbid_dtd=True)
    try:
        parser.feed(content)
        parser.close()
    except ParseError:
        raise Unreadable("broken") from None
    return content


class _Plumb:
    """Measures how deep and how large an XML part is, and keeps nothing of it."""

    def __init__(self) -> None:
        self.depth = self.elements = 0

    def start(self, _tag: str, _attributes: dict[str, str]) -> None:
        """One element deeper."""
        self.depth += 1
        self.elements += 1
        if self.depth > _MAX_DEPTH or self.elements > _MAX_ELEMENTS:
            raise Unreadable("too_deep")

    def end(self, _tag: str) -> None:
        """One element up."""
        self.depth -= 1

    def data(self, _text: str) -> None:
        """Text is of no interest here."""

    def close(self) -> None:
        """Nothing was built."""


def _read(package: io.BytesIO) -> tuple[str, int]:
    body = docx.Document(package).element.body
    lines: list[str] = []
    pages, room = 1, MAX_LETTERS
    for paragraph in body.iter(f"{_W}p"):
        if next(paragraph.iterancestors(_FALLBACK), None) is not None:
            continue
        line, breaks = _paragraph(paragraph)
        pages += breaks
        room -= len(line) + 1
        if room < 0:
            raise Unreadable("too_much_text")
        lines.append(line)
    if pages > MAX_PAGES:
        raise Unreadable("too_many_pages")
    return "\n".join(lines), pages


def _paragraph(paragraph: Any) -> tuple[str, int]:
    """The words of a paragraph, and page breaks; a text box inside it is a paragraph of its own."""
    words: list[str] = []
    breaks = 0
    for node in paragraph.iter():
        if node.tag == f"{_W}t" and next(node.iterancestors(f"{_W}p"), None) is paragraph:
            words.append(node.text or "")
        elif node.tag in _BREAKS:
            words.append(_BREAKS[node.tag])
        elif node.tag == f"{_W}lastRenderedPageBreak":
            breaks += 1
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    listed = style is not None and "List" in style.get(f"{_W}val", "")
    bullet = listed or paragraph.find(f"{_W}pPr/{_W}numPr") is not None
    return ("• " if bullet and "".join(words).strip() else "") + "".join(words), breaks
