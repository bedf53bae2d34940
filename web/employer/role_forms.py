"""The forms in which an employer writes a role: a short one to begin, the whole one, and the list's filters."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import AnyOf, InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from matcher.roles import rules
from matcher.roles.models import Posting
from web.kit.forms import Filter, Form, at_most, chosen, offered, offered_words, required
from web.kit.money import MoneyField
from web.kit.understanding import Picked, PickField

BLANK_ROWS = 2
NEEDS = (("must", _l("a must")), ("nice", _l("nice to have")))


class SkillRow(PlainForm):
    """One skill of a role: level, must or nice, weight."""

    skill = PickField(_l("Skill"), kind="skill")
    level = SelectField(_l("Level"), coerce=int, default=2)
    need = SelectField(_l("It is"), choices=offered(NEEDS), default="must")
    weight = SelectField(_l("Weight"), coerce=int, default=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = offered_words(rules.LEVEL_WORDS)
        self.weight.choices = offered_words(rules.WEIGHT_WORDS)

    def requirement(self) -> rules.Requirement:
        """The row as the domain takes it: (skill id, level, must, weight)."""
        return str(self.skill.data.id), self.level.data, self.need.data == "must", self.weight.data


class NewRoleForm(Form):
    """The beginning of a role: its title, and the kind of work when the title does not say it."""

    title = StringField(_l("Job title"), [required(), at_most(160)])
    occupation = PickField(_l("Kind of work"), kind="occupation")
    hub = SelectField(_l("Hub"))

    def read_title(self) -> None:
        """Understand the title where no kind of work was typed."""
        if self.is_submitted() and not self.occupation.data and self.title.data:
            self.occupation.data = Picked(self.title.data)


class RoleForm(Form):
    """Everything that a role says."""

    version = HiddenField(validators=[InputRequired()])
    title = StringField(_l("Job title"), [required(), at_most(160)])
    occupation = PickField(_l("Kind of work"), kind="occupation")
    summary = TextAreaField(_l("What does the person do?"), [at_most(4000)])
    employment_type = SelectField(_l("Kind of job"))
    positions = IntegerField(_l("How many people?"), [InputRequired(_l("Fill this in."))])
    skills = FieldList(FormField(SkillRow))
    pay_min = MoneyField(_l("Lowest pay"))
    pay_max = MoneyField(_l("Highest pay"))
    pay_period = RadioField(_l("For"), [chosen()])
    progression = StringField(_l("Where does it lead?"), [at_most(200)])
    schedules = SelectMultipleField(_l("Hours"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    workplace = RadioField(_l("Place"), [chosen()])
    place_label = StringField(_l("Address or part of town"), [at_most(160)])
    degree = RadioField(_l("Degree"), [chosen()])
    starts_on = DateField(_l("First day of work"), [Optional()])
    closes_on = DateField(_l("Last day to apply"), [Optional()])
    open_nontraditional = BooleanField(_l("Open to people who learned their skills outside a degree"))
    add_skill = StringField()  # a button of a suggested skill carries its id

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.employment_type.choices = offered_words(rules.EMPLOYMENT_WORDS)
        self.schedules.choices = offered_words(rules.SCHEDULE_WORDS)
        self.workplace.choices = offered_words(rules.WORKPLACE_WORDS)
        self.degree.choices = offered_words(rules.DEGREE_WORDS)
        self.pay_period.choices = offered([("hour", _l("an hour")), ("year", _l("a year"))])

    def requirements(self) -> list[rules.Requirement]:
        """The rows that name a skill we know."""
        return [row.form.requirement() for row in self.skills.entries if row.form.skill.data.id]

    def changes(self) -> dict[str, Any]:
        """The facts as `edit_posting` takes them."""
        same = ("title", "summary", "employment_type", "positions", "pay_period", "progression", "schedules",
                "workplace", "place_label", "degree", "starts_on", "closes_on")
        told = {name: self[name].data for name in same}
        return told | {"pay_min_cents": self.pay_min.data, "pay_max_cents": self.pay_max.data,
                       "occupation_code": self.occupation.data.id, "requirements": self.requirements()}

    def put_skill(self, skill_id: str, name: str, level: int | None) -> None:
        """Add a suggested skill in the first empty row, unless it is there."""
        if any(row.form.skill.data.id == skill_id for row in self.skills.entries):
            return
        row = next((row for row in self.skills.entries if not row.form.skill.data), None)
        row = row or self.skills.append_entry()
        row.form.skill.data, row.form.level.data = Picked(name, skill_id), level or 2
        row.form.need.data, row.form.weight.data = "nice", 1


def stored(posting: Posting, names: dict[str, str], occupation: str | None) -> dict[str, Any]:
    """A posting as the form shows it, with blank rows for more skills."""
    rows: list[dict[str, Any]] = [
        {"skill": Picked(names.get(row.skill_id, row.skill_id), row.skill_id), "level": row.level,
         "need": "must" if row.must else "nice", "weight": row.weight} for row in posting.requirements
    ]
    code = posting.occupation_code
    told = {name: getattr(posting, name) for name in (
        "title", "summary", "positions", "progression", "place_label", "starts_on", "closes_on", "open_nontraditional",
        "version")}
    kinds = {name: str(getattr(posting, name)) for name in ("employment_type", "pay_period", "workplace", "degree")}
    return told | kinds | {
        "occupation": Picked(occupation or code, code) if code else None, "pay_min": posting.pay_min_cents,
        "pay_max": posting.pay_max_cents, "schedules": posting.schedules or [], "skills": rows + [{}] * BLANK_ROWS,
    }


class RoleFilter(Filter):
    """Filters of an employer's list."""

    q = StringField()
    state = StringField(validators=[Optional(), AnyOf(list(Posting.__life__.labels))])
