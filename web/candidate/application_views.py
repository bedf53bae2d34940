"""A candidate's applications: the list, one with its timeline, and every answer that is the candidate's to give."""

from datetime import datetime
from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from matcher.applications import actions, hiring, queries
from matcher.applications.lifecycle import APPLICATION
from matcher.applications.models import Application, Interview, Offer
from matcher.applications.rules import ANSWERS
from matcher.candidates.models import Candidate
from matcher.placements import actions as placements
from matcher.placements.queries import of_application
from matcher.policy import Permission
from matcher.roles.rules import SCHEDULE_WORDS
from web.candidate.desk import blueprint, here, namer
from web.candidate.experience_views import KIND_WORDS
from web.candidate.journey import events_of, open_interview, open_offer, standing_of
from web.kit import access, db, pages
from web.kit.access import allow
from web.kit.forms import Form, chosen, offered
from web.kit.words import moment, translate


class TimeForm(Form):
    """One of the offered times."""

    chosen = RadioField(_l("Which time suits you?"), [chosen(_l("Choose a time."))])


@blueprint.get("/<candidate>/applications")
@allow(Permission.APPLICATION_FOLLOW, candidate=Candidate)
def applications(candidate: Candidate) -> str | Response:
    """Every application: open ones first."""
    here(candidate)
    query = queries.of_candidate(candidate.id)
    if kind := pages.asked_export():
        rows = db.session().scalars(query.limit(pages.EXPORT_LIMIT))
        return pages.table_download("applications", [_("Role"), _("Employer"), _("State"), _("Sent")], (
            [r.posting.title, r.posting.organization.name, translate(r.state_label),
             r.submitted_at.date().isoformat() if r.submitted_at else ""] for r in rows), kind)
    page = pages.paginate(query)
    return render_template("candidate/applications.html", candidate=candidate, pages=page,
                           rows=[(row, standing_of(row, g.at)) for row in page.rows])


@blueprint.get("/<candidate>/applications/<application>")
@allow(Permission.APPLICATION_FOLLOW, candidate=Candidate, application=Application)
def application(candidate: Candidate, application: Application) -> str:
    """One application: what happened, what happens next, who acts and by when."""
    here(candidate)
    return _page(candidate, application, _time_form(open_interview(application)))


def _time_form(interview: Interview | None) -> TimeForm:
    form = TimeForm()
    options = interview.options if interview is not None and str(interview.state) == "proposed" else []
    form.chosen.choices = offered((option, moment(datetime.fromisoformat(option), "full")) for option in options)
    return form


def _page(candidate: Candidate, application: Application, form: TimeForm) -> str:
    shown: dict[str, Any] = application.snapshot or {}
    steps = [step for step in APPLICATION.open_to(str(application.state), access.actor().roles_on(application))
             if step.listed]
    return render_template(
        "candidate/application.html", candidate=candidate, application=application, form=form, steps=steps, shown=shown,
        now=standing_of(application, g.at), events=events_of(application, g.at), answers=ANSWERS,
        interview=open_interview(application), offer=open_offer(application), kind_words=KIND_WORDS,
        placement=of_application(db.session(), application.id), schedules=SCHEDULE_WORDS,
        skill_name=namer(row["skill"] for row in shown.get("skills", ())),
    )


@blueprint.post("/<candidate>/applications/<application>/<step>")
@allow(Permission.APPLICATION_FOLLOW, candidate=Candidate, application=Application)
def application_step(candidate: Candidate, application: Application, step: str) -> ResponseReturnValue:
    """Take a step that is the candidate's: withdraw."""
    if not APPLICATION.step(step).listed:
        abort(404)
    actions.advance(db.session(), application, step, actor=access.actor(), at=g.at,
                    reason=request.form.get("reason", ""))
    flash(_("Done. The employer has been told."), "success")
    return _back(candidate, application)


@blueprint.post("/<candidate>/interviews/<interview>/time")
@allow(Permission.APPLICATION_FOLLOW, candidate=Candidate, interview=Interview)
def application_time(candidate: Candidate, interview: Interview) -> ResponseReturnValue:
    """Choose one of the times."""
    here(candidate)
    form = _time_form(interview)
    if form.sent() and form.attempt(lambda: (hiring.choose_time(
        db.session(), interview, form.chosen.data, actor=access.actor(), at=g.at), True)
    ):
        flash(_("The time is agreed. The employer has been told."), "success")
        return _back(candidate, interview.application)
    return _page(candidate, interview.application, form), 422


@blueprint.post("/<candidate>/interviews/<interview>/cancel")
@allow(Permission.APPLICATION_FOLLOW, candidate=Candidate, interview=Interview)
def application_cancel(candidate: Candidate, interview: Interview) -> ResponseReturnValue:
    """None of the times works: say why, so that the employer can offer others."""
    hiring.advance_interview(db.session(), interview, "cancel", actor=access.actor(), at=g.at,
                             reason=request.form.get("reason", ""))
    flash(_("Canceled. The employer reads your reason and can offer other times."), "success")
    return _back(candidate, interview.application)


@blueprint.post("/<candidate>/offers/<offer>/accept")
@allow(Permission.APPLICATION_FOLLOW, candidate=Candidate, offer=Offer)
def application_accept(candidate: Candidate, offer: Offer) -> ResponseReturnValue:
    """Accept the offer: the job is the person's, and other open applications end with that reason."""
    made = placements.hire(db.session(), offer, actor=access.actor(), at=g.at)
    flash(_("You have the job. Congratulations!"), "success")
    return redirect(url_for("candidate.placement", candidate=candidate.id, placement=made.id))


@blueprint.post("/<candidate>/offers/<offer>/decline")
@allow(Permission.APPLICATION_FOLLOW, candidate=Candidate, offer=Offer)
def application_decline(candidate: Candidate, offer: Offer) -> ResponseReturnValue:
    """Decline the offer; the application ends."""
    hiring.decline_offer(db.session(), offer, actor=access.actor(), at=g.at)
    flash(_("You declined the offer. The employer has been told."), "success")
    return _back(candidate, offer.application)


def _back(candidate: Candidate, application: Application) -> ResponseReturnValue:
    return redirect(url_for("candidate.application", candidate=candidate.id, application=application.id))
