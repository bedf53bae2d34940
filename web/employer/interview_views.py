"""Interviews and offers: times in the hub's time zone, what became of them, and terms that hold what was posted."""

from datetime import timedelta

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.applications import hiring
from matcher.applications.lifecycle import INTERVIEW
from matcher.applications.models import Application, Interview, Offer
from matcher.kit.errors import DomainError
from matcher.organizations.models import Organization
from matcher.policy import Permission
from matcher.roles.models import PayPeriod
from web.employer.application_views import back_to, called, seen
from web.employer.blueprint import blueprint
from web.employer.hiring_forms import InterviewForm, OfferForm, ReasonForm
from web.kit import access, db
from web.kit.access import allow
from web.kit.words import translate


@blueprint.route("/<organization>/applications/<application>/interview", methods=["GET", "POST"])
@allow(Permission.APPLICATION_REVIEW, organization=Organization, application=Application)
def interview_new(organization: Organization, application: Application) -> ResponseReturnValue:
    """Offer up to three times."""
    row, form = seen(application), InterviewForm()
    form.drawn_from(row)
    if form.sent():
        form.refuse_stale(row)
        if form.attempt(lambda: hiring.propose_interview(
                db.session(), row, options=form.times(row.posting.hub.time_zone), minutes=int(form.minutes.data),
                place=form.place.data or "", actor=access.actor(), at=g.at)):
            flash(_("The times are on their way. The person chooses one."), "success")
            return back_to(row)
    return render_template("employer/interview_new.html", form=form, organization=organization, application=row,
                           called=called(row), zone=row.posting.hub.time_zone), (422 if form.is_submitted() else 200)


@blueprint.post("/<organization>/interviews/<interview>/<step>")
@allow(Permission.APPLICATION_REVIEW, organization=Organization, interview=Interview)
def interview_step(organization: Organization, interview: Interview, step: str) -> ResponseReturnValue:
    """It took place, it did not, or it is canceled."""
    application_id = seen(interview.application).id
    if step not in {s.name for s in INTERVIEW.steps if s.listed and "employer" in s.by}:
        abort(404)
    try:
        hiring.advance_interview(db.session(), interview, step, actor=access.actor(), at=g.at,
                                 reason=request.form.get("reason", ""))
        flash(_("Noted."), "success")
    except DomainError as error:
        if type(error) is not DomainError:
            raise
        db.rollback()
        flash(translate(error.message, **error.params), "warning")
    return redirect(url_for("employer.application_show", organization=organization.slug, application=application_id))


@blueprint.route("/<organization>/applications/<application>/offer", methods=["GET", "POST"])
@allow(Permission.APPLICATION_REVIEW, organization=Organization, application=Application)
def offer_new(organization: Organization, application: Application) -> ResponseReturnValue:
    """Offer the job, at no less than the posted pay."""
    row = seen(application)
    posting = row.posting
    week = g.at.date() + timedelta(days=7)
    form = OfferForm(data={"pay_period": str(posting.pay_period), "pay": posting.pay_min_cents, "answer_by": week,
                           "starts_on": max(filter(None, (posting.starts_on, week + timedelta(days=7))))})
    form.drawn_from(row)
    if form.sent():
        form.refuse_stale(row)
        if form.attempt(lambda: hiring.make_offer(
                db.session(), row, pay_cents=form.pay.data or 0, pay_period=PayPeriod(form.pay_period.data),
                starts_on=form.starts_on.data, answer_by=form.answer_by.data, terms=form.terms.data or "",
                actor=access.actor(), at=g.at)):
            flash(_("The offer is made. The person has until the day you named."), "success")
            return back_to(row)
    return render_template("employer/offer_new.html", form=form, organization=organization, application=row,
                           called=called(row)), (422 if form.is_submitted() else 200)


@blueprint.route("/<organization>/offers/<offer>/take-back", methods=["GET", "POST"])
@allow(Permission.APPLICATION_REVIEW, organization=Organization, offer=Offer)
def offer_take_back(organization: Organization, offer: Offer) -> ResponseReturnValue:
    """Take an unanswered offer back, with a reason; new terms are a new offer."""
    row, form = seen(offer.application), ReasonForm()
    form.drawn_from(offer)
    if form.sent():
        form.refuse_stale(offer)
        if form.attempt(lambda: hiring.take_back_offer(
                db.session(), offer, actor=access.actor(), at=g.at, reason=form.reason.data) or row):
            flash(_("The offer is taken back, and the person knows why."), "success")
            return back_to(row)
    return render_template("employer/offer_take_back.html", form=form, organization=organization, application=row,
                           offer=offer, called=called(row)), (422 if form.is_submitted() else 200)
