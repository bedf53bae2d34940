"""The hub's day: what waits, oldest first, the number against its goal, and whether promises are kept."""

from collections import Counter

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from matcher.candidates.lifecycle import CANDIDATE
from matcher.kit.words import N_
from matcher.organizations import queries
from matcher.organizations.models import Hub
from matcher.outcomes import desk as waits
from matcher.outcomes import kept
from matcher.outcomes.rules import publish
from matcher.policy import Permission
from web.hub import desk
from web.hub.blueprint import blueprint
from web.kit import access, db
from web.kit.access import allow
from web.kit.figures import headline_card, shown
from web.kit.words import translate

FUNNEL_WORDS = {
    "profiles": N_("Made a profile"), "applied": N_("Applied"), "interviewed": N_("Interviewed"),
    "hired": N_("Started a job"), "stayed": N_("Still there at 180 days"),
}


@blueprint.get("/")
@allow(Permission.ACCOUNT_MANAGE)
def mine() -> ResponseReturnValue:
    """To the desk of the hub one operates, else to one's own pages."""
    held = [hub for hub, role in queries.hub_roles_of(db.session(), access.person().id) if role == "operator"]
    return redirect(url_for("hub.today", hub=held[0].slug) if held else url_for("account.home"))


@blueprint.get("/<hub>/")
@allow(Permission.HUB_READ, hub=Hub)
def today(hub: Hub) -> str:
    """What is stuck, who waits, and the number."""
    day = desk.enter(hub)
    session = db.session()
    waiting = waits.waiting(session, hub.id, day)
    promises = kept.standing_in(session, hub.id)
    records = kept.kept_by(session, hub.id, [row.organization_id for row in promises], g.at)
    states = waits.people_by_state(session, hub.id)
    return render_template(
        "hub/today.html", here=hub, day=day, waiting=waiting, desk=desk, card=headline_card(session, hub, g.at),
        promises=Counter(kept.on_the_way(row, records[row.organization_id], day) for row in promises),
        funnel=[(FUNNEL_WORDS[step], publish(count)) for step, count in waits.funnel(session, hub.id)],
        signed=len(promises), slow=_slow(records), names=_names(records),
        people=[(translate(label), shown(publish(states.get(state, 0)))) for state, label in CANDIDATE.labels.items()
                if states.get(state)],
    )


def _slow(records: dict[str, kept.Kept]) -> list[tuple[str, kept.Kept]]:
    """Employers that let more than a quarter of those they were to answer go without one, most silent first."""
    found = [(id, row) for id, row in records.items() if row.silent * 4 > row.silent + row.answered]
    return sorted(found, key=lambda pair: (-pair[1].silent, pair[0]))[:5]


def _names(records: dict[str, kept.Kept]) -> dict[str, tuple[str, str]]:
    """Organization id to (name, slug)."""
    return queries.names_of(db.session(), records)
