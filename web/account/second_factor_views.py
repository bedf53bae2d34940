"""Setting up the second factor: a picture for the app, a first code, and spare keys that are shown once."""

import segno
from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.kit.errors import NotAllowedError
from matcher.kit.words import N_
from matcher.organizations import queries as organizations
from matcher.people import second_factor as factors
from matcher.people.models import Person
from matcher.policy import Permission
from web.account.blueprint import blueprint
from web.account.entering import enter
from web.account.forms import CodeForm
from web.kit import access, db
from web.kit.access import allow
from web.kit.limits import limiter, per_address


def _whose() -> str:
    return f"second-factor:{access.actor().person_id}"


@blueprint.route("/security/second-factor", methods=["GET", "POST"])
@limiter.limit("10 per 10 minutes", key_func=_whose, methods=["POST"])
@allow(Permission.ACCOUNT_MANAGE)
def second_factor_set_up() -> ResponseReturnValue:
    """First a button that makes the secret, then the picture and the first code."""
    person = access.person()
    if person.totp_confirmed_at:
        return redirect(url_for("account.security"))
    form = CodeForm()
    if person.totp_secret and form.sent():
        keys = form.attempt(lambda: factors.confirm(db.session(), person, form.code.data, at=g.at))
        if keys:
            enter(person, "/account/", second_factor=True)  # a new cookie, now with the second factor given
            return render_template("account/spare_keys.html", keys=keys)
    return render_template(
        "account/second_factor_set_up.html", form=form, picture=_picture(person), secret=_grouped(person),
        operator=organizations.is_operator(db.session(), person.id),
    ), 422 if form.is_submitted() else 200


@blueprint.post("/security/second-factor/begin")
@allow(Permission.ACCOUNT_MANAGE)
def second_factor_begin() -> ResponseReturnValue:
    """Make a new secret; it counts only once a code from it was seen."""
    factors.begin(db.session(), access.person(), at=g.at)
    return redirect(url_for("account.second_factor_set_up"))


@blueprint.post("/security/second-factor/keys")
@limiter.limit("10 per 10 minutes", key_func=_whose, methods=["POST"])
@allow(Permission.ACCOUNT_MANAGE)
def second_factor_keys() -> ResponseReturnValue:
    """New spare keys, for a code from the app; the old ones stop working."""
    if not _fresh_code():
        flash(_("That code does not fit, or was used already. Wait for the next one."), "error")
        return redirect(url_for("account.security"))
    return render_template("account/spare_keys.html",
                           keys=factors.renew_spare_keys(db.session(), access.person(), at=g.at))


@blueprint.post("/security/second-factor/off")
@per_address("20 per 10 minutes")
@limiter.limit("10 per 10 minutes", key_func=_whose, methods=["POST"])
@allow(Permission.ACCOUNT_MANAGE)
def second_factor_off() -> ResponseReturnValue:
    """Turn it off with a last code. Operators need it as long as they operate a hub."""
    person = access.person()
    if organizations.is_operator(db.session(), person.id):
        raise NotAllowedError(N_("Whoever operates a hub needs a second factor."))
    if not _fresh_code():
        flash(_("That code does not fit, or was used already. Wait for the next one."), "error")
    else:
        factors.turn_off(db.session(), person, at=g.at)
        flash(_("The second factor is off."), "success")
        flash(_("If your password has fewer than 15 characters, choose a longer one now."), "warning")
    return redirect(url_for("account.security"))


def _fresh_code() -> bool:
    form = CodeForm()
    return form.sent() and factors.accept(db.session(), access.person(), form.code.data, at=g.at)


def _picture(person: Person) -> str:
    """The otpauth address as a QR picture in a data address, drawn here: no other server learns the secret."""
    if not person.totp_secret:
        return ""
    drawn = segno.make(factors.address(person), error="m")
    return str(drawn.svg_data_uri(scale=5, border=4, dark="#15222f", light="#ffffff"))


def _grouped(person: Person) -> str:
    secret = person.totp_secret or ""
    return " ".join(secret[i:i + 4] for i in range(0, len(secret), 4))
