"""What the site keeps about a person: take it along, or close the account."""

import json

from flask import Response, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.kit.errors import DomainError
from matcher.kit.words import N_
from matcher.people import actions as people
from matcher.people import export, passwords
from matcher.policy import Permission
from web.account.blueprint import blueprint
from web.account.forms import CloseForm
from web.kit import access, db
from web.kit.access import allow
from web.kit.limits import per_address


@blueprint.get("/data")
@allow(Permission.ACCOUNT_MANAGE)
def data() -> str:
    """What can be done with one's own data."""
    return render_template("account/data.html")


@blueprint.get("/data/download")
@allow(Permission.ACCOUNT_MANAGE)
def data_download() -> Response:
    """Everything kept about the person as one JSON file."""
    kept = export.everything(db.session(), access.person())
    answer: Response = current_app.response_class(
        json.dumps({"made_at": g.at.isoformat(), **kept}, indent=1, ensure_ascii=False), mimetype="application/json"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{export.as_of(g.at)}"'
    return answer


@blueprint.route("/close", methods=["GET", "POST"])
@per_address("20 per 10 minutes")
@allow(Permission.ACCOUNT_MANAGE)
def close() -> ResponseReturnValue:
    """Close the account for good."""
    form, person = CloseForm(), access.person()

    def closing() -> bool:
        if not passwords.matches(person.password_hash, form.password.data):
            raise DomainError(N_("That is not your password now."), field="password")
        people.close_account(db.session(), person, at=g.at, reason=form.reason.data or "")
        return True

    if form.sent() and form.attempt(closing):
        access.sign_out()
        flash(_("Your account is closed. Thank you for having been here."), "success")
        return redirect(url_for("public.home"))
    return render_template("account/close.html", form=form), 422 if form.is_submitted() else 200
