"""A workforce organization's first page: whose next step it can help with, the soonest first."""

from datetime import date

from flask import g, render_template
from flask.typing import ResponseReturnValue

from matcher.organizations import queries as organizations
from matcher.organizations.models import Organization
from matcher.policy import Permission
from matcher.services import queries
from web.kit import db, partner
from web.kit.access import allow
from web.workforce.blueprint import blueprint

SHOWN = 8


@blueprint.get("/<organization>/")
@allow(Permission.PEOPLE_SUPPORT, organization=Organization)
def today(organization: Organization) -> ResponseReturnValue:
    """People whose next step needs support, and how many wait for others."""
    place = partner.find(organization)
    if place is None:
        return render_template("workforce/no_hub.html", organization=organization)
    session, day = db.session(), g.at.date()
    people = session.scalars(queries.people_of(organization.id, place.hub_id)).unique().all()
    cases = queries.cases(session, organization.id, people, today=day)
    ours = sorted((case for case in cases if case.next.ours), key=lambda case: case.next.due or date.max)
    return render_template(
        "workforce/today.html", organization=organization, partnership=place, held=partner.all_of(organization),
        ours=ours, shown=ours[:SHOWN], cases=cases, waiting=sum(case.next.code == "waiting" for case in cases),
        at_work=sum(case.next.code == "at_work" for case in cases), today=day,
        invited=organizations.open_invitations(session, organization.id, at=g.at, purpose="candidate"),
    )
