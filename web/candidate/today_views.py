"""A candidate's first page: one next step, what is left to do, where applications stand, and what is near."""

from flask import g, render_template

from matcher.applications import queries as applications
from matcher.candidates import queries
from matcher.candidates.models import Candidate
from matcher.demographics import queries as demographics
from matcher.placements import queries as placements
from matcher.policy import Permission
from web.candidate.desk import blueprint, here
from web.candidate.journey import standing_of
from web.candidate.match_views import month_ago
from web.candidate.nearby import near_occupations
from web.candidate.next_steps import checklist, next_step
from web.kit import db
from web.kit.access import allow

SHOWN = 5


@blueprint.get("/<candidate>/")
@allow(Permission.PROFILE_EDIT, candidate=Candidate)
def today(candidate: Candidate) -> str:
    """What to do now."""
    hub = here(candidate)
    row = queries.profile(db.session(), candidate.id) or candidate
    sent = list(db.session().scalars(applications.of_candidate(candidate.id).limit(SHOWN)))
    answered = bool(demographics.of_candidate(db.session(), candidate.id))
    return render_template(
        "candidate/today.html", candidate=row, step=next_step(row, hub), checklist=checklist(row, answered),
        applications=[(application, standing_of(application, g.at)) for application in sent],
        near=near_occupations(row, hub), placements=placements.of_candidate(db.session(), candidate.id),
        seen=len(queries.who_saw(db.session(), candidate.id, since=month_ago())),
    )
