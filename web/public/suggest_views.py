"""Suggestions while one types a skill, job title or program, and the page that proposes what is missing."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import HiddenField, SelectField, StringField

from matcher.organizations.models import Hub
from matcher.policy import Permission
from web.kit import db, vocabulary
from web.kit.access import actor, allow
from web.kit.forms import Form, at_most, offered, required
from web.kit.limits import limiter, per_address
from web.kit.safe import local_path
from web.public.blueprint import blueprint

PER_MINUTE = "120 per minute"


class ProposalForm(Form):
    """Words that we do not know yet."""

    text = StringField(_l("Your words"), [required(), at_most(160)])
    kind = SelectField(_l("What is it?"), choices=offered([
        ("skill", _l("A skill")), ("occupation", _l("A job title")), ("program", _l("A training program")),
    ]))
    hub = SelectField(_l("Which hub should take it in?"))
    onward = HiddenField()


def asked_hub() -> Hub | None:
    """The hub named in the address."""
    slug = request.args.get("hub", "")
    return db.session().scalar(select(Hub).where(Hub.slug == slug)) if slug else None


@blueprint.get("/suggest/<any(skill, occupation, program):kind>")
@limiter.limit(PER_MINUTE)
@allow(Permission.PUBLIC_READ)
def suggest(kind: vocabulary.Kind) -> str:
    """The likeliest things for what is being typed, as options of a list."""
    hub = asked_hub()
    found = vocabulary.suggest(db.session(), kind, request.args.get("q", "")[:160], hub.id if hub else None)
    return render_template("public/suggest_options.html", items=found)


@blueprint.route("/suggest/propose", methods=["GET", "POST"])
@per_address("20 per 10 minutes")
@allow(Permission.PROFILE_CREATE)
def propose() -> ResponseReturnValue:
    """Propose a skill, job title or program that is missing."""
    hubs = db.session().scalars(select(Hub).order_by(Hub.position, Hub.name)).all()
    if not hubs:
        abort(404)
    form = ProposalForm(data={
        "text": request.args.get("text", "")[:160], "kind": request.args.get("kind", "skill"),
        "hub": request.args.get("hub", ""), "onward": request.args.get("next", ""),
    })
    form.hub.choices = offered((hub.slug, hub.name) for hub in hubs)
    if form.sent():
        hub = next(hub for hub in hubs if hub.slug == form.hub.data)
        kind, text = form.kind.data, form.text.data
        form.attempt(lambda: vocabulary.propose(db.session(), hub, kind, text, actor=actor(), at=g.at))
        if not form.form_errors and not form.errors:
            flash(_("We sent your words to the hub. You hear from us when they are taken in."), "success")
            return redirect(local_path(form.onward.data, url_for("account.home")))
    return render_template("public/suggest_propose.html", form=form), 422 if form.is_submitted() else 200
