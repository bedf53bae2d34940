"""The candidate's blueprint and menu, and what every page of a profile needs: its hub and the names of skills."""

from collections.abc import Iterable

from flask import Blueprint, g, url_for
from flask_babel import gettext as _

from matcher.candidates.models import Candidate
from matcher.organizations.models import Hub
from web.kit import db
from web.kit.names import skill_names
from web.kit.nav import MENUS, Item, item, menu
from web.kit.reasons import Namer

blueprint = Blueprint("candidate", __name__, url_prefix="/candidate")


@menu("candidate")
def items() -> list[Item]:
    """The menu of one profile; before there is one, the account's."""
    candidate = g.get("candidate")
    if candidate is None:
        return MENUS["account"]()

    def to(endpoint: str) -> str:
        return url_for(f"candidate.{endpoint}", candidate=candidate.id)

    return [
        item(_("Today"), to("today"), "candidate.today"),
        item(_("My profile"), to("skills"), "candidate.skill*", "candidate.evidence*", "candidate.experience*",
             "candidate.program*", "candidate.profile*", "candidate.resume*"),
        item(_("My wishes"), to("wishes"), "candidate.wishes"),
        item(_("Roles for me"), to("matches"), "candidate.matches", "candidate.role*", "candidate.apply"),
        item(_("Applications"), to("applications"), "candidate.application*", "candidate.placement*",
             "candidate.check*"),
        item(_("Privacy"), to("privacy"), "candidate.privacy", "candidate.questions", "candidate.who_saw"),
    ]


def here(candidate: Candidate) -> Hub:
    """Say whose page this is, so that the layout shows the hub and the menu; returns the hub."""
    hub = db.session().get_one(Hub, candidate.hub_id)
    g.hub, g.candidate = hub, candidate
    return hub


def namer(ids: Iterable[str]) -> Namer:
    """A function from skill id to name for these ids, read in one statement."""
    found = skill_names(ids)
    return lambda id: found.get(id, id)
