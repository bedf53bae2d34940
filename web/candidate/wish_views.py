"""What the person asks of a job: place, distance, home or on site, hours, pay, start, kind of work."""

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from matcher.candidates import actions, queries
from matcher.candidates.models import Candidate, Preferences, RemoteWish
from matcher.organizations.models import Hub
from matcher.policy import Permission
from matcher.roles.rules import SCHEDULE_WORDS
from matcher.skills import queries as skills
from web.candidate.desk import blueprint, here
from web.kit import access, db
from web.kit.access import allow
from web.kit.forms import Form, at_most, offered, offered_words
from web.kit.names import occupation_title
from web.kit.understanding import Picked, PickField, flash_readings, propose_all

KM_PER_MILE = 1.609344
MIDDLE = "hub"
REMOTE = [("any", _l("Anything")), ("onsite", _l("Only at the workplace")), ("hybrid", _l("At the workplace or partly "
          "from home")), ("remote", _l("Only from home"))]


class WishesForm(Form):
    """Everything that can be asked of a job; empty asks nothing."""

    quarter = SelectField(_l("Where do you start from?"), description=_l("Distance is measured from here. "
                          "Employers see the name of the neighborhood, never an address."))
    place_label = StringField(_l("Or write your neighborhood or town"), [at_most(160)])
    miles = IntegerField(_l("How far can you travel?"),
                         [Optional(), NumberRange(1, 500, _l("Between 1 and 500 miles."))])
    remote = RadioField(_l("Home or workplace?"), choices=offered(REMOTE))
    schedules = SelectMultipleField(_l("Which hours suit you?"), widget=ListWidget(prefix_label=False),
                                    option_widget=CheckboxInput(), description=_l("Choose none if any will do."))
    pay = DecimalField(_l("The least you can work for"), [Optional(), NumberRange(1, 500_000, _l("Write an amount."))],
                       places=2, description=_l("Roles that pay less are left out. Employers do not see this."))
    pay_period = SelectField(_l("Per"), choices=offered([("hour", _l("an hour")), ("year", _l("a year"))]))
    available_on = DateField(_l("First day you could start"), [Optional()])
    occupation = PickField(_l("Kind of work you are after"), kind="occupation",
                           description=_l("Used to show you jobs near it. Leave it empty if you are open."))


@blueprint.route("/<candidate>/wishes", methods=["GET", "POST"])
@allow(Permission.PROFILE_EDIT, candidate=Candidate)
def wishes(candidate: Candidate) -> ResponseReturnValue:
    """Look at the wishes and change them."""
    hub = here(candidate)
    places = {label: (latitude, longitude) for label, latitude, longitude in queries.known_places(db.session(), hub.id)}
    form = WishesForm(data=_shown(candidate.preferences, places))
    form.quarter.choices = offered([
        ("", _("I’d rather not say")), *((label, label) for label in places),
        (MIDDLE, _("Somewhere else: measure from the middle of %(place)s", place=hub.place_label))])
    form.schedules.choices = offered_words(SCHEDULE_WORDS)
    if form.sent() and form.attempt(lambda: actions.put_preferences(
        db.session(), candidate, facts=_facts(form, hub, places), actor=access.actor(), at=g.at)
    ):
        propose_all(form, hub, actor=access.actor(), at=g.at)
        flash_readings(form)
        flash(_("Saved. Your roles follow these wishes from now on."), "success")
        return redirect(url_for("candidate.today", candidate=candidate.id))
    return render_template("candidate/wishes.html", candidate=candidate, form=form), 422 if form.is_submitted() else 200


def _shown(row: Preferences | None, places: dict[str, tuple[float, float]]) -> dict[str, Any]:
    if row is None:
        return {"remote": "any", "pay_period": "hour"}
    known = row.place_label in places
    code = (row.occupations or [None])[0]
    occupation = occupation_title(skills.get_occupation(db.session(), code)) if code else ""
    return {
        "quarter": row.place_label if known else MIDDLE if row.latitude is not None else "",
        "place_label": "" if known else row.place_label, "remote": str(row.remote), "schedules": row.schedules or [],
        "miles": round(row.max_km / KM_PER_MILE) if row.max_km else None, "available_on": row.available_on,
        "pay": row.pay_floor_cents / 100 if row.pay_floor_cents else None, "pay_period": row.pay_period,
        "occupation": Picked(occupation, code),
    }


def _facts(form: WishesForm, hub: Hub, places: dict[str, tuple[float, float]]) -> dict[str, Any]:
    quarter, typed = form.quarter.data, form.place_label.data or ""
    label, spot = (quarter, places[quarter]) if quarter in places else (typed, (None, None))
    if quarter == MIDDLE:
        label, spot = typed or hub.place_label, (hub.latitude, hub.longitude)
    picked = form.occupation.data
    return {
        "place_label": label, "latitude": spot[0], "longitude": spot[1], "remote": RemoteWish(form.remote.data),
        "max_km": round(form.miles.data * KM_PER_MILE) if form.miles.data else None,
        "schedules": form.schedules.data or None, "available_on": form.available_on.data,
        "pay_floor_cents": int(form.pay.data * 100) if form.pay.data else None, "pay_period": form.pay_period.data,
        "occupations": [picked.id] if picked.id else None,
    }
