"""A provider's programs: the list, the editor with its suggestions, one program with its cohorts, and its steps."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select

from matcher.kit.errors import DomainError
from matcher.organizations.models import Hub, Organization
from matcher.policy import Permission
from matcher.skills import crosswalk
from matcher.skills import queries as skills
from matcher.skills.models import OccupationSkill
from matcher.training import actions, queries, rules
from matcher.training.lifecycle import PROGRAM
from matcher.training.models import Program
from web.kit import db, pages, partner
from web.kit.access import actor, allow
from web.kit.forms import filters
from web.kit.names import names_of, occupation_title, skill_name
from web.kit.understanding import Picked, flash_readings, propose_all
from web.kit.words import money, translate
from web.provider.blueprint import blueprint
from web.provider.program_forms import BLANK_ROWS, ProgramFilter, ProgramForm, stored

TONES = {"listed": "leaf", "draft": "sun"}
OFFERED_FROM, OFFERED = 24, 10


@blueprint.get("/<organization>/programs")
@allow(Permission.PROGRAM_EDIT, organization=Organization)
def programs(organization: Organization) -> ResponseReturnValue:
    """Every program, with how many people went through it."""
    partner.find(organization)
    wanted = filters(ProgramFilter)
    query = queries.of_provider(organization.id, text=wanted.q.data or "", state=wanted.state.data or "")
    if kind := pages.asked_export():
        return _download(query, kind)
    rows = pages.paginate(query)
    return render_template("provider/programs.html", organization=organization, rows=rows, wanted=wanted, tones=TONES,
                           labels=PROGRAM.labels, counts=people_of(rows.rows))


def people_of(rows: Any) -> dict[str, dict[str, int]]:
    """Program id to how many people are in each state, over all its cohorts; one statement."""
    owner = {cohort.id: program.id for program in rows for cohort in program.cohorts}
    found: dict[str, dict[str, int]] = {}
    for (cohort_id, state), count in queries.counts_by_state(db.session(), list(owner)).items():
        states = found.setdefault(owner[cohort_id], {})
        states[state] = states.get(state, 0) + count
    return found


def _download(query: Select[Program], kind: str) -> ResponseReturnValue:
    rows = db.session().scalars(query.limit(pages.EXPORT_LIMIT)).unique().all()
    counts = people_of(rows)
    heads = (_("Program"), _("State"), _("Weeks"), _("Hours a week"), _("Cost"), _("Funding"), _("Taught"), _("Skills"),
             _("Cohorts"), _("In the program"), _("Completed"), _("ETPL"))
    return pages.table_download("programs", heads, [
        (row.name, translate(row.state_label), row.weeks, row.hours_per_week, money(row.cost_cents), row.funding,
         translate(rules.DELIVERY_WORDS[str(row.delivery)]), len(row.skills), len(row.cohorts),
         counts.get(row.id, {}).get("enrolled", 0), counts.get(row.id, {}).get("completed", 0),
         translate(rules.ETPL_WORDS[str(row.etpl_status)]))
        for row in rows
    ], kind)


@blueprint.route("/<organization>/programs/new", methods=["GET", "POST"])
@allow(Permission.PROGRAM_EDIT, organization=Organization)
def program_new(organization: Organization) -> ResponseReturnValue:
    """Describe a new program; it stays a draft until it is listed."""
    place = partner.find(organization)
    if place is None:
        return render_template("provider/no_hub.html", organization=organization)
    form = ProgramForm(data={"etpl_status": "unknown", "delivery": "in_person", "skills": [{}] * BLANK_ROWS,
                             "place_label": organization.place_label})
    made = _written(form, lambda cip: actions.add_program(
        db.session(), organization, place.hub, facts=form.told(cip), skills=form.taught(), actor=actor(), at=g.at),
        place.hub)
    if made:
        flash(_("Saved as a draft. List it when it says what you teach."), "success")
        return redirect(url_for("provider.program_show", organization=organization.slug, program=made.id))
    return _editor(organization, form, None)


@blueprint.route("/<organization>/programs/<program>/edit", methods=["GET", "POST"])
@allow(Permission.PROGRAM_EDIT, organization=Organization, program=Program)
def program_edit(organization: Organization, program: Program) -> ResponseReturnValue:
    """Change what a program says."""
    hub = g.hub = db.session().get_one(Hub, program.hub_id)
    names = names_of(program.skills)
    occupation = skills.get_occupation(db.session(), program.occupation_code) if program.occupation_code else None
    form = ProgramForm(data=stored(program, names, occupation_title(occupation)))
    if _written(form, lambda cip: _save(program, form, cip), hub):
        flash(_("Saved."), "success")
        return redirect(url_for("provider.program_show", organization=organization.slug, program=program.id))
    return _editor(organization, form, program)


def _save(program: Program, form: ProgramForm, cip: str | None) -> Program:
    version = int(form.version.data) if str(form.version.data).isdecimal() else 0
    actions.edit_program(db.session(), program, facts=form.told(cip), skills=form.taught(), version=version,
                         actor=actor(), at=g.at)
    return program


def _written(form: ProgramForm, write: Any, hub: Hub) -> Program | None:
    """Fill in what a button asks for, or save; None when the form is to be shown again."""
    if not form.is_submitted():
        return None
    valid = form.sent()
    if form.only_fills:
        _fill(form)
        form.hush()
        return None
    if not valid:
        return None
    made: Program | None = form.attempt(lambda: write(crosswalk.clean_cip(form.cip_code.data or "")))
    if made:
        propose_all(form, hub, actor=actor(), at=g.at)
        flash_readings(form)
    return made


def _fill(form: ProgramForm) -> None:
    session = db.session()
    if code := form.use_occupation.data:
        form.occupation.data = Picked(occupation_title(skills.get_occupation(session, code)), code)
    if form.use_cip.data:
        form.cip_code.data = form.use_cip.data
    typical = session.get(OccupationSkill, (form.occupation.data.id, form.add_skill.data)) \
        if form.add_skill.data and form.occupation.data.id else None
    if typical:
        form.put_skill(typical.skill_id, skill_name(typical.skill), typical.level)


def _editor(organization: Organization, form: ProgramForm, program: Program | None) -> ResponseReturnValue:
    session, code = db.session(), form.occupation.data.id
    try:
        cip = crosswalk.clean_cip(form.cip_code.data or "")
    except DomainError:
        cip = None
    held = {skill for skill, _level in form.taught()}
    typical = skills.typical_skills(session, code, OFFERED_FROM) if code else []
    return render_template(
        "provider/program_edit.html", organization=organization, program=program, form=form,
        field_title=crosswalk.field_title(session, cip) if cip else None, cip=cip,
        occupations=[o for o in skills.occupations_for_cip(session, cip) if o.code != code][:6] if cip else [],
        fields=[f for f in crosswalk.fields_for_occupation(session, code) if f[0] != cip] if code else [],
        offered=[row for row in typical if row.skill_id not in held][:OFFERED],
    ), 422 if form.is_submitted() and not form.only_fills else 200


@blueprint.get("/<organization>/programs/<program>")
@allow(Permission.PROGRAM_EDIT, organization=Organization, program=Program)
def program_show(organization: Organization, program: Program) -> str:
    """One program: what it says, its cohorts, and the next step."""
    session = db.session()
    whole = queries.find_program(session, program.id) or program
    g.hub = session.get_one(Hub, whole.hub_id)
    ids = [cohort.id for cohort in whole.cohorts]
    return render_template(
        "provider/program_show.html", organization=organization, program=whole, names=names_of(whole.skills),
        rules=rules,
        occupation=skills.get_occupation(session, whole.occupation_code) if whole.occupation_code else None,
        field_title=crosswalk.field_title(session, whole.cip_code) if whole.cip_code else None,
        steps=[s for s in PROGRAM.open_to(str(whole.state), actor().roles_on(whole)) if s.listed],
        tone=TONES.get(str(whole.state), "plain"), counts=queries.counts_by_state(session, ids),
        endorsed=queries.endorsed_people(session, ids), today=g.at.date(),
    )


@blueprint.post("/<organization>/programs/<program>/<step>")
@allow(Permission.PROGRAM_EDIT, organization=Organization, program=Program)
def program_step(organization: Organization, program: Program, step: str) -> ResponseReturnValue:
    """List a program or stop offering it."""
    actions.advance_program(db.session(), program, step, actor=actor(), at=g.at, reason=request.form.get("reason", ""))
    flash(_("“%(name)s” is now: %(state)s.", name=program.name, state=translate(program.state_label)), "success")
    return redirect(url_for("provider.program_show", organization=organization.slug, program=program.id))
