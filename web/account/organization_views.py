"""Bringing an organization to a hub, and saying what it is."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.candidates.queries import actor_for
from matcher.organizations import actions as organizations
from matcher.organizations import queries
from matcher.organizations.models import Organization
from matcher.policy import Permission
from web.account.blueprint import blueprint
from web.account.organization_forms import NewOrganizationForm, OrganizationForm
from web.account.places import organization_address
from web.kit import access, db
from web.kit.access import allow
from web.kit.forms import offered
from web.kit.limits import per_address
from web.kit.words import translate


@blueprint.route("/organizations/new", methods=["GET", "POST"])
@per_address("20 per hour")
@allow(Permission.ORGANIZATION_CREATE)
def organization_new() -> ResponseReturnValue:
    """Start an organization and ask a hub to take it in."""
    form = NewOrganizationForm(kind=request.args.get("kind"), hub=request.args.get("hub"))
    form.kind.choices = offered((kind.value, translate(kind.label)) for kind in form.kind.choices)
    form.hub.choices = offered((hub.slug, hub.name) for hub in queries.hubs(db.session()))
    if form.sent():
        made = form.attempt(lambda: _found(form))
        if made:
            flash(_("%(name)s is here. The hub will get in touch with you.", name=made.name), "success")
            return redirect(organization_address(made))
    return render_template("account/organization_new.html", form=form), 422 if form.is_submitted() else 200


def _found(form: NewOrganizationForm) -> Organization:
    session = db.session()
    hub = queries.hub_by_slug(session, form.hub.data)
    made = organizations.found_organization(session, actor=access.actor(), at=g.at, **form.facts("hub", "words"))
    founder = actor_for(session, access.person())  # read anew: the founder is its owner now
    if hub is not None:
        organizations.ask_to_join(session, made, hub, words=form.words.data or "", actor=founder, at=g.at)
    return made


@blueprint.route("/organizations/<organization>", methods=["GET", "POST"])
@allow(Permission.ORGANIZATION_EDIT, organization=Organization)
def organization_edit(organization: Organization) -> ResponseReturnValue:
    """What the organization says about itself."""
    form = OrganizationForm(obj=organization)
    if form.sent() and form.attempt(lambda: (organizations.describe_organization(
        db.session(), organization, **form.facts(), latitude=organization.latitude,
        longitude=organization.longitude, actor=access.actor(), at=g.at), True)
    ):
        flash(_("Saved."), "success")
        return redirect(url_for("account.organization_edit", organization=organization.slug))
    return render_template("account/organization_edit.html", form=form, organization=organization,
                           back=organization_address(organization)), 422 if form.is_submitted() else 200
