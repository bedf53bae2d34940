"""The form for what an employer says when it joins: kinds of work, screens, hires."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectMultipleField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from matcher.organizations.rules import FAMILIES, SCREENS
from web.kit.forms import Form, at_most, offered_words


class JoinForm(Form):
    """What an employer wants to hire for, and by which screens."""

    families = SelectMultipleField(_l("Which kinds of work will you hire for in the next 6 to 9 months?"),
                                   widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    hires_planned = IntegerField(_l("How many people do you plan to hire?"), [Optional()],
                                 description=_l("A guess is fine. It is a plan, not a promise."))
    screens = SelectMultipleField(_l("Which of these do you ask of new people?"),
                                  description=_l("Candidates and programs plan with it."),
                                  widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    words = TextAreaField(_l("Anything else the hub should know?"), [at_most(2000)])


def join_form(**stored: object) -> JoinForm:
    """The form with its choices in the reader's language."""
    form = JoinForm(data=stored)
    form.families.choices = offered_words(FAMILIES)
    form.screens.choices = offered_words(SCREENS)
    return form
