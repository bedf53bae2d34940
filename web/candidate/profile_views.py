"""The profile as others read it, its words, and the steps of its life."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from matcher.applications import leaving
from matcher.candidates import actions
from matcher.candidates.lifecycle import CANDIDATE
from matcher.candidates.models import Candidate
from matcher.candidates.queries import profile as whole_profile
from matcher.kit.errors import DomainError
from matcher.policy import Permission
from matcher.training import queries as training
from web.candidate.desk import blueprint, here
from web.candidate.experience_views import KIND_WORDS
from web.candidate.skill_views import lines_of
from web.kit import access, db
from web.kit.access import allow
from web.kit.forms import Form, at_most
from web.kit.words import translate


class WordsForm(Form):
    """The person's own words."""

    headline = StringField(_l("You in one line"), [at_most(160)],
                           description=_l("For example: “I fix computers and explain it kindly”. Leave your name out."))
    story = TextAreaField(_l("Your story"), [at_most(3000)],
                          description=_l("What you learned, how, and what you want to do next. Employers read it; "
                                         "ranking does not."))


@blueprint.get("/<candidate>/profile")
@allow(Permission.PROFILE_EDIT, candidate=Candidate)
def profile(candidate: Candidate) -> str:
    """The whole profile, made to be printed too."""
    here(candidate)
    row = whole_profile(db.session(), candidate.id) or candidate
    return render_template(
        "candidate/profile.html", candidate=row, lines=lines_of(row), kind_words=KIND_WORDS,
        enrollments=training.enrollments_of_candidate(db.session(), candidate.id), person=access.person(),
    )


@blueprint.route("/<candidate>/profile/words", methods=["GET", "POST"])
@allow(Permission.PROFILE_EDIT, candidate=Candidate)
def profile_words(candidate: Candidate) -> ResponseReturnValue:
    """Headline and story."""
    here(candidate)
    form = WordsForm(obj=candidate)
    if form.sent() and form.attempt(lambda: (actions.describe(
        db.session(), candidate, headline=form.headline.data or "", story=form.story.data or "",
        actor=access.actor(), at=g.at), True)
    ):
        flash(_("Saved."), "success")
        return redirect(url_for("candidate.profile", candidate=candidate.id))
    return render_template("candidate/profile_words.html", candidate=candidate, form=form), \
        422 if form.is_submitted() else 200


@blueprint.post("/<candidate>/steps/<step>")
@allow(Permission.PROFILE_EDIT, candidate=Candidate)
def profile_step(candidate: Candidate, step: str) -> ResponseReturnValue:
    """Show, pause, withdraw or come back; whoever withdraws from the hub withdraws open applications too."""
    reason = request.form.get("reason", "")
    try:
        if CANDIDATE.step(step).name == "withdraw":
            leaving.withdraw_open(db.session(), candidate, actor=access.actor(), at=g.at, reason=reason)
        actions.advance(db.session(), candidate, step, actor=access.actor(), at=g.at, reason=reason)
    except DomainError as error:
        if type(error) is not DomainError:
            raise
        db.rollback()
        flash(translate(error.message, **error.params), "warning")
        return redirect(url_for("candidate.today", candidate=candidate.id))
    flash(_DONE.get(step, _("Saved.")), "success")
    return redirect(url_for("candidate.today" if step != "pause" else "candidate.privacy", candidate=candidate.id))


_DONE = {
    "activate": _l("Employers can find your profile now."), "pause": _l("Paused. Nobody finds your profile."),
    "resume": _l("Employers can find your profile again."), "withdraw": _l("You have left the hub."),
    "rejoin": _l("Welcome back."),
}
