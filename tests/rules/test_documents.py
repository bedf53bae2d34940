"""Reading what strangers send: sound papers give their text, harmful ones a clear word, within memory and time."""

from __future__ import annotations

import io
import json
import pickle
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import docx
import pytest

from matcher.candidates import resume
from matcher.papers.models import PaperPurpose
from matcher.ranking.documents import KINDS, REASONS, Unreadable, read, read_bytes, read_text
from matcher.roles import ad
from matcher.tasks.paper_child import MEMORY
from matcher.tasks.papers import ENVIRONMENT, read_apart
from tests.factories.bad_papers import W, body, rebuilt, said, uploads
from tests.factories.bad_pdfs import plain
from tests.town import ROOT

UPLOADS = uploads()
MOST_SECONDS = 10.0
pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def answers() -> list[dict[str, Any]]:
    """What was said about each upload, read under the limits of the worker's child."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.factories.paper_cell"], cwd=ROOT, env=ENVIRONMENT, capture_output=True,
        input=pickle.dumps([(name, data) for _what, name, data, _codes in UPLOADS]), timeout=120, check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_there_are_enough_of_each_kind() -> None:
    groups = [what.split(":")[0] for what, *_rest in UPLOADS]
    assert len(UPLOADS) >= 60
    assert {group: groups.count(group) >= 15 for group in set(groups)} == dict.fromkeys(set(groups), True)


@pytest.mark.parametrize("number", range(len(UPLOADS)), ids=[what for what, *_rest in UPLOADS])
def test_a_bad_upload_is_answered_in_words_and_does_no_harm(answers: list[dict[str, Any]], number: int) -> None:
    """The right word for each, nothing run, fetched or written, memory under 512 MB, seconds of work."""
    what, _name, _data, codes = UPLOADS[number]
    told = answers[number]
    assert told["code"] in codes, (what, told)
    assert told["code"] == "read" or told["text"] == REASONS[told["code"]], told
    assert told["refused"] == [], "the parser tried something that a parser has no business with"
    assert told["memory"] < MEMORY == 512 * 1024 * 1024
    assert told["cpu"] < MOST_SECONDS
    assert "root:" not in told["text"]
    assert not Path("/tmp/owned").exists()  # noqa: S108 - what one of the uploads asks a shell to make


# ------------------------------------------------------------------------------------------------------ sound
def test_a_pdf_gives_its_text_and_pages() -> None:
    document = read_bytes(plain(pages=3), "Résumé.PDF")
    assert (document.kind, document.pages, document.resume) == ("pdf", 3, None)
    assert document.text.startswith("Help desk assistant with Python and Microsoft Excel 0\n")


def test_a_word_document_gives_paragraphs_tables_and_text_boxes_in_order() -> None:
    made = docx.Document()
    made.add_paragraph("First")
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Left", "Right"
    made.add_paragraph("Point", style="List Bullet")
    held = io.BytesIO()
    made.save(held)
    document = read_bytes(held.getvalue(), "cv.docx")
    assert (document.kind, document.text) == ("docx", "First\nLeft\nRight\n• Point")
    box = f'<w:p><w:r><w:t>Outside</w:t></w:r><w:r><w:txbxContent {W}>{said("Inside")}</w:txbxContent></w:r></w:p>'
    assert read_bytes(rebuilt({"word/document.xml": body(box)}), "").text == "Outside\nInside"


def test_a_json_resume_is_checked_and_told_as_lines() -> None:
    told = {"basics": {"name": "Ana", "label": "Technician", "location": {"city": "Riverbend"}},
            "work": [{"name": "Library", "position": "Help desk", "startDate": "2023-01", "highlights": ["Fixed it"]}],
            "skills": [{"name": "Web", "keywords": ["HTML"]}], "x-more": 1}
    document = read_bytes(json.dumps(told).encode(), "resume.json")
    assert document.kind == "json"
    assert document.resume is not None
    assert document.resume["work"][0]["position"] == "Help desk"
    assert "x-more" not in document.resume
    assert "Help desk, Library (2023-01)\n• Fixed it" in document.text
    assert "Riverbend" not in document.text, "an address is of no use here"


def test_text_keeps_its_lines_and_loses_its_traps() -> None:
    assert read_bytes("A\u202eB\u0378\r\n\r\n\r\n\r\nC\u00a0 D".encode() + b" E" * 99, "").text[:8] == "AB\n\nC D "
    assert read_text("  Python ").text == "Python"
    assert read_bytes(b"BMW mechanic", "").text == "BMW mechanic"
    assert read_bytes(b"PKI engineer", "").kind == "txt"


def test_a_file_is_read_from_its_path_and_never_whole_when_it_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "cv.txt"
    path.write_text("Python", "utf-8")
    assert read(path).text == "Python"
    path.write_bytes(b"x" * 30_000_000)
    with pytest.raises(Unreadable) as fault:
        read(path)
    assert fault.value.code == "too_large"
    assert set(KINDS) == {"txt", "pdf", "docx", "json"}


# ------------------------------------------------------------------------------------------------------ limits
def child(reading: str) -> dict[str, Any]:
    """What the worker's child answers when its parser is this function."""
    code = (f"import sys\nfrom matcher.tasks import paper_child\ndef reading(purpose, data, name):\n {reading}\n"
            "sys.exit(paper_child.main(['resume', 'x'], reading))")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=ENVIRONMENT, input=b"", capture_output=True,
                          timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_child_gets_no_more_memory_than_it_should() -> None:
    assert child("bytearray(600 * 1024 * 1024)") == {"fault": "too_deep", "refused": []}


