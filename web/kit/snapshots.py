"""A figure as it was published, shown again under the same rule for small cells."""

from dataclasses import dataclass
from datetime import date

from matcher.outcomes.models import MetricSnapshot
from matcher.outcomes.rules import Cell, apart, span


@dataclass(frozen=True)
class Published:
    """One kept figure."""

    as_of: date
    definition: str
    numerator: Cell
    unknown: Cell
    others: Cell

    @property
    def span(self) -> tuple[int, int]:
        """The least and the most that the denominator can be."""
        return span((self.numerator, self.unknown, self.others))


def published(row: MetricSnapshot) -> Published:
    """What may be shown of a kept figure."""
    others = row.denominator - row.numerator - row.unknown
    cells = apart({"numerator": row.numerator, "unknown": row.unknown, "others": others}, "denominator")
    return Published(row.as_of, row.definition, cells["numerator"], cells["unknown"], cells["others"])
