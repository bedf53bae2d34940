"""The voluntary questions, on a page of their own: why they are asked, who sees them, and how to take them back."""

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from matcher.candidates.models import Candidate
from matcher.demographics import actions, queries, rules
from matcher.policy import Permission
from web.candidate.desk import blueprint, here
from web.kit import access, db
from web.kit.access import allow
from web.kit.forms import Form, offered

NO_ANSWER = "no_answer"


def _field(question: str) -> RadioField:
    answers = [(value, _l(words)) for value, words in rules.ANSWERS[question].items()]
    return RadioField(_l(rules.QUESTIONS[question]), choices=offered([
        *answers, (actions.PREFER_NOT, _l("I prefer not to say")), (NO_ANSWER, _l("Skip this question"))]))


QuestionsForm: Any = type("QuestionsForm", (Form,), {
    "__doc__": "Every question, each with a way to say nothing.",
    **{question: _field(question) for question in rules.QUESTIONS},
})


@blueprint.route("/<candidate>/questions", methods=["GET", "POST"])
@allow(Permission.DEMOGRAPHICS_ANSWER, candidate=Candidate)
def questions(candidate: Candidate) -> ResponseReturnValue:
    """See, give, change or take back the answers."""
    here(candidate)
    standing = _standing(candidate)
    form = QuestionsForm(data=standing)
    if form.sent() and form.attempt(lambda: _answer(candidate, form, standing)):
        flash(_("Saved. You can change or take back each answer at any time."), "success")
        return redirect(url_for("candidate.questions", candidate=candidate.id))
    return render_template("candidate/questions.html", candidate=candidate, form=form,
                           given=sum(value != NO_ANSWER for value in standing.values())), \
        422 if form.is_submitted() else 200


def _standing(candidate: Candidate) -> dict[str, str]:
    rows = queries.of_candidate(db.session(), candidate.id)
    found = {}
    for question in rules.QUESTIONS:
        row = rows.get(question)
        status = str(row.status) if row else "not_asked"
        found[question] = NO_ANSWER if row is None or status == "not_asked" else \
            actions.PREFER_NOT if status == actions.PREFER_NOT else row.value or NO_ANSWER
    return found


def _answer(candidate: Candidate, form: Any, standing: dict[str, str]) -> bool:
    changed = {question: "" if value == NO_ANSWER else value for question, value in form.facts().items()
               if value and value != standing[question]}
    if changed:
        actions.answer(db.session(), candidate_id=candidate.id, hub_id=candidate.hub_id, answers=changed,
                       actor=access.actor(), at=g.at)
    return True
