"""The shipped taxonomy loads whole, twice is once, and a newer version breaks nothing that points to the older."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.kit.audit import AuditEvent
from matcher.kit.base import Base
from matcher.organizations.models import Hub
from matcher.skills import load as loading
from matcher.skills.models import (
    CipSoc,
    HubOccupation,
    LaborMarketFact,
    Occupation,
    OccupationSkill,
    OccupationTitle,
    RelatedOccupation,
    Skill,
    SkillKind,
    SkillNeighbor,
    TaxonomyVersion,
)

AT = datetime(2026, 11, 16, tzinfo=UTC)
LATER = datetime(2026, 12, 1, tzinfo=UTC)


def count(session: Session, model: type[object]) -> int:
    """Rows of a table."""
    return session.scalar(select(func.count()).select_from(model)) or 0


CUT = ("labor", "cip_soc", "similar", "skill_aliases", "titles")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The shipped tables with the long ones cut, for a test to change."""
    folder = tmp_path / "tables"
    shutil.copytree(loading.FOLDER, folder, ignore=shutil.ignore_patterns("own", "*.py", "__pycache__"))
    for name in CUT:
        keep(folder / f"{name}.tsv.gz", lambda number, row: number < 300)
    keep(folder / "occupation_skills.tsv.gz", lambda number, row: number < 30_000)
    return folder


def keep(path: Path, wanted: Callable[[int, str], bool]) -> None:
    """Leave only the wanted rows in a shipped table; the first row is its head."""
    rows = gzip.decompress(path.read_bytes()).decode().splitlines(keepends=True)
    path.write_bytes(gzip.compress("".join(row for n, row in enumerate(rows) if not n or wanted(n, row)).encode()))


def test_everything_is_there(taxonomy_session: Session) -> None:
    session = taxonomy_session
    assert count(session, Occupation) == 1016
    assert count(session, Skill) > 8_900
    assert count(session, OccupationTitle) > 50_000
    assert count(session, OccupationSkill) > 50_000
    assert count(session, RelatedOccupation) == 923 * 20
    assert count(session, LaborMarketFact) > 90_000
    assert count(session, CipSoc) > 5_500
    assert count(session, SkillNeighbor) > 25_000
    kinds = set(session.scalars(select(Skill.kind).distinct()))
    assert kinds == {SkillKind.TECHNOLOGY, SkillKind.SKILL, SkillKind.KNOWLEDGE, SkillKind.OWN}


def test_what_is_no_product_has_a_spanish_name_of_its_own(taxonomy_session: Session) -> None:
    """Elements and our own skills are named in Spanish, no two alike; products keep their one name."""
    rows = taxonomy_session.scalars(select(Skill)).all()
    assert not [row.id for row in rows if row.kind is not SkillKind.TECHNOLOGY and not row.name_es]
    names = [row.name_in("es").casefold() for row in rows if row.name_es]
    assert len(names) == len(set(names)) > 240
    product = taxonomy_session.get_one(Skill, "tech:postgresql")
    assert product.name_in("es") == product.name_in("en") == "PostgreSQL"
    told = taxonomy_session.get_one(Skill, "onet:2.C.1.e")
    assert (told.name_in("en"), told.name_in("es")) == ("Customer and Personal Service", "Atención al cliente")


def test_every_occupation_has_a_spanish_title_of_its_own(taxonomy_session: Session) -> None:
    rows = taxonomy_session.scalars(select(Occupation)).all()
    titles = {row.title_in("es").casefold() for row in rows if row.title_es}
    assert len(titles) == len(rows)
    told = taxonomy_session.get_one(Occupation, "41-2011.00")
    assert (told.title_in("en"), told.title_in("es")) == ("Cashiers", "Cajeros")
    spanish = select(func.count()).where(OccupationTitle.language == "es")
    assert (taxonomy_session.scalar(spanish) or 0) > 3_000


