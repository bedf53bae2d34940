"""The form of a retention check, shared by the page for members and the page behind the link in a mail."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from matcher.kit.actor import Actor
from matcher.placements import actions, rules
from matcher.placements.models import PlacementFeedback, RetentionCheck, StillThere
from matcher.roles.models import RequiredSkill
from web.employer.hiring_forms import CheckForm
from web.kit import db
from web.kit.names import skill_names


def form_for(check: RetentionCheck) -> CheckForm:
    """An empty form with the skills that the role asked for."""
    ids = db.session().scalars(select(RequiredSkill.skill_id).where(
        RequiredSkill.posting_id == check.placement.posting_id).order_by(RequiredSkill.position)).all()
    known = skill_names(ids)
    return CheckForm().offer([(name, known[name]) for name in ids if name in known])


def take(form: CheckForm, check: RetentionCheck, *, actor: Actor, at: datetime) -> bool:
    """Append the answer; False when a rule says no, with the reason in the form."""
    return form.attempt(lambda: actions.answer_check(
        db.session(), check, side="employer", still_there=StillThere(form.still_there.data),
        would_hire_again=StillThere(form.would_hire_again.data), strong=form.strong.data or (),
        missing=form.missing.data or (), words=form.words.data or "", actor=actor, at=at,
    )) is not None


def shown(form: CheckForm, check: RetentionCheck) -> dict[str, Any]:
    """What the page needs."""
    placement = check.placement
    return {"form": form, "check": check, "placement": placement, "person": placement.candidate.person,
            "earlier": rules.effective(check.answers, "employer"), "still": rules.STILL_WORDS}


def said_names(feedback: Iterable[PlacementFeedback]) -> dict[str, str]:
    """Skill id to name for everything said in the feedback."""
    return skill_names(row.skill_id for said in feedback for row in said.skills)
