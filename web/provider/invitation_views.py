"""Inviting graduates into a cohort: one by one or by pasted lines, and looking after open invitations."""

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from matcher.kit.errors import DomainError
from matcher.kit.words import N_
from matcher.organizations import actions as organizations
from matcher.organizations.models import Hub, Invitation, Organization
from matcher.policy import Permission
from matcher.training import inviting
from matcher.training.models import Cohort
from web.kit import db
from web.kit.access import actor, allow
from web.kit.invite_form import InviteForm
from web.kit.limits import per_address
from web.provider.blueprint import blueprint


@blueprint.route("/<organization>/cohorts/<cohort>/invite", methods=["GET", "POST"])
@per_address("60 per hour")
@allow(Permission.PROGRAM_EDIT, organization=Organization, cohort=Cohort)
def invite(organization: Organization, cohort: Cohort) -> ResponseReturnValue:
    """Invite people to build a profile and join this cohort."""
    g.hub = db.session().get_one(Hub, cohort.hub_id)
    form = InviteForm(data={"locale": "en"})
    if form.sent():
        made = form.attempt(lambda: _send(form, organization, cohort))
        if made:
            flash(ngettext("%(num)s invitation is on its way. It is open for two weeks.",
                           "%(num)s invitations are on their way. They are open for two weeks.", made), "success")
            return redirect(url_for("provider.cohort_show", organization=organization.slug, cohort=cohort.id))
    return render_template("provider/invite.html", organization=organization, cohort=cohort, form=form), \
        422 if form.is_submitted() else 200


def _send(form: InviteForm, organization: Organization, cohort: Cohort) -> int:
    return len(inviting.invite_lines(db.session(), organization, g.hub, form.read(), cohort=cohort, actor=actor(),
                                     at=g.at, locale=form.locale.data))


@blueprint.post("/<organization>/invitations/<invitation>/<step>")
@per_address("60 per hour")
@allow(Permission.PROGRAM_EDIT, organization=Organization, invitation=Invitation)
def invitation_step(organization: Organization, invitation: Invitation, step: str) -> ResponseReturnValue:
    """Send an invitation once more (resend), or take it back (revoke)."""
    known: dict[str, tuple[Any, str]] = {
        "resend": (inviting.resend, _("Sent once more. The link in the older mail no longer works.")),
        "revoke": (organizations.revoke_invitation, _("The invitation is taken back. Its link no longer works.")),
    }
    if step not in known or invitation.purpose != inviting.PURPOSE:
        raise DomainError(N_("There is no step called %(step)s here."), params={"step": step})
    act, words = known[step]
    act(db.session(), invitation, actor=actor(), at=g.at)
    flash(words, "success")
    return redirect(url_for("provider.cohort_show", organization=organization.slug, cohort=invitation.cohort_id)
                    if invitation.cohort_id else url_for("provider.programs", organization=organization.slug))