HARM = {
    "socket.getaddrinfo": "__import__('socket').create_connection(('127.0.0.1', 9), 1)",
    "subprocess.Popen": "__import__('subprocess').run(['/bin/true'])",
    "os.system": "__import__('os').system('true')", "os.fork": "__import__('os').fork()",
    "open": "open('/tmp/owned', 'w')", "os.remove": "__import__('os').remove('/etc/hostname')",
}


def test_the_child_can_neither_call_start_nor_write() -> None:
    """Each attempt fails, and is noted for the worker's log."""
    tries = "".join(f"\n try: {harm}\n except PermissionError: pass" for harm in HARM.values())
    assert child(f"{tries}\n return {{'found': 1}}") == {"found": 1, "refused": list(HARM)}
    assert not Path("/tmp/owned").exists()  # noqa: S108


def test_the_child_knows_no_keys() -> None:
    assert not [name for name in ENVIRONMENT if name.startswith("FIRST_RUNG")]
    assert set(child("import os; return {'found': sorted(os.environ)}")["found"]) - {"LC_CTYPE"} == set(ENVIRONMENT)


def test_a_whole_paper_is_read_apart_under_the_limits() -> None:
    """With everything that reading needs loaded: the finder of skills too."""
    answer = read_apart(plain(pages=5), "cv of Ana.pdf", PaperPurpose.RESUME)
    assert (answer["kind"], answer["pages"], answer["refused"]) == ("pdf", 5, [])
    assert read_apart(b"%PDF-1.4", "cv.pdf", PaperPurpose.AD) == {"fault": "broken", "refused": []}


@pytest.mark.parametrize("text", [
    "A.A." * 15_000, "January " * 8_000, "$1" + ",111" * 15_000, "a " * 30_000, "skills " * 8_000, "2020 - " * 8_000,
    "hiring a " * 8_000, "\n".join(["Skills:"] * 8_000), "(" * 50_000, "- " * 30_000,
], ids=lambda text: re.sub(r"\s", "_", text[:9]))
def test_no_text_makes_the_readers_think_for_long(text: str) -> None:
    begun = time.process_time()
    resume.read(text, None, [])
    ad.read(text, [])
    assert time.process_time() - begun < 4.0, "a child has 20 seconds for three times as much"
