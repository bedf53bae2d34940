"""What waits at a hub's desk: roles, partners, commitments, late answers, checks, words; oldest first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from matcher.applications.models import Application, Interview
from matcher.applications.rules import WAITING_STATES, remind_on
from matcher.candidates.models import Candidate
from matcher.kit.audit import AuditEvent
from matcher.matches.models import LookRequest, RankerModel
from matcher.organizations.models import Commitment, Organization, Partnership
from matcher.placements.models import Placement, RetentionAnswer, RetentionCheck
from matcher.roles.models import Posting
from matcher.skills.models import HubOccupation, Occupation, SkillProposal

EXPIRING = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of thing that waits: how many, and since when the oldest does."""

    kind: str
    count: int
    oldest: datetime | date | None


def waiting(session: Session, hub_id: str, today: date) -> list[Waiting]:
    """Everything that waits for the hub, the longest wait first; kinds without any are left out."""
    found = [
        _count(session, "roles", select(func.count(), func.min(Posting.submitted_at)).where(
            Posting.hub_id == hub_id, Posting.state == "submitted")),
        _count(session, "partners", select(func.count(), func.min(Partnership.state_at)).where(
            Partnership.hub_id == hub_id, Partnership.state.in_(("prospect", "contacted", "confirmed")))),
        _count(session, "commitments", select(func.count(), func.min(Commitment.state_at)).where(
            Commitment.hub_id == hub_id, Commitment.state == "signed")),
        _count(session, "expiring", select(func.count(), func.min(Commitment.expires_on)).where(
            Commitment.hub_id == hub_id, Commitment.state.in_(("active", "at_risk")),
            Commitment.expires_on <= today + EXPIRING)),
        _late(session, hub_id, today),
        _count(session, "starts", select(func.count(), func.min(Placement.starts_on)).where(
            Placement.hub_id == hub_id, Placement.state == "offer_accepted", Placement.starts_on <= today)),
        _count(session, "checks", select(func.count(), func.min(RetentionCheck.due_on)).where(
            RetentionCheck.hub_id == hub_id, RetentionCheck.state == "due", RetentionCheck.due_on <= today)),
        _count(session, "words", select(func.count(), func.min(SkillProposal.created_at)).where(
            SkillProposal.hub_id == hub_id, SkillProposal.state == "open")),
        _count(session, "looks", select(func.count(), func.min(LookRequest.created_at)).where(
            LookRequest.hub_id == hub_id, LookRequest.state == "asked")),
        _count(session, "models", select(func.count(), func.min(RankerModel.state_at)).where(
            RankerModel.hub_id == hub_id, RankerModel.state == "held")),
    ]
    return sorted((row for row in found if row.count), key=lambda row: (row.kind == "expiring", _day(row.oldest)))


def _day(moment: datetime | date | None) -> date:
    return moment.date() if isinstance(moment, datetime) else moment or date.max


def _count(session: Session, kind: str, query: Any) -> Waiting:
    row = session.execute(query).one()
    return Waiting(kind, int(row[0]), row[1])


def _late(session: Session, hub_id: str, today: date) -> Waiting:
    """Applications past half of their time without an answer."""
    rows = session.execute(
        select(Application.submitted_at, Application.answer_due_on).where(
            Application.hub_id == hub_id, Application.state.in_(WAITING_STATES), Application.submitted_at.is_not(None))
    ).all()
    past = [sent for sent, due in rows if sent and due and remind_on(sent.date(), due) <= today]
    return Waiting("answers", len(past), min(past, default=None))


def funnel(session: Session, hub_id: str) -> list[tuple[str, int]]:
    """How many different people reached each step, from a profile to half a year on the job."""
    people = func.count(func.distinct(Application.candidate_id))
    hired = select(func.count(func.distinct(Placement.candidate_id))).where(
        Placement.hub_id == hub_id, Placement.confirmed_at.is_not(None))
    stayed = select(func.count(func.distinct(RetentionCheck.candidate_id))).where(
        RetentionCheck.hub_id == hub_id, RetentionCheck.day == 180,
        RetentionCheck.answers.any(RetentionAnswer.still_there == "yes"))
    talked = select(func.count(func.distinct(Interview.candidate_id))).where(
        Interview.hub_id == hub_id, Interview.state == "held")
    queries = (
        ("profiles", select(func.count()).select_from(Candidate).where(
            Candidate.hub_id == hub_id, Candidate.state.in_(("active", "paused", "placed")))),
        ("applied", select(people).where(Application.hub_id == hub_id, Application.submitted_at.is_not(None))),
        ("interviewed", talked), ("hired", hired), ("stayed", stayed),
    )
    return [(name, session.scalar(query) or 0) for name, query in queries]


def partners(hub_id: str, *, text: str = "", kind: str = "", state: str = "") -> Select[Partnership]:
    """A hub's partners: those that wait for vetting first, then by name."""
    query = select(Partnership).join(Organization, Organization.id == Partnership.organization_id)
    query = query.where(Partnership.hub_id == hub_id)
    for word in text.split()[:6]:
        query = query.where(Organization.name.icontains(word, autoescape=True))
    if kind:
        query = query.where(Organization.kind == kind)
    if state:
        query = query.where(Partnership.state == state)
    first = Partnership.state.in_(("prospect", "contacted", "confirmed"))
    return query.options(joinedload(Partnership.organization)).order_by(first.desc(), Organization.name, Partnership.id)


