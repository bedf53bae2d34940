"""A retention check answered from the link in a mail: no account needed, nothing changes before the button."""

from flask import Blueprint, current_app, g, render_template
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from matcher.candidates import queries as candidates
from matcher.kit.actor import Actor
from matcher.kit.settings import Settings
from matcher.organizations.models import Hub
from matcher.people.models import Person
from matcher.placements import queries, rules
from matcher.placements.links import read_check_token
from matcher.placements.models import RetentionCheck
from matcher.policy import Permission, allows
from web.employer import check_answers
from web.employer.blueprint import blueprint
from web.kit import db
from web.kit.access import allow
from web.kit.limits import per_address

checks = Blueprint("checks", __name__, url_prefix="/checks")


def _attach(state: BlueprintSetupState) -> None:
    state.app.register_blueprint(checks)


blueprint.record_once(_attach)


@checks.route("/<token>", methods=["GET", "POST"])
@per_address("60 per 10 minutes")
@allow(Permission.ACCOUNT_ENTER)
def answer(token: str) -> ResponseReturnValue:
    """Show the check behind a link, and take the answer of the person it was sent to while they belong there."""
    found = _open(token)
    if found is None:
        return render_template("employer/check_dead.html"), 410
    check, actor, person = found
    g.hub = db.session().get(Hub, check.hub_id)
    form = check_answers.form_for(check)
    if form.sent() and check_answers.take(form, check, actor=actor, at=g.at):
        return render_template("employer/check_thanks.html", placement=check.placement)
    return render_template(
        "employer/check_answer.html", **check_answers.shown(form, check), organization=check.placement.organization,
        signed=True, answering=person,
    ), 422 if form.is_submitted() else 200


def _open(token: str) -> tuple[RetentionCheck, Actor, Person] | None:
    """The check, and who answers it: the membership is read now, so a removed member's link is dead at once."""
    settings: Settings = current_app.extensions["settings"]
    read = read_check_token(settings.secret_key, token, at=g.at)
    check = queries.check_with_all(db.session(), read[0]) if read else None
    person = db.session().get(Person, read[1]) if read else None
    if check is None or person is None or person.closed_at or person.suspended_at:
        return None
    actor = candidates.actor_for(db.session(), person)
    if not allows(actor, Permission.PLACEMENT_REPORT, check) or not rules.may_answer(check.due_on, g.at.date()):
        return None
    return check, actor, person
