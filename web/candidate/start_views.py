"""Where a candidate begins: the hub, the profile, and the way back to it."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from matcher.candidates import actions, queries
from matcher.organizations import queries as organizations
from matcher.policy import Permission
from matcher.roles.models import Posting
from web.candidate.desk import blueprint
from web.kit import access, db
from web.kit.access import allow
from web.kit.forms import Form, chosen, offered


class StartForm(Form):
    """Which hub."""

    hub = RadioField(_l("Your hub"), [chosen(_l("Choose the hub nearest to you."))])


@blueprint.get("/")
@allow(Permission.PROFILE_CREATE)
def mine() -> ResponseReturnValue:
    """The person's profile, or the choice between several, or the start."""
    found = queries.profiles_of(db.session(), access.person().id)
    if len(found) == 1:
        return redirect(url_for("candidate.today", candidate=found[0].id))
    return redirect(url_for("account.home") if found else url_for("candidate.start"))


@blueprint.route("/start", methods=["GET", "POST"])
@allow(Permission.PROFILE_CREATE)
def start() -> ResponseReturnValue:
    """Choose a hub and start a profile in it; whoever has one there already is taken to it."""
    hubs = {hub.slug: hub for hub in organizations.hubs(db.session())}
    wanted = hubs.get(request.args.get("hub", ""))
    if wanted is not None and request.method == "GET":
        found = queries.profile_in(db.session(), wanted.id, access.person().id)
        if found is not None:
            return redirect(url_for("candidate.today", candidate=found.id))
    form = StartForm(hub=wanted.slug if wanted else next(iter(hubs)) if len(hubs) == 1 else None)
    form.hub.choices = offered((slug, _("%(hub)s, %(place)s", hub=hub.name, place=hub.place_label))
                                for slug, hub in hubs.items())
    if form.sent():
        made = form.attempt(lambda: actions.start_profile(
            db.session(), hubs[form.hub.data], person_id=access.person().id, actor=access.actor(), at=g.at))
        if made:
            return redirect(url_for("candidate.skills", candidate=made.id))
    return render_template("candidate/start.html", form=form), 422 if form.is_submitted() else 200


@blueprint.get("/roles/<posting>")
@allow(Permission.PROFILE_CREATE, posting=Posting)
def role_here(posting: Posting) -> ResponseReturnValue:
    """From a public role page to the same role beside one's own profile."""
    found = queries.profile_in(db.session(), posting.hub_id, access.person().id)
    if found is None:
        return redirect(url_for("candidate.start", hub=posting.hub.slug))
    return redirect(url_for("candidate.role", candidate=found.id, posting=posting.id))
