"""Forms for skills and what backs them."""

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FieldList, FormField, RadioField, SelectField, StringField, URLField
from wtforms import Form as PlainForm
from wtforms.validators import Optional, ValidationError

from matcher.roles.rules import LEVEL_WORDS
from web.kit.forms import Form, at_most, chosen, offered
from web.kit.understanding import PickField

LEVELS: list[tuple[str, Any]] = [(str(level), _l(words)) for level, words in LEVEL_WORDS.items()]
USED: dict[str, tuple[Any, int | None]] = {
    "": (_l("I’d rather not say"), None), "now": (_l("I use it now"), 0), "year": (_l("Within the last year"), 200),
    "three": (_l("One to three years ago"), 730), "longer": (_l("Longer ago"), 1825),
}
TIERS: list[tuple[str, Any]] = [
    ("experience", _l("I used it in something I did")), ("artifact", _l("I can show a piece of work")),
    ("credential", _l("I have a certificate or licence")),
]


def used_on(choice: str, today: date) -> date | None:
    """The day that an answer to “when did you last use it” stands for."""
    days = USED.get(choice, USED[""])[1]
    return None if days is None else today - timedelta(days=days)


def used_choice(day: date | None, today: date) -> str:
    """The answer that a stored day stands for."""
    if day is None:
        return ""
    age = (today - day).days
    return "now" if age < 31 else "year" if age < 366 else "three" if age < 1096 else "longer"


def used_field() -> SelectField:
    """When was it last used."""
    return SelectField(_l("Last used"), choices=offered((key, words) for key, (words, _) in USED.items()),
                       default="")


class SkillRow(PlainForm):
    """One skill with level and last use."""

    skill = PickField(_l("Skill"), kind="skill")
    level = SelectField(_l("Level"), choices=offered([("", _l("Choose a level")), *LEVELS]), default="")
    used = used_field()

    def validate_level(self, field: SelectField) -> None:
        """A named skill needs a level."""
        if self.skill.data and not field.data:
            raise ValidationError(_l("Choose the level."))


class SkillsForm(Form):
    """Several skills at once."""

    skills = FieldList(FormField(SkillRow), min_entries=3, max_entries=30)


class SkillForm(Form):
    """One skill that is there."""

    level = RadioField(_l("How well can you do it?"), [chosen()], choices=offered(LEVELS))
    used = used_field()


class EvidenceForm(Form):
    """One piece of evidence."""

    tier = RadioField(_l("What backs it?"), [chosen()], choices=offered(TIERS))
    title = StringField(_l("What is it?"), [at_most(200)],
                        description=_l("For example: “Home network for twelve rooms”, “CompTIA A+”."))
    url = URLField(_l("Web address"), [at_most(500)], description=_l("Where an employer can look at it, if anywhere."))
    given_on = DateField(_l("When was it?"), [Optional()], description=_l("Leave empty for today."))
    experience = SelectField(_l("Part of which experience?"), default="")
