"""Read labor-market facts: what is published for an occupation in an area, and what the default rule looks at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from matcher.skills.models import AreaType, LaborMarketFact, Occupation, RelatedOccupation
from matcher.skills.rules import OccupationFigures, Rung

NATION = "United States"
ALL = "00-0000"
WAGES = "bls-oews"
PROJECTIONS = "bls-projections"


@dataclass(frozen=True, slots=True)
class OccupationFacts:
    """What is published for one occupation. `wages_area` is where the pay is from: the area asked for, or the nation.

    Pay in cents; openings per year; None is not published. `wage_soc` and `projection_soc` differ from the
    occupation's own code where the source publishes only the broader group.
    """

    occupation: Occupation
    area: str | None
    wages: LaborMarketFact | None
    wages_area: str | None
    nation_wages: LaborMarketFact | None
    projection: LaborMarketFact | None
    all_wages: LaborMarketFact | None
    all_projection: LaborMarketFact | None

    @property
    def local_openings(self) -> float | None:
        """The nation's openings a year times the area's share of the jobs; None where the share is not published."""
        local, nation, ahead = self.wages, self.nation_wages, self.projection
        if not (local and nation and ahead) or self.wages_area == NATION:
            return None
        if not local.employment or not nation.employment or ahead.annual_openings is None:
            return None
        return ahead.annual_openings * local.employment / nation.employment


class FactTable:
    """Facts for one area and the nation, read at once and looked up in memory; for one SOC code where it is given."""

    def __init__(self, session: Session, area: str | None, soc: str | None = None) -> None:
        self.area = area if area and area != NATION else None
        self._facts: dict[tuple[str, str, str], LaborMarketFact] = {}
        for fact in session.scalars(_facts_of(self.area, soc)):
            self._facts[fact.source, fact.area, fact.soc] = fact

    def of(self, occupation: Occupation) -> OccupationFacts:
        """Everything published for an occupation here."""
        local = self._at(WAGES, self.area, occupation.soc) if self.area else None
        nation = self._at(WAGES, NATION, occupation.soc)
        shown = local if local and local.median_annual_cents else None
        return OccupationFacts(
            occupation=occupation,
            area=self.area,
            wages=shown or nation,
            wages_area=(self.area if shown else NATION) if shown or nation else None,
            nation_wages=nation,
            projection=self._at(PROJECTIONS, NATION, occupation.soc),
            all_wages=self._at(WAGES, self.area or NATION, ALL) or self._at(WAGES, NATION, ALL),
            all_projection=self._at(PROJECTIONS, NATION, ALL),
        )

    def median(self, soc: str) -> int | None:
        """Median annual pay in cents here, else in the nation."""
        for area in (self.area, NATION):
            fact = self._at(WAGES, area, soc) if area else None
            if fact and fact.median_annual_cents:
                return fact.median_annual_cents
        return None

    def _at(self, source: str, area: str | None, soc: str) -> LaborMarketFact | None:
        """A fact for the code, or for the broader group where the source publishes only that."""
        codes = (soc, soc[:6] + "0")
        found = (self._facts.get((source, area or NATION, code)) for code in codes)
        return next((fact for fact in found if fact), None)


def _facts_of(area: str | None, soc: str | None) -> Select[LaborMarketFact]:
    areas = [name for name in (NATION, area) if name]
    statement = select(LaborMarketFact).where(LaborMarketFact.area.in_(areas))
    return statement.where(LaborMarketFact.soc.in_([soc, soc[:6] + "0", ALL])) if soc else statement


def figures(session: Session, area: str | None) -> Mapping[str, OccupationFigures]:
    """Occupation code -> the figures the default rule looks at, for every occupation in use."""
    table = FactTable(session, area)
    occupations = list(session.scalars(select(Occupation).where(~Occupation.retired).order_by(Occupation.code)))
    education = _borrow(occupations, {row.code: row.below_bachelor_percent for row in occupations})
    experience = _borrow(occupations, {row.code: row.short_experience_percent for row in occupations})
    related = _related(session, table, {row.code: row for row in occupations})
    return {
        row.code: _figures(table.of(row), education.get(row.code), experience.get(row.code), related[row.code])
        for row in occupations
    }


def figures_of(session: Session, code: str, area: str | None) -> OccupationFigures:
    """The figures for one occupation; raises KeyError for one that is unknown or retired."""
    return figures(session, area)[code]


def _figures(
    facts: OccupationFacts, education: float | None, experience: float | None, related: list[Rung]
) -> OccupationFigures:
    ahead, everything = facts.projection, facts.all_projection
    return OccupationFigures(
        job_zone=facts.occupation.job_zone,
        entry_education=ahead.entry_education if ahead else None,
        work_experience=ahead.work_experience if ahead else None,
        below_bachelor_percent=education,
        short_experience_percent=experience,
        growth_percent=ahead.change_percent if ahead else None,
        all_growth_percent=everything.change_percent if everything else None,
        openings=ahead.annual_openings if ahead else None,
        in_area=facts.area is not None,
        local_openings=facts.local_openings,
        median_cents=facts.wages.median_annual_cents if facts.wages else None,
        all_median_cents=facts.all_wages.median_annual_cents if facts.all_wages else None,
        related=related,
    )


def _borrow(occupations: Iterable[Occupation], shares: Mapping[str, float | None]) -> dict[str, float]:
    """Each share, or the mean of the SOC group (first six characters) where nobody was asked; not in *all other*."""
    groups: dict[str, list[float]] = defaultdict(list)
    for code, share in shares.items():
        if share is not None:
            groups[code[:6]].append(share)
    found = {code: share for code, share in shares.items() if share is not None}
    for row in occupations:
        group = groups.get(row.code[:6])
        if row.code not in found and group and not row.soc.endswith("9"):
            found[row.code] = sum(group) / len(group)
    return found


def _related(session: Session, table: FactTable, occupations: Mapping[str, Occupation]) -> dict[str, list[Rung]]:
    """Occupation code -> its related occupations as rungs, nearest first."""
    rungs: dict[str, list[Rung]] = defaultdict(list)
    columns = RelatedOccupation.occupation_code, RelatedOccupation.related_code
    for code, related in session.execute(select(*columns).order_by(columns[0], RelatedOccupation.position)):
        if other := occupations.get(related):
            rungs[code].append(Rung(other.job_zone, table.median(other.soc)))
    return rungs


def area_names(session: Session) -> list[tuple[AreaType, str]]:
    """Areas that wages are published for: the nation, states, metropolitan areas, each by name."""
    rows = select(LaborMarketFact.area_type, LaborMarketFact.area).where(
        LaborMarketFact.source == WAGES, LaborMarketFact.soc == ALL
    )
    order = {AreaType.NATION: 0, AreaType.STATE: 1, AreaType.METRO: 2}
    return sorted(((kind, area) for kind, area in session.execute(rows)), key=lambda row: (order[row[0]], row[1]))
