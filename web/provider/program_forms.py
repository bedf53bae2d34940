"""The forms in which a provider describes a program and its cohorts."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional

from matcher.roles.rules import LEVEL_WORDS
from matcher.training import rules
from matcher.training.models import Program
from web.kit.forms import Filter, Form, at_most, chosen, offered_words, required
from web.kit.money import MoneyField
from web.kit.understanding import Picked, PickField, picks

BLANK_ROWS = 3
SAME = ("name", "about", "weeks", "hours_per_week", "funding", "delivery", "place_label", "etpl_status")


class TaughtRow(PlainForm):
    """One skill that a program teaches, and how far."""

    skill = PickField(_l("Skill"), kind="skill")
    level = SelectField(_l("Level at the end"), coerce=int, default=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = offered_words(LEVEL_WORDS)


class ProgramForm(Form):
    """Everything a provider says about a program. The last three fields are buttons that only fill in."""

    version = HiddenField()
    name = StringField(_l("Name of the program"), [required(), at_most(160)])
    about = TextAreaField(_l("What does a graduate know how to do?"), [at_most(2000)])
    occupation = PickField(_l("Kind of work it leads to"), kind="occupation")
    cip_code = StringField(_l("Field of study (CIP code)"), [at_most(8)])
    skills = FieldList(FormField(TaughtRow))
    weeks = IntegerField(_l("Weeks"), [InputRequired(_l("Fill this in.")), NumberRange(1, 520)])
    hours_per_week = IntegerField(_l("Hours a week"), [Optional(), NumberRange(1, 168)])
    cost = MoneyField(_l("What a person pays"))
    funding = StringField(_l("Who helps to pay"), [at_most(200)])
    delivery = RadioField(_l("How it is taught"), [chosen()])
    place_label = StringField(_l("Where"), [at_most(160)])
    etpl_status = SelectField(_l("State’s Eligible Training Provider List"))
    add_skill = StringField()
    use_occupation = StringField()
    use_cip = StringField()
    look = StringField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.delivery.choices = offered_words(rules.DELIVERY_WORDS)
        self.etpl_status.choices = offered_words(rules.ETPL_WORDS)

    @property
    def only_fills(self) -> bool:
        """Was a button pressed that fills in a suggestion and saves nothing?"""
        return bool(self.add_skill.data or self.use_occupation.data or self.use_cip.data or self.look.data)

    def taught(self) -> list[tuple[str, int]]:
        """The rows that name a skill we know, as (skill id, level)."""
        return [(row.form.skill.data.id, row.form.level.data) for row in self.skills.entries if row.form.skill.data.id]

    def told(self, cip_code: str | None) -> dict[str, Any]:
        """The facts as the domain takes them."""
        return {name: self[name].data for name in SAME} | {
            "cost_cents": self.cost.data or 0, "occupation_code": self.occupation.data.id, "cip_code": cip_code}

    def put_skill(self, skill_id: str, name: str, level: int | None) -> None:
        """Add a suggested skill in the first empty row, unless it is there."""
        if any(row.form.skill.data.id == skill_id for row in self.skills.entries):
            return
        row = next((row for row in self.skills.entries if not row.form.skill.data), None)
        row = row or self.skills.append_entry()
        row.form.skill.data, row.form.level.data = Picked(name, skill_id), level or 2

    def hush(self) -> None:
        """Forget what is missing so far: the person is still writing. Questions about words stay."""
        asking = {id(field) for field in picks(self) if field.options}
        for field in self:
            if id(field) not in asking and not hasattr(field, "entries"):
                field.errors = []


def stored(program: Program, names: dict[str, str], occupation: str | None) -> dict[str, Any]:
    """A program as the form shows it, with blank rows for more skills."""
    rows: list[dict[str, Any]] = [
        {"skill": Picked(names.get(row.skill_id, row.skill_id), row.skill_id), "level": row.level}
        for row in program.skills
    ]
    code = program.occupation_code
    told = {name: getattr(program, name) for name in SAME} | {"version": program.version}
    return told | {
        "delivery": str(program.delivery), "etpl_status": str(program.etpl_status), "cost": program.cost_cents,
        "cip_code": program.cip_code or "", "occupation": Picked(occupation or code, code) if code else None,
        "skills": rows + [{}] * BLANK_ROWS,
    }


class CohortForm(Form):
    """A group that goes through a program together."""

    name = StringField(_l("Name of the group"), [required(), at_most(120)])
    starts_on = DateField(_l("First day"), [InputRequired(_l("Fill this in."))])
    ends_on = DateField(_l("Last day"), [InputRequired(_l("Fill this in."))])
    seats = IntegerField(_l("Seats"), [InputRequired(_l("Fill this in."))])

    def told(self) -> dict[str, Any]:
        """The facts as the domain takes them."""
        return {name: self[name].data for name in ("name", "starts_on", "ends_on", "seats")}


class ProgramFilter(Filter):
    """Filters of the list of programs."""

    q = StringField()
    state = StringField(validators=[Optional(), AnyOf(list(Program.__life__.labels))])


class RosterFilter(Filter):
    """Filters of the people of a cohort."""

    q = StringField()
    state = StringField()
