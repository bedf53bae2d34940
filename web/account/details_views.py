"""A person's own details, their mail address, and what they were told."""

from flask import flash, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.people import actions as people
from matcher.people import tokens
from matcher.people.rules import zones
from matcher.people.tokens import Purpose
from matcher.policy import Permission
from web.account.blueprint import blueprint
from web.account.forms import AddressForm, AgainForm, DetailsForm
from web.kit import access, db
from web.kit.access import allow
from web.kit.forms import offered
from web.kit.limits import per_address

NEAR = ("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
        "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico")


@blueprint.route("/details", methods=["GET", "POST"])
@allow(Permission.ACCOUNT_MANAGE)
def details() -> ResponseReturnValue:
    """Name, phone, language and time zone."""
    person = access.person()
    form = DetailsForm(obj=person)
    form.time_zone.choices = offered((zone, zone.replace("_", " ")) for zone in (*NEAR, *sorted(zones() - set(NEAR)))
                                     if zone in NEAR or "/" in zone)
    if form.sent() and form.attempt(
        lambda: (people.describe_person(db.session(), person, **form.facts(), at=g.at), True)
    ):
        session.pop("locale", None)  # the language chosen here rules from now on
        flash(_("Saved."), "success")
        return redirect(url_for("account.details"))
    return render_template("account/details.html", form=form, person=person), 422 if form.is_submitted() else 200


@blueprint.route("/address", methods=["GET", "POST"])
@per_address("20 per hour")
@allow(Permission.ACCOUNT_MANAGE)
def address() -> ResponseReturnValue:
    """Ask for another mail address; a link goes there, and nothing changes before it is used."""
    form, person = AddressForm(), access.person()
    if form.sent() and form.attempt(lambda: (people.ask_for_address(
        db.session(), person, form.email.data, form.password.data, at=g.at), True)
    ):
        flash(_("We have sent a link to the new address. Until you use it, nothing changes."), "success")
        return redirect(url_for("account.details"))
    return render_template("account/address.html", form=form, person=person), 422 if form.is_submitted() else 200


@blueprint.route("/address/<secret>", methods=["GET", "POST"])
@per_address("30 per 10 minutes")
@allow(Permission.ACCOUNT_ENTER)
def address_confirm(secret: str) -> ResponseReturnValue:
    """Use the link sent to the new address, by a button."""
    if tokens.find(db.session(), Purpose.ADDRESS, secret, at=g.at) is None:
        return render_template("account/link_dead.html", again=url_for("account.address")), 410
    form = AgainForm()
    if form.sent():
        people.change_address(db.session(), secret, at=g.at)
        flash(_("From now on you sign in with the new address."), "success")
        return redirect(url_for("account.home"))
    return render_template("account/address_confirm.html", form=form), 422 if form.is_submitted() else 200
