"""Learns what a word means in a hub from the answers that people give to "which one do you mean?"."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit import audit, crypto
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.errors import ConflictError
from matcher.kit.words import N_
from matcher.skills import actions
from matcher.skills.models import Occupation, ProposalKind, ProposalState, Skill, SkillProposal, WordAnswer
from matcher.skills.text import key

ENOUGH = 3  # so many people must have answered alike
AGREEING = 0.75  # and they must be this share of all who answered
LEARNED = (ProposalKind.SKILL, ProposalKind.OCCUPATION)


def answered(
    session: Session, *, hub_id: str, kind: ProposalKind, text: str, means: str, actor: Actor, at: datetime
) -> SkillProposal | None:
    """Note what a person meant; returns the name that the hub has learned when enough people agree, else None.

    A name that the hub turned down is not learned again.
    """
    word = key(text)
    if kind not in LEARNED or not word or actor.person_id is None:
        return None
    index = crypto.blind_index("words.word", f"{hub_id}:{kind}:{word}")
    _note(session, hub_id, kind, index, crypto.blind_index("words.voter", f"{index}:{actor.person_id}"), means, at)
    votes = Counter(session.scalars(select(WordAnswer.means).where(
        WordAnswer.hub_id == hub_id, WordAnswer.kind == kind, WordAnswer.word == index)))
    if votes[means] < ENOUGH or votes[means] < AGREEING * votes.total() or _known(session, hub_id, kind, word):
        return None
    proposal = actions.propose(session, hub_id=hub_id, text=text, kind=kind, actor=SYSTEM, at=at)
    return actions.accept(session, proposal, actor=SYSTEM, at=at, means=means)


def _note(
    session: Session, hub_id: str, kind: ProposalKind, word: str, voter: str, means: str, at: datetime
) -> None:
    answer = session.scalar(select(WordAnswer).where(WordAnswer.voter == voter))
    if answer is None:
        session.add(WordAnswer(created_at=at, hub_id=hub_id, kind=kind, word=word, voter=voter, means=means))
    else:
        answer.means = means
    session.flush()


def _known(session: Session, hub_id: str, kind: ProposalKind, word: str) -> bool:
    """Did the hub answer this word before, by a person or by learning?"""
    answered_ones = select(SkillProposal.text).where(
        SkillProposal.hub_id == hub_id, SkillProposal.kind == kind, SkillProposal.state != ProposalState.OPEN)
    return any(key(text) == word for text in session.scalars(answered_ones))


def learned(session: Session, hub_id: str) -> list[tuple[SkillProposal, Skill | Occupation]]:
    """Names that the hub took in from people's answers alone, newest first, each with what it is a name of."""
    rows = session.execute(
        select(SkillProposal, Skill, Occupation)
        .outerjoin(Skill, Skill.id == SkillProposal.skill_id)
        .outerjoin(Occupation, Occupation.code == SkillProposal.occupation_code)
        .where(SkillProposal.hub_id == hub_id, SkillProposal.state == ProposalState.ACCEPTED,
               SkillProposal.answered_by.is_(None), SkillProposal.kind.in_(LEARNED))
        .order_by(SkillProposal.answered_at.desc(), SkillProposal.id)
    ).all()
    return [(proposal, skill or occupation) for proposal, skill, occupation in rows]


def forget(session: Session, proposal: SkillProposal, *, actor: Actor, at: datetime) -> SkillProposal:
    """Turn down a name that was learned; it is not learned again. Raises ConflictError where it stands no longer."""
    if proposal.state is not ProposalState.ACCEPTED or proposal.answered_by is not None:
        raise ConflictError(N_("Somebody already answered this proposal."))
    proposal.state, proposal.answered_at, proposal.answered_by = ProposalState.REJECTED, at, actor.person_id
    audit.record(session, at=at, actor_id=actor.person_id, action="proposal.forget", subject=proposal,
                 hub_id=proposal.hub_id, before={"state": ProposalState.ACCEPTED.value},
                 after={"state": ProposalState.REJECTED.value})
    session.flush()
    return proposal
