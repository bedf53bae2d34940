"""What the page of all parts shows: one form with every kind of field, as a reader would meet it with errors."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FieldList,
    FormField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.widgets import CheckboxInput, ListWidget

from web.kit.forms import Form, offered, required

LEVELS = [("", _l("Choose a level")), ("1", _l("1: with help")), ("2", _l("2: on my own")),
          ("3", _l("3: in hard cases")), ("4", _l("4: I teach it"))]


class SkillRow(PlainForm):
    """One skill and its level."""

    name = StringField(_l("Skill"))
    level = SelectField(_l("Level"), choices=offered(LEVELS), validate_choice=False)


class SpecimenForm(Form):
    """Every kind of field."""

    full_name = StringField(_l("Name"), [required()])
    email = EmailField(_l("Email"), [required(_l("Write an email address."))],
                       description=_l("We write only about your account."))
    password = PasswordField(_l("Password"), description=_l("At least 15 characters. A few words in a row work well."))
    about = TextAreaField(_l("What did you build or fix?"))
    start = DateField(_l("First day you could start"))
    distance = IntegerField(_l("How far can you travel?"))
    county = SelectField(_l("County"), validate_choice=False,
                         choices=offered([("", _l("Choose one")), ("n", _l("North")), ("s", _l("South"))]))
    shift = RadioField(_l("Which hours suit you?"), [required(_l("Choose one."))], validate_choice=False,
                       choices=offered([("d", _l("Days")), ("e", _l("Evenings")), ("a", _l("Any"))]))
    help_with = SelectMultipleField(_l("What would help?"), validate_choice=False, choices=offered([
                                        ("b", _l("Bus pass")), ("c", _l("Child care")), ("l", _l("A laptop"))]),
                                    widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    resume = FileField(_l("Résumé"), description=_l("PDF or Word, at most 5 MB."))
    agree = BooleanField(_l("Tell me by email when a new role fits"), description=_l("You can stop this at any time."))
    skills = FieldList(FormField(SkillRow), min_entries=3)


def specimen() -> dict[str, Any]:
    """The form as it comes back with two errors, for the template public/components.html."""
    form = SpecimenForm(formdata=None, data={
        "full_name": "Ana Ruiz", "email": "ana@", "skills": [{"name": "Networking", "level": "2"}, {}, {}]})
    form.email.errors = (_l("Write an email address like name@example.org."),)
    form.shift.errors = (_l("Choose one."),)
    return {"form": form, "step_address": "#{}".format}