def active_partners(hub_id: str, *, kind: str = "", text: str = "") -> Select[Organization]:
    """Organizations that are active partners of a hub, by name."""
    query = select(Organization).join(Partnership, Partnership.organization_id == Organization.id)
    query = query.where(Partnership.hub_id == hub_id, Partnership.state == "active")
    for word in text.split()[:6]:
        query = query.where(or_(Organization.name.icontains(word, autoescape=True),
                                Organization.about.icontains(word, autoescape=True)))
    if kind:
        query = query.where(Organization.kind == kind)
    return query.order_by(Organization.name, Organization.id)


def commitments(hub_id: str, *, state: str = "", kind: str = "", text: str = "") -> Select[Commitment]:
    """A hub's commitments without drafts: signed ones first, then those that end soonest."""
    query = select(Commitment).join(Organization, Organization.id == Commitment.organization_id)
    query = query.where(Commitment.hub_id == hub_id, Commitment.state != "draft")
    for word in text.split()[:6]:
        query = query.where(Organization.name.icontains(word, autoescape=True))
    if state:
        query = query.where(Commitment.state == state)
    if kind:
        query = query.where(Commitment.kind == kind)
    first, alive = Commitment.state == "signed", Commitment.state.in_(("active", "at_risk"))
    return query.options(joinedload(Commitment.organization)).order_by(
        first.desc(), alive.desc(), Commitment.expires_on, Commitment.id)


def placements(hub_id: str, *, text: str = "", state: str = "", confirmation: str = "") -> Select[Placement]:
    """A hub's placements with person and employer, newest start first."""
    query = select(Placement).join(Organization, Organization.id == Placement.organization_id)
    query = query.where(Placement.hub_id == hub_id)
    for word in text.split()[:6]:
        query = query.where(or_(Organization.name.icontains(word, autoescape=True),
                                Placement.title.icontains(word, autoescape=True)))
    if state:
        query = query.where(Placement.state == state)
    if confirmation:
        query = query.where(Placement.confirmation == confirmation)
    return query.options(joinedload(Placement.organization),
                         joinedload(Placement.candidate).joinedload(Candidate.person)
                         ).order_by(Placement.starts_on.desc(), Placement.id)


def unanswered(hub_id: str, *, text: str = "") -> Select[Application]:
    """Applications that nobody decided on yet, the longest wait first."""
    query = select(Application).join(Organization, Organization.id == Application.organization_id)
    query = query.where(Application.hub_id == hub_id, Application.state.in_(WAITING_STATES))
    for word in text.split()[:6]:
        query = query.where(Organization.name.icontains(word, autoescape=True))
    return query.options(joinedload(Application.posting).joinedload(Posting.organization),
                         joinedload(Application.candidate)).order_by(Application.answer_due_on, Application.id)


def occupations(
    hub_id: str, *, text: str = "", counts: str = "", basis: str = "", language: str = "en"
) -> Select[HubOccupation]:
    """What a hub holds about its occupations, by their title in a language; those that count come first."""
    query = select(HubOccupation).join(Occupation, Occupation.code == HubOccupation.occupation_code)
    query = query.where(HubOccupation.hub_id == hub_id, ~Occupation.retired)
    for word in text.split()[:6]:
        titles = (column.icontains(word, autoescape=True) for column in (Occupation.title, Occupation.title_es))
        query = query.where(or_(*titles, Occupation.code.contains(word)))
    inside = HubOccupation.in_demand & HubOccupation.entry_level & HubOccupation.career_path
    if counts:
        query = query.where(inside if counts == "yes" else ~inside)
    if basis:
        query = query.where(HubOccupation.basis == basis)
    return query.options(joinedload(HubOccupation.occupation)).order_by(
        inside.desc(), Occupation.title_es if language == "es" else Occupation.title)


def trail(chain: str, *, action: str = "", subject: str = "", person: str = "") -> Select[AuditEvent]:
    """The events of a hub's chain, newest first."""
    query = select(AuditEvent).where(AuditEvent.chain == chain)
    if action:
        query = query.where(AuditEvent.action.startswith(action, autoescape=True))
    if subject:
        query = query.where(or_(AuditEvent.subject_id == subject, AuditEvent.subject_table == subject))
    if person:
        query = query.where(AuditEvent.actor_id == person)
    return query.order_by(AuditEvent.seq.desc())


def trail_actions(session: Session, chain: str) -> list[str]:
    """The kinds of events in a chain, by name."""
    return list(session.scalars(
        select(AuditEvent.action).where(AuditEvent.chain == chain).distinct().order_by(AuditEvent.action)))


def people_by_state(session: Session, hub_id: str) -> dict[str, int]:
    """How many profiles a hub has in each state."""
    rows = session.execute(
        select(Candidate.state, func.count()).where(Candidate.hub_id == hub_id).group_by(Candidate.state))
    return {str(state): int(number) for state, number in rows}
