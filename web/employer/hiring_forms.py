"""Forms of the hiring side: a no with its reason, a note, interview times, an offer, a start, an end, a check."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import DateTimeLocalField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from matcher.applications.rules import ANSWERS, EMPLOYER_ANSWERS
from matcher.kit.errors import ConflictError
from matcher.kit.words import N_
from matcher.placements.rules import END_REASONS, STILL_WORDS
from web.kit.forms import Form, at_most, chosen, offered, offered_words, required
from web.kit.money import MoneyField
from web.kit.words import translate

LONG = 4000


class VersionedForm(Form):
    """A form that remembers which version of a row it was drawn from."""

    version = HiddenField()

    def drawn_from(self, row: Any) -> None:
        """Write the row's version into a fresh form; a form that came back keeps the one it had."""
        if not self.is_submitted():
            self.version.data = str(row.version)

    def refuse_stale(self, row: Any) -> None:
        """Raise ConflictError when somebody else changed the row since."""
        if self.version.data != str(row.version):
            raise ConflictError(N_("Somebody else changed this since you opened it. Nothing was overwritten; reload."))


class NoForm(VersionedForm):
    """An honest no: reason, words and a next step for the person; other words for the team."""

    code = RadioField(_l("Reason"), [chosen()], validate_choice=False)
    words = TextAreaField(_l("What the person reads"), [required(), at_most(LONG)])
    next_step = TextAreaField(_l("One thing they could do next"), [required(), at_most(1000)])
    internal_words = TextAreaField(_l("Note for your team only"), [at_most(LONG)])

    def offer(self) -> "NoForm":
        """Fill in the reasons in the reader's language."""
        self.code.choices = offered((code, translate(ANSWERS[code])) for code in EMPLOYER_ANSWERS)
        return self


class NoteForm(VersionedForm):
    """Words that stay with the employer."""

    internal_words = TextAreaField(_l("Note for your team only"), [at_most(LONG)])


class InterviewForm(VersionedForm):
    """One to three times in the hub's time zone, how long, and where."""

    options = DateTimeLocalField(_l("First choice"), [required(_l("Give a day and a time."))])
    options_2 = DateTimeLocalField(_l("Second choice"), [Optional()])
    options_3 = DateTimeLocalField(_l("Third choice"), [Optional()])
    minutes = SelectField(_l("How long"), choices=offered([("30", _l("30 minutes")), ("45", _l("45 minutes")),
                                                           ("60", _l("1 hour")), ("90", _l("1½ hours"))]), default="45")
    place = StringField(_l("Where you meet"), [at_most(300)])

    def times(self, zone: str) -> list[datetime]:
        """The times given, as moments."""
        given = (self.options.data, self.options_2.data, self.options_3.data)
        return [t.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for t in given if t is not None]


class OfferForm(VersionedForm):
    """The terms of an offer."""

    pay = MoneyField(_l("Pay"), [required(_l("State the pay."))])
    pay_period = RadioField(_l("Paid for"), choices=offered([("hour", _l("an hour")), ("year", _l("a year"))]))
    starts_on = DateField(_l("First day"), [required()])
    answer_by = DateField(_l("Answer by"), [required()])
    terms = TextAreaField(_l("What else belongs to it"), [at_most(LONG)])


class ReasonForm(VersionedForm):
    """A reason that the person reads."""

    reason = TextAreaField(_l("Reason, in a sentence the other person can read"), [required(), at_most(1000)])


class StartForm(VersionedForm):
    """The first day of work."""

    starts_on = DateField(_l("First day of work"), [required()])


class EndForm(VersionedForm):
    """When and why a job ended."""

    ended_on = DateField(_l("Last day of work"), [required()])
    reason = RadioField(_l("Why it ended"), [chosen()], validate_choice=False)

    def offer(self) -> "EndForm":
        """Fill in the reasons in the reader's language."""
        self.reason.choices = offered((code, translate(said)) for code, said in END_REASONS.items() if code != "check")
        return self


class CheckForm(Form):
    """How a hire is doing: two choices, skills to tick, one line for the provider."""

    still_there = RadioField(_l("Does this person still work for you?"), [chosen()])
    would_hire_again = RadioField(_l("Would you hire them again?"), [chosen()])
    strong = SelectMultipleField(_l("Strong in"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    missing = SelectMultipleField(_l("Still missing"), widget=ListWidget(prefix_label=False),
                                  option_widget=CheckboxInput())
    words = StringField(_l("One line to the training provider"), [at_most(500)])

    def offer(self, skills: list[tuple[str, str]]) -> "CheckForm":
        """Fill in the answers, and the role's skills as (id, name)."""
        for field in (self.still_there, self.would_hire_again):
            field.choices = offered_words(STILL_WORDS)
        self.strong.choices = self.missing.choices = offered(skills)
        return self
