"""Reads a résumé as guesses: what the person did, and the words that may name skills; pure, and nothing is kept here.

A résumé also holds what no employer here should see before it matters: name, address, school, years of graduation,
age. None of that is read: there is no place for it in what comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from matcher.candidates.resume_lines import Days, Line, days_in, lines_of, plain

if TYPE_CHECKING:
    from matcher.ranking.extract import Found

MOST_EXPERIENCES = 12
MOST_PHRASES = 120
MOST_WORDS = 1500
MOST_CERTIFICATES = 8
LONGEST_ITEM = 60
LISTS = frozenset({"skills", "languages"})
SILENT = frozenset({"education", "other"})
DONE = {"experience": "work", "volunteer": "community", "projects": "project", "military": "military"}
_LEVELS: tuple[tuple[int, str], ...] = (
    (4, r"expert|expert[oa]"), (3, r"advanced|proficient|strong|fluent|avanzad[oa]|fluid[oa]|experienced"),
    (2, r"intermediate|intermedi[oa]|competent"), (1, r"basics?|beginner|familiar(?:ity)?|b[aá]sic[oa]s?|principiante"),
)
_LEVEL = tuple(
    (level, re.compile(rf"^(?:{words})\b(?: (?:in|with|knowledge of|level|en|de))?|(?:\bnivel )?\b(?:{words})$"))
    for level, words in _LEVELS
)
_TITLE = re.compile(
    r"\b(?:technician|assistant|manager|developer|clerk|cook|driver|cashier|nurse|aide|analyst|engineer|specialist"
    r"|representative|rep|associate|intern|operator|supervisor|worker|tutor|volunteer|coordinator|administrator|support"
    r"|server|barista|agent|teacher|trainer|helper|mechanic|electrician|designer|programmer|tester|lead|leader|host"
    r"|receptionist|secretary|bookkeeper|accountant|stocker|packer|picker|welder|carpenter|caregiver|sergeant|specialist"
    r"|tecnic[oa]|asistente|auxiliar|desarrollador[a]?|vendedor[a]?|cajer[oa]|cociner[oa]|meser[oa]|camarer[oa]"
    r"|conductor[a]?|analista|ingenier[oa]|encargad[oa]|recepcionista|gerente|ayudante|operari[oa]|obrer[oa]|docente"
    r"|maestr[oa]|cuidador[a]?|mecanic[oa]|electricista|programador[a]?|voluntari[oa]|practicante|agente|soporte"
    r"|coordinador[a]?|administrativ[oa]|secretari[oa])\b")
_MILITARY = re.compile(r"\b(?:(?<!salvation )army|navy|marines?|marine corps|air force|national guard|coast guard"
                       r"|ejercito(?! de salvacion)|fuerza aerea|infanteria de marina)\b")
_CARE = re.compile(r"\b(?:cared? (?:for|of) my|caregiver (?:for|of) my|stay at home|homemaker|cuid\w+ (?:de|a) mi"
                   r"|ama de casa)\b")
_PARTS = re.compile(r"\s+[|•·–—-]\s+|\s*[|•·]\s*|\s+(?:at|en|@)\s+(?=[A-ZÁÉÍÓÚÑ])|,\s+|\t+")
_ITEMS = re.compile(r"[,;|•·●▪()\n]|\s/\s|\s[–—-]\s|:\s|\.\s")
_LEAD = re.compile(r"^(?:and|y|e|etc\.?|including|such as|like|tambien|ademas|knowledge of|experience (?:with|in)"
                   r"|conocimientos? de|manejo de|uso de)\s+", re.IGNORECASE)


@dataclass(slots=True)
class _Entry:
    """One thing the person did, while its lines are gathered."""

    kind: str
    days: Days
    heads: list[str]
    start: int
    end: int
    words: list[str] = field(default_factory=list)
    over: bool = False


def read(text: str, resume: Mapping[str, Any] | None, found: Iterable[Found]) -> dict[str, Any]:
    """What a résumé seems to say, ready for JSON: `experiences`, `phrases` (to be linked), `certificates`, `summary`.

    `found` are the extractor's findings in `text`; `resume` is the checked JSON Resume where it is one.
    """
    lines = lines_of(text)
    if resume is not None:
        experiences, spots = _experiences_of(resume), []
        phrases = _phrases_of(resume)
        certificates = [str(row.get("name", "")) for row in resume.get("certificates", [])]
        summary = str(resume.get("basics", {}).get("summary", ""))
    else:
        entries = _entries(lines)[:MOST_EXPERIENCES]
        experiences, spots = [_experience(entry) for entry in entries], [(entry.start, entry.end) for entry in entries]
        phrases = _listed(lines)
        certificates = [line.text for line in lines if line.section == "certificates" and not line.heading]
        summary = " ".join(line.text for line in lines if line.section == "summary" and not line.heading)
    told = [_phrase(one, text, spots) for one in found if _counts(one, lines)]
    phrases += [phrase for phrase in told if not _workplace(phrase, experiences)]
    return {
        "experiences": experiences, "phrases": _once(phrases), "summary": summary[:600],
        "certificates": [line[:120] for line in certificates if line.strip()][:MOST_CERTIFICATES],
    }


# ------------------------------------------------------------------------------------------------- experiences
def _entries(lines: Sequence[Line]) -> list[_Entry]:
    """Things the person did: each begins around a line with days in a section of such things."""
    entries: list[_Entry] = []
    held: list[Line] = []  # short lines that may be the head of the next entry
    for line in lines:
        if line.section not in DONE or line.heading:
            _flush(entries, held)
            for entry in entries[-1:]:
                entry.over = True
            continue
        days = None if line.bullet or len(line.text) > 140 else days_in(line.text)
        if days is not None and (not entries or not _names_itself(entries[-1], line, held)):
            heads = [*([days.rest] if days.rest else []), *(one.text for one in held[-2:])]
            start = held[-2:][0].start if held else line.start
            held.clear()
            entries.append(_Entry(DONE[line.section], days, heads, start, line.end))
        elif not held and entries and _lacks_head(entries[-1]) and _may_head(line):
            entries[-1].heads.append(line.text)
            entries[-1].end = line.end
        elif _may_head(line):
            held.append(line)
        elif entries and not entries[-1].over:
            _flush(entries, held)
            entries[-1].words.append(line.text)
            entries[-1].end = line.end
    _flush(entries, held)
    return entries


def _lacks_head(entry: _Entry) -> bool:
    """Whether the next short line may still say what the entry was, or where."""
    return not entry.over and len(entry.heads) < 2 and not entry.words


def _flush(entries: list[_Entry], held: list[Line]) -> None:
    """Short lines that no days followed belong to what was told before."""
    if entries and not entries[-1].over:
        entries[-1].words += [line.text for line in held]
        entries[-1].end = max([entries[-1].end, *(line.end for line in held)])
    held.clear()


def _names_itself(entry: _Entry, line: Line, held: Sequence[Line]) -> bool:
    """Whether a line with days goes on with an entry that still has no name, and does not begin another."""
    return not entry.heads and not held and not entry.words and bool(line.text)


def _may_head(line: Line) -> bool:
    """Whether a line may be a title or the name of a workplace: short, no bullet, no sentence."""
    return not line.bullet and len(line.text) <= 90 and not line.text.endswith((".", ";")) and line.text[:1].isupper()


def _experience(entry: _Entry) -> dict[str, Any]:
    parts = [part.strip(" ,;|") for head in entry.heads for part in _PARTS.split(head) if part.strip(" ,;|")]
    title, place = _title_and_place(parts)
    words = "\n".join(entry.words)[:MOST_WORDS]
    return {
        "kind": _kind(entry.kind, f"{title} {place}"), "title": title[:160], "place": place[:160],
        "starts_on": entry.days.starts.isoformat(), "ends_on": entry.days.ends.isoformat() if entry.days.ends else "",
        "words": words,
    }


def _title_and_place(parts: Sequence[str]) -> tuple[str, str]:
    """The part that sounds like a job is the title; the rest says where."""
    if not parts:
        return "", ""
    spot = next((number for number, part in enumerate(parts) if _TITLE.search(plain(part))), 0)
    return parts[spot], ", ".join(part for number, part in enumerate(parts) if number != spot)


def _kind(kind: str, words: str) -> str:
    said = plain(words)
    if kind in {"work", "community"} and _MILITARY.search(said):
        return "military"
    return "care" if kind == "work" and _CARE.search(said) else kind


def _experiences_of(resume: Mapping[str, Any]) -> list[dict[str, Any]]:
    parts = (("work", "work"), ("volunteer", "community"), ("projects", "project"))
    return [_of_json(kind, row) for part, kind in parts for row in resume.get(part, [])][:MOST_EXPERIENCES]


def _of_json(kind: str, row: Mapping[str, Any]) -> dict[str, Any]:
    place = str(row.get("organization") or row.get("company") or (row.get("name", "") if row.get("position") else ""))
    title = str(row.get("position") or row.get("name") or place)
    told = [str(row.get("summary") or row.get("description") or ""), *row.get("highlights", [])]
    return {
        "kind": _kind(kind, f"{title} {place}"), "title": title[:160], "place": "" if place == title else place[:160],
        "starts_on": _day(row.get("startDate")), "ends_on": _day(row.get("endDate")),
        "words": "\n".join(filter(None, told))[:MOST_WORDS],
    }


def _day(said: object) -> str:
    """An ISO day, month or year as a day; empty for anything else."""
    found = re.fullmatch(r"((?:19|20)\d\d)(?:-(\d\d))?(?:-(\d\d))?", str(said or "").strip())
    if not found:
        return ""
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)).isoformat()
    except ValueError:
        return ""


# ----------------------------------------------------------------------------------------------------- phrases
def _listed(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The items of lists of skills."""
    return [phrase for line in lines if line.section in LISTS and not line.heading for phrase in _items(line.text)]


