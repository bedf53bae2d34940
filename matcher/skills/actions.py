"""Everything that writes about skills and occupations: a hub's decisions, and words that people propose."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from matcher.kit import audit
from matcher.kit.actor import Actor
from matcher.kit.errors import ConflictError, DomainError
from matcher.kit.ids import new_id
from matcher.kit.words import N_
from matcher.skills import facts, queries, rules
from matcher.skills.models import (
    DecisionBasis,
    HubOccupation,
    ProposalKind,
    ProposalState,
    Skill,
    SkillKind,
    SkillProposal,
)
from matcher.skills.rules import Verdict
from matcher.skills.text import key

LONGEST = 160
ANSWERS = ("in_demand", "entry_level", "career_path")


# ------------------------------------------------------------------------------------------- what counts in a hub
def decide_defaults(session: Session, hub_id: str, area: str | None, at: datetime) -> int:
    """Write the default rule's answers for every occupation in use; returns how many changed.

    `area` is a name that wages are published for; None means the nation. What the hub itself decided stays.
    """
    held = {row.occupation_code: row for row in queries.hub_occupations(session, hub_id)}
    added: list[dict[str, Any]] = []
    changed = 0
    for code, figures in facts.figures(session, area).items():
        answers = _answers(rules.decide(figures))
        row = held.get(code)
        if row is None:
            added.append(_new_row(hub_id, code, answers, at))
        elif row.basis is DecisionBasis.DEFAULT_RULE and _held(row) != answers:
            _write(row, answers, DecisionBasis.DEFAULT_RULE, at, None)
            changed += 1
    if added:
        session.execute(insert(HubOccupation), added)
    if added or changed:
        after = {"area": area, "added": len(added), "changed": changed}
        audit.record(session, at=at, actor_id=None, action="occupations.decide_defaults", subject=("hubs", hub_id),
                     hub_id=hub_id, after=after)
    session.flush()
    return len(added) + changed


def decide(
    session: Session, row: HubOccupation, *, in_demand: bool, entry_level: bool, career_path: bool, actor: Actor,
    at: datetime, reason: str,
) -> HubOccupation:
    """Change what a hub holds about an occupation; the hub says why. Raises DomainError without a reason."""
    if not reason.strip():
        raise DomainError(N_("Say why, so that others can follow the decision."), field="reason")
    before = _held(row)
    answers = {"in_demand": in_demand, "entry_level": entry_level, "career_path": career_path}
    _write(row, answers, DecisionBasis.HUB_DECISION, at, actor.person_id)
    audit.record(session, at=at, actor_id=actor.person_id, action="occupation.decide", subject=row, hub_id=row.hub_id,
                 reason=reason.strip(), before=before, after=answers, details={"occupation": row.occupation_code})
    session.flush()
    return row


def return_to_default(
    session: Session, row: HubOccupation, *, area: str | None, actor: Actor, at: datetime, reason: str = ""
) -> HubOccupation:
    """Give an occupation back to the default rule."""
    before = _held(row)
    answers = _answers(rules.decide(facts.figures_of(session, row.occupation_code, area)))
    _write(row, answers, DecisionBasis.DEFAULT_RULE, at, actor.person_id)
    audit.record(session, at=at, actor_id=actor.person_id, action="occupation.return_to_default", subject=row,
                 hub_id=row.hub_id, reason=reason.strip(), before=before, after=answers,
                 details={"occupation": row.occupation_code})
    session.flush()
    return row


def _answers(verdict: Verdict) -> dict[str, bool]:
    return {name: getattr(verdict, name).yes for name in ANSWERS}


def _held(row: HubOccupation) -> dict[str, bool]:
    return {name: getattr(row, name) for name in ANSWERS}


def _new_row(hub_id: str, code: str, answers: dict[str, bool], at: datetime) -> dict[str, Any]:
    return {"id": new_id(), "hub_id": hub_id, "occupation_code": code, "basis": DecisionBasis.DEFAULT_RULE,
            "decided_at": at, "decided_by": None, "created_at": at, **answers}


def _write(row: HubOccupation, answers: dict[str, bool], basis: DecisionBasis, at: datetime, by: str | None) -> None:
    for name, value in answers.items():
        setattr(row, name, value)
    row.basis, row.decided_at, row.decided_by = basis, at, by


# ---------------------------------------------------------------------------------------------------- proposals
def propose(
    session: Session, *, hub_id: str, text: str, kind: ProposalKind, actor: Actor, at: datetime
) -> SkillProposal:
    """Send a word that we do not know to the hub; the same open word twice is one proposal.

    Raises DomainError where nothing readable was typed or it is too long.
    """
    text = " ".join(text.split())
    if not key(text):
        raise DomainError(N_("Type the word that is missing."), field="text")
    if len(text) > LONGEST:
        raise DomainError(N_("Use at most %(most)s characters."), field="text", params={"most": LONGEST})
    for waiting in queries.open_proposals(session, hub_id):
        if waiting.kind is kind and key(waiting.text) == key(text):
            return waiting
    proposal = SkillProposal(hub_id=hub_id, text=text, kind=kind, proposed_by=actor.person_id,
                             state=ProposalState.OPEN, created_at=at)
    session.add(proposal)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="proposal.send", subject=proposal, hub_id=hub_id,
                 after={"kind": kind.value})
    return proposal


def accept(
    session: Session, proposal: SkillProposal, *, actor: Actor, at: datetime, means: str | None = None
) -> SkillProposal:
    """Take a word in. `means` is the code of the skill or occupation it is another name of.

    A skill without `means` becomes a skill of this hub. Raises ConflictError where it was answered before,
    NotFoundError for an unknown code, DomainError for an occupation without a code.
    """
    if proposal.kind is ProposalKind.SKILL:
        proposal.skill_id = _meant_skill(session, proposal, means).id
    elif proposal.kind is ProposalKind.OCCUPATION:
        if means is None:
            raise DomainError(N_("Choose the occupation that this is another title of."), field="means")
        proposal.occupation_code = queries.get_occupation(session, means).code
    return _answer(session, proposal, ProposalState.ACCEPTED, actor, at, "")


def reject(session: Session, proposal: SkillProposal, *, actor: Actor, at: datetime, reason: str) -> SkillProposal:
    """Turn a word down; the reason is kept. Raises DomainError without one, ConflictError where it was answered."""
    if not reason.strip():
        raise DomainError(N_("Say why the word is not taken in."), field="reason")
    return _answer(session, proposal, ProposalState.REJECTED, actor, at, reason.strip())


def _meant_skill(session: Session, proposal: SkillProposal, means: str | None) -> Skill:
    if means is not None:
        skill = queries.get_skill(session, means)
        if skill.hub_id not in (None, proposal.hub_id):
            raise DomainError(N_("This skill is not known."), field="means")
        return skill
    same = select(Skill).where(Skill.hub_id == proposal.hub_id, Skill.name == proposal.text)
    if found := session.scalar(same):
        return found
    skill = Skill(id="hub:" + new_id(), kind=SkillKind.HUB, name=proposal.text, hub_id=proposal.hub_id)
    session.add(skill)
    session.flush()
    return skill


def _answer(
    session: Session, proposal: SkillProposal, state: ProposalState, actor: Actor, at: datetime, reason: str
) -> SkillProposal:
    if proposal.state is not ProposalState.OPEN:
        raise ConflictError(N_("Somebody already answered this proposal."))
    proposal.state, proposal.answered_at, proposal.answered_by = state, at, actor.person_id
    after = {"state": state.value, "skill": proposal.skill_id, "occupation": proposal.occupation_code}
    audit.record(session, at=at, actor_id=actor.person_id, action="proposal.answer", subject=proposal,
                 hub_id=proposal.hub_id, reason=reason, before={"state": ProposalState.OPEN.value}, after=after)
    session.flush()
    return proposal
