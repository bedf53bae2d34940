"""`python -m matcher extract`: résumés and job ads in, the skills they hold out, one line of JSON per file."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from matcher.ranking import documents, extract, extract_deeds, extract_names
from matcher.ranking.extract import Found, Kind
from matcher.ranking.extract_model import ModelRefused
from matcher.ranking.extract_names import Named, Names
from matcher.ranking.extract_text import Language
from matcher.ranking.files import BadInput, write_text

_POSTING = re.compile(
    r"\b(?:we are looking|we're looking|we offer|you will|you'll|your (?:role|tasks|profile|responsibilities)|apply"
    r"|applicants?"
    r"|candidates?|responsibilities|requirements|benefits|equal opportunity|join (?:us|our)|our (?:team|company)"
    r"|full-time"
    r"|job (?:description|type|title)|salary|se (?:busca|solicita|ofrece|requiere)|ofrecemos|buscamos|requisitos"
    r"|vacante"
    r"|funciones del puesto|postul\w+|nuestra empresa)\b", re.IGNORECASE)
_RESUME = re.compile(
    r"(?:@|\b(?:resume|résumé|curriculum|currículum|my|i|references|objective|summary|education|work experience"
    r"|employment"
    r"|present|gpa|mi|mis|educación|formación|experiencia laboral|referencias|objetivo|actualidad)\b"
    r"|\b(?:19|20)\d\d\s*[-–—]\s*(?:(?:19|20)\d\d|present|actual))", re.IGNORECASE)


def main(argv: list[str]) -> int:
    """Run the command.

    0 when the lines were written: a file that cannot be read has its reason on its line and is counted on standard
    error. 2 when an option is wrong, the output cannot be written, or the model was changed.
    """
    try:
        options = _parser().parse_args(argv)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    try:
        lines = [_line(path, options.kind, options.language) for path in options.files]
        write_text(options.out, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    except (BadInput, ModelRefused) as problem:
        sys.stderr.write(f"extract: {problem}\n")
        return 2
    failed = sum("error" in line for line in lines)
    if failed:
        sys.stderr.write(f"extract: {failed} of {len(lines)} files could not be read; {options.out} says why.\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("matcher extract", description="Find skills in résumés and job ads.")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help=".txt, .pdf, .docx or .json (JSON Resume)")
    parser.add_argument("--out", type=Path, required=True, help="where the lines go")
    parser.add_argument("--kind", choices=("auto", "resume", "posting"), default="auto", help="default: told by the "
                                                                                              "text")
    parser.add_argument("--language", choices=("en", "es"), help="default: told by the text")
    return parser


def _line(path: Path, kind: str, language: Language | None) -> dict[str, object]:
    """What is said of one file."""
    try:
        text, is_resume = _read(path)
    except documents.Unreadable as problem:
        return {"file": str(path), "error": str(problem)}
    except (OSError, ValueError) as problem:
        return {"file": str(path), "error": f"cannot be read ({getattr(problem, 'strerror', None) or problem})"}
    taken: Kind = kind_of(text) if kind == "auto" else "resume" if kind == "resume" else "posting"
    found = extract.find(text, kind="resume" if is_resume and kind == "auto" else taken, language=language)
    names = extract_names.load()
    return {"file": str(path), "skills": [told for one in found for told in _told(one, names)]}


def _read(path: Path) -> tuple[str, bool]:
    """The text, and whether it is a JSON Resume. Places in a text file count in the file as it is."""
    document = documents.read(path)
    if document.kind == "txt":
        try:
            return path.read_text("utf-8-sig"), False
        except UnicodeDecodeError:
            pass
    return document.text, document.resume is not None


def kind_of(text: str) -> Kind:
    """A résumé or a job ad, by the words that each uses; a job ad where nothing tells."""
    start = text[:20_000]
    return "resume" if len(_RESUME.findall(start)) > len(_POSTING.findall(start)) else "posting"


def _told(one: Found, names: Names) -> Iterator[dict[str, object]]:
    """A skill as the lines have it; names joined by a stroke, such as `Jira/Confluence`, are told one by one."""
    named = names.link(one.text) or _shown(one, names)
    parts = list(_parts(one)) if named is None else []
    linked = [(start, part, names.named(part)) for start, part in parts]
    if len(linked) > 1 and all(name for _, _, name in linked):
        for start, part, name in linked:
            yield _skill(one, name, (start, start + len(part)), part)
        return
    yield _skill(one, named, one.span, one.text)


def _shown(one: Found, names: Names) -> Named | None:
    """The skill that a deed shows, if the words are one from beginning to end."""
    shown = [skill for told, skill in extract_deeds.of_text(one.text) if told == one.text and skill in names.labels]
    return Named(shown[0], names.labels[shown[0]]) if shown else None


def _parts(one: Found) -> Iterator[tuple[int, str]]:
    for part in re.finditer(r"[^/\s][^/]*[^/\s]|[^/\s]", one.text):
        yield one.span[0] + part.start(), part.group()


def _skill(one: Found, named: Named | None, span: tuple[int, int], text: str) -> dict[str, object]:
    """`id` and `label` by the taxonomy where that is sure; else no id, and the words as written."""
    return {"id": named.id if named else None, "label": named.label if named else " ".join(text.split()),
            "level": one.level, "span": list(span), "evidence": one.evidence, "must": one.must, "kind": one.kind,
            "text": text, "confidence": one.confidence}
