"""The blueprint of the account pages and its menu."""

from flask import Blueprint, url_for
from flask_babel import gettext as _

from web.kit import access
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
