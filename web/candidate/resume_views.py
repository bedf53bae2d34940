"""Bringing in a résumé: hand it in, wait while the worker reads it, tick what is right; the rest is never kept."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.candidates import resume_actions
from matcher.candidates.models import Candidate
from matcher.papers import actions as papers
from matcher.papers import queries
from matcher.papers.models import Paper, PaperPurpose
from matcher.policy import Permission
from web.candidate.desk import blueprint, here
from web.candidate.resume_forms import ReviewForm, ask, guessed, question
from web.kit import access, db
from web.kit.access import allow
from web.kit.papers import PaperForm, bring, fault_words, found_in, largest
from web.kit.understanding import flash_readings, propose_all


@blueprint.route("/<candidate>/resume", methods=["GET", "POST"])
@allow(Permission.PROFILE_EDIT, candidate=Candidate)
def resume(candidate: Candidate) -> ResponseReturnValue:
    """Hand in a résumé; whoever has one under way finds it again."""
    hub, form = here(candidate), PaperForm()
    if form.sent():
        made = form.attempt(lambda: bring(form, PaperPurpose.RESUME, hub.id, candidate_id=candidate.id))
        if made:
            return redirect(url_for("candidate.resume_review", candidate=candidate.id, paper=made.id))
    held = queries.latest(db.session(), access.person().id, PaperPurpose.RESUME, candidate_id=candidate.id)
    return render_template("candidate/resume.html", candidate=candidate, form=form, held=held, most=largest()), \
        422 if form.is_submitted() else 200


@blueprint.route("/<candidate>/resume/<paper>", methods=["GET", "POST"])
@allow(Permission.PROFILE_EDIT, candidate=Candidate, paper=Paper)
def resume_review(candidate: Candidate, paper: Paper) -> ResponseReturnValue:
    """Wait for the worker, read why it could not, or tick what is right."""
    hub = here(candidate)
    found = found_in(paper)
    held = {skill.skill_id: skill.level for skill in candidate.skills}
    form = ReviewForm(data=guessed(found, held, tick=request.args.get("all") == "yes"))
    if form.sent() and form.attempt(lambda: _keep(candidate, paper, form, found)):
        propose_all(form, hub, actor=access.actor(), at=g.at)
        flash_readings(form)
        flash(_("What you ticked is in your profile. The rest, and the résumé itself, is gone."), "success")
        return redirect(url_for("candidate.skills", candidate=candidate.id))
    if not form.is_submitted():
        ask(form, found)
    return render_template(
        "candidate/resume_review.html", candidate=candidate, paper=paper, form=form, found=found,
        lines=dict(enumerate(found.get("skills", ()))), question=question, fault=fault_words(paper),
        held=held,
    ), 422 if form.is_submitted() else 200


def _keep(candidate: Candidate, paper: Paper, form: ReviewForm, found: dict[str, Any]) -> bool:
    proposed = form.proposed()
    resume_actions.keep(
        db.session(), candidate, paper, skills=form.kept_skills(found), experiences=form.kept_experiences(),
        story=form.story.data if form.keep_story.data else None, proposed=proposed, actor=access.actor(), at=g.at,
    )
    return True


@blueprint.post("/<candidate>/resume/<paper>/discard")
@allow(Permission.PROFILE_EDIT, candidate=Candidate, paper=Paper)
def resume_discard(candidate: Candidate, paper: Paper) -> ResponseReturnValue:
    """Throw the draft away: nothing of it stays."""
    papers.forget(db.session(), paper, actor=access.actor(), at=g.at)
    flash(_("The résumé is gone. Nothing of it was kept."), "success")
    return redirect(url_for("candidate.resume", candidate=candidate.id))
