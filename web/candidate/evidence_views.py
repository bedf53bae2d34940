"""What backs a skill: work, a piece of work or a certificate that the person adds or takes back."""

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.candidates import evidence as proofs
from matcher.candidates.models import Candidate, CandidateSkill, EvidenceTier, SkillEvidence
from matcher.policy import Permission
from web.candidate.desk import blueprint, here, namer
from web.candidate.skill_forms import EvidenceForm
from web.kit import access, db
from web.kit.access import allow
from web.kit.forms import offered


@blueprint.route("/<candidate>/skills/<skill>/evidence", methods=["GET", "POST"])
@allow(Permission.PROFILE_EDIT, candidate=Candidate, skill=CandidateSkill)
def evidence_add(candidate: Candidate, skill: CandidateSkill) -> ResponseReturnValue:
    """Back a skill with an experience, a piece of work or a credential."""
    here(candidate)
    form = EvidenceForm()
    form.experience.choices = offered([
        ("", _("None of them")), *((row.id, row.title) for row in candidate.experiences)])
    if form.sent() and form.attempt(lambda: _add(candidate, skill, form)):
        flash(_("That counts from now on."), "success")
        return redirect(url_for("candidate.skill", candidate=candidate.id, skill=skill.id))
    return render_template("candidate/evidence_add.html", candidate=candidate, skill=skill, form=form,
                           name=namer([skill.skill_id])(skill.skill_id)), 422 if form.is_submitted() else 200


def _add(candidate: Candidate, skill: CandidateSkill, form: EvidenceForm) -> SkillEvidence:
    tier = EvidenceTier(form.tier.data)
    chosen = next((row for row in candidate.experiences if row.id == form.experience.data), None)
    title = form.title.data or (chosen.title if chosen else "")
    return proofs.add_own(
        db.session(), candidate, skill, tier=tier, title=title, url=form.url.data or "", actor=access.actor(),
        given_on=form.given_on.data or g.at.date(), experience_id=chosen.id if chosen else None, at=g.at,
    )


@blueprint.post("/<candidate>/evidence/<evidence>/remove")
@allow(Permission.PROFILE_EDIT, candidate=Candidate, evidence=SkillEvidence)
def evidence_remove(candidate: Candidate, evidence: SkillEvidence) -> ResponseReturnValue:
    """Take back evidence that the person added."""
    if evidence.skill.candidate_id != candidate.id:
        abort(404)
    proofs.remove_own(db.session(), candidate, evidence, actor=access.actor(), at=g.at)
    flash(_("That no longer counts."), "success")
    return redirect(url_for("candidate.skill", candidate=candidate.id, skill=evidence.candidate_skill_id))
