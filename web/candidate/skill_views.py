"""The ladder of skills: add, change, remove, and who can confirm each."""

from dataclasses import dataclass
from itertools import groupby

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.candidates import actions, rules
from matcher.candidates.models import Candidate, CandidateSkill
from matcher.candidates.queries import profile
from matcher.placements import queries as placements
from matcher.placements.models import Placement
from matcher.policy import Permission
from matcher.training import queries as training
from matcher.training.models import Program
from web.candidate.desk import blueprint, here, namer
from web.candidate.skill_forms import SkillForm, SkillsForm, used_choice, used_on
from web.kit import access, db
from web.kit.access import allow
from web.kit.understanding import flash_readings, propose_all

CONFIRMED = ("credential", "endorsement", "employer_confirmed")


@dataclass(frozen=True)
class Line:
    """One skill as the page shows it; `kept` is a lower level that others confirm."""

    skill: CandidateSkill
    name: str
    tier: str
    group: int
    kept: int | None


def lines_of(candidate: Candidate) -> list[Line]:
    """The skills with their names: confirmed by others first, then shown, then claimed; high levels first."""
    name = namer(skill.skill_id for skill in candidate.skills)
    found = [Line(s, name(s.skill_id), held.tier, _group(held.tier), rules.lower_but_backed(s))
             for s in candidate.skills for held in (rules.held(s),)]
    return sorted(found, key=lambda line: (line.group, -line.skill.level, line.name.casefold()))


def _group(tier: str) -> int:
    return 0 if tier in CONFIRMED else 1 if tier in ("experience", "artifact") else 2


@blueprint.get("/<candidate>/skills")
@allow(Permission.PROFILE_EDIT, candidate=Candidate)
def skills(candidate: Candidate) -> str:
    """All skills as ladders, in three groups."""
    here(candidate)
    whole = profile(db.session(), candidate.id) or candidate
    titles = (_("Confirmed by others"), _("Shown by you"), _("Your word so far"))
    groups = [(titles[number], list(rows)) for number, rows in groupby(lines_of(whole), key=lambda line: line.group)]
    return render_template("candidate/skills.html", candidate=whole, groups=groups,
                           enrollments=training.enrollments_of_candidate(db.session(), candidate.id))


@blueprint.route("/<candidate>/skills/add", methods=["GET", "POST"])
@allow(Permission.PROFILE_EDIT, candidate=Candidate)
def skill_add(candidate: Candidate) -> ResponseReturnValue:
    """Type skills in one's own words; what is unsure is asked, what is unknown can be proposed."""
    hub, form = here(candidate), SkillsForm()
    if form.sent() and form.attempt(lambda: (_add(candidate, form), True)):
        propose_all(form, hub, actor=access.actor(), at=g.at)
        flash_readings(form)
        flash(_("Your skills are saved. Now show what backs them."), "success")
        return redirect(url_for("candidate.skills", candidate=candidate.id))
    return render_template("candidate/skill_add.html", form=form, candidate=candidate), \
        422 if form.is_submitted() else 200


def _add(candidate: Candidate, form: SkillsForm) -> None:
    for entry in form.skills.entries:
        row = entry.form
        if row.skill.data and row.skill.data.id:
            actions.put_skill(db.session(), candidate, skill_id=row.skill.data.id, level=int(row.level.data),
                              last_used_on=used_on(row.used.data, g.at.date()), actor=access.actor(), at=g.at)


@blueprint.route("/<candidate>/skills/<skill>", methods=["GET", "POST"])
@allow(Permission.PROFILE_EDIT, candidate=Candidate, skill=CandidateSkill)
def skill(candidate: Candidate, skill: CandidateSkill) -> ResponseReturnValue:
    """One skill: its level, its evidence, and who can confirm it."""
    hub = here(candidate)
    form = SkillForm(level=str(skill.level), used=used_choice(skill.last_used_on, g.at.date()))
    if form.sent() and form.attempt(lambda: _change(candidate, skill, form)):
        flash(_("Saved."), "success")
        return redirect(url_for("candidate.skill", candidate=candidate.id, skill=skill.id))
    return render_template(
        "candidate/skill.html", candidate=candidate, skill=skill, form=form, held=rules.held(skill),
        name=namer([skill.skill_id])(skill.skill_id), kept=rules.lower_but_backed(skill),
        standing=rules.standing(skill.evidence), confirmers=confirmers(candidate, hub.id, skill.skill_id),
    ), 422 if form.is_submitted() else 200


def _change(candidate: Candidate, skill: CandidateSkill, form: SkillForm) -> CandidateSkill:
    today = g.at.date()
    same = form.used.data == used_choice(skill.last_used_on, today)
    day = skill.last_used_on if same else used_on(form.used.data, today)
    return actions.put_skill(db.session(), candidate, skill_id=skill.skill_id, level=int(form.level.data),
                             last_used_on=day, actor=access.actor(), at=g.at)


@dataclass(frozen=True)
class Confirmers:
    """Who can confirm a skill: programs already completed, programs that teach it, employers of the person."""

    completed: list[tuple[Program, int]]
    open_to: list[tuple[Program, int]]
    employers: list[Placement]


def confirmers(candidate: Candidate, hub_id: str, skill_id: str) -> Confirmers:
    """Who in the hub can confirm the skill for this person."""
    teaching = training.teaching(db.session(), hub_id, [skill_id]).get(skill_id, [])
    done = {e.cohort.program_id for e in training.enrollments_of_candidate(db.session(), candidate.id)
            if str(e.state) == "completed"}
    jobs = [p for p in placements.of_candidate(db.session(), candidate.id) if str(p.state) == "started"]
    return Confirmers([row for row in teaching if row[0].id in done],
                      [row for row in teaching if row[0].id not in done][:3], jobs)


@blueprint.post("/<candidate>/skills/<skill>/remove")
@allow(Permission.PROFILE_EDIT, candidate=Candidate, skill=CandidateSkill)
def skill_remove(candidate: Candidate, skill: CandidateSkill) -> ResponseReturnValue:
    """Take a skill out."""
    actions.remove_skill(db.session(), candidate, skill, actor=access.actor(), at=g.at)
    flash(_("The skill is gone from your profile."), "success")
    return redirect(url_for("candidate.skills", candidate=candidate.id))
