"""Forms for bringing an organization to a hub, and for who belongs to it."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, SelectField, StringField, TextAreaField, URLField

from matcher.organizations.rules import KIND_WORDS, ROLE_WORDS
from web.kit.forms import Form, at_most, chosen, offered, required

KINDS = ("employer", "training_provider", "workforce_organization")


class OrganizationForm(Form):
    """What an organization says about itself."""

    name = StringField(_l("Name of the organization"), [required(), at_most(160)])
    place_label = StringField(_l("City or town"), [required(), at_most(160)])
    website = URLField(_l("Website"), [at_most(200)], description=_l("Beginning with https://"))
    about = TextAreaField(_l("What do you do?"), [at_most(2000)],
                          description=_l("Two or three sentences that people outside can understand."))


class NewOrganizationForm(OrganizationForm):
    """The same, with its kind and the hub it would like to join."""

    kind = RadioField(_l("What is it?"), [chosen()], choices=offered((k, KIND_WORDS[k]) for k in KINDS))
    hub = SelectField(_l("Which hub would you like to join?"))
    words = TextAreaField(_l("What would you like to do with the hub?"), [at_most(2000)],
                          description=_l("The hub reads this before it gets in touch with you."))


class InviteForm(Form):
    """Whom to invite, and as what."""

    email = EmailField(_l("Email"), [required(_l("Write an email address.")), at_most(254)])
    role = SelectField(_l("As"), choices=offered(ROLE_WORDS.items()))
