"""Writing a role: begin with a title, go on with everything else, with the check and the conditions beside it."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.organizations.models import Organization
from matcher.policy import Permission
from matcher.roles import actions as postings
from matcher.roles import queries, rules
from matcher.roles.flag import OpenFlagError
from matcher.roles.models import Posting
from matcher.roles.posting_check import Finding, PostingFacts, posting_check
from matcher.skills import queries as skills
from matcher.skills.models import OccupationSkill
from web.employer.blueprint import blueprint
from web.employer.role_forms import NewRoleForm, RoleForm, stored
from web.kit import db, partner
from web.kit.access import actor, allow
from web.kit.forms import offered
from web.kit.names import names_of, occupation_title, skill_name
from web.kit.understanding import flash_readings, propose_all
from web.kit.words import translate

OFFERED = 10
OFFERED_FROM = 40


@blueprint.route("/<organization>/roles/new", methods=["GET", "POST"])
@allow(Permission.POSTING_EDIT, organization=Organization)
def role_new(organization: Organization) -> ResponseReturnValue:
    """Begin with a title: it says most of the rest."""
    place = partner.find(organization)
    if place is None:
        return redirect(url_for("employer.joining", organization=organization.slug))
    form = NewRoleForm(hub=place.hub.slug)
    held = partner.all_of(organization)
    form.hub.choices = offered((row.hub.slug, row.hub.name) for row in held)
    form.read_title()
    if form.sent() and (made := form.attempt(lambda: _begin(organization, form))):
        flash_readings(form)
        return redirect(url_for("employer.role_edit", organization=organization.slug, posting=made.id))
    return render_template("employer/role_new.html", organization=organization, form=form, partnerships=held), \
        422 if form.is_submitted() else 200


def _begin(organization: Organization, form: NewRoleForm) -> Posting:
    place = partner.get(organization, form.hub.data)
    made = postings.draft_posting(db.session(), organization, place.hub, title=form.title.data or "",
                                  occupation_code=form.occupation.data.id, actor=actor(), at=g.at)
    propose_all(form, place.hub, actor=actor(), at=g.at)
    return made


@blueprint.route("/<organization>/roles/<posting>/edit", methods=["GET", "POST"])
@allow(Permission.POSTING_EDIT, organization=Organization, posting=Posting)
def role_edit(organization: Organization, posting: Posting) -> ResponseReturnValue:
    """Everything a role says; after each save with the check beside it."""
    session = db.session()
    whole = queries.get_posting(session, posting.id)
    g.hub = whole.hub
    if str(whole.state) not in rules.EDITABLE:
        return redirect(url_for("employer.role_show", organization=organization.slug, posting=whole.id))
    occupation = skills.get_occupation(session, whole.occupation_code) if whole.occupation_code else None
    form = RoleForm(data=stored(whole, names_of(whole.requirements), occupation_title(occupation)))
    if form.sent():
        _add_offered(form, whole.occupation_code)
        if form.attempt(lambda: _save(whole, form)):
            flash_readings(form)
            return redirect(url_for("employer.role_edit", organization=organization.slug, posting=whole.id,
                                    _anchor="skills" if form.add_skill.data else None))
    elif form.is_submitted():
        _add_offered(form, whole.occupation_code)
    return render_template(
        "employer/role_edit.html", organization=organization, posting=whole, form=form, offered=usual_skills(whole),
        findings=check(whole), missing=rules.submit_faults(whole, g.at.date()), rules=rules,
        conditions=queries.open_conditions(session, whole), review=queries.last_review(whole),
    ), 422 if form.is_submitted() else 200


def _save(posting: Posting, form: RoleForm) -> bool:
    """Save the facts first, then the flag: a flag that cannot stand loses nothing that was typed."""
    session = db.session()
    before = str(posting.state)
    postings.edit_posting(session, posting, version=int(form.version.data), **form.changes(), actor=actor(), at=g.at)
    propose_all(form, posting.hub, actor=actor(), at=g.at)
    try:
        postings.set_open_flag(session, posting, bool(form.open_nontraditional.data), actor=actor(), at=g.at)
    except OpenFlagError as error:
        words = translate(error.message, **error.params)
        flash(_("Saved, but without the mark “open”: %(what)s", what=words), "warning")
        return True
    if str(posting.state) != before:
        flash(_("Saved. What you changed was approved before, so the hub reads it again."), "info")
    else:
        flash(_("Saved."), "success")
    return True


def _add_offered(form: RoleForm, code: str | None) -> None:
    """A press of a suggested skill adds it to the rows; everything else that was typed stays."""
    wanted = form.add_skill.data
    typical = db.session().get(OccupationSkill, (code, wanted)) if code and wanted else None
    if typical:
        form.put_skill(typical.skill_id, skill_name(typical.skill), typical.level)


def usual_skills(posting: Posting) -> list[OccupationSkill]:
    """Skills that this kind of work typically uses and that the role does not list yet."""
    if not posting.occupation_code:
        return []
    held = {row.skill_id for row in posting.requirements}
    typical = skills.typical_skills(db.session(), posting.occupation_code, OFFERED_FROM)
    return [row for row in typical if row.skill_id not in held][:OFFERED]


def check(posting: Posting) -> list[Finding]:
    """What the posting check finds in the role as it is saved."""
    entry = skills.find_hub_occupation(db.session(), posting.hub_id, posting.occupation_code or "")
    return posting_check(posting.summary, PostingFacts(
        degree=str(posting.degree), pay_shown=posting.pay_min_cents is not None, progression=posting.progression,
        entry_level=entry.entry_level if entry else True, skills=len(posting.requirements),
    ), title=posting.title)
