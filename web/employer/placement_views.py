"""Hires: confirm the start, see the year's checks, note an end, and answer how it goes."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matcher.organizations.models import Hub, Organization
from matcher.placements import actions, queries, rules
from matcher.placements.lifecycle import PLACEMENT
from matcher.placements.models import CHECK_DAYS, Placement, RetentionCheck
from matcher.policy import Permission
from web.employer import check_answers
from web.employer.blueprint import blueprint
from web.employer.hiring_forms import EndForm, StartForm
from web.kit import access, db, pages
from web.kit.access import allow
from web.kit.words import translate

STATE_WORDS = {"": _l("All"), **{state: _l(label) for state, label in PLACEMENT.labels.items()}}


@blueprint.get("/<organization>/hires")
@allow(Permission.PLACEMENT_REPORT, organization=Organization)
def placements(organization: Organization) -> ResponseReturnValue:
    """Everybody hired through the hub, and what waits for an answer."""
    state = request.args.get("state", "")
    query = queries.of_organization(organization.id)
    if state in PLACEMENT.labels:
        query = query.where(Placement.state == state)
    if kind := pages.asked_export():
        return _download(db.session().scalars(query.limit(pages.EXPORT_LIMIT)).unique().all(), kind)
    today = g.at.date()
    return render_template(
        "employer/placements.html", organization=organization, pages=pages.paginate(query), state=state,
        states=STATE_WORDS, to_confirm=queries.to_confirm(db.session(), organization.id, today),
        checks=queries.checks_of_organization(db.session(), organization.id, today), today=today,
        next_check=_next_check,
    )


def _next_check(placement: Placement) -> RetentionCheck | None:
    return next((check for check in placement.checks if str(check.state) == "due"), None)


def _download(rows: Any, kind: str) -> ResponseReturnValue:
    table = [[row.candidate.person.name, row.title, translate(row.state_label), row.starts_on.isoformat(),
              row.ended_on.isoformat() if row.ended_on else "",
              *(translate(check.state_label) for check in row.checks), *[""] * (4 - len(row.checks))] for row in rows]
    headers = [_("Name"), _("Role"), _("State"), _("First day"), _("Last day"),
               *(_("After %(days)s days", days=day) for day in CHECK_DAYS)]
    return pages.table_download("hires", headers, table, kind)


@blueprint.get("/<organization>/hires/<placement>")
@allow(Permission.PLACEMENT_REPORT, organization=Organization, placement=Placement)
def placement_show(organization: Organization, placement: Placement) -> ResponseReturnValue:
    """One hire with its checks and what was said."""
    g.hub = _hub(placement)
    feedback = queries.feedback_of_placement(db.session(), placement.id)
    return render_template(
        "employer/placement_show.html", organization=organization, placement=placement, feedback=feedback,
        names=check_answers.said_names(feedback), today=g.at.date(), still=rules.STILL_WORDS,
        effective=rules.effective, confirmations=rules.CONFIRMATION_WORDS, ends=rules.END_REASONS,
        may_answer=rules.may_answer,
    )


def _hub(placement: Placement) -> Hub | None:
    return db.session().get(Hub, placement.hub_id)


@blueprint.route("/<organization>/hires/<placement>/start", methods=["GET", "POST"])
@allow(Permission.PLACEMENT_REPORT, organization=Organization, placement=Placement)
def placement_start(organization: Organization, placement: Placement) -> ResponseReturnValue:
    """Confirm the first day; the year's checks are made now."""
    g.hub = _hub(placement)
    form = StartForm(data={"starts_on": min(placement.starts_on, actions.today_of(db.session(), placement, g.at))})
    form.drawn_from(placement)
    if form.sent():
        form.refuse_stale(placement)
        if form.attempt(lambda: actions.confirm_start(db.session(), placement, starts_on=form.starts_on.data,
                                                      actor=access.actor(), at=g.at) or placement):
            flash(_("Confirmed. We will ask how it goes after 30, 90, 180 and 365 days."), "success")
            return _back(organization, placement)
    return render_template("employer/placement_start.html", form=form, organization=organization,
                           placement=placement), (422 if form.is_submitted() else 200)


@blueprint.route("/<organization>/hires/<placement>/end", methods=["GET", "POST"])
@allow(Permission.PLACEMENT_REPORT, organization=Organization, placement=Placement)
def placement_end(organization: Organization, placement: Placement) -> ResponseReturnValue:
    """Note that the job ended, when and why."""
    g.hub = _hub(placement)
    form = EndForm(data={"ended_on": actions.today_of(db.session(), placement, g.at)}).offer()
    form.drawn_from(placement)
    if form.sent():
        form.refuse_stale(placement)
        if form.attempt(lambda: actions.end(db.session(), placement, ended_on=form.ended_on.data, actor=access.actor(),
                                            at=g.at, reason=form.reason.data) or placement):
            flash(_("Noted. What was recorded before stays."), "success")
            return _back(organization, placement)
    return render_template("employer/placement_end.html", form=form, organization=organization,
                           placement=placement), (422 if form.is_submitted() else 200)


def _back(organization: Organization, placement: Placement) -> ResponseReturnValue:
    return redirect(url_for("employer.placement_show", organization=organization.slug, placement=placement.id))


@blueprint.route("/<organization>/checks/<check>", methods=["GET", "POST"])
@allow(Permission.PLACEMENT_REPORT, organization=Organization, check=RetentionCheck)
def check_answer(organization: Organization, check: RetentionCheck) -> ResponseReturnValue:
    """Answer a check while signed in."""
    g.hub = _hub(check.placement)
    form = check_answers.form_for(check)
    if form.sent() and check_answers.take(form, check, actor=access.actor(), at=g.at):
        flash(_("Thank you. The training provider has your words now, without the name."), "success")
        return _back(organization, check.placement)
    return render_template("employer/check_answer.html", **check_answers.shown(form, check), organization=organization,
                           signed=False), (422 if form.is_submitted() else 200)
