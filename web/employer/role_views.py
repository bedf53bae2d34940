"""An employer's roles: the list, one role with its steps and what the hub said, and how candidates will see it."""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.kit.words import N_
from matcher.organizations.models import Organization
from matcher.policy import Permission
from matcher.roles import actions as postings
from matcher.roles import queries, rules
from matcher.roles.lifecycle import POSTING
from matcher.roles.models import Posting
from matcher.skills import queries as skills
from web.employer.blueprint import blueprint
from web.employer.role_forms import RoleFilter
from web.kit import db, pages, partner
from web.kit.access import actor, allow
from web.kit.forms import filters
from web.kit.names import names_of
from web.kit.words import day, pay, translate

NEXT = {
    "draft": N_("Only you see it. Send it to the hub when it says what you need."),
    "submitted": N_("The hub reads it and answers within a few days. You get a mail."),
    "changes_requested": N_("The hub left words by the fields below. Change them and send it again."),
    "approved": N_("The hub approved it. It is shown when you open it."),
    "live": N_("It is shown to everyone, and people can apply."),
    "paused": N_("Nobody new can apply. People who applied still wait for your answer."),
    "filled": N_("Every position is filled. The others who applied were told."),
    "closed": N_("It is no longer shown. Everyone who applied was told."),
    "expired": N_("Its last day has passed. Take it up again to show it once more."),
    "withdrawn": N_("You took it back. Nobody sees it."),
    "archived": N_("It is kept for the record."),
}
TONES = {"live": "leaf", "approved": "leaf", "filled": "leaf", "changes_requested": "sun", "submitted": "blue",
         "paused": "sun"}


@blueprint.get("/<organization>/roles")
@allow(Permission.POSTING_EDIT, organization=Organization)
def roles(organization: Organization) -> ResponseReturnValue:
    """Every role, work in hand first."""
    partner.find(organization)
    chosen = filters(RoleFilter)
    query = queries.employer_roles(organization.id, text=chosen.q.data or "", state=chosen.state.data or "")
    if kind := pages.asked_export():
        return _download(query, kind)
    return render_template("employer/roles.html", organization=organization, chosen=chosen, tones=TONES,
                           labels=POSTING.labels, rows=pages.paginate(query))


def _download(query: object, kind: str) -> ResponseReturnValue:
    rows = db.session().scalars(query.limit(pages.EXPORT_LIMIT)).unique().all()  # type: ignore[attr-defined]
    heads = (_("Role"), _("State"), _("Pay"), _("Place"), _("Positions"), _("Filled"), _("Open to nontraditional"),
             _("Last day to apply"))
    return pages.table_download(_("roles"), heads, [
        (row.title, translate(row.state_label), pay(row.pay_min_cents, row.pay_max_cents, str(row.pay_period)),
         row.place_label, row.positions, row.filled, _("yes") if row.open_nontraditional else _("no"),
         day(row.closes_on))
        for row in rows
    ], kind)


@blueprint.get("/<organization>/roles/<posting>")
@allow(Permission.POSTING_EDIT, organization=Organization, posting=Posting)
def role_show(organization: Organization, posting: Posting) -> str:
    """One role: what it says, where it stands, what the hub said, and the next step."""
    return render_template("employer/role_show.html", **about(organization, posting))


@blueprint.get("/<organization>/roles/<posting>/preview")
@allow(Permission.POSTING_EDIT, organization=Organization, posting=Posting)
def role_preview(organization: Organization, posting: Posting) -> str:
    """The role as candidates will see it."""
    return render_template("employer/role_preview.html", **about(organization, posting))


@blueprint.post("/<organization>/roles/<posting>/<step>")
@allow(Permission.POSTING_EDIT, organization=Organization, posting=Posting)
def role_step(organization: Organization, posting: Posting, step: str) -> ResponseReturnValue:
    """Take one step in the life of a role."""
    postings.advance_posting(db.session(), posting, step, actor=actor(), at=g.at, reason=request.form.get("reason", ""))
    flash(_("“%(title)s” is now: %(state)s.", title=posting.title, state=translate(posting.state_label)), "success")
    return redirect(url_for("employer.role_show", organization=organization.slug, posting=posting.id))


def about(organization: Organization, posting: Posting) -> dict[str, object]:
    """What the pages of one role show."""
    session = db.session()
    whole = queries.get_posting(session, posting.id)
    g.hub = whole.hub
    occupation = skills.get_occupation(session, whole.occupation_code) if whole.occupation_code else None
    review = queries.last_review(whole)
    steps = [step for step in POSTING.open_to(str(whole.state), actor().roles_on(whole)) if step.listed]
    if str(whole.state) == "live":  # the next step is to look at people: pausing must not look like it
        steps.sort(key=lambda step: not step.needs_reason)
    return {
        "organization": organization, "posting": whole, "names": names_of(whole.requirements),
        "occupation": occupation, "conditions": queries.open_conditions(session, whole), "review": review,
        "steps": steps, "next_words": NEXT[str(whole.state)], "tone": TONES.get(str(whole.state), "plain"),
        "fields": rules.FIELD_WORDS, "rules": rules,
        "step_url": lambda step: url_for("employer.role_step", organization=organization.slug, posting=whole.id,
                                         step=step),
        "matches_url": url_for("employer.matches", organization=organization.slug, posting=whole.id)
        if "employer.matches" in current_app.view_functions else None, "editable": str(whole.state) in rules.EDITABLE,
    }
