"""The lines of a résumé, each with the section it stands in, and the days written in them (English, Spanish)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

BULLET = re.compile(r"^\s*[•·●▪◦‣∙*»►✓✔\uf0b7–—-]\s+")
LONGEST_HEADING = 6
_SECTIONS: tuple[tuple[str, str], ...] = (
    ("volunteer", r"volunteer\w*(?: \w+){0,2}|community (?:service|work|involvement)|voluntariado"
                  r"|(?:servicio|trabajo) (?:comunitario|voluntario)|experiencia (?:de )?voluntari\w+"),
    ("military", r"military (?:service|experience|background)|servicio militar"),
    ("projects", r"(?:\w+ ){0,2}projects|portfolio|(?:\w+ ){0,2}proyectos(?: \w+){0,2}|portafolio"),
    ("experience", r"(?:\w+ ){0,2}(?:experience|employment|work history|employment history|career history)"
                   r"|experience and \w+|work|jobs|internships?|experiencia(?: \w+){0,3}|historial laboral"
                   r"|historial de trabajo|trayectoria(?: \w+)?|empleos?|practicas(?: \w+)?|vida laboral"),
    ("skills", r"(?:\w+ ){0,3}(?:skills|competenc(?:ies|es)|abilities|strengths|proficiencies|expertise|technologies"
               r"|tools|software)(?: and \w+| summary| set)?|skills and (?:\w+ ?){1,3}|tech stack|qualifications"
               r"|(?:\w+ )?(?:habilidades|aptitudes|competencias|destrezas|conocimientos|herramientas)(?: \w+){0,3}"
               r"|tecnologias(?: \w+)?"),
    ("certificates", r"(?:\w+ ){0,2}(?:certifica\w+|licen[cs]es|credentials|licencias)(?: and \w+| y \w+)?"
                     r"|cursos(?: \w+)?|courses"),
    ("education", r"education(?: and \w+)?|(?:academic|educational) \w+|training|schools?"
                  r"|(?:formacion|educacion|estudios)(?: \w+)?"),
    ("languages", r"languages?(?: \w+)?|idiomas|lenguas"),
    ("summary", r"(?:\w+ ){0,2}(?:summary|profile|objective|statement)|about(?: me)?|resumen(?: \w+)?|perfil(?: \w+)?"
                r"|objetivo(?: \w+)?|sobre mi"),
    ("other", r"references?(?: \w+){0,3}|referencias|contact(?: \w+){0,2}|contacto|hobbies|interests|intereses"
              r"|awards?(?: and \w+)?|honou?rs(?: and \w+)?|publications|premios|datos personales"
              r"|personal (?:details|data|information)|activities|additional information"),
)
_RULES = tuple((name, re.compile(pattern)) for name, pattern in _SECTIONS)

_MONTHS = ("jan ene", "feb", "mar", "apr abr", "may", "jun", "jul", "aug ago", "sep set", "oct", "nov", "dec dic")
_MONTH = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_POINT = (r"(?:(?P<{0}iso>(?:19|20)\d\d)-(?P<{0}isom>\d\d)(?:-\d\d)?"
          r"|(?P<{0}m>\d{{1,2}})[/.](?:\d{{1,2}}[/.])?(?P<{0}my>(?:19|20)\d\d)"
          r"|(?:(?P<{0}word>(?:jan|ene|feb|mar|apr|abr|may|jun|jul|aug|ago|sep|set|oct|nov|dec|dic)[a-záéíóú]*)\.?,?"
          r"(?:\s+(?:de|del|of))?\s+|(?:spring|summer|fall|autumn|winter|verano|oto[nñ]o|invierno|primavera)\s+)?"
          r"(?P<{0}year>(?:19|20)\d\d))")
_NOW = r"(?P<now>present|current|now|today|ongoing|actual(?:idad|mente)?|presente|hoy|la fecha|date)"
_RANGE = re.compile(rf"\(?\b{_POINT.format('a')}\s*(?:[-–—‐‑]+|to|until|through|a|al|hasta)\s*(?:la\s+)?"
                    rf"(?:{_POINT.format('b')}|{_NOW})\b\)?", re.IGNORECASE)
_SINCE = re.compile(rf"\(?\b(?P<now>since|desde|from)\s+{_POINT.format('a')}\b\)?", re.IGNORECASE)
_ONE = re.compile(rf"(?:\(\s*{_POINT.format('a')}\s*\)|(?<![\w-]){_POINT.format('c')}\s*$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its words without a bullet, its place in the text, and the section it stands in."""

    text: str
    start: int
    end: int
    section: str
    bullet: bool
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """From when until when; `ends` is None for “until now” and for a single point in time that is `starts`."""

    starts: date
    ends: date | None
    rest: str


def lines_of(text: str) -> list[Line]:
    """All lines that say something, in order."""
    return list(_lines(text))


def _lines(text: str) -> Iterator[Line]:
    section, start = "", 0
    for raw in text.split("\n"):
        end = start + len(raw)
        bullet = bool(BULLET.match(raw))
        said = BULLET.sub("", raw).strip()
        opened, rest = ("", "") if bullet else heading(said)
        if opened:
            section = opened
            yield Line(rest if rest else said, start, end, section, False, heading=not rest)
        elif said:
            yield Line(said, start, end, section, bullet)
        start = end + 1


def heading(line: str) -> tuple[str, str]:
    """(section, what follows the colon) of a line that opens a section, else ("", "")."""
    head, colon, rest = line.partition(":")
    words = plain(head).split()
    if not words or len(words) > LONGEST_HEADING or (not colon and line.endswith((".", ","))):
        return "", ""
    section = next((name for name, rule in _RULES if rule.fullmatch(" ".join(words))), "")
    if section and not colon and not _written_as_heading(line):
        return "", ""
    return section, rest.strip()


def _written_as_heading(line: str) -> bool:
    """In capitals, or with a capital in front: “work” in the middle of a broken sentence opens nothing."""
    letters = [letter for letter in line if letter.isalpha()]
    return bool(letters) and letters[0].isupper()


def plain(text: str) -> str:
    """Lower case, no accents, no signs, `&` as “and”."""
    letters = unicodedata.normalize("NFKD", text.lower().replace("&", " and "))
    return re.sub(r"[^a-z0-9+#]+", " ", "".join(c for c in letters if not unicodedata.combining(c))).strip()


def days_in(line: str, *, alone: bool = True) -> Days | None:
    """The days that a line names and its other words; one year counts only with `alone`, at the end or bracketed."""
    found = _RANGE.search(line) or _SINCE.search(line) or (_ONE.search(line) if alone else None)
    if found is None:
        return None
    told = found.groupdict()
    starts = _point(told, "a", 1) or _point(told, "c", 1)
    if starts is None:
        return None
    single = found.re is _ONE
    ends = None if told.get("now") else starts if single else _point(told, "b", 12)
    rest = f"{line[: found.start()]} {line[found.end():]}".strip(" \t|,;:·•–—-()")
    return Days(starts, ends if ends is None or ends >= starts else None, re.sub(r"\s+", " ", rest))


def _point(told: dict[str, str | None], side: str, month: int) -> date | None:
    """The first day of the month that one side of a range names; `month` where it names a year alone."""
    for year, given in ((f"{side}iso", f"{side}isom"), (f"{side}my", f"{side}m"), (f"{side}year", f"{side}word")):
        if told.get(year):
            said = (told.get(given) or "").lower()
            number = _MONTH.get(said[:3]) or (int(said) if said.isdigit() else month)
            return date(int(told[year] or 0), number if 1 <= number <= 12 else month, 1)
    return None
