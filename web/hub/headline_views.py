"""The number at the desk: by kind of work, its goal, and figures kept for the record."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.organizations.models import Hub
from matcher.outcomes import actions, queries, rules
from matcher.policy import Permission
from web.hub import desk
from web.hub.blueprint import blueprint
from web.hub.forms import GoalForm, SnapshotForm
from web.kit import db
from web.kit.access import actor, allow
from web.kit.figures import headline_card, shown
from web.kit.snapshots import published


@blueprint.get("/<hub>/headline")
@allow(Permission.HUB_READ, hub=Hub)
def headline(hub: Hub) -> str:
    """The number, its parts and what was published."""
    return _page(hub, GoalForm(formdata=None), SnapshotForm(formdata=None))


@blueprint.post("/<hub>/goal")
@allow(Permission.GOAL_SET, hub=Hub)
def goal_set(hub: Hub) -> ResponseReturnValue:
    """Set the goal of a period."""
    form = GoalForm()
    if form.sent():
        made = form.attempt(lambda: actions.set_goal(
            db.session(), hub, target=form.target.data, starts_on=form.starts_on.data, target_on=form.target_on.data,
            actor=actor(), at=g.at))
        if made:
            flash(_("The goal is set. It shows on the public pages now."), "success")
            return redirect(url_for("hub.headline", hub=hub.slug))
    return _page(hub, form, SnapshotForm(formdata=None)), 422


@blueprint.post("/<hub>/snapshots")
@allow(Permission.GOAL_SET, hub=Hub)
def snapshot_publish(hub: Hub) -> ResponseReturnValue:
    """Keep the figure of a day as it is published."""
    form = SnapshotForm()
    if form.sent():
        made = form.attempt(lambda: actions.publish_snapshot(
            db.session(), hub, as_of=form.as_of.data, actor=actor(), at=g.at))
        if made:
            flash(_("The figure is kept and shown to everybody."), "success")
            return redirect(url_for("hub.headline", hub=hub.slug))
    return _page(hub, GoalForm(formdata=None), form), 422


def _page(hub: Hub, goal: GoalForm, snapshot: SnapshotForm) -> str:
    today = desk.enter(hub)
    card = headline_card(db.session(), hub, g.at)
    if not goal.is_submitted() or snapshot.errors:
        held = card.goal
        goal.starts_on.data = goal.starts_on.data or card.starts_on
        goal.target.data = goal.target.data or (held.target if held else None)
        goal.target_on.data = goal.target_on.data or (held.target_on if held else None)
    snapshot.as_of.data = snapshot.as_of.data or today
    return render_template(
        "hub/headline.html", here=hub, card=card, goal_form=goal, snapshot_form=snapshot, shown=shown,
        conditions=rules.CONDITIONS, history=[published(row) for row in queries.snapshots(db.session(), hub.id)],
    )
