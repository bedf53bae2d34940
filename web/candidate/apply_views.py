"""Applying in one step: exactly what the employer will see, a few words, and the person's leave to send it."""

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from wtforms import BooleanField, TextAreaField

from matcher.applications import actions, queries
from matcher.applications.models import Application
from matcher.candidates import rules
from matcher.candidates.models import Candidate
from matcher.candidates.queries import profile
from matcher.kit.errors import ConflictError
from matcher.policy import Permission
from matcher.roles.models import Posting
from matcher.roles.rules import SCHEDULE_WORDS
from matcher.training import queries as training
from web.candidate.desk import blueprint, here, namer
from web.candidate.experience_views import KIND_WORDS
from web.kit import access, db
from web.kit.access import allow
from web.kit.forms import Form, at_most


class ApplyForm(Form):
    """Words and leave."""

    words = TextAreaField(_l("A few words to the employer"), [at_most(2000)],
                          description=_l("Why this role? You may leave it empty. Leave your name out too."))
    consent = BooleanField(_l("This employer may read the profile below, as it is now"))


def snapshot_of(candidate: Candidate) -> dict[str, Any]:
    """What would be sent now."""
    whole = profile(db.session(), candidate.id) or candidate
    done = training.completed_programs(db.session(), candidate.id)
    return rules.snapshot(whole, done, today=g.at.date())


@blueprint.route("/<candidate>/roles/<posting>/apply", methods=["GET", "POST"])
@allow(Permission.APPLICATION_SEND, candidate=Candidate, posting=Posting)
def apply(candidate: Candidate, posting: Posting) -> ResponseReturnValue:
    """Look at what will be sent, then send it. Sending twice leads to the one application."""
    here(candidate)
    there = queries.find_open(db.session(), posting.id, candidate.id)
    if there is not None:
        return _to(candidate, there)
    form, shown = ApplyForm(), snapshot_of(candidate)
    if form.sent():
        try:
            made = form.attempt(lambda: actions.apply(
                db.session(), posting, candidate, snapshot=shown, words=form.words.data or "",
                consented=bool(form.consent.data), actor=access.actor(), at=g.at))
        except (ConflictError, IntegrityError):
            # The same form came twice at once: the other one won, and its application is the answer to both.
            db.rollback()
            there = queries.find_open(db.session(), posting.id, candidate.id)
            if there is None:
                raise
            return _to(candidate, there)
        if made:
            flash(_("Sent. You hear from us at every step."), "success")
            return _to(candidate, made)
    return render_template(
        "candidate/apply.html", candidate=candidate, posting=posting, form=form, shown=shown, kind_words=KIND_WORDS,
        skill_name=namer(row["skill"] for row in shown["skills"]), schedules=SCHEDULE_WORDS,
    ), 422 if form.is_submitted() else 200


def _to(candidate: Candidate, application: Application) -> ResponseReturnValue:
    return redirect(url_for("candidate.application", candidate=candidate.id, application=application.id))
