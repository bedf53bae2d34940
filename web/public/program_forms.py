"""What a visitor may filter programs and partners by, and the words for how a program is taught."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length, Optional

from matcher.kit.words import N_
from matcher.organizations.rules import KIND_WORDS
from web.kit.forms import Filter

DELIVERY_WORDS: Mapping[str, str] = {
    "in_person": N_("In person"), "hybrid": N_("Partly online"), "online": N_("Online"),
}
ETPL_WORDS: Mapping[str, str] = {
    "listed": N_("On the state’s list of eligible providers (ETPL): WIOA can pay for it"),
    "not_listed": N_("Not on the state’s list of eligible providers (ETPL)"),
    "unknown": N_("Not known whether it is on the state’s list (ETPL)"),
}


class ProgramFilter(Filter):
    """Text, how it is taught, and whether it is free."""

    q = StringField(_l("Search"), [Optional(), Length(max=120)])
    delivery = SelectField(_l("How it is taught"), [Optional()], choices=["", *DELIVERY_WORDS])
    free = BooleanField(_l("Free of charge"), [Optional()])


class PartnerFilter(Filter):
    """Text and kind of organization."""

    q = StringField(_l("Search"), [Optional(), Length(max=120)])
    kind = SelectField(_l("Kind"), [Optional()], choices=["", *KIND_WORDS])
