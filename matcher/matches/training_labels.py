"""What people decided about an application, as a grade to learn from; silence, closing and clicks are no judgment."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.applications.models import Application
from matcher.candidates.models import CandidateSkill, ProfileView, SkillEvidence
from matcher.kit.audit import AuditEvent
from matcher.placements.models import Placement, RetentionAnswer, RetentionCheck
from matcher.ranking import weights
from matcher.roles.models import RequiredSkill

RETAINED_FROM = 90  # days on the job from which a yes from the employer counts as staying
VERIFYING = ("credential", "endorsement", "employer_confirmed")
NOT_ABOUT_THE_PERSON = frozenset({"need_changed", "filled", "closed"})


@dataclass(frozen=True, slots=True)
class Judged:
    """A posting and a candidate about whom a person decided, how far it went (0-4), and when it was decided first."""

    posting_id: str
    candidate_id: str
    grade: int
    judged_at: datetime

    @property
    def key(self) -> tuple[str, str]:
        """(posting, candidate)."""
        return self.posting_id, self.candidate_id

    @property
    def on(self) -> date:
        """The day of the decision."""
        return self.judged_at.date()


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of one application: its end, and when each thing happened (None: not at all)."""

    state: str
    code: str | None
    read_at: datetime | None
    answered_at: datetime | None
    advanced_at: datetime | None
    verified_at: datetime | None
    hired: bool
    retained: bool


def reached(story: Story) -> tuple[frozenset[str], str]:
    """What happened, in the words of `weights.GRADES`; empty with the reason why it teaches nothing.

    A no counts only after somebody read the profile, with a reason that is about the person and the role.
    """
    found = set()
    if story.retained:
        found.add("retained")
    if story.hired:
        found.add("hired")
    if story.advanced_at:
        found.add("advanced")
    elif story.verified_at and story.read_at and story.state != "not_selected":
        found.add("skill_verified")
    if found:
        return frozenset(found), ""
    if story.state == "not_selected":
        if not story.code or story.code in NOT_ABOUT_THE_PERSON:
            return frozenset(), "no_reason"
        return (frozenset({"declined"}), "") if story.read_at else (frozenset(), "not_read")
    return frozenset(), {"no_response": "no_response", "posting_closed": "closed", "withdrawn": "withdrawn",
                         "hired_elsewhere": "withdrawn"}.get(story.state, "open")


def judged_in(session: Session, hub_id: str, at: datetime) -> tuple[list[Judged], Counter[str]]:
    """The judged pairs of a hub up to a moment, the last application of each pair; and why others were left out."""
    stories = _stories(session, hub_id, at)
    found: dict[tuple[str, str], Judged] = {}
    left_out: Counter[str] = Counter()
    for posting_id, candidate_id, story in stories:
        happened, why = reached(story)
        grade = weights.grade(happened)
        if grade is None:
            left_out[why] += 1
            continue
        moments = (story.advanced_at, story.answered_at, story.verified_at, story.read_at)
        first = min((moment for moment in moments[:2] if moment), default=story.verified_at or at)
        found[posting_id, candidate_id] = Judged(posting_id, candidate_id, grade, first)
    return list(found.values()), left_out


def _stories(session: Session, hub_id: str, at: datetime) -> list[tuple[str, str, Story]]:
    rows = session.execute(
        select(Application.id, Application.posting_id, Application.candidate_id, Application.organization_id,
               Application.state, Application.answer_code, Application.answered_at, Application.revealed_at)
        .where(Application.hub_id == hub_id, Application.submitted_at.is_not(None), Application.submitted_at <= at)
        .order_by(Application.submitted_at, Application.id)
    ).all()
    read, verified = _read(session, hub_id), _verified(session, hub_id)
    hired, retained = _hired(session, hub_id)
    return [(row.posting_id, row.candidate_id, Story(
        state=str(row.state), code=row.answer_code,
        read_at=read.get(row.id) or read.get((row.organization_id, row.candidate_id)),
        answered_at=row.answered_at, advanced_at=row.revealed_at,
        verified_at=verified.get((row.posting_id, row.candidate_id)),
        hired=row.id in hired, retained=row.id in retained,
    )) for row in rows]


def _read(session: Session, hub_id: str) -> dict[object, datetime]:
    """When somebody at the employer first read an application (by its id) or a profile (organization, candidate)."""
    found: dict[object, datetime] = {}
    steps = session.execute(
        select(AuditEvent.subject_id, AuditEvent.at)
        .where(AuditEvent.chain == hub_id, AuditEvent.action == "application.review").order_by(AuditEvent.at)
    )
    for application_id, moment in steps:
        found.setdefault(application_id, moment)
    views = session.execute(
        select(ProfileView.organization_id, ProfileView.candidate_id, ProfileView.created_at)
        .where(ProfileView.hub_id == hub_id).order_by(ProfileView.created_at)
    )
    for organization_id, candidate_id, moment in views:
        found.setdefault((organization_id, candidate_id), moment)
    return found


def _verified(session: Session, hub_id: str) -> dict[tuple[str, str], datetime]:
    """When a skill that the role asks for was first vouched for after the person had applied."""
    rows = session.execute(
        select(Application.posting_id, Application.candidate_id, SkillEvidence.created_at)
        .join(CandidateSkill, CandidateSkill.candidate_id == Application.candidate_id)
        .join(SkillEvidence, SkillEvidence.candidate_skill_id == CandidateSkill.id)
        .join(RequiredSkill, (RequiredSkill.posting_id == Application.posting_id)
              & (RequiredSkill.skill_id == CandidateSkill.skill_id))
        .where(Application.hub_id == hub_id, SkillEvidence.tier.in_(VERIFYING), SkillEvidence.ended_at.is_(None),
               SkillEvidence.created_at > Application.submitted_at, SkillEvidence.level >= RequiredSkill.level)
        .order_by(SkillEvidence.created_at)
    )
    found: dict[tuple[str, str], datetime] = {}
    for posting_id, candidate_id, moment in rows:
        found.setdefault((posting_id, candidate_id), moment)
    return found


def _hired(session: Session, hub_id: str) -> tuple[set[str], set[str]]:
    """Applications that led to a start the employer confirmed, and those whose person stayed."""
    hired = session.execute(
        select(Placement.id, Placement.application_id)
        .where(Placement.hub_id == hub_id, Placement.confirmed_at.is_not(None), Placement.application_id.is_not(None))
    ).all()
    stayed = set(session.scalars(
        select(RetentionCheck.placement_id).join(RetentionAnswer, RetentionAnswer.check_id == RetentionCheck.id)
        .where(RetentionCheck.hub_id == hub_id, RetentionCheck.day >= RETAINED_FROM, RetentionAnswer.side == "employer",
               RetentionAnswer.still_there == "yes")
    ))
    pairs = [(placement_id, str(application_id)) for placement_id, application_id in hired]
    return {name for _, name in pairs}, {name for placement_id, name in pairs if placement_id in stayed}


def grades_by_word(judged: Iterable[Judged]) -> dict[str, int]:
    """How many pairs went how far."""
    counted = Counter(pair.grade for pair in judged)
    return {name: counted.get(grade, 0) for name, grade in weights.GRADES.items()}
