"""A form field for a skill, occupation or program in words: says what it understood, asks when unsure, lets propose.

How to use it (works without JavaScript; with it, suggestions come as one types):

    from web.kit.understanding import PickField, flash_readings, propose_all

    class SkillRow(PlainForm):                          # a row of a FieldList, or a field of any form
        skill = PickField(_l("Skill"), kind="skill")    # kind: skill | occupation | program
        level = SelectField(…)

    {% import 'components/understanding.html' as pick with context %}
    {{ pick.field(row.form.skill, hint=_('…')) }}       {# text, suggestions, and the question when we are not sure #}

`g.hub` must be set before `form.sent()`, so that the hub's own skills and programs are known.
After `form.sent()` is true each `field.data` is a `Picked`: `.text` (our name for it), `.id` (skill id, O*NET-SOC code
or program id), `.propose` (the person wants their words proposed to the hub; then `.id` is None: leave the row out).
An empty field is a falsy `Picked`. To show a stored value hand in `Picked(name, id)` as the field's data.
`free=True` takes words we do not know as they are (`.id` None), without a question.

In the view, inside the write:
    propose_all(form, hub, actor=actor(), at=g.at)  # a SkillProposal for each picker that asks for it; learns answers
    flash_readings(form)                            # "We read “exel” as Microsoft Excel."
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from flask import flash, g
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import StringField
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from matcher.kit.actor import Actor
from matcher.organizations.models import Hub
from web.kit import db, vocabulary
from web.kit.forms import clean

Kind = Literal["skill", "occupation", "program"]
PROPOSE = "propose"
LONGEST = 160


@dataclass(frozen=True, slots=True)
class Picked:
    """What a picker holds: the words, the id they stand for, and whether they are to be proposed to the hub."""

    text: str = ""
    id: str | None = None
    propose: bool = False

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to “which one do you mean?”."""

    value: str
    label: str
    note: str = ""
    chosen: bool = False


class _Hidden:
    """A hidden input that travels with a picker."""

    def __init__(self, field: "PickField", part: str, value: str) -> None:
        self.id, self.name, self._text = f"{field.id}-{part}", f"{field.name}-{part}", value

    def __call__(self, **attributes: Any) -> Markup:
        return HiddenInput()(self, **attributes)  # type: ignore[arg-type]

    def _value(self) -> str:
        return self._text

    flags: Mapping[str, Any] = {}


class PickField(StringField):
    """Words that name one known thing; see the top of this file."""

    data: Picked  # type: ignore[assignment]  # the stubs know text only

    def __init__(self, label: Any = None, validators: Any = None, *, kind: Kind = "skill", free: bool = False,
                 **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.kind: Kind = kind
        self.free = free
        self.options: tuple[Option, ...] = ()
        self.read: tuple[str, str] | None = None
        self.confirmed: str | None = None
        """The words as typed, when the person chose what they mean among our answers."""
        self._chose = False

    @property
    def also(self) -> tuple[str, ...]:
        """The further names this field posts."""
        return tuple(f"{self.name}-{part}" for part in ("id", "asked", "choice"))

    @property
    def id_input(self) -> _Hidden:
        """The hidden input that carries the id of a chosen suggestion."""
        return _Hidden(self, "id", self.data.id or "")

    @property
    def asked_input(self) -> _Hidden:
        """The words that the shown question is about: an answer to other words is not taken."""
        return _Hidden(self, "asked", self.data.text)

    def _value(self) -> str:
        return self.data.text

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the posted parts, or show a `Picked`."""
        self._posted = formdata
        super().process(formdata, data, extra_filters)

    def process_data(self, value: Any) -> None:
        """Take a `Picked`, plain words, or nothing."""
        self.data = value if isinstance(value, Picked) else Picked(str(value or ""))

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """The words, and the id or answer that belongs to them."""
        if not valuelist:
            return
        text = (clean(str(valuelist[0])) or "")[:LONGEST]
        asked, choice = clean(self._part("asked")) or "", self._part("choice")
        self._chose = bool(text and choice and asked == text)
        if self._chose:
            self.data = Picked(text, None, True) if choice == PROPOSE else Picked(text, choice)
        else:
            self.data = Picked(text, self._part("id") or None)

    def _part(self, part: str) -> str:
        return str(self._posted.get(f"{self.name}-{part}", ""))[:LONGEST] if self._posted is not None else ""

    def pre_validate(self, form: Any) -> None:
        """Find out what the words name; ask when that is not certain."""
        if not self.data.text or self.data.propose:
            return
        known = vocabulary.label(db.session(), self.kind, self.data.id, _hub_id()) if self.data.id else None
        if known and (self._chose or known.casefold() == self.data.text.casefold()):
            self.confirmed = self.data.text if self._chose else None
            self.data = Picked(known, self.data.id)
            return
        self._understand()

    def _understand(self) -> None:
        typed, wished = self.data.text, self.data.id
        found = vocabulary.understand(db.session(), self.kind, typed, _hub_id())
        hits = [hit for hit in (found.best, *found.others) if hit]
        sure = next((hit for hit in hits if hit.id == wished), found.best if found.outcome == "sure" else None)
        if sure:
            self.data = Picked(sure.label, sure.id)
            self.read = (typed, sure.label) if sure.label.casefold() != typed.casefold() else None
        elif self.free:
            self.data = Picked(typed)
        else:
            self.data = Picked(typed)
            self.options = (*(Option(hit.id, hit.label, hit.note) for hit in hits), proposal_of(self.kind))
            raise ValidationError(_question(typed, bool(hits)))


def proposal_of(kind: Kind) -> Option:
    """The last answer: none of these, ask the hub to take the words in."""
    words = {
        "skill": _("None of these: propose it to the hub as a new skill"),
        "occupation": _("None of these: propose it to the hub as a new job title"),
        "program": _("None of these: propose it to the hub as a new program"),
    }
    return Option(PROPOSE, words[kind])


def _question(typed: str, near: bool) -> str:
    if near:
        return str(_("Which one do you mean by “%(text)s”? Choose below, or change your words.", text=typed))
    return str(_("We don’t know “%(text)s” yet. Change your words, or propose it below.", text=typed))


def _hub_id() -> str | None:
    hub = g.get("hub")
    return hub.id if hub else None


def picks(form: Any) -> Iterator[PickField]:
    """Every picker of a form, those in its rows too."""
    for field in form:
        if isinstance(field, PickField):
            yield field
        elif hasattr(field, "entries"):
            for entry in field.entries:
                yield from picks(entry.form) if hasattr(entry, "form") else picks([entry])
        elif hasattr(field, "form"):
            yield from picks(field.form)


def propose_all(form: Any, hub: Hub, *, actor: Actor, at: datetime) -> int:
    """Send the words that people asked us to propose to the hub, and note what they chose; returns how many."""
    for field in picks(form):
        if field.confirmed and field.data.id:
            vocabulary.confirm(db.session(), hub, field.kind, field.confirmed, field.data.id, actor=actor, at=at)
    wanted = [field for field in picks(form) if field.data.propose]
    for field in wanted:
        vocabulary.propose(db.session(), hub, field.kind, field.data.text, actor=actor, at=at)
    if wanted:
        flash(_("We sent your words to the hub. You hear from us when they are taken in."), "info")
    return len(wanted)


def flash_readings(form: Any) -> None:
    """Say how words were read that were not typed as we write them."""
    for field in picks(form):
        if field.read:
            flash(_("We read “%(typed)s” as %(name)s.", typed=field.read[0], name=field.read[1]), "info")
