"""The definition of the headline number and of what may be published, as pure decisions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from matcher.kit.words import N_

DEFINITION = "headline-1"
SMALLEST_CELL = 10

#: Answers that put a person into a group which first career jobs have passed over. TechHire's criteria name
#: minorities, women and people with low income; the hub's questions add the groups WIOA calls priority populations.
UNDER_REPRESENTED: Mapping[str, frozenset[str]] = {
    "race_ethnicity": frozenset({"american_indian", "asian", "black", "hispanic", "middle_eastern",
                                 "pacific_islander", "more_than_one"}),
    "gender": frozenset({"woman", "nonbinary", "another"}),
    "income_band": frozenset({"under_25k", "25k_50k"}),
    "disability": frozenset({"yes"}),
    "first_generation": frozenset({"yes"}),
    "veteran": frozenset({"yes"}),
    "justice_involved": frozenset({"yes"}),
    "language": frozenset({"other_at_home"}),
}
CONFIRMED = frozenset({"employer_confirmed", "wage_record"})

CONDITIONS: tuple[tuple[str, str], ...] = (
    ("started", N_("started the job in this period")),
    ("listed", N_("in an occupation that the hub lists as in demand, entry level and on a career path")),
    ("confirmed", N_("the employer or a pay record confirmed it")),
    ("consented", N_("the person agreed to be counted in a group")),
    ("represented", N_("the person’s answers place them in an under-represented group")),
)


@dataclass(frozen=True, slots=True)
class PlacedPerson:
    """What counting may look at for one person: their best placement of the period, and what they agreed to."""

    person_id: str
    listed: bool
    confirmed: bool
    by_pay_record: bool
    consented: bool
    answers: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Headline:
    """The number with all that it hangs on.

    denominator: people whose first day in a listed occupation has come; unknown: of those, whose confirmation,
    consent or background is not known. numerator + unknown + others = denominator.
    """

    definition: str
    starts_on: date
    as_of: date
    numerator: int
    denominator: int
    unknown: int
    by_employer: int
    by_pay_record: int
    not_confirmed: int
    no_consent: int
    no_answer: int
    others: int
    outside_list: int
    reasons: Mapping[str, int] = field(default_factory=dict)


def represented(answers: Mapping[str, str] | None) -> bool | None:
    """True in a group, False in none of those answered, None where nothing was answered: unknown is not no."""
    if not answers:
        return None
    return any(value in UNDER_REPRESENTED.get(question, frozenset()) for question, value in answers.items())


def count(people: list[PlacedPerson], *, starts_on: date, as_of: date) -> Headline:
    """Count each person once (invariant 7)."""
    listed = [p for p in people if p.listed]
    pending = [p for p in listed if not p.confirmed]
    sure = [p for p in listed if p.confirmed]
    closed = [p for p in sure if not p.consented]
    known = [(p, represented(p.answers)) for p in sure if p.consented]
    inside = [p for p, group in known if group]
    silent = [p for p, group in known if group is None]
    return Headline(
        definition=DEFINITION, starts_on=starts_on, as_of=as_of, numerator=len(inside), denominator=len(listed),
        unknown=len(pending) + len(closed) + len(silent), by_employer=sum(not p.by_pay_record for p in inside),
        by_pay_record=sum(p.by_pay_record for p in inside), not_confirmed=len(pending), no_consent=len(closed),
        no_answer=len(silent), others=sum(group is False for _, group in known),
        outside_list=len(people) - len(listed),
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as it may be published: the number, or the fact that it is too small to show."""

    value: int | None

    @property
    def hidden(self) -> bool:
        """Too small to show."""
        return self.value is None


def publish(value: int) -> Cell:
    """Ten or more are shown; 0 to 9 are not, because a shown nought would narrow its hidden neighbors."""
    return Cell(value if value >= SMALLEST_CELL else None)


def together(parts: Mapping[str, int]) -> dict[str, Cell]:
    """Parts of a whole that is shown: all of them, or none where one is from 1 to 9.

    With the whole known, a single hidden part could be worked out, and two small ones narrowed down. With none shown,
    each part may be anything that leaves another one small: at least ten values, for which a whole of just ten must
    hide its parts too.
    """
    values = parts.values()
    small = sum(values) <= SMALLEST_CELL or any(0 < value < SMALLEST_CELL for value in values)
    return {name: Cell(None if small else value) for name, value in parts.items()}


def apart(parts: Mapping[str, int], whole: str) -> dict[str, Cell]:
    """Parts that are shown one by one; then their sum, under the name `whole`, hides with the first hidden part."""
    cells = {name: publish(value) for name, value in parts.items()}
    known = not any(cell.hidden for cell in cells.values())
    return cells | {whole: Cell(sum(parts.values()) if known else None)}


def span(cells: Iterable[Cell]) -> tuple[int, int]:
    """The least and the most that the sum of these cells can be, from what is shown alone."""
    held = list(cells)
    low = sum(cell.value or 0 for cell in held)
    return low, low + (SMALLEST_CELL - 1) * sum(cell.hidden for cell in held)


def published(headline: Headline) -> dict[str, Cell]:
    """The headline's cells as anybody may see them: no hidden cell can be narrowed to fewer than ten values."""
    cells = apart({"numerator": headline.numerator, "unknown": headline.unknown, "others": headline.others},
                  "denominator")
    cells |= _inside(cells["numerator"], {"by_employer": headline.by_employer, "by_pay_record": headline.by_pay_record})
    cells |= _inside(cells["unknown"], {"not_confirmed": headline.not_confirmed, "no_consent": headline.no_consent,
                                        "no_answer": headline.no_answer})
    return cells | {"outside_list": publish(headline.outside_list)}


def _inside(whole: Cell, parts: Mapping[str, int]) -> dict[str, Cell]:
    return {name: Cell(None) for name in parts} if whole.hidden else together(parts)
