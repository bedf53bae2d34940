"""Asking that a person looks: from the public page to one's own, the form, and what the hub answered."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import SelectField, TextAreaField

from matcher.applications.models import Application
from matcher.candidates import queries
from matcher.candidates.models import Candidate
from matcher.kit import lifecycle
from matcher.matches import looks as requests
from matcher.matches.models import LookRequest
from matcher.policy import Permission
from matcher.roles.models import Posting
from web.candidate.desk import blueprint, here
from web.kit import access, db
from web.kit.access import allow
from web.kit.forms import Form, at_most, offered, required


class LookForm(Form):
    """What seems wrong, and with which role."""

    posting = SelectField(_l("Which role is it about?"))
    words = TextAreaField(_l("What seems wrong?"), [required(), at_most(2000)],
                          description=_l("For example: a skill that was not seen, a role missing from your list, an "
                                         "answer you do not understand. The people of your hub read this."))


@blueprint.get("/look")
@allow(Permission.PROFILE_CREATE)
def look_here() -> ResponseReturnValue:
    """From the public page to the form of one's own profile; to the start without one."""
    mine = queries.profiles_of(db.session(), access.person().id)
    return redirect(url_for("candidate.looks", candidate=mine[0].id) if mine else url_for("candidate.mine"))


@blueprint.route("/<candidate>/looks", methods=["GET", "POST"])
@allow(Permission.LOOK_ASK, candidate=Candidate)
def looks(candidate: Candidate) -> ResponseReturnValue:
    """What was asked and answered, and the form to ask."""
    here(candidate)
    form = LookForm()
    form.posting.choices = offered(_roles(candidate))
    if not form.is_submitted() and request.args.get("role") in {role.value for role in form.posting.choices}:
        form.posting.data = request.args["role"]
    if form.sent() and form.attempt(lambda: requests.ask(
        db.session(), candidate, words=form.words.data, actor=access.actor(), at=g.at,
        posting=db.session().get(Posting, form.posting.data) if form.posting.data else None)
    ):
        flash(_("The hub has your request. Somebody looks at it and answers you here, within two weeks."), "success")
        return redirect(url_for("candidate.looks", candidate=candidate.id))
    asked = requests.of_candidate(db.session(), candidate.id)
    return render_template("candidate/looks.html", candidate=candidate, form=form, asked=asked, titles=_titles(asked),
                           findings=requests.FINDINGS), 422 if form.is_submitted() else 200


@blueprint.post("/<candidate>/looks/<look>/<step>")
@allow(Permission.LOOK_ASK, candidate=Candidate, look=LookRequest)
def look_step(candidate: Candidate, look: LookRequest, step: str) -> ResponseReturnValue:
    """Take a request back."""
    if step not in {one.name for one in look.__life__.steps if one.listed}:
        abort(404)
    lifecycle.advance(db.session(), look, step, actor=access.actor(), at=g.at)
    flash(_("Your request is taken back."), "success")
    return redirect(url_for("candidate.looks", candidate=candidate.id))


def _roles(candidate: Candidate) -> list[tuple[str, str]]:
    """No role in particular, those applied to, and the one that the address names."""
    applied = select(Application.posting_id).where(Application.candidate_id == candidate.id)
    wanted = Posting.id.in_(applied) | ((Posting.id == request.args.get("role", "")) & (Posting.state == "live"))
    rows = db.session().scalars(
        select(Posting).where(Posting.hub_id == candidate.hub_id, wanted).order_by(Posting.title, Posting.id))
    return [("", _("My list as a whole")), *((row.id, f"{row.title}, {row.organization.name}") for row in rows)]


def _titles(asked: list[LookRequest]) -> dict[str, str]:
    ids = [row.posting_id for row in asked if row.posting_id]
    rows = db.session().execute(select(Posting.id, Posting.title).where(Posting.id.in_(ids)))
    return {row[0]: row[1] for row in rows}
