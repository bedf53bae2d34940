"""Password, signed-in browsers, and the way to the second factor."""

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.organizations import queries as organizations
from matcher.people import actions as people
from matcher.people import queries, second_factor
from matcher.people.models import SignIn
from matcher.policy import Permission
from web.account.blueprint import blueprint
from web.account.entering import enter
from web.account.forms import PasswordForm
from web.kit import access, db
from web.kit.access import allow
from web.kit.limits import per_address


@blueprint.get("/security")
@allow(Permission.ACCOUNT_MANAGE)
def security() -> str:
    """How this account is protected, and where it is signed in."""
    person = access.person()
    return render_template(
        "account/security.html", person=person, sign_ins=queries.sign_ins(db.session(), person.id, at=g.at),
        here=access.current_sign_in(), keys_left=second_factor.spare_keys_left(db.session(), person),
        operator=organizations.is_operator(db.session(), person.id),
    )


@blueprint.route("/password", methods=["GET", "POST"])
@per_address("20 per 10 minutes")
@allow(Permission.ACCOUNT_MANAGE)
def password() -> ResponseReturnValue:
    """Change the password; other browsers are signed out, and this one gets a new cookie."""
    form, person, held = PasswordForm(), access.person(), access.current_sign_in()
    if form.sent() and form.attempt(lambda: (people.change_password(
        db.session(), person, form.current.data, form.password.data, at=g.at, keep=held), True)
    ):
        strong = held is not None and held.second_factor_at is not None
        answer = enter(person, url_for("account.security"), second_factor=strong)
        flash(_("Your password is changed. Other browsers were signed out."), "success")
        return answer
    return render_template("account/password.html", form=form, person=person), 422 if form.is_submitted() else 200


@blueprint.post("/sessions/<sign_in_id>/revoke")
@allow(Permission.ACCOUNT_MANAGE)
def session_revoke(sign_in_id: str) -> ResponseReturnValue:
    """Sign one of one's own browsers out."""
    row = db.session().get(SignIn, sign_in_id)
    if row is None or row.person_id != access.person().id:
        abort(404)
    people.revoke_sign_in(db.session(), row, at=g.at)
    flash(_("That browser is signed out."), "success")
    return redirect(url_for("account.security"))


@blueprint.post("/sessions/revoke-others")
@allow(Permission.ACCOUNT_MANAGE)
def sessions_revoke_others() -> ResponseReturnValue:
    """Sign out every browser but this one."""
    people.revoke_all(db.session(), access.person(), at=g.at, keep=access.current_sign_in())
    flash(_("All other browsers are signed out."), "success")
    return redirect(url_for("account.security"))
