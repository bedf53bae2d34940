"""What an employer promised: the list, the page to print, signing and renewing."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.organizations import actions as organizations
from matcher.organizations import queries
from matcher.organizations.models import Commitment, Organization
from matcher.organizations.rules import COMMITMENT_WORDS, local_day, months_later
from matcher.policy import Permission
from web.employer.blueprint import blueprint
from web.employer.commitment_forms import CommitmentForm, commitment_form
from web.kit import db, partner
from web.kit.access import actor, allow

RENEWABLE = frozenset({"active", "at_risk", "met", "expired"})


@blueprint.get("/<organization>/commitments")
@allow(Permission.POSTING_EDIT, organization=Organization)
def commitments(organization: Organization) -> str:
    """Every commitment, newest first."""
    place = partner.find(organization)
    rows = queries.commitments(db.session(), organization.id, place.hub_id) if place else []
    return render_template("employer/commitments.html", organization=organization, partnership=place, commitments=rows,
                           partnerships=partner.all_of(organization), what=COMMITMENT_WORDS)


@blueprint.get("/<organization>/commitments/<commitment>")
@allow(Permission.POSTING_EDIT, organization=Organization, commitment=Commitment)
def commitment_show(organization: Organization, commitment: Commitment) -> str:
    """One commitment as it was signed, ready to print."""
    g.hub = commitment.hub
    return render_template("employer/commitment_show.html", organization=organization, commitment=commitment,
                           what=COMMITMENT_WORDS, renewable=str(commitment.state) in RENEWABLE)


@blueprint.route("/<organization>/commitments/new", methods=["GET", "POST"])
@allow(Permission.COMMITMENT_SIGN, organization=Organization)
def commitment_new(organization: Organization) -> ResponseReturnValue:
    """Read what is promised, and sign it."""
    place = partner.find(organization)
    if place is None:
        return redirect(url_for("employer.joining", organization=organization.slug))
    today = local_day(g.at, place.hub.time_zone)
    form = commitment_form(request.args.get("kind", "consider"), months_later(today, 12))
    if form.sent() and (made := form.attempt(lambda: organizations.sign_commitment(
        db.session(), organization, place.hub, kind=form.kind.data, starts_on=today, **_promise(form),
        actor=actor(), at=g.at,
    ))):
        return _signed(organization, made)
    return render_template("employer/commitment_sign.html", organization=organization, partnership=place, form=form,
                           renews=None, today=today), 422 if form.is_submitted() else 200


@blueprint.route("/<organization>/commitments/<commitment>/renew", methods=["GET", "POST"])
@allow(Permission.COMMITMENT_SIGN, organization=Organization, commitment=Commitment)
def commitment_renew(organization: Organization, commitment: Commitment) -> ResponseReturnValue:
    """Sign the next one in place of this one."""
    if str(commitment.state) not in RENEWABLE:
        abort(404)
    place = partner.get(organization, commitment.hub.slug)
    today = local_day(g.at, place.hub.time_zone)
    form = commitment_form(str(commitment.kind), months_later(today, 12), promised=commitment.promised or None,
                           answer_days=commitment.answer_days, feedback_how=commitment.feedback_how)
    if form.sent() and (made := form.attempt(lambda: organizations.renew_commitment(
        db.session(), commitment, **_promise(form), actor=actor(), at=g.at,
    ))):
        return _signed(organization, made)
    return render_template("employer/commitment_sign.html", organization=organization, partnership=place, form=form,
                           renews=commitment, today=today), 422 if form.is_submitted() else 200


def _promise(form: CommitmentForm) -> dict[str, object]:
    return form.facts("kind", "agree", "promised") | {"promised": form.promised.data or 0}


def _signed(organization: Organization, made: Commitment) -> ResponseReturnValue:
    flash(_("Signed. It is in force when the hub accepts it; you hear from us."), "success")
    return redirect(url_for("employer.commitment_show", organization=organization.slug, commitment=made.id))
