"""The one base of all forms: CSRF, unknown fields refused, clean text, and domain errors put where they happened."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.exceptions import BadRequest
from wtforms import Form as PlainForm
from wtforms import SelectChoice  # type: ignore[attr-defined]  # the stubs know an older wtforms
from wtforms.fields.core import Field
from wtforms.validators import DataRequired, InputRequired, Length

from matcher.kit.errors import ConflictError, DomainError, NotAllowedError
from web.kit import db
from web.kit.words import translate

T = TypeVar("T")
_ALWAYS = frozenset({"csrf_token", "submit", "add_row"})


def clean(text: str | None) -> str | None:
    """Trim, drop control characters (a NUL would break the database) and even out line ends."""
    if not isinstance(text, str):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or (c.isprintable() or c == "\u200d")).strip()


class Form(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Base of every form that writes. A field the form does not know is a 400: nobody assigns what was not offered."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Text is cleaned before validators see it."""

        def bind_field(self, form: PlainForm, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Add the cleaner in front of each text field's own filters."""
            if unbound_field.field_class.__name__ in {"StringField", "TextAreaField", "EmailField", "URLField",
                                                      "TelField", "SearchField"}:
                options = {**options, "filters": (clean, *unbound_field.kwargs.get("filters", ()))}
                unbound_field.kwargs.pop("filters", None)
            return unbound_field.bind(form=form, **options)

    def sent(self) -> bool:
        """Was the form posted, known in all its fields, and valid in shape?"""
        if not self.is_submitted():
            return False
        refuse_unknown(self)
        return bool(self.validate())

    def attempt(self, call: Callable[[], T]) -> T | None:
        """Run a domain action; a rule that says no becomes an error by its field (or on top), and None comes back."""
        try:
            result = call()
            db.session().flush()
            return result
        except (ConflictError, NotAllowedError):
            raise
        except DomainError as error:
            db.rollback()
            self.refuse(error)
            return None

    def refuse(self, error: DomainError) -> None:
        """Show a domain error by its field, or on top of the form."""
        words = translate(error.message, **error.params)
        target = self._fields.get(error.field or "")
        if target is None:
            self.form_errors.append(words)
        else:
            target.errors = [*target.errors, words]

    def facts(self, *leave_out: str) -> dict[str, Any]:
        """The data by field name, without the token and buttons."""
        return {k: v for k, v in self.data.items() if k not in _ALWAYS and k not in leave_out}


def refuse_unknown(form: Form) -> None:
    """Raise 400 for a posted key that belongs to no field of the form."""
    known = set(_ALWAYS)
    prefixes: list[str] = []
    for field in form:
        known.update((field.name, *getattr(field, "also", ())))
        if hasattr(field, "entries") or hasattr(field, "form"):
            prefixes.append(f"{field.name}-")
    for key in (*request.form, *request.files):
        if key not in known and not any(key.startswith(prefix) for prefix in prefixes):
            raise BadRequest(description="A field of this form is not known.")


def refuse_other_keys(*names: str) -> None:
    """The same for a lone button that sends a choice without a form of its own."""
    if set(request.form) - {"csrf_token", *names}:
        raise BadRequest(description="A field of this form is not known.")


class Filter(PlainForm):
    """Base of filter forms: read from the address, so that a filtered list can be shared."""

    def chosen(self) -> dict[str, str]:
        """The filters in force."""
        return {name: value for name, value in self.data.items() if value not in (None, "", []) and value is not False}


def filters(kind: type[Filter]) -> Any:
    """Fill a filter form from the address; values that make no sense are dropped, not refused."""
    form = kind(request.args)
    if not form.validate():
        for name in form.errors:
            form._fields[name].data = None
    return form


def offered(choices: Iterable[tuple[str, Any]], group: str | None = None) -> list[SelectChoice]:
    """What a field offers, from (value, label) in the order given; `group` is the heading they stand under."""
    return [SelectChoice(value, label, optgroup=group) for value, label in choices]


def offered_words(words: Mapping[Any, str]) -> list[SelectChoice]:
    """The same from values and what each is called, in the reader's language."""
    return offered((value, translate(label)) for value, label in words.items())


def required(message: Any = None) -> DataRequired:
    """Must be filled in."""
    return DataRequired(message or _l("Fill this in."))


def chosen(message: Any = None) -> InputRequired:
    """Must be chosen."""
    return InputRequired(message or _l("Choose one."))


def at_most(length: int) -> Length:
    """A text of at most so many characters."""
    return Length(max=length, message=_l("Use at most %(max)d characters."))


def show(field: Field) -> str:
    """The visible label of a field."""
    return str(field.label.text)
