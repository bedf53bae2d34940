"""Joining: sign up by kind, and confirm the mail address."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from matcher.organizations import queries as organizations
from matcher.people import actions as people
from matcher.people import passwords, tokens
from matcher.people.models import Person
from matcher.people.rules import KINDS
from matcher.people.tokens import Purpose
from matcher.policy import Permission
from web.account.blueprint import blueprint
from web.account.entering import first_step, wished
from web.account.forms import AgainForm, SignUpForm
from web.kit import access, db
from web.kit.access import allow
from web.kit.forms import offered, offered_words
from web.kit.limits import per_address, per_field


@blueprint.route("/sign-up", methods=["GET", "POST"])
@per_address("30 per hour")
@per_field("10 per hour", "email")
@allow(Permission.ACCOUNT_ENTER)
def sign_up() -> ResponseReturnValue:
    """Join. The answer is the same for an address that has an account; its owner gets another mail."""
    form = SignUpForm(kind=request.args.get("kind"), hub=request.args.get("hub"))
    hubs = {hub.slug: hub for hub in organizations.hubs(db.session())}
    form.kind.choices = offered_words(KINDS)
    form.hub.choices = offered((slug, hub.name) for slug, hub in hubs.items())
    if not hubs:
        del form.hub
    if form.sent():
        hub = hubs.get(form.hub.data) if form.hub else None
        wish = {"kind": form.kind.data, "hub": hub.slug if hub else ""}
        facts = form.facts("kind", "hub")
        done = form.attempt(lambda: (people.sign_up(
            db.session(), **facts, locale=str(get_locale()), at=g.at, wish=wish,
            time_zone=hub.time_zone if hub else "America/Chicago"), True))
        if done:
            return redirect(url_for("account.sign_up_sent"))
    return render_template("account/sign_up.html", form=form), 422 if form.is_submitted() else 200


@blueprint.get("/sign-up/sent")
@allow(Permission.ACCOUNT_ENTER)
def sign_up_sent() -> str:
    """Says where to look next."""
    return render_template("account/sent.html", what="sign_up")


@blueprint.get("/verify")
@allow(Permission.ACCOUNT_MANAGE)
def verify_wait() -> ResponseReturnValue:
    """Somebody signed in whose address is not confirmed yet."""
    if access.person().verified_at:
        return redirect(url_for("account.home"))
    return render_template("account/verify_wait.html", email=access.person().email)


@blueprint.post("/verify/again")
@per_address("10 per hour")
@allow(Permission.ACCOUNT_MANAGE)
def verify_again() -> ResponseReturnValue:
    """Send the link once more."""
    people.send_verification(db.session(), access.person(), at=g.at)
    flash(_("We have sent a new link. The ones before no longer work."), "success")
    return redirect(url_for("account.verify_wait"))


@blueprint.route("/verify/<secret>", methods=["GET", "POST"])
@per_address("30 per 10 minutes")
@allow(Permission.ACCOUNT_ENTER)
def verify(secret: str) -> ResponseReturnValue:
    """Confirm the address by a button. A browser that is not signed in as this person shows the password too,
    so that an account made by a stranger with this address stays closed to the stranger."""
    token = tokens.find(db.session(), Purpose.VERIFY, secret, at=g.at)
    if token is None:
        return render_template("account/link_dead.html", again=url_for("account.sign_in")), 410
    owner = db.session().get_one(Person, token.person_id)
    known = access.actor().person_id == owner.id
    form = AgainForm()
    if form.sent() and _may_confirm(form, owner, known):
        person, wish = people.verify(db.session(), secret, at=g.at)
        onward = wished(wish.get("kind", ""), wish.get("hub", ""))
        answer = redirect(onward) if known else first_step(person, onward)
        flash(_("Your address is confirmed. Welcome!"), "success")
        return answer
    return render_template("account/verify.html", form=form, known=known), 422 if form.is_submitted() else 200


def _may_confirm(form: AgainForm, owner: Person, known: bool) -> bool:
    if known or passwords.matches(owner.password_hash, form.password.data or ""):
        return True
    form.password.errors = [_("That is not the password you chose when you signed up.")]
    return False
