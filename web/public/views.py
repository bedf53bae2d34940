"""Assembles the public pages into one blueprint."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from matcher.policy import Permission
from web.kit.access import allow
from web.kit.safe import local_path
from web.kit.words import remember_locale

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
@allow(Permission.PUBLIC_READ)
def home() -> str:
    """The front door."""
    return render_template("layout.html")


@blueprint.get("/language/<locale>")
@allow(Permission.PUBLIC_READ)
def language(locale: str) -> ResponseReturnValue:
    """Show the site in another language from now on, in this browser."""
    return remember_locale(locale, local_path(request.args.get("next")))


@blueprint.get("/how-matching-works")
@allow(Permission.PUBLIC_READ)
def how_matching_works() -> str:
    return ""


@blueprint.get("/privacy")
@allow(Permission.PUBLIC_READ)
def privacy() -> str:
    return ""


@blueprint.get("/accessibility")
@allow(Permission.PUBLIC_READ)
def accessibility() -> str:
    return ""


@blueprint.get("/sources")
@allow(Permission.PUBLIC_READ)
def sources() -> str:
    return ""


from web.public import suggest_views  # noqa: E402, F401
