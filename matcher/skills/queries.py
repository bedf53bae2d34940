"""Everything that reads the taxonomy: what typing means, what is published, and what goes with what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session, joinedload

from matcher.kit.errors import NotFoundError
from matcher.kit.words import N_
from matcher.skills import names, rules
from matcher.skills.facts import FactTable, OccupationFacts, figures_of
from matcher.skills.inside import inside
from matcher.skills.load import FOLDER
from matcher.skills.matching import Names, Suggestion, Understood
from matcher.skills.models import (
    CipSoc,
    HubOccupation,
    Occupation,
    OccupationSkill,
    ProposalKind,
    ProposalState,
    RelatedOccupation,
    Skill,
    SkillNeighbor,
    SkillProposal,
)
from matcher.skills.rules import Verdict

__all__ = ["Attribution", "OccupationFacts", "Suggestion", "Understood"]


# ------------------------------------------------------------------------------------------- what typing means
@dataclass(frozen=True, slots=True)
class Words:
    """The words of one kind that are understood in a hub, its own before the shared ones; read once, asked often."""

    tables: tuple[Names, ...]

    def suggest(self, text: str, limit: int = 8, language: str = "") -> list[Suggestion]:
        """Skills or occupations for what was typed so far, surest first, names in a language before others."""
        found: dict[str, Suggestion] = {}
        for table in self.tables:
            for suggestion in table.suggest(text, limit, language):
                found.setdefault(suggestion.id, suggestion)
        return list(found.values())[:limit]

    def understand(self, text: str) -> Understood:
        """What a finished text means: sure, ask, or unknown. An exact word of the hub wins."""
        best = Understood("unknown", None)
        for table in self.tables:
            understood = table.understand(text)
            if understood.outcome == "sure":
                return understood
            best = understood if best.outcome == "unknown" else best
        return best

    def inside(self, text: str) -> list[Suggestion]:
        """Skills that a phrase names or tells of, where `understand` is not sure what it means as a whole."""
        return inside(self.tables, text)


def words_of(session: Session, kind: ProposalKind, hub_id: str | None = None) -> Words:
    """The words of a hub, or with no hub those that all share."""
    own = names.of_hub(session, kind, hub_id)
    return Words(tuple(table for table in (own, names.shared(session, kind)) if table is not None))


def suggest(
    session: Session, text: str, kind: ProposalKind, hub_id: str | None = None, limit: int = 8, language: str = ""
) -> list[Suggestion]:
    """`Words.suggest` for one text."""
    return words_of(session, kind, hub_id).suggest(text, limit, language)


def understand(session: Session, text: str, kind: ProposalKind, hub_id: str | None = None) -> Understood:
    """`Words.understand` for one text."""
    return words_of(session, kind, hub_id).understand(text)


def warm(session: Session) -> None:
    """Build the name tables of this process, so that nobody's first letter waits for them."""
    for kind in (ProposalKind.SKILL, ProposalKind.OCCUPATION):
        names.shared(session, kind).warm()


# ---------------------------------------------------------------------------------------------------- skills
def get_skill(session: Session, skill_id: str) -> Skill:
    """A skill by its code; raises NotFoundError."""
    skill = session.get(Skill, skill_id)
    if skill is None:
        raise NotFoundError(N_("This skill is not known."))
    return skill


def skills_by_id(session: Session, ids: Iterable[str]) -> dict[str, Skill]:
    """Skill code -> skill, for the codes that exist."""
    rows = session.scalars(select(Skill).where(Skill.id.in_(set(ids))))
    return {skill.id: skill for skill in rows}


def neighbors(session: Session) -> dict[str, list[tuple[str, float]]]:
    """Skill code -> its nearest skills with similarity in (0, 1], nearest first."""
    found: dict[str, list[tuple[str, float]]] = {}
    for skill, neighbor, value in similarity(session):
        found.setdefault(skill, []).append((neighbor, value))
    return found


def similarity(session: Session) -> list[tuple[str, str, float]]:
    """All (skill, neighbor, similarity) triples in a fixed order, as the ranker takes them."""
    columns = SkillNeighbor.skill_id, SkillNeighbor.neighbor_id, SkillNeighbor.similarity
    rows = session.execute(select(*columns).order_by(columns[0], columns[2].desc(), columns[1]))
    return [(skill, neighbor, value) for skill, neighbor, value in rows]


