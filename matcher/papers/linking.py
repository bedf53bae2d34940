"""Says which known skills and occupations the words found in a paper name, and asks where that is not certain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from matcher.skills import queries as skills
from matcher.skills.matching import Suggestion, Understood
from matcher.skills.models import ProposalKind

LIKELY = 0.5
ASKED = 0.6
SHOWN = 4
MOST_UNKNOWN = 6
MOST = 40
_ORDER = {"sure": 0, "did_you_mean": 1, "unknown": 2}


def link_skills(session: Session, phrases: Iterable[Mapping[str, Any]], hub_id: str) -> list[dict[str, Any]]:
    """The phrases with `outcome`, `id`, `label` and `options`; one line for each skill, sure ones first.

    `phrases` have `text`, `level`, `where`, `listed` (it stood in a list of skills: worth asking about even when we do
    not know it), and may have `whole` (False: a sentence, in which only names and deeds are looked for).
    """
    words = skills.words_of(session, ProposalKind.SKILL, hub_id)
    found: dict[str, dict[str, Any]] = {}
    for phrase in phrases:
        for line in _lines(words, phrase):
            place = line["id"] or line["text"].casefold()
            known = found.get(place)
            if known is not None:
                line["level"] = known["level"] = max(line["level"], known["level"])
            if known is None or _better(line, known):
                found[place] = line
    lines = _not_again(found.values())
    lines.sort(key=lambda line: (_ORDER[line["outcome"]], not line.get("must")))
    unknown = [line for line in lines if line["outcome"] == "unknown"][MOST_UNKNOWN:]
    return [line for line in lines if line not in unknown][:MOST]


def _not_again(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines, none of which asks about a skill that another one is sure of."""
    held = list(lines)
    sure = {line["id"] for line in held if line["outcome"] == "sure"}
    kept = []
    for line in held:
        options = [option for option in line["options"] if option["id"] not in sure]
        if options or not line["options"]:
            kept.append({**line, "options": options})
        elif line["listed"]:
            kept.append({**line, "outcome": "unknown", "label": "", "options": []})
    return kept


def link_occupation(session: Session, title: str, hub_id: str) -> dict[str, Any]:
    """The same for a job title."""
    return _read(skills.understand(session, title, ProposalKind.OCCUPATION, hub_id))


def _lines(words: skills.Words, phrase: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The line for a phrase; one for each skill inside it where it names none as a whole; none if it says nothing."""
    asked = []
    if phrase.get("listed") and phrase["where"] != phrase["text"]:  # “manejo de caja” is a name, its last word is not
        understood = words.understand(phrase["where"])
        if understood.outcome == "sure":
            return [{**phrase, "text": phrase["where"], **_read(understood)}]
    if phrase.get("whole", True):
        understood = words.understand(phrase["text"])
        line = {**phrase, **_read(understood)}
        if line["outcome"] == "sure":
            return [line]
        asked = [line] if phrase.get("listed") or _worth_asking(understood) else []
    parts = words.inside(phrase["text"])
    return [{**phrase, "text": part.matched, **_read(Understood("sure", part))} for part in parts] or asked


def _worth_asking(found: Understood) -> bool:
    """Whether words from the middle of a sentence come near enough to a name to ask about them."""
    return found.outcome == "did_you_mean" and found.best is not None and found.best.confidence >= ASKED


def _better(line: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
    """Of two lines for one skill the surer stays; of equals the one that comes from something the person did."""
    rank = _ORDER[line["outcome"]], line.get("experience") is None
    return rank < (_ORDER[held["outcome"]], held.get("experience") is None)


def _read(found: Understood) -> dict[str, Any]:
    hits = [hit for hit in (found.best, *found.others) if hit and _sensible(hit)]
    if not hits:
        return {"outcome": "unknown", "id": None, "label": "", "options": []}
    sure = found.outcome == "sure"
    return {
        "outcome": "sure" if sure else "did_you_mean", "id": hits[0].id if sure else None, "label": hits[0].label,
        "options": [] if sure else [_option(hit) for hit in hits[:SHOWN]],
    }


def _sensible(hit: Suggestion) -> bool:
    return hit.how not in {"parts", "starts"} or hit.confidence >= LIKELY


def _option(hit: Suggestion) -> dict[str, str]:
    other = hit.matched if hit.matched.casefold() != hit.label.casefold() else ""
    return {"id": hit.id, "label": hit.label, "note": other}
