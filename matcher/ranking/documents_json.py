"""A résumé in the JSON Resume format (jsonresume.org, schema 1.0): checked for its shape, and as plain lines."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from matcher.ranking.documents_faults import MAX_LETTERS, Unreadable

_DEPTH = 12
_ROWS = 200
_TEXT = 5000
LISTS = ("work", "volunteer", "education", "awards", "certificates", "publications", "skills", "languages",
         "interests", "references", "projects")
_TEXTS = ("name", "position", "company", "organization", "institution", "studyType", "area", "title", "summary",
          "description", "level", "startDate", "endDate", "date", "issuer", "url", "location", "publisher", "language",
          "fluency", "label", "awarder", "score", "entity", "type", "releaseDate", "reference", "email", "phone",
          "image", "website")
_STRINGS = ("highlights", "keywords", "courses", "roles")


def resume_of(data: bytes) -> Mapping[str, Any]:
    """The résumé's known parts; raises Unreadable: broken, too_deep, too_much_text, not_resume."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("broken") from None
    if _deep(text):
        raise Unreadable("too_deep")
    if len(text) > 4 * MAX_LETTERS:
        raise Unreadable("too_much_text")
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unreadable("broken") from None
    if not isinstance(value, dict) or not any(name in value for name in ("basics", *LISTS)):
        raise Unreadable("not_resume")
    resume = {name: _rows(value[name]) for name in LISTS if value.get(name) is not None}
    basics = value.get("basics")
    return resume | ({"basics": _row(basics, plain_only=True)} if basics is not None else {})


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("not a number")


def _deep(text: str) -> bool:
    """Whether brackets nest deeper than a résumé needs, found before anything is built from it."""
    depth, quoted, skip = 0, False, False
    for letter in text:
        if skip:
            skip = False
        elif quoted:
            skip, quoted = letter == "\\", letter != '"'
        elif letter == '"':
            quoted = True
        elif letter in "[{":
            depth += 1
            if depth > _DEPTH:
                return True
        elif letter in "]}":
            depth -= 1
    return False


def _rows(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list) or len(value) > _ROWS:
        raise Unreadable("not_resume")
    return [_row(row) for row in value]


def _row(value: object, *, plain_only: bool = False) -> dict[str, Any]:
    """The known fields of one entry, each of the type that the format gives it."""
    if not isinstance(value, dict):
        raise Unreadable("not_resume")
    row: dict[str, Any] = {}
    for name, field in value.items():
        if field is None:
            continue
        if name in _TEXTS and isinstance(field, str | int | float) and not isinstance(field, bool):
            row[name] = clean(str(field))
        elif name in _STRINGS and not plain_only and isinstance(field, list):
            row[name] = [_word(item) for item in field[:_ROWS]]
        elif name in _STRINGS or (name in _TEXTS and not (name == "location" and isinstance(field, dict))):
            raise Unreadable("not_resume")
    return row


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise Unreadable("not_resume")
    return clean(value)


def clean(text: str) -> str:
    """The text without control letters and halves of letters, which no later step could write down."""
    return "".join(letter for letter in text[:_TEXT] if letter == "\n" or letter.isprintable())


def as_text(resume: Mapping[str, Any]) -> str:
    """The résumé as lines under plain headings, for those who read text."""
    return "\n".join(_lines(resume))


def _lines(resume: Mapping[str, Any]) -> Iterator[str]:
    basics = resume.get("basics", {})
    yield from filter(None, (basics.get("label", ""), basics.get("summary", "")))
    for name in ("work", "volunteer", "projects", "education", "certificates", "skills", "languages", "awards"):
        rows = resume.get(name) or []
        if rows:
            yield f"\n{name.capitalize()}"
        for row in rows:
            yield _line(row)
            yield from filter(None, (row.get("summary", ""), row.get("description", "")))
            yield from (f"• {point}" for key in ("highlights", "courses") for point in row.get(key, []))


def _line(row: Mapping[str, Any]) -> str:
    keys = ("position", "studyType", "area", "title", "language", "name", "institution", "company", "organization",
            "issuer", "level", "fluency")
    head = ", ".join(row[key] for key in keys if row.get(key))
    dates = " – ".join(row[key] for key in ("startDate", "endDate") if row.get(key)) or row.get("date", "")
    words = ", ".join(row.get("keywords", []))
    return head + (f" ({dates})" if dates else "") + (f": {words}" if words else "")
