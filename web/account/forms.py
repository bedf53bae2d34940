"""Forms of one's own account: entering, securing, describing and closing it."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, RadioField, SelectField, StringField, TelField, TextAreaField
from wtforms.validators import Optional

from web.kit.forms import Form, at_most, chosen, offered, required

PASSWORD_HINT = _l("At least 15 characters. A few words in a row work well.")
LANGUAGES = [("en", "English"), ("es", "Español")]


def email_field(label: Any = None) -> EmailField:
    """A mail address; whether it is one is for the domain to say."""
    return EmailField(label or _l("Email"), [required(_l("Write your email address.")), at_most(254)])


class SignUpForm(Form):
    """Who joins, and what for."""

    kind = RadioField(_l("What brings you here?"), [chosen()], validate_choice=True)
    hub = SelectField(_l("Your hub"), description=_l("The local partnership nearest to you."))
    name = StringField(_l("Your name"), [required(_l("Write your name.")), at_most(120)])
    email = email_field()
    password = PasswordField(_l("Password"), [required(_l("Choose a password."))], description=PASSWORD_HINT)


class SignInForm(Form):
    """Address and password."""

    email = email_field()
    password = PasswordField(_l("Password"), [required(_l("Write your password."))])


class AgainForm(Form):
    """A page that only has a button, and, for a stranger's browser, asks for the password."""

    password = PasswordField(_l("The password you chose"), [Optional()])


class CodeForm(Form):
    """A code from the app, or a spare key."""

    code = StringField(_l("Code"), [required(_l("Write the code.")), at_most(20)])


class ResetAskForm(Form):
    """Where to send the link."""

    email = email_field()


class ResetForm(Form):
    """A new password."""

    password = PasswordField(_l("New password"), [required(_l("Choose a password."))], description=PASSWORD_HINT)


class PasswordForm(Form):
    """The old password and a new one."""

    current = PasswordField(_l("Your password now"), [required(_l("Write your password."))])
    password = PasswordField(_l("New password"), [required(_l("Choose a password."))], description=PASSWORD_HINT)


class AddressForm(Form):
    """A new mail address."""

    email = email_field(_l("New email address"))
    password = PasswordField(_l("Your password now"), [required(_l("Write your password."))])


class DetailsForm(Form):
    """What the site knows about the person."""

    name = StringField(_l("Your name"), [required(_l("Write your name.")), at_most(120)])
    phone = TelField(_l("Phone"), [at_most(40)],
                     description=_l("Only for people you share it with. You may leave it out."))
    locale = SelectField(_l("Language"), choices=offered(LANGUAGES), description=_l("For these pages and for mail."))
    time_zone = SelectField(_l("Time zone"))


class CloseForm(Form):
    """The end of an account."""

    password = PasswordField(_l("Your password"), [required(_l("Write your password."))])
    reason = TextAreaField(_l("Would you tell us why?"), [at_most(1000)], description=_l("You may leave this empty."))


class InvitedForm(Form):
    """Somebody new takes an invitation up: the address is known already."""

    name = StringField(_l("Your name"), [required(_l("Write your name.")), at_most(120)])
    password = PasswordField(_l("Password"), [required(_l("Choose a password."))], description=PASSWORD_HINT)
