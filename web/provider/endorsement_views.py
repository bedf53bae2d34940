"""Endorsing: a whole cohort in one grid, one further skill that was tested, and taking an endorsement back."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from matcher.kit.errors import ConflictError
from matcher.kit.words import N_
from matcher.organizations.models import Hub, Organization
from matcher.policy import Permission
from matcher.training import actions, grids
from matcher.training.models import Cohort, Endorsement, EndorsementBasis, Enrollment
from web.kit import db
from web.kit.access import actor, allow
from web.kit.names import names_of
from web.kit.understanding import flash_readings, propose_all
from web.kit.words import translate
from web.provider import roster
from web.provider.blueprint import blueprint
from web.provider.cohort_views import person_page
from web.provider.endorsement_forms import AssessedForm, grid_form, wishes


@blueprint.route("/<organization>/cohorts/<cohort>/endorsements", methods=["GET", "POST"])
@allow(Permission.ENDORSEMENT_GIVE, organization=Organization, cohort=Cohort)
def endorsements(organization: Organization, cohort: Cohort) -> ResponseReturnValue:
    """People and skills in one grid: choose the level that each person showed."""
    seats = [seat for seat in roster.of(cohort) if str(seat.enrollment.state) == "completed"]
    program = cohort.program
    form = grid_form(program, seats, fill=request.args.get("fill") == "taught")
    if form.sent():
        if form.version.data != str(program.version):
            raise ConflictError(N_("Somebody else changed this program. Reload the page to see what it says now."))
        given = form.attempt(lambda: _give(form, cohort))
        if given is not None:
            flash(ngettext("%(num)s endorsement given. It counts from now on.",
                           "%(num)s endorsements given. They count from now on.", given) if given
                  else _("Nothing was changed."), "success" if given else "info")
            return redirect(url_for("provider.cohort_show", organization=organization.slug, cohort=cohort.id))
    return render_template(
        "provider/endorsements.html", organization=organization, cohort=cohort, program=program, form=form,
        names=names_of(program.skills), seats={seat.enrollment.id: seat for seat in seats},
        waiting=sum(str(s.enrollment.state) in ("intent_recorded", "enrolled") for s in roster.of(cohort)),
    ), 422 if form.is_submitted() else 200


def _give(form: Any, cohort: Cohort) -> int | None:
    """How many were given; None with each error at its cell."""
    given, errors = grids.endorse_cohort(db.session(), cohort, wishes(form, cohort.program), actor=actor(), at=g.at)
    for row in form.people.entries:
        for skill in cohort.program.skills:
            if error := errors.get((row.form.enrollment.data, skill.skill_id)):
                row.form[skill.skill_id].errors = [translate(error.message, **error.params)]
    return None if errors else len(given)


@blueprint.post("/<organization>/people/<enrollment>/assessed")
@allow(Permission.ENDORSEMENT_GIVE, organization=Organization, enrollment=Enrollment)
def endorse_assessed(organization: Organization, enrollment: Enrollment) -> ResponseReturnValue:
    """Endorse one skill that the program does not teach, because the provider tested it."""
    g.hub = hub = db.session().get_one(Hub, enrollment.hub_id)
    form = AssessedForm()
    if form.sent():
        if propose_all(form, hub, actor=actor(), at=g.at):
            return redirect(url_for("provider.enrollment_show", organization=organization.slug,
                                    enrollment=enrollment.id))
        if form.attempt(lambda: actions.endorse(
            db.session(), enrollment, skill_id=form.skill.data.id or "", level=form.level.data,
            basis=EndorsementBasis.ASSESSED, words=form.words.data, actor=actor(), at=g.at)
        ):
            flash_readings(form)
            flash(_("Endorsed. It counts from now on."), "success")
            return redirect(url_for("provider.enrollment_show", organization=organization.slug,
                                    enrollment=enrollment.id))
    return person_page(organization, enrollment, form), 422


@blueprint.post("/<organization>/endorsements/<endorsement>/revoke")
@allow(Permission.ENDORSEMENT_GIVE, organization=Organization, endorsement=Endorsement)
def endorsement_revoke(organization: Organization, endorsement: Endorsement) -> ResponseReturnValue:
    """Take an endorsement back, with a reason that the person reads; it stops counting at once."""
    actions.end_endorsement(db.session(), endorsement, "revoke", actor=actor(), at=g.at,
                            reason=request.form.get("reason", ""))
    flash(_("Taken back. It counts no longer, from now on."), "success")
    return redirect(url_for("provider.enrollment_show", organization=organization.slug,
                            enrollment=endorsement.enrollment_id))
