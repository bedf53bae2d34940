"""The names that typing is matched against: the shipped ones, kept per taxonomy version, and a hub's own."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.ranking.extract_names import SPANISH
from matcher.skills.facts import NATION, WAGES
from matcher.skills.matching import Names, Surface
from matcher.skills.models import (
    LaborMarketFact,
    Occupation,
    OccupationTitle,
    ProposalKind,
    ProposalState,
    Skill,
    SkillAlias,
    SkillKind,
    SkillProposal,
    TaxonomyVersion,
)

COMMON_USES = 2  # technologies of a single occupation are found by name, not guessed at
EVERYDAY_WEIGHT = 250.0  # O*NET elements and our own skills stand beside a much used technology
FLAG_WEIGHT = 200.0
FAMILY = "15-"  # every title of computer work may be guessed at; elsewhere those that workers reported
_KEPT: dict[tuple[str, ProposalKind], Names] = {}
_LOCK = Lock()


def shared(session: Session, kind: ProposalKind) -> Names:
    """All shipped names of skills or occupations; built once per process and taxonomy version."""
    version = session.scalar(select(TaxonomyVersion.digest).order_by(TaxonomyVersion.loaded_at.desc()).limit(1)) or ""
    with _LOCK:
        if (version, kind) not in _KEPT:
            for old in [other for other in _KEPT if other[1] is kind]:
                del _KEPT[old]
            surfaces = _skills(session) if kind is ProposalKind.SKILL else _occupations(session)
            _KEPT[version, kind] = Names(surfaces)
        return _KEPT[version, kind]


def of_hub(session: Session, kind: ProposalKind, hub_id: str | None) -> Names | None:
    """Names that this hub accepted; None where it has none. Another hub's never show."""
    if hub_id is None:
        return None
    accepted = SkillProposal.hub_id == hub_id, SkillProposal.kind == kind, SkillProposal.state == ProposalState.ACCEPTED
    if kind is ProposalKind.SKILL:
        rows = select(SkillProposal.text, Skill.id, Skill.name).join(Skill, Skill.id == SkillProposal.skill_id)
    else:
        joined = Occupation.code == SkillProposal.occupation_code
        rows = select(SkillProposal.text, Occupation.code, Occupation.title).join(Occupation, joined)
    found = session.execute(rows.where(*accepted).order_by(SkillProposal.id)).all()
    surfaces = [Surface(id, name, text, text == name, EVERYDAY_WEIGHT) for text, id, name in found]
    return Names(surfaces) if surfaces else None


def _skills(session: Session) -> Iterator[Surface]:
    columns = Skill.id, Skill.name, Skill.name_es, Skill.kind, Skill.uses, Skill.hot, Skill.in_demand
    rows = session.execute(select(*columns).where(Skill.hub_id.is_(None), ~Skill.retired)).all()
    weights, labels, linked, tongues = {}, {}, {}, {}
    for id, name, name_es, kind, uses, hot, in_demand in rows:
        everyday = kind is not SkillKind.TECHNOLOGY or uses == 0
        weights[id] = EVERYDAY_WEIGHT if everyday else uses + FLAG_WEIGHT * (int(hot) + int(in_demand))
        labels[id] = name
        linked[id] = everyday or uses >= COMMON_USES or hot or in_demand
        tongues[id] = "" if name_es is None or name_es == name else "en"  # products are called the same everywhere
        yield Surface(id, name, name, True, weights[id], linked[id], language=tongues[id])
        if name_es and tongues[id]:
            yield Surface(id, name, name_es, True, weights[id], linked[id], language="es")
    for id, alias, source in session.execute(select(SkillAlias.skill_id, SkillAlias.alias, SkillAlias.source)):
        if id in labels:
            tongue = "es" if source == SPANISH else tongues[id]
            yield Surface(id, labels[id], alias, False, weights[id], linked[id], language=tongue)


def _occupations(session: Session) -> Iterator[Surface]:
    jobs = select(LaborMarketFact.soc, LaborMarketFact.employment).where(
        LaborMarketFact.source == WAGES, LaborMarketFact.area == NATION
    )
    employed = {soc: sqrt(count or 0) for soc, count in session.execute(jobs)}
    labels, weights = {}, {}
    for code, title, soc in session.execute(
        select(Occupation.code, Occupation.title, Occupation.soc).where(~Occupation.retired)
    ):
        # Jobs are counted for the SOC code; its first occupation (.00) is the usual one.
        labels[code], weights[code] = title, employed.get(soc, 0.0) * (1.0 if code.endswith(".00") else 0.5)
        yield Surface(code, title, title, True, weights[code], language="en")
    columns = OccupationTitle.occupation_code, OccupationTitle.title, OccupationTitle.reported, OccupationTitle.language
    for code, title, reported, language in session.execute(select(*columns)):
        if code in labels:
            guessed = reported or language != "en" or code.startswith(FAMILY)
            share = 0.8 if reported or language != "en" else 0.2
            yield Surface(code, labels[code], title, False, weights[code], guessed, share, language)
