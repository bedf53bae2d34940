"""How an employer joins: which hubs it asked, what it told them, and leaving."""

from functools import partial

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.organizations import actions as organizations
from matcher.organizations import queries
from matcher.organizations.lifecycle import PARTNERSHIP
from matcher.organizations.models import Organization
from matcher.organizations.rules import FAMILIES, SCREENS
from matcher.policy import Permission
from web.employer.blueprint import blueprint
from web.employer.join_forms import join_form
from web.kit import db, partner
from web.kit.access import actor, allow


@blueprint.get("/<organization>/join")
@allow(Permission.POSTING_EDIT, organization=Organization)
def joining(organization: Organization) -> str:
    """Where the employer stands with each hub, and the hubs it could ask."""
    partner.find(organization)
    held = partner.all_of(organization)
    others = [hub for hub in queries.hubs(db.session()) if hub.id not in {row.hub_id for row in held}]
    steps = {row.id: PARTNERSHIP.open_to(str(row.state), actor().roles_on(row)) for row in held}
    step_urls = {row.id: partial(_step_url, organization.slug, row.hub.slug) for row in held}
    return render_template("employer/joining.html", organization=organization, partnerships=held, others=others,
                           steps=steps, step_urls=step_urls, families=FAMILIES, screens=SCREENS)


def _step_url(organization: str, hub: str, step: str) -> str:
    return url_for("employer.join_step", organization=organization, hub=hub, step=step)


@blueprint.route("/<organization>/join/<hub>", methods=["GET", "POST"])
@allow(Permission.POSTING_EDIT, organization=Organization)
def join_edit(organization: Organization, hub: str) -> ResponseReturnValue:
    """Ask a hub, or change what was told to it."""
    found = queries.hub_by_slug(db.session(), hub) or abort(404)
    g.hub = found
    held = queries.partnership(db.session(), organization.id, found.id)
    form = join_form(families=held.families or [], screens=held.screens or [], hires_planned=held.hires_planned,
                     words=held.words) if held else join_form()
    if form.sent() and form.attempt(lambda: _save(organization, found, held, form.facts())):
        flash(_("Saved. The hub plans with it."), "success")
        return redirect(url_for("employer.joining", organization=organization.slug, hub=hub))
    return render_template("employer/join_edit.html", organization=organization, form=form, partnership=held), \
        422 if form.is_submitted() else 200


def _save(organization: Organization, hub: object, held: object, told: dict[str, object]) -> bool:
    if held is None:
        organizations.ask_to_join(db.session(), organization, hub, **told, actor=actor(), at=g.at)  # type: ignore[arg-type]
    else:
        organizations.update_partnership(db.session(), held, **told, actor=actor(), at=g.at)  # type: ignore[arg-type]
    return True


@blueprint.post("/<organization>/join/<hub>/<step>")
@allow(Permission.COMMITMENT_SIGN, organization=Organization)
def join_step(organization: Organization, hub: str, step: str) -> ResponseReturnValue:
    """Leave a hub (an owner, with a reason)."""
    held = partner.get(organization, hub)
    organizations.advance_partnership(db.session(), held, step, actor=actor(), at=g.at,
                                      reason=request.form.get("reason", ""))
    flash(_("You are now “%(state)s” at %(hub)s.", state=_(held.state_label), hub=held.hub.name), "success")
    return redirect(url_for("employer.joining", organization=organization.slug))
