"""Assembles the employer pages into one blueprint: the menu, and the first page with what waits."""

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.organizations.models import Organization
from matcher.policy import Permission
from web.employer import standing, todo
from web.kit import db
from web.kit.access import allow
from web.kit.nav import Item, item, menu

blueprint = Blueprint("employer", __name__, url_prefix="/employer")


@menu("employer")
def items() -> list[Item]:
    """The employer's menu; pages of later parts of the way join it when they are there."""
    slug = (request.view_args or {}).get("organization", "")
    slug = getattr(slug, "slug", slug)
    wanted = [
        (_("Today"), "employer.today", ("employer.today",)),
        (_("Roles"), "employer.roles", ("employer.role*", "employer.match*", "employer.candidate*")),
        (_("Applications"), "employer.applications",
         ("employer.application*", "employer.interview*", "employer.offer*")),
        (_("Hires"), "employer.placements", ("employer.placement*", "employer.check*")),
        (_("Commitments"), "employer.commitments", ("employer.commitment*",)),
        (_("Joining"), "employer.joining", ("employer.join*",)),
        (_("Team"), "account.team", ("account.team*",)),
    ]
    known = current_app.view_functions
    return [item(label, url_for(endpoint, organization=slug), *current)
            for label, endpoint, current in wanted if slug and endpoint in known]


@blueprint.get("/<organization>/")
@allow(Permission.POSTING_EDIT, organization=Organization)
def today(organization: Organization) -> ResponseReturnValue:
    """What waits, for whom, and by when."""
    place = standing.find(organization)
    if place is None:
        return redirect(url_for("employer.joining", organization=organization.slug))
    return render_template(
        "employer/today.html", organization=organization, partnership=place, partnerships=standing.all_of(organization),
        tasks=todo.tasks(db.session(), organization, place, g.at),
        numbers=todo.numbers(db.session(), organization, g.at),
    )


from web.employer import (  # noqa: E402, F401
    application_views,
    check_views,
    commitment_views,
    interview_views,
    join_views,
    match_views,
    placement_views,
    role_edit_views,
    role_views,
)
