"""Taking up an invitation: with the account one has, or with a new one for the invited address."""

from flask import flash, g, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from matcher.kit import crypto
from matcher.organizations import actions as organizations
from matcher.organizations.models import Hub, Invitation, Organization
from matcher.people import actions as people
from matcher.people import queries
from matcher.people.models import Person
from matcher.policy import Permission
from web.account.blueprint import blueprint
from web.account.entering import enter, wished
from web.account.forms import AgainForm, InvitedForm
from web.account.places import organization_address
from web.kit import access, db
from web.kit.access import allow
from web.kit.limits import per_address


@blueprint.route("/invitations/<secret>", methods=["GET", "POST"])
@per_address("30 per 10 minutes")
@allow(Permission.ACCOUNT_ENTER)
def invitation(secret: str) -> ResponseReturnValue:
    """Who invites whom to what, and the one thing this browser can do about it."""
    row = organizations.find_invitation(db.session(), secret, at=g.at)
    if row is None:
        return render_template("account/link_dead.html", again=None), 410
    owner = queries.find_person(db.session(), row.email)
    case = _case(row, owner)
    form = InvitedForm(name=row.name) if case == "new" else AgainForm()
    if case in {"new", "own"} and form.sent():
        person = form.attempt(lambda: _take_up(row, form, case))
        if person:
            return _welcome(row, person, case)
    return render_template(
        "account/invitation.html", form=form, case=case, invitation=row, secret=secret,
        organization=db.session().get_one(Organization, row.organization_id),
        invited_to=db.session().get(Hub, row.hub_id) if row.hub_id else None,
    ), 422 if form.is_submitted() else 200


def _case(row: Invitation, owner: Person | None) -> str:
    """own: signed in with the invited address; other: with another; sign_in: it has an account; new: it has none."""
    if access.actor().person_id is not None:
        same = crypto.normalized(access.person().email) == crypto.normalized(row.email)
        return "own" if same else "other"
    return "sign_in" if owner else "new"


def _take_up(row: Invitation, form: InvitedForm | AgainForm, case: str) -> Person:
    person = access.person() if case == "own" else people.create_person(
        db.session(), name=form.name.data, email=row.email, password=form.password.data,
        locale=str(get_locale()), verified=True, at=g.at,
        time_zone=_zone(row),
    )
    organizations.accept_invitation(db.session(), row, person, at=g.at)
    return person


def _zone(row: Invitation) -> str:
    hub = db.session().get(Hub, row.hub_id) if row.hub_id else None
    return hub.time_zone if hub else "America/Chicago"


def _welcome(row: Invitation, person: Person, case: str) -> ResponseReturnValue:
    hub = db.session().get(Hub, row.hub_id) if row.hub_id else None
    if row.purpose == "candidate":
        onward = wished("candidate", hub.slug if hub else "")
    else:
        onward = organization_address(db.session().get_one(Organization, row.organization_id))
    answer = redirect(onward) if case == "own" else enter(person, onward)
    flash(_("Welcome! The invitation is taken up."), "success")
    return answer


