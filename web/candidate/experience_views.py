"""What the person did: work, service, care, community, learning, projects."""

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional

from matcher.candidates import actions
from matcher.candidates.models import Candidate, Experience, ExperienceKind
from matcher.policy import Permission
from web.candidate.desk import blueprint, here
from web.kit import access, db
from web.kit.access import allow
from web.kit.forms import Form, at_most, chosen, offered, required

KIND_WORDS: dict[str, Any] = {
    "work": _l("Paid work"), "military": _l("Military service"), "care": _l("Caring for family"),
    "community": _l("Community or faith group"), "self_taught": _l("Learned by myself"), "project": _l("A project"),
}


class ExperienceForm(Form):
    """One experience."""

    kind = RadioField(_l("What was it?"), [chosen()], choices=offered(KIND_WORDS.items()))
    title = StringField(_l("What did you do?"), [required(_l("Say what you did.")), at_most(160)],
                        description=_l("For example: “Ran the help desk at a library”, “Cared for my mother”."))
    place = StringField(_l("Where, or for whom?"), [at_most(160)])
    starts_on = DateField(_l("From"), [Optional()])
    ends_on = DateField(_l("Until"), [Optional()], description=_l("Leave empty if it goes on."))
    words = TextAreaField(_l("What did you learn or fix there?"), [at_most(2000)])


@blueprint.route("/<candidate>/experience/add", methods=["GET", "POST"])
@allow(Permission.PROFILE_EDIT, candidate=Candidate)
def experience_add(candidate: Candidate) -> ResponseReturnValue:
    """Add an experience."""
    here(candidate)
    form = ExperienceForm()
    if form.sent() and form.attempt(lambda: actions.add_experience(
        db.session(), candidate, facts=_facts(form), actor=access.actor(), at=g.at)
    ):
        flash(_("Added. You can now choose it as evidence for a skill."), "success")
        return redirect(url_for("candidate.profile", candidate=candidate.id))
    return render_template("candidate/experience_edit.html", candidate=candidate, form=form, experience=None), \
        422 if form.is_submitted() else 200


@blueprint.route("/<candidate>/experience/<experience>", methods=["GET", "POST"])
@allow(Permission.PROFILE_EDIT, candidate=Candidate, experience=Experience)
def experience_edit(candidate: Candidate, experience: Experience) -> ResponseReturnValue:
    """Change an experience."""
    here(candidate)
    form = ExperienceForm(obj=experience)
    if form.sent() and form.attempt(lambda: (actions.edit_experience(
        db.session(), experience, facts=_facts(form), actor=access.actor(), at=g.at), True)
    ):
        flash(_("Saved."), "success")
        return redirect(url_for("candidate.profile", candidate=candidate.id))
    return render_template("candidate/experience_edit.html", candidate=candidate, form=form, experience=experience), \
        422 if form.is_submitted() else 200


def _facts(form: ExperienceForm) -> dict[str, Any]:
    facts = form.facts()
    texts = {name: facts[name] or "" for name in ("place", "words")}
    return {**facts, **texts, "kind": ExperienceKind(facts["kind"])}


@blueprint.post("/<candidate>/experience/<experience>/remove")
@allow(Permission.PROFILE_EDIT, candidate=Candidate, experience=Experience)
def experience_remove(candidate: Candidate, experience: Experience) -> ResponseReturnValue:
    """Take an experience out."""
    actions.remove_experience(db.session(), candidate, experience, actor=access.actor(), at=g.at)
    flash(_("Removed. Skills that rested on it rest on it no longer."), "success")
    return redirect(url_for("candidate.profile", candidate=candidate.id))
