"""Training programs of a hub: what they teach, what they cost, and what became of the people who completed them."""

from flask import abort, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import or_

from matcher.organizations.models import Hub
from matcher.organizations.rules import local_day
from matcher.outcomes import programs as outcomes
from matcher.policy import Permission
from matcher.skills import queries as skills
from matcher.training import queries
from matcher.training.models import Program
from web.kit import db, pages
from web.kit.access import allow
from web.kit.forms import filters
from web.kit.names import names_of, skill_names
from web.kit.words import money
from web.public.blueprint import blueprint
from web.public.program_forms import DELIVERY_WORDS, ETPL_WORDS, ProgramFilter


@blueprint.get("/hubs/<hub>/programs")
@allow(Permission.PUBLIC_READ, hub=Hub)
def programs(hub: Hub) -> ResponseReturnValue:
    """Listed programs."""
    g.hub = hub
    chosen = filters(ProgramFilter)
    query = queries.listed(hub.id)
    for word in (chosen.q.data or "").split()[:6]:
        query = query.where(or_(Program.name.icontains(word, autoescape=True),
                                Program.about.icontains(word, autoescape=True)))
    if chosen.delivery.data:
        query = query.where(Program.delivery == chosen.delivery.data)
    if chosen.free.data:
        query = query.where(Program.cost_cents == 0)
    if kind := pages.asked_export():
        rows = db.session().scalars(query.limit(pages.EXPORT_LIMIT)).unique().all()
        return pages.table_download(_("programs"), (_("Program"), _("Provider"), _("Weeks"), _("Cost"), _("Funding")), [
            (row.name, row.organization.name, row.weeks, money(row.cost_cents), row.funding) for row in rows], kind)
    page = pages.paginate(query)
    named = skill_names(row.skill_id for program in page.rows for row in program.skills)
    return render_template("public/programs.html", here=hub, chosen=chosen, rows=page, named=named,
                           deliveries=DELIVERY_WORDS, today=local_day(g.at, hub.time_zone))


@blueprint.get("/programs/<program>")
@allow(Permission.PUBLIC_READ, program=Program)
def program_show(program: Program) -> str:
    """One program, with outcomes as they may be published."""
    if str(program.state) == "draft":
        abort(404)
    session = db.session()
    hub = g.hub = session.get_one(Hub, program.hub_id)
    today = local_day(g.at, hub.time_zone)
    rows = [
        (_("Completed the program"), _("everyone who began"), outcomes.completion(session, program.id)),
        (_("Hired within 180 days of completing"), _("everyone who completed at least 180 days ago"),
         outcomes.hired(session, program.id, today)),
        (_("Still in the job after 90 days"), _("hires whose 90-day check has come"),
         outcomes.still_there(session, program.id, 90)),
        (_("Still in the job after 180 days"), _("hires whose 180-day check has come"),
         outcomes.still_there(session, program.id, 180)),
    ]
    return render_template(
        "public/program_show.html", program=program, here=hub, outcomes=rows, today=today,
        named=names_of(program.skills),
        occupation=skills.get_occupation(session, program.occupation_code) if program.occupation_code else None,
        deliveries=DELIVERY_WORDS, listings=ETPL_WORDS,
        ahead=[cohort for cohort in program.cohorts if cohort.ends_on >= today],
    )
