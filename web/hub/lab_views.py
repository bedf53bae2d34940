"""The fairness lab: what ranks here, how well, what it learned from, and holding, releasing or rolling it back."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.matches import model_actions, model_queries
from matcher.matches.models import ModelHold, RankerModel
from matcher.organizations.models import Hub
from matcher.outcomes import fairness_actions
from matcher.people.models import Person
from matcher.policy import Permission
from web.hub import desk, lab_figures
from web.hub.blueprint import blueprint
from web.hub.lab_forms import ReasonForm
from web.kit import db, pages
from web.kit.access import actor, allow
from web.kit.model_words import STAGE_LEADS, STAGE_WORDS, change_lines, failed_lines

STEPS = ("hold", "release", "roll_back")


@blueprint.get("/<hub>/lab")
@allow(Permission.HUB_READ, hub=Hub)
def lab(hub: Hub) -> ResponseReturnValue:
    """What is running, with its figures; the drift of every part as a download."""
    if kind := pages.asked_export():
        watch = model_queries.watched(db.session(), hub.id)
        heads = (_("Month"), _("Pairs looked at"), *lab_figures.drift_heads())
        return pages.table_download(_("drift"), heads, [
            (row["month"], row["pairs"], *(cell["value"] for cell in row["cells"]))
            for row in lab_figures.drift(watch)], kind)
    return _lab(hub)


def _lab(hub: Hub, form: ReasonForm | None = None, tried: str = "") -> str:
    day, session = desk.enter(hub), db.session()
    model, watch = model_queries.running(session, hub.id), model_queries.watched(session, hub.id)
    newest = fairness_actions.newest(session, hub.id)
    figures: dict[str, Any] = watch.figures if watch else {}
    return render_template(
        "hub/lab.html", here=hub, day=day, model=model, watch=watch, form=form, tried=tried, audit=newest,
        stage=model.stage if model else 0, stage_words=STAGE_WORDS, stage_leads=STAGE_LEADS,
        hold=model_queries.hold(session, hub.id), held=model_queries.held(session, hub.id),
        learning=lab_figures.learning(model) if model else None, weights=lab_figures.weights(model),
        calibration=lab_figures.calibration(model) if model else None, drift=lab_figures.moves(watch),
        lessons=lab_figures.lessons(figures), losses=lab_figures.losses(figures),
        refused=db.pools().in_use(session, hub.id).refused, blank=ReasonForm(formdata=None),
        accepting=lab_figures.accepting(model) if model else None,
        answered=lab_figures.side(model.metrics if model else figures),
    )


@blueprint.get("/<hub>/lab/models")
@allow(Permission.HUB_READ, hub=Hub)
def lab_models(hub: Hub) -> str:
    """Every model there was, newest first, and every hold."""
    desk.enter(hub)
    holds = model_queries.holds(db.session(), hub.id)
    return render_template(
        "hub/lab_models.html", here=hub, models=model_queries.history(db.session(), hub.id), stage_words=STAGE_WORDS,
        holds=holds, names=_names(list(holds)), change_lines=change_lines, failed_lines=failed_lines,
    )


@blueprint.get("/<hub>/lab/models/<model>")
@allow(Permission.HUB_READ, hub=Hub, model=RankerModel)
def lab_model(hub: Hub, model: RankerModel) -> str:
    """One model: what it learned from, how it was judged, what changed, and what else was tried."""
    desk.enter(hub)
    return render_template(
        "hub/lab_model.html", here=hub, model=model, stage_words=STAGE_WORDS, stage_leads=STAGE_LEADS,
        checks=lab_figures.checks(model.gate),
        learning=lab_figures.learning(model), calibration=lab_figures.calibration(model),
        accepting=lab_figures.accepting(model), answered=lab_figures.side(model.metrics),
        weights=lab_figures.weights(model), change_lines=change_lines(model.changes),
        lessons=lab_figures.lessons(model.metrics), losses=lab_figures.losses(model.metrics),
        others=lab_figures.alternatives(model.alternatives),
    )


@blueprint.post("/<hub>/lab/<step>")
@allow(Permission.MODEL_DECIDE, hub=Hub)
def lab_step(hub: Hub, step: str) -> ResponseReturnValue:
    """Hold new models, release them, or roll back to the model from before; each with a reason."""
    if step not in STEPS:
        abort(404)
    form = ReasonForm()
    if form.sent():
        take = getattr(model_actions, step)
        if form.attempt(lambda: (take(db.session(), hub.id, actor=actor(), at=g.at, reason=form.reason.data), True)):
            flash(_SAID[step](), "success")
            return redirect(url_for("hub.lab", hub=hub.slug))
    return _lab(hub, form, step), 422


_SAID = {
    "hold": lambda: _("New models are held. The one in use stays."),
    "release": lambda: _("New models may go live again once they pass their tests."),
    "roll_back": lambda: _("Rolled back. The model from before ranks from the next list on; new ones are held."),
}


def _names(holds: list[ModelHold]) -> dict[str, str]:
    """Person id to name, for who held and released."""
    ids = {name for row in holds for name in (row.person_id, row.ended_by_id) if name}
    return {name: person.name for name in sorted(ids) if (person := db.session().get(Person, name))}
