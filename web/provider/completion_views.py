"""Confirming who completed a cohort, everybody in one grid."""

from datetime import date

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, DateField, FieldList, FormField, HiddenField
from wtforms import Form as PlainForm
from wtforms.validators import Optional

from matcher.organizations.models import Organization
from matcher.policy import Permission
from matcher.training import grids
from matcher.training.models import Cohort
from web.kit import db
from web.kit.access import actor, allow
from web.kit.forms import Form
from web.kit.words import translate
from web.provider import roster
from web.provider.blueprint import blueprint

OPEN = ("intent_recorded", "enrolled")


class CompletionRow(PlainForm):
    """One person: ticked, and the day."""

    enrollment = HiddenField()
    done = BooleanField(_l("Completed"))
    on = DateField(_l("Day"), [Optional()])


class CompletionForm(Form):
    """Everybody who has not completed yet."""

    people = FieldList(FormField(CompletionRow))

    def ticked(self) -> dict[str, date | None]:
        """Enrollment id to the day, for the people who are ticked."""
        return {row.form.enrollment.data: row.form.on.data for row in self.people.entries if row.form.done.data}


@blueprint.route("/<organization>/cohorts/<cohort>/completions", methods=["GET", "POST"])
@allow(Permission.COMPLETION_CONFIRM, organization=Organization, cohort=Cohort)
def completions(organization: Organization, cohort: Cohort) -> ResponseReturnValue:
    """Tick who completed, with the day; skills taught go into their profiles at once."""
    seats = [seat for seat in roster.of(cohort) if str(seat.enrollment.state) in OPEN]
    usual = min(cohort.ends_on, g.at.date())
    form = CompletionForm(data={"people": [
        {"enrollment": seat.enrollment.id, "on": usual, "done": request.args.get("all") == "1"} for seat in seats]})
    if form.sent():
        count = form.attempt(lambda: _confirm(form, cohort))
        if count:
            flash(ngettext("%(num)s completion is confirmed. The skills are in their profile now.",
                           "%(num)s completions are confirmed. The skills are in their profiles now.", count),
                  "success")
            return redirect(url_for("provider.cohort_show", organization=organization.slug, cohort=cohort.id))
    return render_template(
        "provider/completions.html", organization=organization, cohort=cohort, form=form,
        names={seat.enrollment.id: seat for seat in roster.of(cohort)}, tones=roster.STATE_TONES,
    ), 422 if form.is_submitted() else 200


def _confirm(form: CompletionForm, cohort: Cohort) -> int:
    """How many were confirmed; 0 with the errors put where they happened."""
    ticked = form.ticked()
    if not ticked:
        form.form_errors.append(_("Tick at least one person."))
        return 0
    errors = grids.confirm_completions(db.session(), cohort, ticked, actor=actor(), at=g.at)
    for row in form.people.entries:
        if error := errors.get(row.form.enrollment.data):
            field = row.form.on if error.field else row.form.done
            field.errors = [*field.errors, translate(error.message, **error.params)]
    return 0 if errors else len(ticked)
