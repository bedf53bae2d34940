"""The one form by which organizations invite people: one by name and mail, or many as lines."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField, StringField, TextAreaField

from matcher.training import inviting
from matcher.training.inviting import Line
from web.kit.forms import Form, at_most, offered
from web.kit.words import translate


class InviteForm(Form):
    """One person, or many as lines; `faulty` holds the lines that cannot be used, after `read`."""

    name = StringField(_l("Name"), [at_most(120)])
    email = EmailField(_l("Email"), [at_most(254)])
    lines = TextAreaField(_l("People, one on each line"), [at_most(20_000)])
    locale = SelectField(_l("Language of the mail"), default="en",
                         choices=offered([("en", "English"), ("es", "Español")]))
    faulty: tuple[Line, ...] = ()

    def read(self) -> list[Line]:
        """The people this form names, each line judged by itself; DomainError where it names nobody."""
        if self.email.data and not self.lines.data:
            return [Line(1, self.email.data, self.name.data or "", self.email.data)]
        lines = inviting.read_lines(self.lines.data or "")
        self.faulty = tuple(line for line in lines if line.error)
        return lines

    def faults(self) -> list[tuple[Line, str]]:
        """Each line that needs a look, with what is wrong with it in the reader's language."""
        return [(line, translate(line.error.message, **line.error.params)) for line in self.faulty if line.error]
