"""From a right password to a signed-in browser: the second step where there is one, and where to go then."""

from flask import current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from matcher.organizations import queries as organizations
from matcher.people import actions as people
from matcher.people import tokens
from matcher.people.models import Person
from matcher.people.tokens import Purpose
from web.kit import access, db
from web.kit.safe import local_path

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS", "macOS"), ("Linux", "Linux"))


def first_step(person: Person, onward: str) -> ResponseReturnValue:
    """After the password: ask for the second factor where one is set up, else sign in."""
    if person.totp_confirmed_at is None:
        return enter(person, onward)
    token = tokens.issue(db.session(), Purpose.SECOND_STEP, person.id, at=g.at)
    session["second_step"], session["onward"] = tokens.secret_of(token.id), onward
    return redirect(url_for("account.second_factor"))


def enter(person: Person, onward: str, *, second_factor: bool = False) -> ResponseReturnValue:
    """Sign this browser in under a new cookie; an operator without a second factor goes to set one up first."""
    held = access.current_sign_in()
    if held is not None:
        people.revoke_sign_in(db.session(), held, at=g.at)
    operator = organizations.is_operator(db.session(), person.id)
    row, secret = people.begin_sign_in(db.session(), person, at=g.at, agent=browser(), second_factor=second_factor,
                                       short=operator)
    access.sign_in(secret, row, person)
    if operator and not second_factor:
        return redirect(url_for("account.second_factor_set_up"))
    return redirect(local_path(onward, url_for("account.home")))


def browser() -> str:
    """The browser and system in two words: enough to know one's own, too little to follow anyone."""
    agent = request.user_agent.string
    name = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return " · ".join(part for part in (name, system) if part)


def wished(kind: str, hub: str) -> str:
    """Where somebody who came for this begins: a profile, or an organization."""
    if kind == "candidate":
        for endpoint in ("candidate.profile_new", "candidate.start", "candidate.home"):
            if endpoint in current_app.view_functions:
                return url_for(endpoint, **({"hub": hub} if hub else {}))
    if kind in {"employer", "training_provider", "workforce_organization"}:
        return url_for("account.organization_new", kind=kind, hub=hub)
    return url_for("account.home")