# ----------------------------------------------------------------------------------------------- occupations
def get_occupation(session: Session, code: str) -> Occupation:
    """An occupation by its O*NET-SOC code; raises NotFoundError."""
    occupation = session.get(Occupation, code)
    if occupation is None:
        raise NotFoundError(N_("This occupation is not known."))
    return occupation


def occupation_facts(session: Session, code: str, area: str | None = None) -> OccupationFacts:
    """Pay, jobs, growth and openings published for an occupation, in an area where they are, else in the nation."""
    occupation = get_occupation(session, code)
    return FactTable(session, area, occupation.soc).of(occupation)


def typical_skills(session: Session, code: str, limit: int | None = None) -> Sequence[OccupationSkill]:
    """What an occupation typically uses: technologies asked for by employers first, then elements by importance."""
    element = OccupationSkill.importance.is_not(None)
    rank = case((OccupationSkill.in_demand, 0), (element, 1), (OccupationSkill.hot, 2), else_=3)
    statement = (
        select(OccupationSkill)
        .join(Skill)
        .where(OccupationSkill.occupation_code == code, ~Skill.retired)
        .options(joinedload(OccupationSkill.skill))
        .order_by(rank, OccupationSkill.importance.desc(), Skill.uses.desc(), Skill.id)
    )
    return session.scalars(statement.limit(limit) if limit else statement).all()


def related_occupations(session: Session, code: str, limit: int = 10) -> Sequence[Occupation]:
    """Occupations that O*NET relates to this one, nearest first."""
    return session.scalars(
        select(Occupation)
        .join(RelatedOccupation, RelatedOccupation.related_code == Occupation.code)
        .where(RelatedOccupation.occupation_code == code, ~Occupation.retired)
        .order_by(RelatedOccupation.position)
        .limit(limit)
    ).all()


def occupations_for_cip(session: Session, cip: str) -> Sequence[Occupation]:
    """Occupations that a field of study (CIP 2020, `11.0901`) prepares for, by code."""
    socs = select(CipSoc.soc).where(CipSoc.cip == cip)
    statement = select(Occupation).where(Occupation.soc.in_(socs), ~Occupation.retired)
    return session.scalars(statement.order_by(Occupation.code)).all()


def default_verdict(session: Session, code: str, area: str | None) -> Verdict:
    """What the default rule says about an occupation in an area, with its reasons; raises NotFoundError."""
    if get_occupation(session, code).retired:
        raise NotFoundError(N_("This occupation is not known."))
    return rules.decide(figures_of(session, code, area))


# --------------------------------------------------------------------------------------------- what a hub holds
def hub_occupations(session: Session, hub_id: str, *, counting: bool = False) -> Sequence[HubOccupation]:
    """What a hub holds about its occupations, by code; `counting` keeps those that can count in the headline."""
    return session.scalars(_of_hub(hub_id, counting)).all()


def find_hub_occupation(session: Session, hub_id: str, code: str) -> HubOccupation | None:
    """What a hub holds about one occupation; None where it was never decided."""
    return session.scalar(_of_hub(hub_id).where(HubOccupation.occupation_code == code))


def _of_hub(hub_id: str, counting: bool = False) -> Select[HubOccupation]:
    statement = select(HubOccupation).where(HubOccupation.hub_id == hub_id)
    if counting:
        statement = statement.where(HubOccupation.in_demand, HubOccupation.entry_level, HubOccupation.career_path)
    return statement.options(joinedload(HubOccupation.occupation)).order_by(HubOccupation.occupation_code)


def open_proposals(session: Session, hub_id: str) -> Sequence[SkillProposal]:
    """Words that wait for this hub's answer, oldest first."""
    return session.scalars(
        select(SkillProposal)
        .where(SkillProposal.hub_id == hub_id, SkillProposal.state == ProposalState.OPEN)
        .order_by(SkillProposal.created_at, SkillProposal.id)
    ).all()


# ----------------------------------------------------------------------------------------------------- sources
@dataclass(frozen=True, slots=True)
class Attribution:
    """Where shipped facts come from, under which licence, and what was changed; for the page of sources."""

    id: str
    name: str
    publisher: str
    url: str
    licence: str
    licence_url: str
    credit: str
    changed: str


@lru_cache(maxsize=1)
def attributions() -> tuple[Attribution, ...]:
    """The sources of the shipped taxonomy."""
    rows = json.loads((FOLDER / "SOURCES.json").read_text(encoding="utf-8"))
    return tuple(Attribution(**{name: row[name] for name in Attribution.__slots__}) for row in rows)
