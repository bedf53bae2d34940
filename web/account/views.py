"""Assembles the account pages into one blueprint."""

from flask import Blueprint

from matcher.policy import Permission
from web.kit.access import allow

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("/sign-in")
@allow(Permission.ACCOUNT_ENTER)
def sign_in() -> str:
    return ""


@blueprint.get("/sign-up")
@allow(Permission.ACCOUNT_ENTER)
def sign_up() -> str:
    return ""


@blueprint.post("/sign-out")
@allow(Permission.ACCOUNT_ENTER)
def sign_out() -> str:
    return ""


@blueprint.get("/")
@allow(Permission.ACCOUNT_MANAGE)
def home() -> str:
    return ""


@blueprint.get("/verify")
@allow(Permission.ACCOUNT_ENTER)
def verify_wait() -> str:
    return ""
