"""Who belongs to an organization: invite, promote, remove, leave."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.organizations import actions as organizations
from matcher.organizations import queries
from matcher.organizations.models import Invitation, Membership, Organization
from matcher.people.rules import clean_email
from matcher.policy import Permission
from web.account.blueprint import blueprint
from web.account.organization_forms import InviteForm
from web.account.places import organization_address
from web.kit import access, db
from web.kit.access import allow
from web.kit.forms import offered, refuse_other_keys
from web.kit.limits import per_address
from web.kit.words import translate


def _form() -> InviteForm:
    form = InviteForm()
    form.role.choices = offered((role.value, translate(role.label)) for role in form.role.choices)
    return form


def _page(organization: Organization, form: InviteForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "account/team.html", organization=organization, form=form, members=queries.members(db.session(), organization),
        invitations=queries.open_invitations(db.session(), organization.id, at=g.at),
        owner=access.actor().owns(organization.id), back=organization_address(organization),
    ), status


@blueprint.get("/organizations/<organization>/team")
@allow(Permission.ORGANIZATION_READ, organization=Organization)
def team(organization: Organization) -> ResponseReturnValue:
    """The members and open invitations."""
    return _page(organization, _form())


@blueprint.post("/organizations/<organization>/team")
@per_address("60 per hour")
@allow(Permission.TEAM_MANAGE, organization=Organization)
def team_invite(organization: Organization) -> ResponseReturnValue:
    """Invite somebody by mail."""
    form = _form()
    if form.sent() and form.attempt(lambda: organizations.invite(
        db.session(), organization, clean_email(form.email.data), form.role.data, actor=access.actor(), at=g.at,
        locale=access.person().locale)
    ):
        flash(_("The invitation is on its way. It is open for two weeks."), "success")
        return redirect(url_for("account.team", organization=organization.slug))
    return _page(organization, form, 422)


@blueprint.post("/organizations/<organization>/team/<membership>/role")
@allow(Permission.TEAM_MANAGE, organization=Organization, membership=Membership)
def team_role(organization: Organization, membership: Membership) -> ResponseReturnValue:
    """Make a member an owner, or an owner a member."""
    refuse_other_keys("role")
    role = request.form.get("role", "")
    if role not in {"member", "owner"} or membership.ended_at:
        abort(400)
    organizations.change_role(db.session(), membership, role, actor=access.actor(), at=g.at)
    flash(_("Changed. It counts from the next click on."), "success")
    return redirect(url_for("account.team", organization=organization.slug))


@blueprint.post("/organizations/<organization>/team/<membership>/remove")
@allow(Permission.TEAM_MANAGE, organization=Organization, membership=Membership)
def team_remove(organization: Organization, membership: Membership) -> ResponseReturnValue:
    """End somebody's membership."""
    organizations.remove_member(db.session(), membership, actor=access.actor(), at=g.at)
    flash(_("This person no longer belongs to %(name)s.", name=organization.name), "success")
    return redirect(url_for("account.team", organization=organization.slug))


@blueprint.post("/organizations/<organization>/leave")
@allow(Permission.ORGANIZATION_READ, organization=Organization)
def team_leave(organization: Organization) -> ResponseReturnValue:
    """End one's own membership."""
    own = queries.membership(db.session(), organization.id, access.person().id)
    if own is None:
        abort(404)
    organizations.remove_member(db.session(), own, actor=access.actor(), at=g.at)
    flash(_("You no longer belong to %(name)s.", name=organization.name), "success")
    return redirect(url_for("account.home"))


@blueprint.post("/organizations/<organization>/invitations/<invitation>/revoke")
@allow(Permission.TEAM_MANAGE, organization=Organization, invitation=Invitation)
def invitation_revoke(organization: Organization, invitation: Invitation) -> ResponseReturnValue:
    """Take an invitation back."""
    organizations.revoke_invitation(db.session(), invitation, actor=access.actor(), at=g.at)
    flash(_("The invitation is taken back. Its link no longer works."), "success")
    return redirect(url_for("account.team", organization=organization.slug))