def _items(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for item in _ITEMS.split(text):
        words, level = leveled(_LEAD.sub("", item.strip(" .-–—*")))
        if not words and found and item.strip():  # “SQL (basic)”: the brackets speak of what stands before them
            found[-1]["level"] = level
        elif words in {"C", "R"} or _may_name(words):
            found.append({"text": words, "level": level, "where": item.strip()[:200], "experience": None,
                          "listed": True})
    return found


def _may_name(words: str) -> bool:
    """Whether an item of a list is short enough for a name, and has letters."""
    return 1 < len(words) <= LONGEST_ITEM and len(words.split()) <= 6 and any(map(str.isalpha, words))


def leveled(words: str) -> tuple[str, int]:
    """The words without a word for how well (“advanced Excel”), and that word as a level from 1 to 4; else 2."""
    for level, pattern in _LEVEL:
        found = pattern.search(words.lower())
        if found:
            rest = f"{words[: found.start()]} {words[found.end():]}".strip(" ,:-–")
            return (re.sub(r"\s+", " ", rest), level) if rest else ("", level)
    return words, 2


def _phrases_of(resume: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for row in resume.get("skills", []):
        level = leveled(f"x {row.get('level', '')}".lower())[1]
        names = [row.get("name", ""), *row.get("keywords", [])]
        found += [{**phrase, "level": level} for name in names for phrase in _items(str(name))]
    return found


def _counts(one: Found, lines: Sequence[Line]) -> bool:
    """Whether a finding has letters and stands in a part that speaks of what the person can do.

    Schools, addresses and hobbies are left alone; so is what stands above the first heading, where names are.
    """
    if not any(map(str.isalpha, one.text)):
        return False
    section = next((line.section for line in lines if line.start <= one.span[0] < line.end), "")
    return section not in SILENT and (section != "" or not any(line.section for line in lines))


def _phrase(one: Found, text: str, spots: Sequence[tuple[int, int]]) -> dict[str, Any]:
    start, end = one.span
    words, level = leveled(one.text[:120])
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line = text[first : last if last >= 0 else len(text)].strip(" •·●▪-*")
    place = next((number for number, (a, b) in enumerate(spots) if a <= start < b), None)
    return {"text": words or one.text[:120], "level": one.level or level, "where": line[:200], "experience": place,
            "listed": False}


def _workplace(phrase: Mapping[str, Any], experiences: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the words are a part of the name of a workplace, in the line above what was done there."""
    if phrase["experience"] is None:
        return False
    did = experiences[phrase["experience"]]
    return phrase["text"] in did["place"] and phrase["where"] not in did["words"]


def _once(phrases: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each phrase once: what was listed stays listed, and what was done stays tied to where."""
    held: dict[str, dict[str, Any]] = {}
    for phrase in phrases:
        known = held.setdefault(plain(phrase["text"]), phrase)
        if known is not phrase:
            known["listed"] = known["listed"] or phrase["listed"]
            known["level"] = max(known["level"], phrase["level"])
            if known["experience"] is None and phrase["experience"] is not None:
                known["experience"], known["where"] = phrase["experience"], phrase["where"]
    return list(held.values())[:MOST_PHRASES]
