"""The headline number as a card shows it: only cells that may be published, with goal, parts and what is not known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from matcher.organizations.models import Hub
from matcher.organizations.rules import local_day
from matcher.outcomes import queries, rules
from matcher.outcomes.models import Goal
from matcher.outcomes.rules import Cell


@dataclass(frozen=True)
class HeadlineCard:
    """Everything that a page may say about a hub's headline number."""

    cells: Mapping[str, Cell]
    goal: Goal | None
    starts_on: date
    as_of: date

    @property
    def number(self) -> int | None:
        """The number, None where it is too small to show."""
        return self.cells["numerator"].value

    @property
    def unknown(self) -> int | None:
        """How many are not known, None where too few."""
        return self.cells["unknown"].value

    @property
    def out_of(self) -> str:
        """The denominator, or the span it lies in."""
        whole = self.cells["denominator"]
        if whole.value is not None:
            return str(whole.value)
        low, high = rules.span(self.cells[name] for name in ("numerator", "unknown", "others"))
        return str(_("%(low)s to %(high)s", low=low, high=high))


def headline_card(session: Session, hub: Hub, at: datetime) -> HeadlineCard:
    """The headline of a hub today."""
    today = local_day(at, hub.time_zone)
    starts_on, goal = queries.period(session, hub.id, today)
    figure = queries.headline(session, hub, starts_on=starts_on, as_of=today)
    return HeadlineCard(rules.published(figure), goal, starts_on, today)


def shown(cell: Cell) -> str:
    """A cell as a reader meets it."""
    return _("fewer than %(least)s", least=rules.SMALLEST_CELL) if cell.hidden else str(cell.value)
