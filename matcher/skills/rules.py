"""The default rule for which occupations are in demand, entry level and career path: facts in, answers out.

A hub that decides nothing gets these answers; it can change each of them with a reason. They are computed from public
figures only. Where a figure is not published the rule says what stands in for it; where nothing can be said the answer
is no with the reason "not published", so that the headline never counts on a guess.

**In demand** (growth, openings and pay: the usual test of state demand lists under WIOA).
Openings a year expected in the hub's area (the nation's openings times the area's share of the jobs) are at least
`LOCAL_OPENINGS`. Where the area's jobs are not published, mostly because they are few, the nation must have
`MANY_OPENINGS`; for the nation as a whole `FEW_OPENINGS` are enough. And either the occupation is projected to grow at
least as fast as all occupations, or it has `MANY_OPENINGS` openings a year in the nation, pays at least the area's
median and is not shrinking by more than `SHRINKING` percent in ten years. The second way keeps user support
(-3.7 %, but 40,800 openings a year) on the list and takes programmers (-6 %) off it.

**Entry level** (can a person start here without a degree and without having done the work before?).
No earlier work in a related occupation is typical (BLS: "None"). The door is open without a bachelor's degree: the
typical entry education is below it; or it is a bachelor's degree, and the job zone is at most 3 or at least `OPEN_DOOR`
percent of the people who do the work say that less is required (O*NET's survey). And at least `SHORT_EXPERIENCE`
percent of them say that two years of experience or less is enough. For an occupation nobody was asked about, the mean
of its SOC group stands in, except in "all other" groups, which hold unlike work; where that is missing too, education
and job zone decide alone.

**Career path** (does it lead somewhere?).
It pays at least the area's median for all occupations; and either there is a next rung, at least `NEXT_RUNGS` related
occupations that pay `STEP_UP` percent of it or more and need at most one job zone more, or it already pays `WELL_PAID`
percent of the area's median.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.kit.words import N_

LOCAL_OPENINGS = 10.0
FEW_OPENINGS = 1_000
MANY_OPENINGS = 5_000
SHRINKING = 5.0
OPEN_DOOR = 20.0
SHORT_EXPERIENCE = 10.0
NEXT_RUNGS = 2
STEP_UP = 110
WELL_PAID = 175
BACHELOR = "Bachelor's degree"
BELOW_BACHELOR = frozenset(
    {
        "No formal educational credential",
        "High school diploma or equivalent",
        "Some college, no degree",
        "Postsecondary nondegree award",
        "Associate's degree",
    }
)


@dataclass(frozen=True, slots=True)
class Rung:
    """A related occupation: its job zone and median annual pay in cents (area, else nation)."""

    job_zone: int | None
    median_cents: int | None


@dataclass(frozen=True, slots=True)
class OccupationFigures:
    """What the rule looks at. Pay in cents a year, openings in persons a year, shares and growth in percent.

    `in_area` says whether an area is asked about; `local_openings` is None where its jobs are not published.
    """

    job_zone: int | None = None
    entry_education: str | None = None
    work_experience: str | None = None
    below_bachelor_percent: float | None = None
    short_experience_percent: float | None = None
    growth_percent: float | None = None
    all_growth_percent: float | None = None
    openings: int | None = None
    in_area: bool = False
    local_openings: float | None = None
    median_cents: int | None = None
    all_median_cents: int | None = None
    related: Sequence[Rung] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer with its reason, a sentence to be translated."""

    yes: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The three answers for one occupation."""

    in_demand: Answer
    entry_level: Answer
    career_path: Answer


def decide(figures: OccupationFigures) -> Verdict:
    """The default answers; pure, the same figures always give the same answers."""
    return Verdict(in_demand(figures), entry_level(figures), career_path(figures))


def in_demand(figures: OccupationFigures) -> Answer:
    """Enough openings here, and growing, or many openings that pay."""
    if figures.openings is None or figures.growth_percent is None:
        return Answer(False, N_("Growth and openings are not published."))
    if not _enough_openings(figures):
        return Answer(False, N_("Few openings a year are expected here."))
    if figures.all_growth_percent is not None and figures.growth_percent >= figures.all_growth_percent:
        return Answer(True, N_("It is growing at least as fast as all occupations together."))
    if figures.openings < MANY_OPENINGS or not _pays(figures, 100):
        return Answer(False, N_("It grows slower than all occupations together."))
    if figures.growth_percent < -SHRINKING:
        return Answer(False, N_("It is shrinking."))
    return Answer(True, N_("It has many openings each year that pay the area's median or more."))


def entry_level(figures: OccupationFigures) -> Answer:
    """Open without a degree and without earlier work of the kind."""
    if figures.work_experience is None:
        return Answer(False, N_("Typical entry requirements are not published."))
    if figures.work_experience != "None":
        return Answer(False, N_("Earlier work in a related occupation is usual."))
    if not _open_door(figures):
        return Answer(False, N_("A bachelor's degree or more is usually required."))
    if figures.short_experience_percent is not None and figures.short_experience_percent < SHORT_EXPERIENCE:
        return Answer(False, N_("More than two years of experience is usually required."))
    return Answer(True, N_("People start here without a bachelor's degree and with little or no experience."))


def career_path(figures: OccupationFigures) -> Answer:
    """Pays at least the median, and leads on or is already well paid."""
    if figures.median_cents is None or figures.all_median_cents is None:
        return Answer(False, N_("Pay is not published."))
    if not _pays(figures, 100):
        return Answer(False, N_("It pays less than the area's median."))
    if _pays(figures, WELL_PAID):
        return Answer(True, N_("It pays well over the area's median."))
    if sum(_is_step_up(figures, rung) for rung in figures.related) >= NEXT_RUNGS:
        return Answer(True, N_("It pays the area's median or more, and related work within reach pays more."))
    return Answer(False, N_("Few related occupations within reach pay more."))


def _enough_openings(figures: OccupationFigures) -> bool:
    if figures.local_openings is not None:
        return figures.local_openings >= LOCAL_OPENINGS
    return figures.openings is not None and figures.openings >= (MANY_OPENINGS if figures.in_area else FEW_OPENINGS)


def _pays(figures: OccupationFigures, percent: int) -> bool:
    """Whether the median reaches so much of the area's median for all occupations; unknown pay does not."""
    if figures.median_cents is None or figures.all_median_cents is None:
        return False
    return 100 * figures.median_cents >= percent * figures.all_median_cents


def _open_door(figures: OccupationFigures) -> bool:
    if figures.entry_education in BELOW_BACHELOR:
        return True
    if figures.entry_education != BACHELOR:
        return False
    if figures.job_zone is not None and figures.job_zone <= 3:
        return True
    return figures.below_bachelor_percent is not None and figures.below_bachelor_percent >= OPEN_DOOR


def _is_step_up(figures: OccupationFigures, rung: Rung) -> bool:
    if rung.median_cents is None or figures.median_cents is None:
        return False
    reachable = rung.job_zone is None or figures.job_zone is None or rung.job_zone <= figures.job_zone + 1
    return reachable and 100 * rung.median_cents >= STEP_UP * figures.median_cents
