"""The three kinds of words that people type (skills, occupations, programs), each looked up where it lives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit.actor import Actor
from matcher.kit.errors import NotFoundError
from matcher.organizations.models import Hub, Organization
from matcher.skills import actions as skill_actions
from matcher.skills import learning
from matcher.skills import queries as skills
from matcher.skills.matching import Names, Suggestion, Surface, Understood
from matcher.skills.models import ProposalKind
from matcher.training.models import Program
from web.kit.names import language, occupation_title, occupation_titles, skill_name, skill_names

Kind = Literal["skill", "occupation", "program"]
KINDS: tuple[Kind, ...] = ("skill", "occupation", "program")
SHOWN = 8
LIKELY = 0.5
NO_NAMES: Mapping[str, str] = {}
NOTHING = Understood("unknown", None)


@dataclass(frozen=True, slots=True)
class Named:
    """One thing that words may name; `note` says which other name of it matched, or who teaches it."""

    id: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What words were understood as: `sure`, `did_you_mean` or `unknown`."""

    outcome: str
    best: Named | None = None
    others: tuple[Named, ...] = ()


def suggest(session: Session, kind: Kind, text: str, hub_id: str | None, limit: int = SHOWN) -> Sequence[Named]:
    """The likeliest things for words that are still being typed, best first."""
    if not text.strip():
        return ()
    if kind == "program":
        table, notes = _programs(session, hub_id)
        return [_named(hit, notes) for hit in table.suggest(text, limit)] if table else ()
    hits = skills.suggest(session, text, ProposalKind(kind), hub_id, limit, language())
    names, begun = _names(kind, hits), text.strip().casefold()
    named = [_named(hit, names=names) for hit in hits]
    # Which other name matched is worth a word only where the shown one does not begin as typed.
    return [replace(one, note="") if one.label.casefold().startswith(begun) else one for one in named]


def understand(session: Session, kind: Kind, text: str, hub_id: str | None) -> Reading:
    """What finished words name, and how certain that is."""
    notes: dict[str, str] = {}
    if kind == "program":
        table, notes = _programs(session, hub_id)
        found = _sensible(table.understand(text)) if table else NOTHING
    else:
        found = skills.understand(session, text, ProposalKind(kind), hub_id)
    hits = [hit for hit in (found.best, *found.others) if hit]
    names = _names(kind, hits)
    named = {hit.id: _named(hit, notes, names) for hit in hits}
    best = named[found.best.id] if found.best else None
    return Reading(found.outcome, best, tuple(named[hit.id] for hit in found.others))


def label(session: Session, kind: Kind, thing: str, hub_id: str | None) -> str | None:
    """Our name for an id, None when there is no such thing in this hub."""
    if kind == "skill":
        skill = skills.skills_by_id(session, [thing]).get(thing)
        return skill_name(skill) if skill and skill.hub_id in (None, hub_id) else None
    if kind == "program":
        return session.scalar(select(Program.name).where(Program.id == thing, Program.hub_id == hub_id))
    try:
        return occupation_title(skills.get_occupation(session, thing))
    except NotFoundError:
        return None


def propose(session: Session, hub: Hub, kind: Kind, text: str, *, actor: Actor, at: datetime) -> None:
    """Send words that we do not know to the hub."""
    skill_actions.propose(session, hub_id=hub.id, text=text, kind=ProposalKind(kind), actor=actor, at=at)


def confirm(session: Session, hub: Hub, kind: Kind, text: str, means: str, *, actor: Actor, at: datetime) -> None:
    """Note what a person meant by words that we asked about; the hub learns a name when enough people agree."""
    learning.answered(session, hub_id=hub.id, kind=ProposalKind(kind), text=text, means=means, actor=actor, at=at)


def _sensible(found: Understood) -> Understood:
    """Without the guesses that a short list of names gives for words it does not hold."""
    kept = [hit for hit in (found.best, *found.others) if hit and (hit.how != "parts" or hit.confidence >= LIKELY)]
    return Understood(found.outcome, kept[0], tuple(kept[1:])) if kept else NOTHING


def _names(kind: Kind, hits: Sequence[Suggestion]) -> dict[str, str]:
    """How the reader calls what was found."""
    if kind == "program":
        return {}
    return (skill_names if kind == "skill" else occupation_titles)(hit.id for hit in hits)


def _named(hit: Suggestion, notes: Mapping[str, str] = NO_NAMES, names: Mapping[str, str] = NO_NAMES) -> Named:
    label = names.get(hit.id, hit.label)
    other = hit.matched if hit.matched.casefold() != label.casefold() else ""
    return Named(hit.id, label, notes.get(hit.id, other))


def _programs(session: Session, hub_id: str | None) -> tuple[Names | None, dict[str, str]]:
    """The hub's listed programs by name, and who teaches each."""
    rows = session.execute(
        select(Program.id, Program.name, Organization.name)
        .join(Organization, Organization.id == Program.organization_id)
        .where(Program.hub_id == hub_id, Program.state == "listed").order_by(Program.id)
    ).all()
    return (_table(tuple((row[0], row[1]) for row in rows)) if rows else None), {row[0]: row[2] for row in rows}


@lru_cache(maxsize=16)
def _table(names: tuple[tuple[str, str], ...]) -> Names:
    return Names(Surface(id, name, name, own=True, weight=0.0) for id, name in names)