def test_numbers_are_those_of_the_sources(taxonomy_session: Session) -> None:
    session = taxonomy_session
    support = session.get_one(Occupation, "15-1232.00")
    assert (support.title, support.soc, support.job_zone) == ("Computer User Support Specialists", "15-1232", 3)
    wages = session.get_one(LaborMarketFact, ("bls-oews", "2025", "nation", "United States", "15-1232"))
    assert (wages.employment, wages.median_hourly_cents, wages.median_annual_cents) == (717_190, 2974, 6_186_000)
    ahead = session.get_one(LaborMarketFact, ("bls-projections", "2024-2034", "nation", "United States", "15-1232"))
    assert (ahead.employment, ahead.change_percent, ahead.annual_openings) == (729_500, -3.7, 40_800)
    python = session.get_one(Skill, "tech:python")
    assert (python.hot, python.in_demand, python.uses) == (True, True, 130)


def test_levels_are_on_the_ladder(taxonomy_session: Session) -> None:
    levels = taxonomy_session.scalars(select(OccupationSkill.level).distinct())
    assert set(levels) == {None, 1, 2, 3, 4}


def test_twice_is_once(taxonomy_session: Session) -> None:
    done = loading.load(taxonomy_session, LATER)
    assert not done.changed
    assert count(taxonomy_session, TaxonomyVersion) == 1


def test_the_load_is_in_the_trail(taxonomy_session: Session) -> None:
    event = taxonomy_session.scalar(select(AuditEvent).where(AuditEvent.action == "taxonomy.load"))
    assert event is not None
    assert event.after is not None
    assert event.after["occupations"] == 1016


@pytest.mark.data
def test_a_newer_version_breaks_nothing_that_points_to_the_older(session: Session, small: Path) -> None:
    loading.load(session, AT, folder=small)
    hub = Hub(slug="t", name="T", place_label="T", latitude=0.0, longitude=0.0, wage_area="", created_at=AT)
    session.add(hub)
    session.flush()
    held = HubOccupation(hub_id=hub.id, occupation_code="15-1251.00", in_demand=True, entry_level=True,
                         career_path=True, basis="hub_decision", decided_at=AT, created_at=AT)
    session.add_all([held, Skill(id="hub:x", kind=SkillKind.HUB, name="Ours", hub_id=hub.id)])
    session.flush()
    newer = small.with_name("newer")
    shutil.copytree(small, newer)
    for name in ("occupations", "titles", "occupation_skills", "related"):
        keep(newer / f"{name}.tsv.gz", lambda number, row: "15-1251.00" not in row)
    renamed = gzip.decompress((newer / "occupations.tsv.gz").read_bytes()).replace(b"Web Developers", b"Web Builders")
    (newer / "occupations.tsv.gz").write_bytes(gzip.compress(renamed))

    assert loading.load(session, LATER, folder=newer).changed

    assert session.get_one(Occupation, "15-1254.00").title == "Web Builders"
    assert session.get_one(Occupation, "15-1251.00").retired
    assert session.get_one(HubOccupation, held.id).occupation.retired
    assert not session.get_one(Skill, "hub:x").retired
    assert count(session, TaxonomyVersion) == 2
    assert loading.load(session, LATER + timedelta(days=1), folder=small).changed
    assert not session.get_one(Occupation, "15-1251.00").retired


@pytest.mark.parametrize(("name", "model"), loading.KEPT + loading.REPLACED)
def test_every_shipped_value_fits_its_column(name: str, model: type[Base]) -> None:
    rows = gzip.decompress((loading.FOLDER / f"{name}.tsv.gz").read_bytes()).decode().splitlines()
    cells = list(zip(*(row.split("\t") for row in rows), strict=True))
    for column in cells:
        length = getattr(model.__table__.c[column[0]].type, "length", None)
        assert length is None or max(map(len, column[1:])) <= length, column[0]


def test_the_shipped_tables_stay_small() -> None:
    assert sum(path.stat().st_size for path in loading.FOLDER.glob("*.tsv.gz")) < 6_000_000
