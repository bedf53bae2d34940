"""Skills in Spanish: known names, what follows words such as `conocimientos de`, lines that begin with a verb."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcher.ranking.extract_model import Label
from matcher.ranking.extract_names import Names, words_of, written_as_name
from matcher.ranking.extract_sections import Section
from matcher.ranking.extract_text import Sentence

Piece = tuple[int, int, Label, float]  # first word, after last word, kind, confidence
_NAMED, _CUED, _VERB = 0.85, 0.6, 0.5
_ITEM = 7  # words of the longest item of a list
_PHRASE = 10

_KNOWING = frozenset(("conocimiento conocimientos manejo dominio uso utilizacion nociones experiencia experto experta "
                      "titulo titulacion "
                      "certificacion certificado formacion estudios carrera licenciatura tecnico curso cursos "
                      "operacion "
                      "licencia diploma grado bachillerato especialista instalacion mantenimiento").split())
_BEING = frozenset("habilidad habilidades capacidad capacidades facilidad aptitud aptitudes actitud competencia "
                   "competencias".split())
_LINKS = frozenset("en de del con para sobre el la los las un una sus al a".split())
_BETWEEN = frozenset(("basico basica basicos basicas avanzado avanzada avanzados avanzadas intermedio intermedia "
                      "solido solida "
                      "solidos solidas amplio amplia amplios amplias buen buena buenos buenas excelente excelentes "
                      "previo previa "
                      "comprobable comprobada demostrable demostrada minima minimo general generales tecnicos tecnicas "
                      "profundo profundos anos ano mes meses 0 practico practica laboral profesional").split())
_STOPS = frozenset(("que se es sera son como cuando donde porque si no sin desde hasta durante nivel imprescindible "
                    "deseable "
                    "valorable requerido requerida obligatorio obligatoria indispensable excluyente plus preferible "
                    "necesario necesaria tambien ademas ofrecemos tiempo").split())
_SCHOOLS = frozenset("instituto universidad colegio escuela academia centro empresa facultad".split())
_DEGREES = frozenset(
    "titulo titulacion formacion estudios carrera licenciatura tecnico grado bachillerato diploma".split())
_DOING = ("onet:2.A", "onet:2.B", "own:teamwork", "own:leadership", "own:presenting", "own:attention-to-detail",
          "own:adaptability", "own:organization", "own:reliability", "own:de-escalation")
_AND = frozenset("y e o u".split())
_TRIMMED = _LINKS | _BETWEEN | _AND | _STOPS | frozenset(
    "fluido fluida nativo nativa muy otros otras etc similar similares entre nuestro nuestra su".split())
_NO_VERBS = frozenset("lugar hogar nivel auxiliar particular regular titular militar familiar escolar taller mujer "
                      "mayor ayer "
                      "alquiler cualquier primer tercer saber poder querer similar".split())
_VERB_SECTIONS = frozenset(("duties", "requirements", "nice", "experience", "skills", "summary", "volunteer"))


def pieces(sentence: Sentence, section: Section, headed: int, names: Names) -> list[Piece]:
    """What a Spanish sentence holds; pieces of one kind do not overlap."""
    words = words_of(sentence)
    found = [*_named(sentence, words, names), *_cued(sentence, words)]
    if (sentence.bullet or section in _VERB_SECTIONS) and not headed:
        found += _verb(sentence, words)
    kept: list[Piece] = []
    for piece in sorted(found, key=lambda piece: (-piece[3], piece[0], -piece[1])):
        first, after, label, _ = piece
        if first >= headed and all(label != other[2] or after <= other[0] or other[1] <= first for other in kept):
            kept.append(piece)
    return sorted(kept)


def _named(sentence: Sentence, words: list[str], names: Names) -> Iterator[Piece]:
    """Names of the taxonomy. A single English name has to be written with a capital or a sign, as names are."""
    for first, after, named in names.inside(words):
        text = sentence.tokens[first].text
        single = after - first == 1
        capital = text[0].isupper()
        written = (capital and first > 0) or written_as_name(text)
        alone = after == len(words) or after in sentence.breaks or first in sentence.breaks
        everyday = words[first] in names.everyday
        if single and not (words[first] in names.own_language or written or (capital and alone and not everyday)):
            continue
        yield first, after, "skill" if named.id.startswith(_DOING) else "knowledge", _NAMED


def _cued(sentence: Sentence, words: Sequence[str]) -> Iterator[Piece]:
    """Items after a cue: `conocimientos de Excel, contabilidad y facturación`."""
    at = 0
    while at < len(words):
        label: Label | None = "knowledge" if words[at] in _KNOWING else "skill" if words[at] in _BEING else None
        at += 1
        if label is None:
            continue
        start = at
        while at < len(words) and words[at] in _BETWEEN:
            at += 1
        if at == len(words) or words[at] not in _LINKS or (at in sentence.breaks and at > start):
            continue
        degree = words[start - 1] in _DEGREES
        for first, after in _items(sentence, words, at):
            if not _SCHOOLS.isdisjoint(words[first:after]):
                break
            yield first, after, label, _CUED
            at = after
            if degree:
                break  # what follows a degree's field is the school


def _items(sentence: Sentence, words: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
    """Items of a list from a word on, as far as it goes in a breath."""
    start, count = at, 0
    while at <= len(words):
        ends = at == len(words) or not any(map(str.isalnum, words[at])) or words[at] in _STOPS
        parts = at < len(words) and (words[at] in _AND or (at in sentence.breaks and at > start))
        if ends or parts:
            first, after = _trim(words, start, at)
            if first < after <= first + _ITEM:
                yield first, after
                count += 1
            if ends or count >= 12 or (at < len(words) and words[at] in (_KNOWING | _BEING)):
                return
            start = at + 1 if words[at] in _AND else at
            if start < len(words) and words[start] in (_KNOWING | _BEING):
                return
        at += 1


def _verb(sentence: Sentence, words: Sequence[str]) -> Iterator[Piece]:
    """A line that begins with an infinitive: `Atender a clientes por teléfono`."""
    verb = words[0]
    if len(verb) < 5 or not verb.endswith(("ar", "er", "ir")) or verb in _NO_VERBS or len(words) < 2:
        return
    end = next((at for at in range(1, len(words)) if at in sentence.breaks or not any(map(str.isalnum, words[at]))
                or words[at] in _STOPS), len(words))
    end = min(end, _PHRASE)
    while end > 1 and words[end - 1] in (_LINKS | _AND):
        end -= 1
    yield 0, end, "skill", _VERB


def _trim(words: Sequence[str], first: int, after: int) -> tuple[int, int]:
    """Without small words and levels at both ends."""
    while first < after and words[first] in _TRIMMED:
        first += 1
    while first < after and words[after - 1] in _TRIMMED:
        after -= 1
    return first, after
