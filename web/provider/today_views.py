"""A provider's first page: what waits, for whom, and how the programs stand."""

from flask import g, render_template
from flask.typing import ResponseReturnValue

from matcher.organizations.models import Organization
from matcher.policy import Permission
from web.kit import db, partner
from web.kit.access import allow
from web.provider import todo
from web.provider.blueprint import blueprint


@blueprint.get("/<organization>/")
@allow(Permission.PROGRAM_EDIT, organization=Organization)
def today(organization: Organization) -> ResponseReturnValue:
    """People to confirm, endorsements that miss, words from employers."""
    place = partner.find(organization)
    if place is None:
        return render_template("provider/no_hub.html", organization=organization)
    facts = todo.read(db.session(), organization, place.hub_id, g.at)
    running = [cohort for cohort in facts.cohorts if cohort.starts_on <= g.at.date() <= cohort.ends_on]
    return render_template(
        "provider/today.html", organization=organization, partnership=place, held=partner.all_of(organization),
        tasks=todo.tasks(db.session(), organization, place, facts, g.at), facts=facts, running=running,
        people={state: sum(n for (_cohort, s), n in facts.counts.items() if s == state)
                for state in ("enrolled", "completed")},
        endorsed=sum(facts.endorsed.values()),
    )
