"""The form by which an owner signs a commitment."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from matcher.organizations.rules import COMMITMENT_WORDS
from web.kit.forms import Form, at_most, chosen, offered_words, required


class CommitmentForm(Form):
    """What is promised, until when, and the signature."""

    kind = RadioField(_l("What do you promise?"), [chosen()])
    promised = IntegerField(_l("How many people?"), [Optional()],
                            description=_l("For internships, apprenticeships and hires. Leave it empty otherwise."))
    answer_days = IntegerField(_l("Within how many days will you answer each person who applies?"),
                               [InputRequired(_l("Fill this in."))],
                               description=_l("1 to 60. Most employers promise 14."))
    feedback_how = TextAreaField(_l("How will you tell programs how their people do?"), [at_most(1000)],
                                 description=_l("Example: I answer the four short checks in the first year."))
    expires_on = DateField(_l("Until when?"), [InputRequired(_l("Choose a day."))],
                           description=_l("At most 24 months. You can renew it."))
    signed_name = StringField(_l("Your full name, as your signature"), [required(), at_most(120)])
    signed_title = StringField(_l("What you do at the organization"), [required(), at_most(120)])
    agree = BooleanField(_l("I sign this for my organization."),
                         [InputRequired(_l("Tick the box to sign."))])


def commitment_form(kind: str, expires_on: date, **stored: object) -> CommitmentForm:
    """The form with its choices in the reader's language."""
    form = CommitmentForm(data={"kind": kind, "answer_days": 14, "expires_on": expires_on, **stored})
    form.kind.choices = offered_words(COMMITMENT_WORDS)
    return form
