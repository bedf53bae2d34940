"""The form in which a person ticks what a résumé may add: every line is a guess, and none is kept by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FieldList, FormField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import AnyOf, Optional

from matcher.candidates.models import ExperienceKind
from matcher.candidates.resume_actions import KeptSkill
from web.candidate.experience_views import KIND_WORDS
from web.candidate.skill_forms import LEVELS
from web.kit.forms import Form, at_most, offered, required
from web.kit.understanding import Option, Picked, PickField, proposal_of

MOST = 60


class Guess(PlainForm):
    """A line that is kept only when it is ticked; what is not ticked is not even checked."""

    keep = BooleanField(_l("Keep it"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Only what is kept must make sense."""
        return bool(super().validate(extra_validators)) if self.keep.data else True


class SkillGuess(Guess):
    """A skill that the résumé seems to name."""

    skill = PickField(_l("Skill"), kind="skill", validators=[required(_l("Name the skill."))])
    level = SelectField(_l("Level"), choices=offered(LEVELS), default="2")


class ExperienceGuess(Guess):
    """Something that the person seems to have done."""

    kind = SelectField(_l("What was it?"), [AnyOf([kind.value for kind in ExperienceKind])],
                       choices=offered(KIND_WORDS.items()))
    title = StringField(_l("What did you do?"), [required(_l("Say what you did.")), at_most(160)])
    place = StringField(_l("Where, or for whom?"), [at_most(160)])
    starts_on = DateField(_l("From"), [Optional()])
    ends_on = DateField(_l("Until"), [Optional()])
    words = TextAreaField(_l("What did you learn or fix there?"), [at_most(2000)])


class ReviewForm(Form):
    """All guesses of one résumé."""

    skills = FieldList(FormField(SkillGuess), max_entries=MOST)
    experiences = FieldList(FormField(ExperienceGuess), max_entries=MOST)
    keep_story = BooleanField(_l("Keep this as my story"))
    story = TextAreaField(_l("Your story"), [at_most(3000)])

    def kept_skills(self, found: Mapping[str, Any]) -> list[KeptSkill]:
        """The ticked skills that we know, each once, tied to the experience that the résumé names them in."""
        kept: dict[str, KeptSkill] = {}
        for number, row in ticked(self.skills):
            if row.skill.data.id:
                lines: Sequence[Mapping[str, Any]] = found.get("skills", ())
                place = lines[number].get("experience") if number < len(lines) else None
                kept.setdefault(row.skill.data.id, KeptSkill(row.skill.data.id, int(row.level.data), place))
        return list(kept.values())

    def kept_experiences(self) -> dict[int, dict[str, Any]]:
        """The ticked experiences by their number in the résumé."""
        return {number: {name: value for name, value in {**row.data, "kind": ExperienceKind(row.kind.data)}.items()
                         if name != "keep"} for number, row in ticked(self.experiences)}

    def proposed(self) -> bool:
        """Whether a ticked line is to be proposed to the hub; what is not ticked is proposed to nobody."""
        for entry in self.skills.entries:
            if not entry.form.keep.data:
                entry.form.skill.data = Picked(entry.form.skill.data.text)
        return any(row.skill.data.propose for _number, row in ticked(self.skills))


def ticked(rows: FieldList) -> list[tuple[int, Any]]:
    """(number in the résumé, form) of each ticked row; a row keeps its number whatever else was sent."""
    return [(int(entry.name.rpartition("-")[2]), entry.form) for entry in rows.entries if entry.form.keep.data]


def guessed(found: Mapping[str, Any], held: Mapping[str, int], *, tick: bool) -> dict[str, Any]:
    """What was found, as the form shows it; with `tick`, all that is sure and adds something is ticked already.

    `held` are the levels in the profile: a résumé that says less about a skill never lowers it by itself.
    """
    return {
        "skills": [_skill(line, held.get(line["id"] or "", 0), tick) for line in found.get("skills", ())],
        "experiences": [{**row, "keep": tick and bool(row["title"]), "starts_on": _day(row["starts_on"]),
                         "ends_on": _day(row["ends_on"])} for row in found.get("experiences", ())],
        "story": found.get("summary", ""), "keep_story": False,
    }


def _skill(line: Mapping[str, Any], held: int, tick: bool) -> dict[str, Any]:
    adds = line["outcome"] == "sure" and (line["level"] > held or line.get("experience") is not None)
    return {"keep": tick and adds, "skill": Picked(line["label"] if line["id"] else line["text"], line["id"]),
            "level": str(max(line["level"], held))}


def ask(form: ReviewForm, found: Mapping[str, Any]) -> None:
    """Put the question “which one do you mean?” under each line that is not sure, before anything was sent."""
    for entry, line in zip(form.skills.entries, found.get("skills", ()), strict=False):
        if line["outcome"] != "sure":
            field = entry.form.skill
            field.options = (*(Option(one["id"], one["label"], one["note"]) for one in line["options"]),
                             proposal_of(field.kind))


def question(line: Mapping[str, Any]) -> str:
    """What the page says about a line that is not sure."""
    return str(_("We are not sure what this is.") if line["options"] else _("We don’t know this word yet."))


def _day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None
