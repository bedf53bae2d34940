"""The form in which an employer checks what was read in a job ad, before anything is saved as a role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, SelectField

from matcher.roles import rules
from web.employer.role_forms import BLANK_ROWS, RoleForm, SkillRow
from web.kit.papers import PaperForm
from web.kit.understanding import Option, Picked, proposal_of

TICKED = 6  # as the page asks: five or six that decide
PLAIN = ("title", "summary", "employment_type", "positions", "progression", "schedules", "workplace", "place_label",
         "degree", "pay_min", "pay_max", "pay_period")


class AdSkillRow(SkillRow):
    """A skill that the ad seems to ask for."""

    keep = BooleanField(_l("Ask for it"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Only what is asked for must make sense."""
        return bool(super().validate(extra_validators)) if self.keep.data else True


class AdForm(RoleForm):
    """Everything that a role says, as guesses."""

    skills = FieldList(FormField(AdSkillRow))
    version = None
    open_nontraditional = None
    add_skill = None

    def requirements(self) -> list[rules.Requirement]:
        """The ticked rows that name a skill we know, each skill once."""
        kept = [row.form.requirement() for row in self.skills.entries
                if row.form.keep.data and row.form.skill.data.id]
        return list({row[0]: row for row in reversed(kept)}.values())[::-1]

    def forget_unticked(self) -> None:
        """What is not asked for is not proposed to the hub either."""
        for row in self.skills.entries:
            if not row.form.keep.data:
                row.form.skill.data = Picked(row.form.skill.data.text)


class AdPaperForm(PaperForm):
    """The ad, and the hub that the role is for."""

    hub = SelectField(_l("Hub"))


def guessed(found: Mapping[str, Any]) -> dict[str, Any]:
    """What was found, as the form shows it; the first sure skills are ticked (musts stand first)."""
    facts: Mapping[str, Any] = found.get("facts", {})
    occupation = found.get("occupation", {})
    asked = occupation.get("outcome") == "did_you_mean"  # a title that names no kind of work leaves it open
    named = Picked(occupation["label"], occupation["id"]) if occupation.get("id") else \
        Picked(facts.get("title", "") if asked else "")
    lines = found.get("skills", ())
    ticked = [number for number, line in enumerate(lines) if line["outcome"] == "sure"][:TICKED]
    rows = [{"keep": number in ticked, "skill": Picked(line["label"] if line["id"] else line["text"], line["id"]),
             "level": line["level"], "need": "must" if line["must"] else "nice", "weight": 1}
            for number, line in enumerate(lines)]
    return {name: facts[name] for name in PLAIN if name in facts} | {
        "occupation": named, "skills": rows + [{"keep": False}] * BLANK_ROWS}


def ask(form: AdForm, found: Mapping[str, Any]) -> None:
    """Put the question “which one do you mean?” under what is not sure, before anything was sent."""
    rows = zip(form.skills.entries, found.get("skills", ()), strict=False)
    asked = [(entry.form.skill, line) for entry, line in rows]
    for field, line in [*asked, (form.occupation, found.get("occupation") or {"outcome": "sure"})]:
        if line["outcome"] == "did_you_mean":
            field.options = (*(Option(one["id"], one["label"], one["note"]) for one in line["options"]),
                             proposal_of(field.kind))
