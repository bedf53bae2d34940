"""What a visitor may filter roles by."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length, Optional, Regexp

from matcher.roles.queries import SORTS
from matcher.roles.rules import SCHEDULE_WORDS, WORKPLACE_WORDS
from web.kit.forms import Filter

PAY_STEPS = (30_000, 40_000, 50_000, 60_000, 75_000)


class RoleFilter(Filter):
    """Text, kind of work, place, hours, pay and the open mark."""

    q = StringField(_l("Search"), [Optional(), Length(max=120)])
    work = StringField(_l("Kind of work"), [Optional(), Regexp(r"^\d\d-\d{4}\.\d\d$")])
    workplace = SelectField(_l("Place"), [Optional()], choices=["", *WORKPLACE_WORDS])
    schedule = SelectField(_l("Hours"), [Optional()], choices=["", *SCHEDULE_WORDS])
    pay = SelectField(_l("Pay at least"), [Optional()], choices=["", *(str(step) for step in PAY_STEPS)])
    open = BooleanField(_l("Open without a degree"), [Optional()])
    sort = SelectField(_l("Sort"), [Optional()], choices=["", *SORTS])
