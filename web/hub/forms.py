"""Filters and forms of the hub's desk."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional

from matcher.organizations.lifecycle import COMMITMENT, PARTNERSHIP
from matcher.organizations.rules import COMMITMENT_WORDS, KIND_WORDS
from matcher.placements.lifecycle import PLACEMENT
from matcher.placements.rules import CONFIRMATION_WORDS
from matcher.roles.rules import FIELD_WORDS
from web.kit.forms import Filter, Form, at_most, chosen, offered, required
from web.kit.understanding import PickField


class PartnerFilter(Filter):
    """Name, kind and state; `waiting` is everything before active."""

    q = StringField(validators=[Optional(), Length(max=120)])
    kind = SelectField(validators=[Optional()], choices=["", *KIND_WORDS])
    state = SelectField(validators=[Optional()], choices=["", "waiting", *PARTNERSHIP.labels])


class CommitmentFilter(Filter):
    """Name, kind and state."""

    q = StringField(validators=[Optional(), Length(max=120)])
    kind = SelectField(validators=[Optional()], choices=["", *COMMITMENT_WORDS])
    state = SelectField(validators=[Optional()], choices=["", *COMMITMENT.labels])


class PlacementFilter(Filter):
    """Employer or role, state, evidence, and whether a check is due."""

    q = StringField(validators=[Optional(), Length(max=120)])
    state = SelectField(validators=[Optional()], choices=["", *PLACEMENT.labels])
    confirmation = SelectField(validators=[Optional()], choices=["", *CONFIRMATION_WORDS])
    checks = SelectField(validators=[Optional()], choices=["", "due"])


class TextFilter(Filter):
    """Words alone."""

    q = StringField(validators=[Optional(), Length(max=120)])


class OccupationFilter(Filter):
    """Title, whether it counts, and who decided."""

    q = StringField(validators=[Optional(), Length(max=120)])
    counts = SelectField(validators=[Optional()], choices=["", "yes", "no"])
    basis = SelectField(validators=[Optional()], choices=["", "default_rule", "hub_decision"])


class TrailFilter(Filter):
    """Action, subject and person, as they stand in the trail."""

    action = StringField(validators=[Optional(), Length(max=80)])
    subject = StringField(validators=[Optional(), Length(max=64)])
    person = StringField(validators=[Optional(), Length(max=16)])


class ReviewForm(Form):
    """The hub's answer to a role: as a whole, and by field."""

    version = HiddenField()
    decision = RadioField(_l("Your answer"), [chosen()], choices=offered([
        ("approve", _l("Approve: it can be shown")), ("request_changes", _l("Ask for changes"))]))
    words = TextAreaField(_l("In your own words"), [at_most(2000)],
                          description=_l("The employer reads it. Needed when you ask for changes."))


for _name, _label in FIELD_WORDS.items():
    setattr(ReviewForm, f"about_{_name}", TextAreaField(_l(_label), [at_most(1000)]))


class OccupationForm(Form):
    """The three answers and why."""

    in_demand = BooleanField(_l("In demand here"))
    entry_level = BooleanField(_l("Entry level"))
    career_path = BooleanField(_l("On a career path"))
    reason = TextAreaField(_l("Why"), [required(), at_most(1000)], description=_l("It is kept with the decision."))


class WordForm(Form):
    """What a proposed word means."""

    answer = RadioField(_l("Your answer"), [chosen()])
    means = PickField(_l("Which one is it?"), kind="skill")
    reason = TextAreaField(_l("Why not"), [at_most(500)])


class OccupationWordForm(WordForm):
    """The same for a job title."""

    means = PickField(_l("Which one is it?"), kind="occupation")


class StartForm(Form):
    """The first day, as a document shows it."""

    starts_on = DateField(_l("First day"), [required()])


class GoalForm(Form):
    """The number a hub wants to reach, and by when."""

    target = IntegerField(_l("How many people"), [required(), NumberRange(min=1, max=1_000_000)])
    starts_on = DateField(_l("Counted from"), [required()])
    target_on = DateField(_l("To be reached by"), [required()])


class SnapshotForm(Form):
    """The day of a figure to keep."""

    as_of = DateField(_l("As of"), [required()])
