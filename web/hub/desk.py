"""What every page of the desk begins with, and the words for the kinds of things that wait."""

from collections.abc import Mapping
from datetime import date, datetime

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from matcher.organizations.models import Hub
from matcher.organizations.rules import local_day
from matcher.outcomes.desk import Waiting

ENDPOINTS: Mapping[str, str] = {
    "roles": "hub.reviews", "partners": "hub.partners", "commitments": "hub.commitments",
    "expiring": "hub.commitments", "answers": "hub.answers", "starts": "hub.placements", "checks": "hub.placements",
    "words": "hub.words", "looks": "hub.looks_asked", "models": "hub.lab",
}


def enter(hub: Hub) -> date:
    """Show the hub's name on the page; returns the day on its calendar."""
    g.hub = hub
    return local_day(g.at, hub.time_zone)


def url_of(hub: Hub, row: Waiting) -> str:
    """Where one deals with it."""
    more = {"starts": {"state": "offer_accepted"}, "checks": {"checks": "due"}, "partners": {"state": "waiting"}}
    return url_for(ENDPOINTS[row.kind], hub=hub.slug, **more.get(row.kind, {}))


def words_of(row: Waiting) -> str:
    """How many of what, as a short phrase."""
    phrases = {
        "roles": ngettext("%(num)s role to review", "%(num)s roles to review", row.count),
        "partners": ngettext("%(num)s partner to vet", "%(num)s partners to vet", row.count),
        "commitments": ngettext("%(num)s commitment to accept", "%(num)s commitments to accept", row.count),
        "expiring": ngettext("%(num)s commitment ends soon", "%(num)s commitments end soon", row.count),
        "answers": ngettext("%(num)s application past half its time", "%(num)s applications past half their time",
                            row.count),
        "starts": ngettext("%(num)s start nobody confirmed", "%(num)s starts nobody confirmed", row.count),
        "checks": ngettext("%(num)s check not answered yet", "%(num)s checks not answered yet", row.count),
        "words": ngettext("%(num)s word people miss", "%(num)s words people miss", row.count),
        "looks": ngettext("%(num)s person asks you to look", "%(num)s people ask you to look", row.count),
        "models": ngettext("%(num)s model waits for you", "%(num)s models wait for you", row.count),
    }
    return phrases[row.kind]


def who_acts(row: Waiting) -> str:
    """Who acts next."""
    return {
        "roles": _("You read it and approve, or say what to change"),
        "partners": _("You get in touch and confirm who they are"),
        "commitments": _("You read it and accept it"), "words": _("You take them in, or say why not"),
        "expiring": _("The employer renews; you can remind them"),
        "answers": _("The employer answers; at three quarters of the time it comes to you"),
        "starts": _("The employer confirms; you can from a document"),
        "looks": _("You look and answer in words, within two weeks"),
        "models": _("You release it, or go on without"),
        "checks": _("The employer or the person answers by the link they have"),
    }[row.kind]


def since(row: Waiting) -> str:
    """How long the oldest has waited, in days, or when the first one ends."""
    if row.oldest is None:
        return ""
    today = local_day(g.at, g.hub.time_zone)
    day = local_day(row.oldest, g.hub.time_zone) if isinstance(row.oldest, datetime) else row.oldest
    days = (today - day).days
    if days < 0:
        return str(ngettext("the first in %(num)s day", "the first in %(num)s days", -days))
    if not days:
        return str(_("since today"))
    return str(ngettext("the oldest for %(num)s day", "the oldest for %(num)s days", days))
