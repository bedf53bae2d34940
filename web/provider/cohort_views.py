"""Cohorts: a new group, its roster, and one person's way through it."""

from datetime import timedelta

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.organizations.models import Hub, Organization
from matcher.policy import Permission
from matcher.training import actions, inviting, queries
from matcher.training.lifecycle import ENROLLMENT
from matcher.training.models import Cohort, Enrollment, Program
from web.kit import db, pages
from web.kit.access import actor, allow
from web.kit.forms import filters
from web.kit.names import names_of
from web.kit.words import day, translate
from web.provider import roster
from web.provider.blueprint import blueprint
from web.provider.endorsement_forms import AssessedForm
from web.provider.program_forms import CohortForm, RosterFilter


@blueprint.route("/<organization>/programs/<program>/cohorts/new", methods=["GET", "POST"])
@allow(Permission.PROGRAM_EDIT, organization=Organization, program=Program)
def cohort_new(organization: Organization, program: Program) -> ResponseReturnValue:
    """Add a group; its name and days are proposed from the program."""
    g.hub = db.session().get_one(Hub, program.hub_id)
    first = g.at.date()
    form = CohortForm(data={"name": f"{program.name} {first:%Y-%m}", "starts_on": first, "seats": 20,
                            "ends_on": first + timedelta(weeks=program.weeks)})
    if form.sent():
        made = form.attempt(lambda: actions.add_cohort(db.session(), program, actor=actor(), at=g.at, **form.told()))
        if made:
            flash(_("The group is there. Invite its people next."), "success")
            return redirect(url_for("provider.cohort_show", organization=organization.slug, cohort=made.id))
    return render_template("provider/cohort_edit.html", organization=organization, program=program, cohort=None,
                           form=form), 422 if form.is_submitted() else 200


@blueprint.route("/<organization>/cohorts/<cohort>/edit", methods=["GET", "POST"])
@allow(Permission.PROGRAM_EDIT, organization=Organization, cohort=Cohort)
def cohort_edit(organization: Organization, cohort: Cohort) -> ResponseReturnValue:
    """Change the name, the days or the seats of a group."""
    g.hub = db.session().get_one(Hub, cohort.hub_id)
    form = CohortForm(obj=cohort)
    if form.sent():
        def save() -> bool:
            actions.edit_cohort(db.session(), cohort, actor=actor(), at=g.at, **form.told())
            return True

        if form.attempt(save):
            flash(_("Saved."), "success")
            return redirect(url_for("provider.cohort_show", organization=organization.slug, cohort=cohort.id))
    return render_template("provider/cohort_edit.html", organization=organization, program=cohort.program,
                           cohort=cohort, form=form), 422 if form.is_submitted() else 200


@blueprint.get("/<organization>/cohorts/<cohort>")
@allow(Permission.PROGRAM_EDIT, organization=Organization, cohort=Cohort)
def cohort_show(organization: Organization, cohort: Cohort) -> ResponseReturnValue:
    """The roster: who is where, who waits for a confirmation or an endorsement, who was invited."""
    wanted = filters(RosterFilter)
    everybody = roster.of(cohort)
    text = (wanted.q.data or "").casefold().split()
    seats = [s for s in everybody if all(word in s.name.casefold() for word in text)
             and wanted.state.data in (None, "", str(s.enrollment.state))]
    if kind := pages.asked_export():
        return _download(seats, cohort, kind)
    sent = inviting.sent(db.session(), organization.id, cohort_id=cohort.id)
    return render_template(
        "provider/cohort_show.html", organization=organization, cohort=cohort, page_of=pages.slice_page(seats, 30),
        everybody=everybody, wanted=wanted, labels=ENROLLMENT.labels, tones=roster.STATE_TONES,
        open_invitations=[i for i in sent if not i.accepted_at], taught=len(cohort.program.skills), today=g.at.date(),
        to_confirm=[s for s in everybody if str(s.enrollment.state) in ("intent_recorded", "enrolled")],
        to_endorse=[s for s in everybody if str(s.enrollment.state) == "completed" and not s.endorsed],
    )


def _download(seats: list[roster.Seat], cohort: Cohort, kind: str) -> ResponseReturnValue:
    names = names_of(cohort.program.skills)
    heads = [_("Name"), _("State"), _("Completed on"), *(names[row.skill_id] for row in cohort.program.skills)]
    return pages.table_download("roster", heads, [
        (s.name, translate(s.enrollment.state_label), day(s.enrollment.completed_on),
         *(s.endorsed[row.skill_id].level if row.skill_id in s.endorsed else "" for row in cohort.program.skills))
        for s in seats
    ], kind)


@blueprint.get("/<organization>/people/<enrollment>")
@allow(Permission.COMPLETION_CONFIRM, organization=Organization, enrollment=Enrollment)
def enrollment_show(organization: Organization, enrollment: Enrollment) -> str:
    """One person's way through a cohort, with every endorsement given, taken-back ones too."""
    return person_page(organization, enrollment, AssessedForm())


def person_page(organization: Organization, enrollment: Enrollment, form: AssessedForm) -> str:
    """The page of one person in a cohort, with the form for a skill beyond the program."""
    session = db.session()
    g.hub = session.get_one(Hub, enrollment.hub_id)
    given = [row for row in queries.endorsements_of_candidate(session, enrollment.candidate_id)
             if row.organization_id == organization.id]
    taught = {row.skill_id: row.level for row in enrollment.cohort.program.skills}
    return render_template(
        "provider/enrollment_show.html", organization=organization, enrollment=enrollment, form=form,
        seat=roster.seat(enrollment), cohort=enrollment.cohort, given=given, taught=taught,
        names=names_of(given), tone=roster.STATE_TONES[str(enrollment.state)],
        steps=[s for s in ENROLLMENT.open_to(str(enrollment.state), actor().roles_on(enrollment))
               if s.name != "complete"],
    )


@blueprint.post("/<organization>/people/<enrollment>/<step>")
@allow(Permission.COMPLETION_CONFIRM, organization=Organization, enrollment=Enrollment)
def enrollment_step(organization: Organization, enrollment: Enrollment, step: str) -> ResponseReturnValue:
    """Enroll, note that somebody left, or undo a completion; the completion itself has its own grid."""
    actions.advance_enrollment(db.session(), enrollment, step, actor=actor(), at=g.at,
                               reason=request.form.get("reason", ""))
    flash(_("This person is now: %(state)s.", state=translate(enrollment.state_label)), "success")
    return redirect(url_for("provider.enrollment_show", organization=organization.slug, enrollment=enrollment.id))
