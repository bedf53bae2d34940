"""Everything that reads applications, interviews and offers."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matcher.applications.models import Application, Interview, Offer
from matcher.applications.rules import WAITING_STATES
from matcher.candidates.models import Candidate, ExcludedOrganization
from matcher.roles.models import Posting


def find_open(session: Session, posting_id: str, candidate_id: str) -> Application | None:
    """The open application of this candidate to this posting, if there is one."""
    return session.scalar(select(Application).where(
        Application.posting_id == posting_id, Application.candidate_id == candidate_id, Application.is_open
    ))


def excluded(session: Session, candidate_id: str, organization_id: str) -> bool:
    """Has the candidate excluded that organization?"""
    return session.scalar(select(ExcludedOrganization.id).where(
        ExcludedOrganization.candidate_id == candidate_id,
        ExcludedOrganization.organization_id == organization_id,
    )) is not None


def _not_excluded() -> ColumnElement[bool]:
    """Invariant 10: who excluded the employer is in no list and in no count of it."""
    return ~select(ExcludedOrganization.id).where(
        ExcludedOrganization.candidate_id == Application.candidate_id,
        ExcludedOrganization.organization_id == Application.organization_id,
    ).exists()


def of_candidate(candidate_id: str) -> Select[Application]:
    """A candidate's applications, open ones first, then newest first."""
    return (
        select(Application).where(Application.candidate_id == candidate_id)
        .options(joinedload(Application.posting).joinedload(Posting.organization),
                 selectinload(Application.interviews), selectinload(Application.offers))
        .order_by(Application.is_open.desc(), Application.state_at.desc(), Application.id)
    )


def of_organization(
    organization_id: str, *, states: Sequence[str] = (), posting_id: str | None = None, code: str = ""
) -> Select[Application]:
    """An employer's applications (drafts left out), those that wait longest first; `code` finds one person's."""
    query = (
        select(Application).where(Application.organization_id == organization_id, Application.state != "draft",
                                  _not_excluded())
        .options(joinedload(Application.posting), joinedload(Application.candidate).joinedload(Candidate.person),
                 selectinload(Application.interviews), selectinload(Application.offers))
        .order_by(case((Application.state.in_(WAITING_STATES), 0), else_=1), Application.answer_due_on, Application.id)
    )
    if states:
        query = query.where(Application.state.in_(states))
    if code:
        query = query.where(Application.candidate_id.in_(select(Candidate.id).where(
            Candidate.code.ilike(f"%{code.strip().removeprefix('Candidate ')}%"))))
    return query.where(Application.posting_id == posting_id) if posting_id else query


def with_all(session: Session, application_id: str) -> Application | None:
    """An application with everything its page shows, in a fixed number of statements."""
    return session.scalar(select(Application).where(Application.id == application_id).options(
        joinedload(Application.posting).options(
            joinedload(Posting.hub), joinedload(Posting.organization), selectinload(Posting.requirements)),
        joinedload(Application.candidate).joinedload(Candidate.person),
        selectinload(Application.interviews), selectinload(Application.offers),
    ))


def of_posting(session: Session, posting_id: str, candidate_ids: Iterable[str]) -> dict[str, Application]:
    """Candidate id to their newest application to a posting (drafts left out)."""
    rows = session.scalars(
        select(Application)
        .where(Application.posting_id == posting_id, Application.candidate_id.in_(list(candidate_ids)),
               Application.state != "draft")
        .order_by(Application.created_at, Application.id)
    )
    return {row.candidate_id: row for row in rows}


def counts_by_state(session: Session, organization_id: str) -> dict[str, int]:
    """How many applications an employer has in each state (drafts left out)."""
    rows = session.execute(
        select(Application.state, func.count()).where(
            Application.organization_id == organization_id, Application.state != "draft", _not_excluded()
        ).group_by(Application.state)
    )
    return {str(state): count for state, count in rows}


def open_of_posting(session: Session, posting_id: str) -> list[Application]:
    """Every open application to a posting, oldest first."""
    return list(session.scalars(
        select(Application).where(Application.posting_id == posting_id, Application.is_open)
        .order_by(Application.created_at, Application.id)
    ))


def open_of_candidate(session: Session, candidate_id: str) -> list[Application]:
    """Every open application of a candidate, oldest first."""
    return list(session.scalars(
        select(Application).where(Application.candidate_id == candidate_id, Application.is_open)
        .order_by(Application.created_at, Application.id)
    ))


def answers_due(session: Session, organization_id: str, *, until: date, posting_id: str | None = None) -> int:
    """How many people an employer must answer by that day."""
    query = select(func.count()).select_from(Application).where(
        Application.organization_id == organization_id, Application.state.in_(WAITING_STATES),
        Application.answer_due_on <= until, _not_excluded(),
    )
    return session.scalar(query.where(Application.posting_id == posting_id) if posting_id else query) or 0


def waiting(session: Session, *, due_before: date | None = None, hub_id: str | None = None) -> list[Application]:
    """Applications nobody has decided on yet, the longest wait first."""
    query = select(Application).where(Application.state.in_(WAITING_STATES)).options(
        joinedload(Application.posting).joinedload(Posting.organization)
    )
    if due_before is not None:
        query = query.where(Application.answer_due_on <= due_before)
    if hub_id is not None:
        query = query.where(Application.hub_id == hub_id)
    return list(session.scalars(query.order_by(Application.answer_due_on, Application.id)))


def response_rate(session: Session, organization_id: str, *, since: datetime) -> tuple[int, int, int]:
    """(answered by the employer, closed without an answer, still waiting) of applications sent since then.

    A no by the employer, a shortlist, or any later step counts as an answer; withdrawals count nowhere.
    """
    rows = session.execute(
        select(Application.state, Application.answered_at.is_not(None), func.count())
        .where(Application.organization_id == organization_id, Application.submitted_at >= since)
        .group_by(Application.state, Application.answered_at.is_not(None))
    ).all()
    answered = sum(n for _, done, n in rows if done)
    silent = sum(n for state, done, n in rows if not done and str(state) == "no_response")
    waits = sum(n for state, done, n in rows if not done and str(state) in WAITING_STATES)
    return answered, silent, waits


def current_interview(session: Session, application_id: str) -> Interview | None:
    """The interview that is proposed or agreed."""
    return session.scalar(select(Interview).where(
        Interview.application_id == application_id, Interview.state.in_(("proposed", "agreed"))
    ).order_by(Interview.created_at.desc()))


def standing_offer(session: Session, application_id: str) -> Offer | None:
    """The offer that waits for an answer."""
    return session.scalar(select(Offer).where(Offer.application_id == application_id, Offer.state == "made"))
