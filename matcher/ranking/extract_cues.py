"""Words around a skill that say whether it is a must, how well it has to be known, and how it is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matcher.ranking.extract_sections import Section

_PLAIN = str.maketrans("áéíóúüñàèÁÉÍÓÚÜÑ’", "aeiouunaeAEIOUUN'")
_FAR = 90  # characters over which a level reaches the names after it
_BEHIND = 26  # characters over which a level in brackets or after a dash reaches back

_NICE = re.compile(
    r"\b(?:nice[- ]to[- ]have|good to have|great to have|(?:is|are|be|as) an? (?:big |huge |strong |definite |nice )?"
    r"(?:plus|bonus|asset|advantage)|an? (?:plus|bonus|asset|advantage)|bonus(?: points)?|preferred|preferabl[ey]"
    r"|prefer"
    r"|ideally|desir(?:ed|able)|advantage(?:ous)?|optional(?:ly)?|would be (?:nice|great|good|useful|helpful|a plus)"
    r"|not required|not (?:a must|essential|mandatory)|highly valued|beneficial"
    r"|deseables?|valorables?|se valora(?:ra|n|ran)?|(?:sera |es )?un plus|preferible(?:mente)?|de preferencia"
    r"|opcional(?:es)?"
    r"|idealmente|no (?:es )?(?:excluyente|imprescindible|obligatorio|necesario)s?|no se requiere"
    r"|ventaja)\b", re.IGNORECASE)
_MUST = re.compile(
    r"(?<!not )(?<!no )\b(?:must(?:[- ]have)?|(?:is |are )?(?:required|mandatory|essential|necessary)|requires?"
    r"|minimum(?: of)?"
    r"|at least|you (?:have|need|bring)|we (?:require|need|expect)|need(?:s|ed)? to|imprescindibles?|obligatori[oa]s?"
    r"|indispensables?|necesari[oa]s?|(?<!no )excluyentes?|requeridos?|se (?:requiere|exige|necesita|solicita)n?"
    r"|requisitos?|debes?|deberas?|minimo|al menos)\b", re.IGNORECASE)

_LEVELS: tuple[tuple[int, str], ...] = (
    (4, r"experts?|expert[- ]level|mastery|masterful|native|world[- ]class|bilingual|guru|c2|master(?=\s*(?:[:,)]|$))"
        r"|expert[oa]s?|nativ[oa]|maestria|bilingue|dominio (?:experto|total|completo)"),
    (3, r"advanced|strong|proficien(?:t|cy)|solid|excellent|fluent(?:ly)?|fluency|deep|in-depth|extensive|very good"
        r"|thorough|proven|c1|highly skilled|avanzad[oa]s?|solid[oa]s?|amplios?|amplia|excelentes?|dominio|domina(?:r)?"
        r"|fluid[oa]|profund[oa]s?|alto nivel|nivel alto|muy buen(?:a|o|os|as)?"),
    (2, r"intermediate|working knowledge|good|comfortable|conversational|competent|hands-on|b1|b2"
        r"|intermedi[oa]s?|nivel medio|medio|buen(?:a|o|os|as)?|conversacional"),
    (1, r"basic|basics|beginner|elementary|familiarity|familiar|exposure|entry[- ]level|awareness|some|a little|novice"
        r"|learning|a1|a2|basic[oa]s?|nociones|elemental(?:es)?|principiante|inicial|introductori[oa]|familiaridad"
        r"|algo de"),
)
_LEVEL = tuple((level, re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)) for level, pattern in _LEVELS)
_YEARS = re.compile(
    r"(?<![\w.,])(\d{1,2})(?:[.,]\d)?(?:\s?(?:-|–|to|a|o|or)\s?\d{1,2})?\s?\+?\s?(?:or more |o mas |full )?"
    r"(years?|yrs?|anos?|months?|mos|meses|mes)\b", re.IGNORECASE)
_STOPS = re.compile(r"[;•|]|\bbut\b|\bpero\b")
_PAPER = re.compile(r"\b(?:certifi(?:ed|cate|cates|cation|cations)|licen[cs]ed?|diploma|credential|badge"
                    r"|certificad[oa]s?"
                    r"|certificacion(?:es)?|licencia|titulo|acreditacion)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that says something, where it stands in its sentence, and what it says."""

    start: int
    end: int
    value: int


Evidence = Literal["claim", "experience", "artifact", "credential"]


