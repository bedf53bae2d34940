"""The words by which a job ad tells its title, hours, place, degree and path, in English and Spanish."""

from __future__ import annotations

import re

Table = tuple[tuple[str, re.Pattern[str]], ...]
_STATES = ("A[KLRZ]|C[AOT]|DE|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|PR|RI|S[CD]|T[NX]|UT|V[AT]"
           "|W[AIVY]|DC")


def _words(*parts: str) -> re.Pattern[str]:
    """One of these, as whole words."""
    return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE)


def _any(*parts: str) -> re.Pattern[str]:
    """One of these, anywhere."""
    return re.compile("|".join(parts), re.IGNORECASE)


LABEL = re.compile(r"^(?:job title|title|position|role|puesto|cargo|vacante|t[ií]tulo|job)\s*:\s*(?P<title>.{3,120})$",
                   re.IGNORECASE)
HIRING = re.compile(
    r"(?:hiring|looking for|seeking|seeks|join us as|need|busca(?:mos)?|contrata(?:mos)?|solicita(?:mos)?)\s+"
    r"(?:(?:a|an|some|un|una|our next|full[- ]time|part[- ]time|experienced|\d+)\s+)*(?P<title>[^.,;:!\n(]{4,60})",
    re.IGNORECASE)
AROUND = re.compile(r"^(?:now hiring|hiring|wanted|we are hiring|se busca|se solicita|buscamos)[:!]?\s+", re.IGNORECASE)
PLACE = re.compile(
    r"^(?:location|place|where|based in|job location|lugar|ubicaci[oó]n|d[oó]nde)\s*:\s*(?P<place>.{3,120})$",
    re.IGNORECASE)
TOWN = re.compile(rf"\b(?P<place>[A-Z][A-Za-z.'’]{{1,24}}(?: [A-Z][A-Za-z.'’]{{1,24}}){{0,2}}, (?:{_STATES}))\b")

KINDS: Table = (
    ("apprenticeship", _words("apprentice(?:ship)?s?", "aprendices", "programa de aprendiz")),
    ("intern", _words("internship", "paid intern", "pasant[ií]a", "pr[aá]cticas profesionales")),
    ("part_time", _words("part[- ]time", "medio tiempo", "tiempo parcial", "media jornada", "jornada parcial")),
    ("contractor", _words("contractor", "1099", "freelance", "independent contract", "por contrato", "aut[oó]nomo")),
    ("full_time", _words("full[- ]time", "tiempo completo", "jornada completa")),
)
SCHEDULES: Table = (
    ("days", _words("day ?shifts?", "day work", "daytime", r"mon(?:day)?\s?(?:-|–|to|through)\s?fri(?:day)?",
                    "business hours", r"9 ?(?:am)? ?(?:-|–|to) ?5", "turno (?:de d[ií]a|diurno)", "lunes a viernes",
                    "horario de oficina")),
    ("evenings", _words("evenings?", "second shift", "2nd shift", "swing shift",
                        "turno (?:de la )?(?:tarde|vespertino)", "por las tardes")),
    ("nights", _words("nights", "night shifts?", "overnight", "graveyard", "third shift", "3rd shift",
                      "turno (?:de (?:la )?noche|nocturno)", "por las noches")),
    ("weekends", _words("weekends?", "saturdays?", "sundays?", "fin(?:es)? de semana", "s[aá]bados?", "domingos?")),
    ("rotating", _words("rotating", "rotational", "shift rotation", "turnos? rotativos?")),
    ("flexible", _words("flexible (?:hours|schedules?|scheduling|shifts)", "flex(?:ible)? ?time", "horario flexible")),
)
PLACES: Table = (
    ("hybrid", _words("hybrid", "h[ií]brid[oa]", "partly (?:from home|remote)", r"remote (?:two|three|\d) days")),
    ("onsite", _words("on[- ]?site", "in[- ]person", "in (?:the|our) office", "not remote", "no remote", "presencial")),
    ("remote", _words("remote", "work from home", r"telecommut\w+", "remot[oa]", "desde casa", "teletrabajo")),
)
DEGREE = re.compile(
    r"\b(?:bachelor|associate|master)(?:['’]?s)? (?:degree|of|in)\b|\b(?:bachelor|associate)['’]s\b"
    r"|\b(?:college|university|four[- ]year|4[- ]year) degree|\bB\.?(?:A|S|Sc)\.? (?:in|degree)\b"
    r"|\bdegree (?:in|required|from)\b|\blicenciatura\b|\bt[ií]tulo universitario\b", re.IGNORECASE)
OTHER_WAY = _any(
    r"\bor (?:the )?(?:equivalent|related|relevant|similar|comparable|\w+ experience|skills)",
    "equivalent (?:work )?experience", "in lieu of", "preferred", "a plus", "nice to have", "desirable",
    "o (?:su )?equivalente", "o experiencia", "deseable")
NO_DEGREE = _any(
    "no (?:college |four[- ]year )?degree", "degree (?:is )?not (?:required|needed)", "without a degree",
    "no se (?:requiere|necesita) (?:t[ií]tulo|licenciatura)", "sin t[ií]tulo")
SEATS = re.compile(
    r"\b(?P<count>\d{1,2}|two|three|four|five|six|dos|tres|cuatro|cinco|seis)\s+(?:open )?"
    r"(?:positions|openings|vacancies|seats|vacantes|plazas|puestos)\b", re.IGNORECASE)
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5,
           "seis": 6}
NEXT = re.compile(
    r"(?:(?:can|could|may) (?:grow|move up|advance|lead)(?: on)? (?:in)?to|path to|promot(?:ed|ion) to|next step:?"
    r"|grow into|career path:?|crecer (?:a|hasta)|ascender a|plan de carrera:?)\s*(?P<next>[^.;\n]{4,120})",
    re.IGNORECASE)
DUTIES = re.compile(
    r"^(?:(?:\w+ ){0,2}(?:responsibilities|duties|tasks)|what you(?:'ll| will)? (?:do|be doing)|the (?:job|role|work)"
    r"|about the (?:job|role|position)|job (?:description|summary)|day to day|funciones|responsabilidades|tareas"
    r"|actividades|descripcion(?: del puesto)?|que haras|el puesto)$")
