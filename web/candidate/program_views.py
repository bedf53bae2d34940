"""The person's programs: where they stand, and leaving one."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.candidates.models import Candidate
from matcher.policy import Permission
from matcher.training import actions as training
from matcher.training import queries
from matcher.training.models import Enrollment
from web.candidate.desk import blueprint, here, namer
from web.kit import access, db
from web.kit.access import allow


@blueprint.get("/<candidate>/programs")
@allow(Permission.PROFILE_EDIT, candidate=Candidate)
def programs(candidate: Candidate) -> str:
    """Programs taken and their endorsements."""
    here(candidate)
    taken = queries.enrollments_of_candidate(db.session(), candidate.id)
    given = queries.endorsements_of_candidate(db.session(), candidate.id)
    name = namer([*(row.skill_id for row in given), *(s.skill_id for e in taken for s in e.cohort.program.skills)])
    return render_template("candidate/programs.html", candidate=candidate, enrollments=taken, endorsements=given,
                           skill_name=name)


@blueprint.post("/<candidate>/programs/<enrollment>/<step>")
@allow(Permission.PROFILE_EDIT, candidate=Candidate, enrollment=Enrollment)
def program_step(candidate: Candidate, enrollment: Enrollment, step: str) -> ResponseReturnValue:
    """Leave a program, with a reason that the provider reads."""
    training.advance_enrollment(db.session(), enrollment, step, actor=access.actor(), at=g.at,
                                reason=request.form.get("reason", ""))
    flash(_("Noted. The provider sees it."), "success")
    return redirect(url_for("candidate.programs", candidate=candidate.id))
