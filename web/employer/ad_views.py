"""From a job ad to a draft: paste it, wait while it is read, check the guesses, save; nothing opens by itself."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.organizations.models import Hub, Organization
from matcher.papers import actions as papers
from matcher.papers import queries
from matcher.papers.models import Paper, PaperPurpose
from matcher.policy import Permission
from matcher.roles import actions as postings
from matcher.roles.models import Posting
from web.employer.ad_forms import AdForm, AdPaperForm, ask, guessed
from web.employer.blueprint import blueprint
from web.kit import access, db, partner
from web.kit.access import actor, allow
from web.kit.forms import offered
from web.kit.papers import bring, fault_words, found_in, largest
from web.kit.understanding import flash_readings, propose_all


@blueprint.route("/<organization>/roles/paste", methods=["GET", "POST"])
@allow(Permission.POSTING_EDIT, organization=Organization)
def role_paste(organization: Organization) -> ResponseReturnValue:
    """Hand in an ad; whoever has one under way finds it again."""
    place = partner.find(organization)
    if place is None:
        return redirect(url_for("employer.joining", organization=organization.slug))
    form, held = AdPaperForm(hub=place.hub.slug), partner.all_of(organization)
    form.hub.choices = offered((row.hub.slug, row.hub.name) for row in held)
    if form.sent():
        hub = partner.get(organization, form.hub.data).hub
        made = form.attempt(lambda: bring(form, PaperPurpose.AD, hub.id, organization_id=organization.id))
        if made:
            return redirect(url_for("employer.role_paste_review", organization=organization.slug, paper=made.id))
    before = queries.latest(db.session(), access.person().id, PaperPurpose.AD, organization_id=organization.id)
    return render_template("employer/role_paste.html", organization=organization, form=form, partnerships=held,
                           before=before, most=largest()), 422 if form.is_submitted() else 200


@blueprint.route("/<organization>/roles/paste/<paper>", methods=["GET", "POST"])
@allow(Permission.POSTING_EDIT, organization=Organization, paper=Paper)
def role_paste_review(organization: Organization, paper: Paper) -> ResponseReturnValue:
    """Wait for the worker, read why it could not, or check the guesses and save them as a draft."""
    g.hub = db.session().get_one(Hub, paper.hub_id)
    found = found_in(paper)
    form = AdForm(data=guessed(found))
    if form.sent() and (made := form.attempt(lambda: _draft(organization, paper, form))):
        flash_readings(form)
        flash(_("Saved as a draft. Only you see it. Add what is missing, then send it to the hub."), "success")
        return redirect(url_for("employer.role_edit", organization=organization.slug, posting=made.id))
    if not form.is_submitted():
        ask(form, found)
    return render_template(
        "employer/role_paste_review.html", organization=organization, paper=paper, form=form, found=found,
        quotes=found.get("quotes", {}), lines=dict(enumerate(found.get("skills", ()))), fault=fault_words(paper),
    ), 422 if form.is_submitted() else 200


def _draft(organization: Organization, paper: Paper, form: AdForm) -> Posting:
    form.forget_unticked()
    hub = g.hub
    made = postings.draft_posting(db.session(), organization, hub, **form.changes(), actor=actor(), at=g.at)
    propose_all(form, hub, actor=actor(), at=g.at)
    papers.forget(db.session(), paper, actor=actor(), at=g.at)
    return made


@blueprint.post("/<organization>/roles/paste/<paper>/discard")
@allow(Permission.POSTING_EDIT, organization=Organization, paper=Paper)
def role_paste_discard(organization: Organization, paper: Paper) -> ResponseReturnValue:
    """Throw the guesses away."""
    papers.forget(db.session(), paper, actor=actor(), at=g.at)
    flash(_("The ad is gone. Nothing was saved."), "success")
    return redirect(url_for("employer.role_paste", organization=organization.slug))
