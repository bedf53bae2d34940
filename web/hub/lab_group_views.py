"""The lab's groups: who gets how far, with intervals; who stands in the first ten; and asking for an audit."""

from datetime import timedelta

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.kit.errors import DomainError
from matcher.organizations.models import Hub
from matcher.organizations.rules import local_day
from matcher.outcomes import fairness_actions
from matcher.outcomes.fairness_words import VERDICT_LEADS, VERDICT_WORDS
from matcher.policy import Permission
from web.hub import desk, lab_figures
from web.hub.blueprint import blueprint
from web.kit import db, fairness, pages
from web.kit.access import actor, allow
from web.kit.words import translate


@blueprint.get("/<hub>/lab/groups")
@allow(Permission.HUB_READ, hub=Hub)
def lab_groups(hub: Hub) -> ResponseReturnValue:
    """The newest kept audit, as it was shown when it was made."""
    desk.enter(hub)
    run = fairness_actions.newest(db.session(), hub.id)
    report = fairness.read(run)
    if run is None or report is None:
        return render_template("hub/lab_groups.html", here=hub, run=None)
    stages = fairness.stages(report)
    if kind := pages.asked_export():
        return fairness.download(stages, kind)
    return render_template(
        "hub/lab_groups.html", here=hub, run=run, report=report, stages=stages, lists=fairness.lists_shown(report),
        scored=[("within", [fairness.table_of(one) for one in report.within]),
                ("raw", [fairness.table_of(one) for one in report.raw])],
        verdict=translate(VERDICT_WORDS[report.verdict]), verdict_lead=translate(VERDICT_LEADS[report.verdict]),
        tone=fairness.TONES[report.verdict], runs=fairness_actions.audit_runs(db.session(), hub.id),
        verdict_words=VERDICT_WORDS, promises=fairness.promises(report),
        others=lab_figures.alternatives([one.as_json() for one in report.searches]),
    )


@blueprint.post("/<hub>/lab/audit")
@allow(Permission.MODEL_DECIDE, hub=Hub)
def lab_audit(hub: Hub) -> ResponseReturnValue:
    """Ask for an audit of the year that ended yesterday; the worker makes it."""
    yesterday = local_day(g.at, hub.time_zone) - timedelta(days=1)
    try:
        fairness_actions.ask_audit(db.session(), hub, as_of=yesterday, actor=actor(), at=g.at)
    except DomainError as error:
        flash(translate(str(error)), "warning")
        return redirect(url_for("hub.lab_groups", hub=hub.slug))
    flash(_("The audit is being made. It is here in a minute or two."), "success")
    return redirect(url_for("hub.lab_groups", hub=hub.slug))
