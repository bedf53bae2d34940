"""What mails to candidates about their profile, their programs and their job say."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.candidates.models import Candidate
from matcher.kit.outbox import Notice
from matcher.kit.settings import Settings
from matcher.organizations.models import Organization
from matcher.placements.models import Placement, RetentionCheck
from matcher.skills.models import Skill
from matcher.training.models import Program
from web.mail.contexts import context


def _profile(session: Session, notice: Notice) -> str:
    """The path of the receiver's profile in the hub of the notice."""
    found = session.scalar(select(Candidate.id).where(
        Candidate.hub_id == notice.hub_id, Candidate.person_id == notice.person_id))
    return f"/candidate/{found}" if found else "/candidate"


@context("completion_confirmed", "completion_corrected", "endorsement_revoked", "endorsement_expired", "profile_asleep")
def profile(session: Session, notice: Notice, settings: Settings) -> dict[str, Any]:
    """The provider, the program or skill, and the page that shows what changed."""
    facts = notice.params or {}
    provider = session.get(Organization, facts.get("organization_id", ""))
    program = session.get(Program, facts.get("program_id", ""))
    skill = session.get(Skill, facts.get("skill_id", ""))
    page = {"profile_asleep": "/", "completion_corrected": "/programs"}.get(notice.kind, "/skills")
    return {"provider": provider.name if provider else "", "program": program.name if program else "",
            "skill": skill, "link": settings.url(_profile(session, notice) + page)}


@context("placement_started", "placement_ended", "check_asked_person")
def placement(session: Session, notice: Notice, settings: Settings) -> dict[str, Any]:
    """The employer, the start, and the page of the job or of the question."""
    row = session.get_one(Placement, notice.params["placement_id"])
    check = session.get(RetentionCheck, notice.params.get("check_id", ""))
    page = f"checks/{check.id}" if check else f"placements/{row.id}"
    return {"employer": row.organization.name, "day": row.starts_on.isoformat(), "days": check.day if check else 0,
            "link": settings.url(f"/candidate/{row.candidate_id}/{page}")}
