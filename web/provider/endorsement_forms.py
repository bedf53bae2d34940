"""The forms of endorsing: a grid of people and skills, and one further skill that the provider tested itself."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired

from matcher.roles.rules import LEVEL_WORDS
from matcher.training.grids import Cell, Wish
from matcher.training.models import EndorsementBasis, Program
from web.kit.forms import Form, at_most, offered, offered_words
from web.kit.understanding import PickField
from web.provider.roster import Seat

BASES = {"t": EndorsementBasis.TAUGHT, "a": EndorsementBasis.ASSESSED}


def levels(taught: int) -> list[SelectChoice]:
    """What may be chosen for a skill taught to a level: up to it as taught, above it as tested by the provider."""
    return [*offered(((f"t{level}", str(level)) for level in range(1, taught + 1)), _("Taught")),
            *offered(((f"a{level}", str(level)) for level in range(taught + 1, 5)), _("We tested it ourselves"))]


def grid_form(program: Program, seats: Sequence[Seat], *, fill: bool = False) -> Any:
    """A form with a row for each person and a select for each skill taught; `fill` proposes the level taught."""

    class Row(PlainForm):
        """One person."""

        enrollment = HiddenField()

    for skill in program.skills:
        setattr(Row, skill.skill_id, SelectField(choices=[], validate_choice=False))

    class Grid(Form):
        """Everybody who completed; the version tells whether the program changed meanwhile."""

        version = HiddenField(validators=[InputRequired()])
        people = FieldList(FormField(Row))

    rows = [{"enrollment": seat.enrollment.id, **_levels(program, seat, fill)} for seat in seats]
    form = Grid(data={"version": program.version, "people": rows})
    _offer(form, program, {seat.enrollment.id: seat for seat in seats})
    return form


def _levels(program: Program, seat: Seat, fill: bool) -> dict[str, str]:
    return {skill.skill_id: value_of(seat, skill.skill_id) or (f"t{skill.level}" if fill else "")
            for skill in program.skills}


def value_of(seat: Seat | None, skill_id: str) -> str:
    """The option that stands for what is endorsed now, "" for nothing."""
    given = seat.endorsed.get(skill_id) if seat else None
    return f"{'a' if given.basis is EndorsementBasis.ASSESSED else 't'}{given.level}" if given else ""


def _offer(form: Any, program: Program, seats: dict[str, Seat]) -> None:
    for row in form.people.entries:
        seat = seats.get(row.form.enrollment.data)
        for skill in program.skills:
            field = row.form[skill.skill_id]
            nothing = [] if value_of(seat, skill.skill_id) else offered([("", "–")])
            field.choices = [*nothing, *levels(skill.level)]


def wishes(form: Any, program: Program) -> dict[Cell, Wish]:
    """The cells that say a level, as (enrollment id, skill id) to what is wished."""
    found: dict[Cell, Wish] = {}
    for row in form.people.entries:
        for skill in program.skills:
            value = row.form[skill.skill_id].data or ""
            if len(value) == 2 and value[0] in BASES and value[1].isdecimal():
                found[row.form.enrollment.data, skill.skill_id] = Wish(int(value[1]), BASES[value[0]])
    return found


class AssessedForm(Form):
    """One skill beyond the program, tested by the provider itself."""

    skill = PickField(_l("Skill"), [InputRequired(_l("Fill this in."))], kind="skill")
    level = SelectField(_l("Level"), coerce=int, default=2)
    words = TextAreaField(_l("How you tested it"), [InputRequired(_l("Fill this in.")), at_most(500)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = offered_words(LEVEL_WORDS)
