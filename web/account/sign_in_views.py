"""Signing in, with a second step where one is set up, and signing out."""

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.people import actions as people
from matcher.people import second_factor as factors
from matcher.people import tokens
from matcher.people.models import Person
from matcher.people.tokens import Purpose
from matcher.policy import Permission
from web.account.blueprint import blueprint
from web.account.entering import enter, first_step
from web.account.forms import CodeForm, SignInForm
from web.kit import access, db
from web.kit.access import allow
from web.kit.limits import limiter, per_address, per_field
from web.kit.safe import local_path


@blueprint.route("/sign-in", methods=["GET", "POST"])
@per_address("60 per 10 minutes")
@per_field("10 per 10 minutes", "email")
@allow(Permission.ACCOUNT_ENTER)
def sign_in() -> ResponseReturnValue:
    """Address and password; unknown and wrong look the same and take the same time."""
    onward = local_path(request.args.get("next"), url_for("account.home"))
    if access.actor().person_id and request.method == "GET":
        return redirect(onward)
    form = SignInForm()
    if form.sent():
        person = people.check_password(db.session(), form.email.data, form.password.data)
        if person is not None:
            return first_step(person, onward)
        form.form_errors.append(_("Address and password do not fit together. Try again, or choose a new password."))
    return render_template("account/sign_in.html", form=form, onward=onward), 422 if form.is_submitted() else 200


def _pending() -> str:
    """The second step that waits in this browser, as the key of its limit."""
    return f"second-step:{session.get('second_step', '')[:64]}"


@blueprint.route("/second-factor", methods=["GET", "POST"])
@per_address("60 per 10 minutes")
@limiter.limit("5 per 10 minutes", key_func=_pending, methods=["POST"])
@allow(Permission.ACCOUNT_ENTER)
def second_factor() -> ResponseReturnValue:
    """The second step: six digits from the app, or a spare key."""
    secret = session.get("second_step", "")
    token = tokens.find(db.session(), Purpose.SECOND_STEP, secret, at=g.at)
    if token is None:
        return redirect(url_for("account.sign_in"))
    form = CodeForm()
    if form.sent():
        person = db.session().get_one(Person, token.person_id)
        if factors.accept(db.session(), person, form.code.data, at=g.at) \
                and tokens.use(db.session(), Purpose.SECOND_STEP, secret, at=g.at):
            return enter(person, session.get("onward", "/account/"), second_factor=True)
        form.code.errors = [_("That code does not fit, or was used already. Wait for the next one.")]
    return render_template("account/second_factor.html", form=form), 422 if form.is_submitted() else 200


@blueprint.post("/sign-out")
@allow(Permission.ACCOUNT_ENTER)
def sign_out() -> ResponseReturnValue:
    """Sign this browser out."""
    held = access.current_sign_in()
    if held is not None:
        people.revoke_sign_in(db.session(), held, at=g.at)
    access.sign_out()
    flash(_("You are signed out."), "success")
    return redirect(url_for("public.home"))
