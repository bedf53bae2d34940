"""After the hire: the start, the year's checks, and the person's own answers to them."""

from decimal import Decimal

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, RadioField, TextAreaField
from wtforms.validators import NumberRange, Optional

from matcher.candidates.models import Candidate
from matcher.placements import actions, rules
from matcher.placements.models import Placement, RetentionCheck, StillThere
from matcher.policy import Permission
from web.candidate.desk import blueprint, here
from web.kit import access, db
from web.kit.access import allow
from web.kit.forms import Form, at_most, chosen, offered


class CheckForm(Form):
    """How the job goes."""

    still_there = RadioField(_l("Do you still work there?"), [chosen()],
                             choices=offered([("yes", _l("Yes")), ("no", _l("No")),
                                              ("unknown", _l("I’d rather not say"))]))
    pay = DecimalField(_l("What do you earn now?"), [Optional(), NumberRange(1, 1_000_000, _l("Write an amount."))],
                       places=2, description=_l("Per hour or per year, as in your offer. You may leave it empty."))
    words = TextAreaField(_l("What should the program have taught you? How is it going?"), [at_most(2000)],
                          description=_l("The hub reads this. Your employer does not."))


@blueprint.get("/<candidate>/placements/<placement>")
@allow(Permission.APPLICATION_FOLLOW, candidate=Candidate, placement=Placement)
def placement(candidate: Candidate, placement: Placement) -> str:
    """One job: terms, start, and what is asked when."""
    here(candidate)
    today = g.at.date()
    return render_template("candidate/placement.html", candidate=candidate, placement=placement, today=today,
                           checks=[(check, _own(check), rules.may_answer(check.due_on, today))
                                   for check in placement.checks])


def _own(check: RetentionCheck) -> bool:
    """Has the person answered this one?"""
    return any(answer.side == "candidate" for answer in check.answers)


@blueprint.route("/<candidate>/checks/<check>", methods=["GET", "POST"])
@allow(Permission.APPLICATION_FOLLOW, candidate=Candidate, check=RetentionCheck)
def check(candidate: Candidate, check: RetentionCheck) -> ResponseReturnValue:
    """Answer a check from one's own side; nothing is saved before the button is pressed (invariant 16)."""
    here(candidate)
    form = CheckForm()
    if form.sent() and form.attempt(lambda: actions.answer_check(
        db.session(), check, side="candidate", still_there=StillThere(form.still_there.data), actor=access.actor(),
        at=g.at, words=form.words.data or "", pay_cents=_cents(form.pay.data))
    ):
        flash(_("Thank you. Your answer is kept."), "success")
        return redirect(url_for("candidate.placement", candidate=candidate.id, placement=check.placement_id))
    return render_template("candidate/check.html", candidate=candidate, check=check, form=form, answered=_own(check),
                           open=rules.may_answer(check.due_on, g.at.date())), 422 if form.is_submitted() else 200


def _cents(amount: Decimal | None) -> int | None:
    return int(amount * 100) if amount is not None else None
