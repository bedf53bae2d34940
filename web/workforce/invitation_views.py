"""Inviting people to build a profile, by mail, and looking after open invitations."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from matcher.kit.errors import DomainError
from matcher.kit.words import N_
from matcher.organizations import actions as organizations
from matcher.organizations.models import Invitation, Organization
from matcher.policy import Permission
from matcher.training import inviting
from web.kit import db, partner
from web.kit.access import actor, allow
from web.kit.invite_form import InviteForm
from web.kit.limits import per_address
from web.workforce.blueprint import blueprint


@blueprint.route("/<organization>/invite", methods=["GET", "POST"])
@per_address("60 per hour")
@allow(Permission.PEOPLE_SUPPORT, organization=Organization)
def invite(organization: Organization) -> ResponseReturnValue:
    """Invite people; when they take it up they agree to this organization's support."""
    place = partner.get(organization)
    form = InviteForm(data={"locale": "en"})
    if form.sent():
        def send() -> int:
            return len(inviting.invite_lines(db.session(), organization, place.hub, form.read(), actor=actor(), at=g.at,
                                             locale=form.locale.data))

        if made := form.attempt(send):
            flash(ngettext("%(num)s invitation is on its way. It is open for two weeks.",
                           "%(num)s invitations are on their way. They are open for two weeks.", made), "success")
            return redirect(url_for("workforce.invite", organization=organization.slug, hub=place.hub.slug))
    return render_template(
        "workforce/invite.html", organization=organization, form=form, held=partner.all_of(organization), place=place,
        sent=[row for row in inviting.sent(db.session(), organization.id)
              if not row.accepted_at and row.hub_id == place.hub_id], today=g.at,
    ), 422 if form.is_submitted() else 200


@blueprint.post("/<organization>/invitations/<invitation>/<step>")
@per_address("60 per hour")
@allow(Permission.PEOPLE_SUPPORT, organization=Organization, invitation=Invitation)
def invitation_step(organization: Organization, invitation: Invitation, step: str) -> ResponseReturnValue:
    """Send an invitation once more (resend), or take it back (revoke)."""
    known: dict[str, tuple[Callable[..., Any], str]] = {
        "resend": (inviting.resend, _("Sent once more. The link in the older mail no longer works.")),
        "revoke": (organizations.revoke_invitation, _("The invitation is taken back. Its link no longer works.")),
    }
    if step not in known or invitation.purpose != inviting.PURPOSE:
        raise DomainError(N_("There is no step called %(step)s here."), params={"step": step})
    act, words = known[step]
    act(db.session(), invitation, actor=actor(), at=g.at)
    flash(words, "success")
    return redirect(url_for("workforce.invite", organization=organization.slug))