@dataclass(frozen=True, slots=True)
class Cues:
    """All cues of one sentence; places are in characters from the sentence's beginning."""

    text: str
    musts: tuple[Cue, ...]
    levels: tuple[Cue, ...]

    @classmethod
    def of(cls, sentence: str) -> Cues:
        """The cues that a sentence holds, in English or Spanish."""
        text = sentence.translate(_PLAIN)
        return cls(text, _musts(text), _levels(text))

    def must(self, start: int, end: int, section: Section) -> bool | None:
        """True must, False nice, None where nothing tells: by the nearest cue in the sentence, else by the section."""
        if self.musts:
            nearest = min(self.musts, key=lambda cue: (self._distance(cue, start, end), cue.value))
            return bool(nearest.value)
        return {"nice": False, "requirements": True}.get(section)

    def level(self, start: int, end: int, taken: Sequence[tuple[int, int]] = ()) -> int | None:
        """1 to 4, or None where nothing tells. `taken` holds the places of the other skills of the sentence."""
        inside = [cue for cue in self.levels if start <= cue.start and cue.end <= end]
        after = [cue for cue in self.levels if 0 <= cue.start - end <= _BEHIND and self._reaches_back(end, cue, taken)]
        before = [cue for cue in self.levels if 0 <= start - cue.end <= _FAR and not self._belongs_back(cue, taken)
                  and not _STOPS.search(self.text, cue.end, start)]
        found = inside[:1] or after[:1] or before[-1:]
        return found[0].value if found else None

    def _distance(self, cue: Cue, start: int, end: int) -> int:
        """Characters between a cue and a skill; what lies across a semicolon or `but` is far away."""
        low, high = (cue.end, start) if cue.end <= start else (end, cue.start)
        return max(high - low, 0) + (500 if _STOPS.search(self.text, low, max(low, high)) else 0)

    def _reaches_back(self, end: int, cue: Cue, taken: Sequence[tuple[int, int]]) -> bool:
        """Whether a level after a skill speaks of it: `Excel (advanced)`, `Spanish: native`, `ingles avanzado`."""
        between = self.text[end : cue.start]
        if any(end <= first < cue.start for first, _ in taken) or not _JOINED.fullmatch(between):
            return False
        following = self.text[cue.end : cue.end + 14].lstrip()
        return "(" in between or not between.strip() or not _GOES_ON.match(following)

    def _belongs_back(self, cue: Cue, taken: Sequence[tuple[int, int]]) -> bool:
        """Whether a level was said of the skill before it, so that it does not reach the ones after it."""
        return any(0 <= cue.start - end <= _BEHIND and self._reaches_back(end, cue, taken) for _, end in taken)


_JOINED = re.compile(r"\s*(?:[(\[:–—-]\s*)?(?:(?:a )?(?:nivel|level|con nivel|at an?)\s*:?\s*)?(?:(?:muy"
                     r"|very)\s)?", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:knowledge|understanding|experience|skills?|in\b|with\b|of\b|command|background|en\b|de\b"
                      r"|con\b"
                      r"|conocimiento|manejo|experiencia)", re.IGNORECASE)


def evidence(section: Section, sentence: str) -> Evidence:
    """How a résumé shows a skill, by the part it stands in: certificates, jobs, projects; elsewhere it is a claim."""
    if section == "certificates" or (section != "requirements" and _PAPER.search(sentence.translate(_PLAIN))):
        return "credential"
    if section in ("experience", "volunteer"):
        return "experience"
    return "artifact" if section == "projects" else "claim"


def _musts(text: str) -> tuple[Cue, ...]:
    nice = [Cue(found.start(), found.end(), 0) for found in _NICE.finditer(text)]
    must = [Cue(found.start(), found.end(), 1) for found in _MUST.finditer(text)
            if not any(cue.start <= found.start() < cue.end for cue in nice)]
    return tuple(sorted((*nice, *must), key=lambda cue: cue.start))


def _levels(text: str) -> tuple[Cue, ...]:
    found = [Cue(hit.start(), hit.end(), level) for level, pattern in _LEVEL for hit in pattern.finditer(text)]
    found += [Cue(hit.start(), hit.end(), _of_years(hit)) for hit in _YEARS.finditer(text)]
    found.sort(key=lambda cue: (cue.start, -cue.end))
    kept: list[Cue] = []
    for cue in found:
        if not kept or cue.start >= kept[-1].end:
            kept.append(cue)
    return tuple(kept)


def _of_years(hit: re.Match[str]) -> int:
    """A level for so many years: under one 1, under three 2, under seven 3, else 4."""
    number = int(hit.group(1)) / (12 if hit.group(2).lower().startswith(("mo", "me")) else 1)
    return 1 if number < 1 else 2 if number < 3 else 3 if number < 7 else 4
