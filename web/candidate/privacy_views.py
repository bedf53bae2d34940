"""Who sees the profile: its steps, consents, excluded organizations, and who looked."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import HiddenField

from matcher.candidates import actions, queries
from matcher.candidates.lifecycle import CANDIDATE
from matcher.candidates.models import Candidate, ConsentPurpose
from matcher.organizations.models import Organization
from matcher.policy import Permission
from web.candidate.desk import blueprint, here
from web.kit import access, db
from web.kit.access import allow
from web.kit.forms import Form

HELPERS = ("training_provider", "workforce_organization")
PURPOSES = {"share_profile": ConsentPurpose.SHARE_PROFILE, "count_in_groups": ConsentPurpose.COUNT_IN_GROUPS}


class AudienceForm(Form):
    """One organization, or a purpose that names none."""

    organization = HiddenField()
    purpose = HiddenField()


@blueprint.get("/<candidate>/privacy")
@allow(Permission.PROFILE_EDIT, candidate=Candidate)
def privacy(candidate: Candidate) -> str:
    """Everything about who sees what."""
    hub, text = here(candidate), request.args.get("q", "").strip()[:80]
    given = queries.standing_consents(db.session(), candidate.id)
    return render_template(
        "candidate/privacy.html", candidate=candidate, q=text,
        steps=CANDIDATE.open_to(str(candidate.state), access.actor().roles_on(candidate)),
        shared={row.organization_id for row in given if str(row.purpose) == "share_profile"},
        counted=any(str(row.purpose) == "count_in_groups" for row in given),
        helpers=queries.partners(db.session(), hub.id, HELPERS),
        excluded=queries.excluded(db.session(), candidate.id),
        employers=queries.partners(db.session(), hub.id, ("employer",), text=text, limit=20) if text else [],
        seen=queries.who_saw(db.session(), candidate.id)[:5],
    )


@blueprint.get("/<candidate>/seen")
@allow(Permission.PROFILE_EDIT, candidate=Candidate)
def who_saw(candidate: Candidate) -> str:
    """Which organizations looked at the profile, how often and when."""
    here(candidate)
    return render_template("candidate/who_saw.html", candidate=candidate,
                           seen=queries.who_saw(db.session(), candidate.id))


def _audience(candidate: Candidate, form: AudienceForm) -> str:
    """The organization named, which must be a partner of this hub."""
    if not form.sent() or not form.organization.data:
        abort(400)
    kinds = (*HELPERS, "employer")
    found = db.session().get(Organization, form.organization.data)
    here(candidate)
    if found is None or found not in queries.partners(db.session(), candidate.hub_id, kinds, text=found.name):
        abort(404)
    return found.id


@blueprint.post("/<candidate>/privacy/exclude")
@allow(Permission.PROFILE_EDIT, candidate=Candidate)
def exclude(candidate: Candidate) -> ResponseReturnValue:
    """Hide the profile from an organization."""
    actions.exclude(db.session(), candidate, _audience(candidate, AudienceForm()), actor=access.actor(), at=g.at)
    flash(_("They never see you again, from this moment on."), "success")
    return redirect(url_for("candidate.privacy", candidate=candidate.id, _anchor="excluded"))


@blueprint.post("/<candidate>/privacy/include")
@allow(Permission.PROFILE_EDIT, candidate=Candidate)
def include(candidate: Candidate) -> ResponseReturnValue:
    """Let an organization see the profile again."""
    form = AudienceForm()
    if not form.sent():
        abort(400)
    actions.include(db.session(), candidate, form.organization.data or "", actor=access.actor(), at=g.at)
    flash(_("They can see you again."), "success")
    return redirect(url_for("candidate.privacy", candidate=candidate.id, _anchor="excluded"))


@blueprint.post("/<candidate>/privacy/consent/<answer>")
@allow(Permission.PROFILE_EDIT, candidate=Candidate)
def consent(candidate: Candidate, answer: str) -> ResponseReturnValue:
    """Give (yes) or take back (no) a consent; it counts from the next request on."""
    form = AudienceForm()
    if answer not in {"yes", "no"} or not form.sent() or form.purpose.data not in PURPOSES:
        abort(400)
    purpose = PURPOSES[form.purpose.data]
    organization_id = _audience(candidate, form) if purpose is ConsentPurpose.SHARE_PROFILE else None
    act = actions.give_consent if answer == "yes" else actions.withdraw_consent
    act(db.session(), candidate, purpose, organization_id=organization_id, actor=access.actor(), at=g.at)
    flash(_("Saved. It counts from now on."), "success")
    return redirect(url_for("candidate.privacy", candidate=candidate.id, _anchor="consents"))
