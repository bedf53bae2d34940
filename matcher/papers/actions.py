"""Everything that writes papers: handing one in, keeping what was found in it, and forgetting it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit import audit, outbox
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.errors import DomainError
from matcher.papers.models import Paper, PaperPurpose, PaperStage
from matcher.ranking.documents_faults import REASONS

KIND = "paper.read"
LIFE = timedelta(hours=24)
LEASE_SECONDS = 120


def bring(
    session: Session, *, purpose: PaperPurpose, hub_id: str, data: bytes, name: str, actor: Actor, at: datetime,
    candidate_id: str | None = None, organization_id: str | None = None, most_bytes: int = 5 * 1024 * 1024,
) -> Paper:
    """Take a paper in, sealed, and promise to read it; the one this person handed in before for the same goes.

    Raises DomainError (field `paper`) when it is empty or larger than `most_bytes`. The name is kept sealed with it.
    """
    if not data.strip():
        raise DomainError(REASONS["empty"], field="paper")
    if len(data) > most_bytes:
        raise DomainError(REASONS["too_large"], field="paper")
    mine = select(Paper).where(Paper.person_id == actor.person_id, Paper.purpose == purpose,
                               Paper.candidate_id == candidate_id, Paper.organization_id == organization_id)
    for old in session.scalars(mine).all():
        forget(session, old, actor=actor, at=at)
    paper = Paper(created_at=at, hub_id=hub_id, person_id=actor.person_id, purpose=purpose, stage=PaperStage.WAITING,
                  candidate_id=candidate_id, organization_id=organization_id, expires_at=at + LIFE)
    paper.source = json.dumps({"name": name[-80:], "data": base64.b64encode(data).decode()})
    session.add(paper)
    session.flush()
    outbox.enqueue(session, kind=KIND, payload={"paper_id": paper.id}, at=at, key=f"paper:{paper.id}", hub_id=hub_id,
                   lease_seconds=LEASE_SECONDS, urgent=True)
    audit.record(session, at=at, actor_id=actor.person_id, action="paper.bring", subject=paper, hub_id=hub_id,
                 details={"purpose": purpose, "bytes": len(data)})
    return paper


def source_of(paper: Paper) -> tuple[bytes, str]:
    """(content, name) as they were handed in; for the worker alone. ValueError when they are gone."""
    if not paper.source:
        raise ValueError("the paper was read before")
    told = json.loads(paper.source)
    return base64.b64decode(told["data"]), str(told["name"])


def keep_reading(
    session: Session, paper_id: str, *, found: Mapping[str, Any] | None, fault: str = "", at: datetime
) -> None:
    """Write down what the worker found, or why it could not read; what was handed in goes. A gone paper stays gone."""
    paper = session.get(Paper, paper_id)
    if paper is None or paper.stage is not PaperStage.WAITING:
        return
    paper.source_sealed = None
    paper.found = json.dumps(found, ensure_ascii=False) if found is not None else None
    paper.stage, paper.fault = (PaperStage.READ, "") if found is not None else (PaperStage.FAILED, fault)
    session.flush()
    audit.record(session, at=at, actor_id=SYSTEM.person_id, action="paper.read", subject=paper, hub_id=paper.hub_id,
                 details={"stage": paper.stage, "fault": paper.fault})


def found_in(paper: Paper) -> dict[str, Any]:
    """What was found in a paper that was read; empty before."""
    found: dict[str, Any] = json.loads(paper.found) if paper.found else {}
    return found


def forget(session: Session, paper: Paper, *, actor: Actor, at: datetime) -> None:
    """Delete a paper with everything in it."""
    audit.record(session, at=at, actor_id=actor.person_id, action="paper.forget", subject=paper, hub_id=paper.hub_id)
    session.delete(paper)
    session.flush()


def forget_old(session: Session, at: datetime) -> int:
    """The worker's duty: delete papers whose day is over, used or not; returns how many."""
    old = session.scalars(select(Paper).where(Paper.expires_at <= at).order_by(Paper.id)).all()
    for paper in old:
        forget(session, paper, actor=SYSTEM, at=at)
    return len(old)
