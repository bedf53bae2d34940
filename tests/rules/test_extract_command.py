"""`matcher extract` keeps its contract: a line per file, reasons for files that cannot be read, 2 for bad options."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from matcher.__main__ import main
from matcher.ranking import extract_command, extract_model
from matcher.ranking.extract_model import MODELS, ModelRefused

AD = "Requirements:\nAdvanced knowledge of Excel and Jira/Confluence\nNice to have: PostgreSQL\n"
RESUME = {"basics": {"label": "Help desk"}, "work": [{"position": "Technician", "name": "A shop",
                                                     "highlights": ["Managed users in Active Directory"]}],
          "skills": [{"name": "Databases", "level": "basic", "keywords": ["SQL", "PostgreSQL"]}]}


def run(folder: Path, *words: object) -> list[dict[str, Any]]:
    out = folder / "skills.jsonl"
    assert main(["extract", *map(str, words), "--out", str(out)]) == 0
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_a_line_per_file_with_ids_levels_and_places(tmp_path: Path) -> None:
    ad = tmp_path / "ad.txt"
    ad.write_text(AD, "utf-8")
    (line,) = run(tmp_path, ad)
    assert line["file"] == str(ad)
    by_text = {skill["text"]: skill for skill in line["skills"]}
    assert all({"id", "label", "level", "span", "evidence"} <= set(skill) for skill in line["skills"])
    assert all(AD[skill["span"][0]:skill["span"][1]] == skill["text"] for skill in line["skills"])
    assert by_text["PostgreSQL"]["id"] == "tech:postgresql"
    assert by_text["PostgreSQL"]["must"] is False
    assert {skill["id"] for skill in line["skills"]} >= {"tech:microsoft-excel", "tech:postgresql"}
    excel = next(skill for skill in line["skills"] if skill["id"] == "tech:microsoft-excel")
    assert (excel["level"], excel["label"], excel["must"]) == (3, "Microsoft Excel", True)


def test_files_that_cannot_be_read_have_their_reason_and_the_rest_go_on(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ad, empty, torn = tmp_path / "ad.txt", tmp_path / "empty.txt", tmp_path / "torn.pdf"
    ad.write_text(AD, "utf-8")
    empty.write_bytes(b"")
    torn.write_bytes(b"%PDF-1.7 torn")
    lines = run(tmp_path, empty, torn, tmp_path / "missing.docx", tmp_path, ad)
    assert [("error" in line, "skills" in line) for line in lines] == [(True, False)] * 4 + [(False, True)]
    assert all(line["error"] for line in lines[:4])
    assert "4 of 5 files" in capsys.readouterr().err


def test_places_in_a_text_file_count_in_the_file_as_it_is(tmp_path: Path) -> None:
    text = "\n\n  Requirements:   \n\n\n•  Experience   with  PostgreSQL \x95 and   Kubernetes\n"
    path = tmp_path / "odd.txt"
    path.write_text(text, "utf-8")
    (line,) = run(tmp_path, path)
    assert line["skills"]
    assert all(text[skill["span"][0]:skill["span"][1]] == skill["text"] for skill in line["skills"])


def test_a_json_resume_is_read_as_a_resume(tmp_path: Path) -> None:
    path = tmp_path / "resume.json"
    path.write_text(json.dumps(RESUME), "utf-8")
    (line,) = run(tmp_path, path)
    shown = {skill["id"]: skill["evidence"] for skill in line["skills"]}
    assert shown["tech:active-directory"] == "experience"
    assert shown["tech:postgresql"] == "claim"


def test_the_same_files_give_the_same_lines(tmp_path: Path) -> None:
    ad = tmp_path / "ad.txt"
    ad.write_text(AD * 3, "utf-8")
    assert run(tmp_path, ad, ad) == run(tmp_path, ad, ad)


@pytest.mark.parametrize("words", [
    [], ["--out", "x.jsonl"], ["ad.txt"], ["ad.txt", "--out", "x.jsonl", "--kind", "poem"],
    ["ad.txt", "--out", "x.jsonl", "--language", "fr"], ["ad.txt", "--out", "missing/x.jsonl"],
    ["ad.txt", "--nonsense"]])
def test_bad_options_exit_with_2_and_no_traceback(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                  capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ad.txt").write_text(AD, "utf-8")
    assert main(["extract", *words]) == 2
    said = capsys.readouterr().err
    assert said.strip()
    assert "Traceback" not in said


def test_a_resume_is_told_from_an_ad() -> None:
    assert extract_command.kind_of("Objective\nMy experience: 2019 - 2021 at a shop\nEducation\nReferences") == "resume"
    ad = "We are looking for you. Requirements: Excel. Apply now. We offer benefits."
    assert extract_command.kind_of(ad) == "posting"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    shutil.copytree(MODELS, folder)
    return folder


@pytest.mark.parametrize("name", ["weights.npy.gz", "signs.txt.gz", "nets.npz.gz", "names.tsv.gz", "words.tsv.gz"])
def test_a_changed_file_is_refused(copied: Path, name: str) -> None:
    data = bytearray((copied / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copied / name).write_bytes(data)
    with pytest.raises(ModelRefused, match="SHA-256"):
        extract_model.load(copied)


def test_a_missing_file_is_refused(copied: Path) -> None:
    (copied / "weights.npy.gz").unlink()
    with pytest.raises(ModelRefused, match=r"weights\.npy\.gz"):
        extract_model.load(copied)


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"features": 99, "files": {}}', '{"features": 1, "files": 3}',
                                      '{"features": 1, "files": {}}', '{"features": 1, "files": {"x": 3}}'])
def test_a_foreign_manifest_is_refused(copied: Path, manifest: str) -> None:
    (copied / "manifest.json").write_text(manifest, "utf-8")
    with pytest.raises(ModelRefused):
        extract_model.load(copied)


def test_the_command_says_that_a_model_was_changed(
        copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (copied / "signs.txt.gz").write_bytes(b"no")
    monkeypatch.setattr("matcher.ranking.extract.load", lambda: extract_model.load(copied))
    (tmp_path / "ad.txt").write_text(AD, "utf-8")
    assert main(["extract", str(tmp_path / "ad.txt"), "--out", str(tmp_path / "x.jsonl")]) == 2
    assert "signs.txt.gz" in capsys.readouterr().err
