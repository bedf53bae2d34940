"""Which part of a résumé or a job ad a line stands in, told by its headings in English and Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, get_args

from matcher.ranking.extract_text import Sentence

Section = Literal["", "summary", "experience", "education", "skills", "certificates", "projects", "languages", "awards",
                  "volunteer", "requirements", "nice", "duties", "about", "benefits", "contact"]
SECTIONS: tuple[Section, ...] = get_args(Section)
_HEADING_WORDS = 8  # a longer line is no heading

# Whole heading, in lower case without accents and signs. The first rule that fits decides: the narrow ones stand first.
_RULES: tuple[tuple[Section, str], ...] = (
    ("nice", r"(?:(?:nice|good|great) to have|bonus|plus(?:es)?|preferred|desir(?:ed|able)|would be (?:nice|a plus)"
             r"|what would (?:be|make) .*|deseables?|valorables?|se valorara|sera un plus|no excluyentes?|extras?"
             r"|optional|opcionales|advantage(?:s|ous)?)"),
    ("certificates", r"(?:certificat\w*|certified|licen[cs]es?|credentials|certificacion(?:es)?|certificados"
                     r"|licencias|acreditaciones|courses|cursos)"),
    ("projects", r"(?:projects?|portfolio|proyectos?|portafolio)"),
    ("volunteer", r"(?:volunteer\w*|community|voluntariado)"),
    ("languages", r"(?:languages?|idiomas?|lenguas)"),
    ("education", r"(?:education\w*|academic\w*|training|studies|educacion|formacion(?: academica| profesional)?"
                  r"|estudios"
                  r"|degrees?)"),
    ("awards", r"(?:awards?|honou?rs?|achievements?|publications?|premios|logros|reconocimientos|publicaciones)"),
    ("requirements", r"(?:requirements?|qualifications?|requisit\w+|required|must haves?|minimum|essential"
                     r"|imprescindible"
                     r"|who (?:you are|are you|we are looking for|are we looking for)"
                     r"|what (?:you|we|you ll|you will) (?:need|bring|have|re looking for|are looking for|look for"
                     r"|offer us"
                     r"|expect|require|seek)|looking for|about you|your (?:profile|background|skills|experience"
                     r"|qualifications)"
                     r"|you (?:have|are|bring|should have|must have)|we expect|ideal candidate|the candidate"
                     r"|candidate profile"
                     r"|skills (?:required|needed)|perfil|que buscamos|buscamos|lo que necesitas|se requiere"
                     r"|se solicita"
                     r"|competenc(?:ies|es|e)|person specification)"),
    ("skills", r"(?:(?:(?:technical|key|core|soft|computer|hard|professional) )?skills?|technolog(?:y|ies)|tech stack"
               r"|tools?|software|expertise|habilidades(?: tecnicas| blandas)?|aptitudes"
               r"|competencias|conocimientos|tecnologias|herramientas|destrezas|stack|programas|strengths)"),
    ("experience", r"(?:experience|work|employment|professional background|career|internships?"
                   r"|(?:work|professional|relevant|related|employment) (?:experience|history)"
                   r"|experiencias?(?: laboral| profesional| previa)?|historial|trayectoria|practicas)"),
    ("duties", r"(?:responsibilit(?:y|ies)|duties|tasks|role|job description|what (?:you ll|you will) (?:do|be doing"
               r"|work on)"
               r"|what you do|the (?:job|position|role)|your (?:role|tasks?|responsibilities|job|mission)|day to day"
               r"|key activities|position|job summary|funciones|responsabilidades|tareas|actividades|descripcion"
               r"|mision|que haras)"),
    ("benefits", r"(?:benefits?|perks|what we offer|we offer|compensation|offer|salary|why (?:us|join|work)|beneficios"
                 r"|ofrecemos|que ofrecemos|se ofrece|salario|job benefits|in return)"),
    ("about", r"(?:about(?: us| the company)?|company|who we are|our (?:team|company|story)|the team|sobre nosotros"
              r"|quienes somos|la empresa|company description|equal opportunity|contact us|how to apply|apply"
              r"|application"
              r"|interested|further information)"),
    ("summary", r"(?:summary|objective|profile|overview|resumen|objetivo|perfil profesional|extracto)"),
    ("contact", r"(?:contact\w*|personal (?:data|details|information)|references?|datos personales|referencias"
                r"|hobbies|interests|intereses)"),
)
_ALL = tuple((name, re.compile(pattern), re.compile(rf"\b{pattern}\b")) for name, pattern in _RULES)
_WORD = re.compile(r"[^\W_]+")
_PLAIN = str.maketrans("áéíóúüñàè", "aeiouunae")


def of_heading(words: Sequence[str], *, sure: bool) -> Section:
    """The section that a heading opens, or "". `sure` says that the line looks like a heading anyway."""
    if len(words) > _HEADING_WORDS:
        return ""
    name = " ".join(_WORD.findall(" ".join(words).lower().translate(_PLAIN)))[:120]
    for section, whole, _ in _ALL:
        if whole.fullmatch(name):
            return section
    if sure:
        for section, _, inside in _ALL:
            if inside.search(name):
                return section
    return ""


def of_sentences(sentences: Iterable[Sentence]) -> list[tuple[Section, int]]:
    """For each sentence its section and, where it begins with a heading, how many of its words are heading (else 0)."""
    current: Section = ""
    found: list[tuple[Section, int]] = []
    for sentence in sentences:
        section, length = heading(sentence)
        current = section or current
        found.append((current, length))
    return found


def heading(sentence: Sentence) -> tuple[Section, int]:
    """The section that a sentence opens and the length of its heading; ("", 0) where it opens none."""
    words = [token.text for token in sentence.tokens]
    colon = words.index(":") if ":" in words[: _HEADING_WORDS + 1] else -1
    if colon > 0:
        section = of_heading(words[:colon], sure=colon <= 4)
        return section, colon + 1 if section else 0
    if sentence.bullet or len(words) > _HEADING_WORDS:
        return "", 0
    bare = [word for word in words if word not in ("?", "!", "…", "#")]
    section = of_heading(bare, sure=_looks_so(bare) and words[-1] not in (".", "!"))
    return section, len(words) if section else 0


def _looks_so(words: Sequence[str]) -> bool:
    """Whether a line without a colon is written like a heading: few words, in capitals or title case."""
    letters = [word for word in words if word[0].isalpha()]
    if not letters or len(letters) > 5:
        return False
    return all(word[0].isupper() or len(word) <= 3 for word in letters) and letters[0][0].isupper()
