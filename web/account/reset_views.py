"""A new password by mail."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.people import actions as people
from matcher.people import tokens
from matcher.people.tokens import Purpose
from matcher.policy import Permission
from web.account.blueprint import blueprint
from web.account.forms import ResetAskForm, ResetForm
from web.kit import access, db
from web.kit.access import allow
from web.kit.limits import per_address, per_field


@blueprint.route("/reset", methods=["GET", "POST"])
@per_address("20 per hour")
@per_field("5 per hour", "email")
@allow(Permission.ACCOUNT_ENTER)
def reset_ask() -> ResponseReturnValue:
    """Ask for a link; the answer is the same whether or not the address has an account."""
    form = ResetAskForm()
    if form.sent() and form.attempt(lambda: (people.ask_for_reset(db.session(), form.email.data, at=g.at), True)):
        return redirect(url_for("account.reset_sent"))
    return render_template("account/reset_ask.html", form=form), 422 if form.is_submitted() else 200


@blueprint.get("/reset/sent")
@allow(Permission.ACCOUNT_ENTER)
def reset_sent() -> str:
    """Says where to look next."""
    return render_template("account/sent.html", what="reset")


@blueprint.route("/reset/<secret>", methods=["GET", "POST"])
@per_address("30 per 10 minutes")
@allow(Permission.ACCOUNT_ENTER)
def reset(secret: str) -> ResponseReturnValue:
    """Choose the new password; every browser is signed out by it."""
    if tokens.find(db.session(), Purpose.RESET, secret, at=g.at) is None:
        return render_template("account/link_dead.html", again=url_for("account.reset_ask")), 410
    form = ResetForm()
    if form.sent() and form.attempt(
        lambda: people.reset_password(db.session(), secret, form.password.data, at=g.at)
    ):
        access.sign_out()
        flash(_("Your new password is set. Sign in with it."), "success")
        return redirect(url_for("account.sign_in"))
    return render_template("account/reset.html", form=form), 422 if form.is_submitted() else 200
