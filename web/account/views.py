"""Assembles the account pages into one blueprint, and shows a person all their places."""

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from matcher.kit import outbox
from matcher.organizations.rules import KIND_WORDS
from matcher.policy import Permission
from web.account import places
from web.account.entering import wished
from web.kit import access, db
from web.kit.access import allow
from web.kit.nav import MENUS, Item, item, menu

blueprint = Blueprint("account", __name__, url_prefix="/account")


@menu("account")
def items() -> list[Item]:
    """The account's menu; visitors see the public one."""
    if access.actor().person_id is None:
        return MENUS["public"]() if "public" in MENUS else []
    return [
        item(_("My places"), url_for("account.home"), "account.home", "account.organization*", "account.team*"),
        item(_("Notices"), url_for("account.notices"), "account.notices"),
        item(_("My details"), url_for("account.details"), "account.details", "account.address*"),
        item(_("Security"), url_for("account.security"), "account.security", "account.second*", "account.password"),
        item(_("My data"), url_for("account.data"), "account.data", "account.close"),
    ]


@blueprint.get("/")
@allow(Permission.ACCOUNT_MANAGE)
def home() -> str:
    """Everything that is this person's, with the next step of each."""
    person = access.person()
    return render_template(
        "account/home.html", profiles=places.profiles(db.session(), person.id),
        organizations=places.organizations(db.session(), person.id),
        hubs=places.hubs(db.session(), person.id), unread=outbox.unread_count(db.session(), person.id),
        second_factor_due=places.owes_second_factor(db.session(), person, access.current_sign_in()),
        kind_words=KIND_WORDS, hub_role_words=places.HUB_ROLE_WORDS, next_for_partner=places.NEXT_FOR_PARTNER,
        profile_url=wished("candidate", ""),
    )


from web.account import (  # noqa: E402, F401
    data_views,
    demo_views,
    details_views,
    entry_views,
    invitation_views,
    organization_views,
    reset_views,
    second_factor_views,
    security_views,
    sign_in_views,
    team_views,
)
