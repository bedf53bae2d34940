"""The employer's first page: what waits, for whom, and by when."""

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from matcher.organizations.models import Organization
from matcher.policy import Permission
from web.employer import todo
from web.employer.blueprint import blueprint
from web.kit import db, partner
from web.kit.access import allow


@blueprint.get("/<organization>/")
@allow(Permission.POSTING_EDIT, organization=Organization)
def today(organization: Organization) -> ResponseReturnValue:
    """What waits, for whom, and by when."""
    place = partner.find(organization)
    if place is None:
        return redirect(url_for("employer.joining", organization=organization.slug))
    return render_template(
        "employer/today.html", organization=organization, partnership=place, partnerships=partner.all_of(organization),
        tasks=todo.tasks(db.session(), organization, place, g.at),
        numbers=todo.numbers(db.session(), organization, g.at),
    )
