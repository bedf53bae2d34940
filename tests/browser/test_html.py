"""Every page is valid HTML, speaks its language, and its browser has nothing to complain about."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.visits import Visit, told
from tests.town import ROOT
from web.build_front import node_command

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1500)]
VALIDATOR = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
RULES = ROOT / "tests" / "browser" / "htmlvalidate.json"


def judged(folder: Path) -> Iterator[tuple[int, str]]:
    """(number of the page, what is wrong) for each fault that html-validate finds in a folder of pages."""
    answer = folder / "answer.json"  # a file: through a pipe, Node cuts a long answer off when it ends
    command = [*node_command("node"), str(VALIDATOR), "--config", str(RULES), "--formatter", f"json={answer}",
               *map(str, folder.glob("*.html"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180)
    assert answer.exists(), done.stdout + done.stderr
    for page in json.loads(answer.read_text(encoding="utf-8")):
        for fault in page["messages"]:
            yield int(Path(page["filePath"]).stem), f"{fault['ruleId']}: {fault['message']} at {fault['selector']}"


def test_the_validator_sees_faults(tmp_path: Path) -> None:
    """It is the judge of the next test: a page with two same ids does not pass it."""
    page = "<!DOCTYPE html><html lang=en><head><title>A</title></head><body><p id=a>x</p><p id=a>y</p></body></html>"
    (tmp_path / "0.html").write_text(page)
    assert any("no-dup-id" in fault for _, fault in judged(tmp_path))


def test_every_page_is_valid(visits: list[Visit], tmp_path: Path) -> None:
    """html-validate finds no error."""
    for number, visit in enumerate(visits):
        (tmp_path / f"{number}.html").write_text(visit.html, encoding="utf-8")
    rows = [(visits[number], fault) for number, fault in judged(tmp_path)]
    assert not rows, told(rows)


def test_no_script_breaks_and_no_policy_is_broken(visits: list[Visit]) -> None:
    """No error on any console: no broken script, no missing file, no refusal by the Content-Security-Policy."""
    rows = [(visit, error) for visit in visits for error in visit.errors]
    assert not rows, told(rows)


def test_pages_say_their_language(visits: list[Visit]) -> None:
    """The lang of a page is the one that was asked for, and no address of another server is loaded."""
    wrong = [str(visit) for visit in visits if f'<html lang="{visit.language}">' not in visit.html]
    assert not wrong, "\n".join(wrong)
