"""Load the shipped taxonomy into the database, once per version, without breaking what already points to it."""

from __future__ import annotations

import csv
import gzip
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Boolean, Column, Float, Integer, Table, bindparam, delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from matcher.kit import audit
from matcher.kit.base import Base
from matcher.skills.models import (
    CipSoc,
    LaborMarketFact,
    Occupation,
    OccupationSkill,
    OccupationTitle,
    RelatedOccupation,
    Skill,
    SkillAlias,
    SkillKind,
    SkillNeighbor,
    TaxonomyVersion,
)

FOLDER = Path(__file__).resolve().parents[2] / "seeds" / "taxonomy"
BATCH = 10_000
Progress = Callable[[str], None]
Values = dict[str, Any]
T = TypeVar("T")

KEPT: tuple[tuple[str, type[Base]], ...] = (("skills", Skill), ("occupations", Occupation))
"""Tables that other rows point to: rows are changed, added or retired, never removed."""
REPLACED: tuple[tuple[str, type[Base]], ...] = (
    ("skill_aliases", SkillAlias),
    ("similar", SkillNeighbor),
    ("titles", OccupationTitle),
    ("occupation_skills", OccupationSkill),
    ("related", RelatedOccupation),
    ("labor", LaborMarketFact),
    ("cip_soc", CipSoc),
)
"""Tables that nothing points to: written anew."""


@dataclass(frozen=True)
class Loaded:
    """What a load did: the version's digest, whether anything was written, and rows by table."""

    digest: str
    changed: bool
    rows: dict[str, int]


def load(session: Session, at: datetime, progress: Progress | None = None, folder: Path = FOLDER) -> Loaded:
    """Bring the database to the shipped version; does nothing where it already has it.

    `progress` is called with the name of each table before it is written. Raises FileNotFoundError where the
    shipped tables are missing.
    """
    version = digest(folder)
    current = session.scalar(select(TaxonomyVersion).order_by(TaxonomyVersion.loaded_at.desc()).limit(1))
    if current is not None and current.digest == version:
        return Loaded(version, changed=False, rows={})
    say = progress or (lambda name: None)
    counts = {}
    for name, model in KEPT:
        say(name)
        counts[name] = _keep(session, _table(model), folder / f"{name}.tsv.gz")
    for name, model in REPLACED:
        say(name)
        counts[name] = _replace(session, _table(model), folder / f"{name}.tsv.gz")
    session.merge(TaxonomyVersion(digest=version, label="O*NET 29.3", loaded_at=at))
    subject = (TaxonomyVersion.__tablename__, version)
    audit.record(session, at=at, actor_id=None, action="taxonomy.load", subject=subject, after=dict(counts))
    session.flush()
    session.expire_all()
    return Loaded(version, changed=True, rows=counts)


def digest(folder: Path = FOLDER) -> str:
    """SHA-256 over the names and bytes of the shipped tables."""
    total = hashlib.sha256()
    for name in sorted(name for name, _ in KEPT + REPLACED):
        total.update(name.encode() + b"\0" + hashlib.sha256((folder / f"{name}.tsv.gz").read_bytes()).digest())
    return total.hexdigest()


def _keep(session: Session, table: Table, path: Path) -> int:
    """Change, add and retire rows by their single key; skills that a hub added are left alone."""
    key = next(iter(table.primary_key.columns)).name
    rows = [{**row, "retired": False} for row in _rows(table, path)]
    columns = [table.c[name] for name in rows[0]]
    shared = table.c.kind != SkillKind.HUB if "kind" in table.c else table.c[key].is_not(None)
    held = {row[key]: dict(row) for row in session.execute(select(*columns).where(shared)).mappings()}
    connection = session.connection()
    if added := [row for row in rows if row[key] not in held]:
        connection.execute(insert(table), added)
    if changed := [row for row in rows if row[key] in held and held[row[key]] != row]:
        values: dict[str, Any] = {name: bindparam("_" + name) for name in rows[0] if name != key}
        statement = update(table).where(table.c[key] == bindparam("_" + key)).values(values)
        connection.execute(statement, [{"_" + name: value for name, value in row.items()} for row in changed])
    gone = sorted(held.keys() - {row[key] for row in rows})
    for batch in _batches(iter(gone), 500):
        connection.execute(update(table).where(table.c[key].in_(batch)).values(retired=True))
    return len(rows)


def _replace(session: Session, table: Table, path: Path) -> int:
    """Write a table anew, in batches."""
    connection = session.connection()
    connection.execute(delete(table))
    count = 0
    for batch in _batches(_rows(table, path), BATCH):
        _pour(connection, table, list(batch[0]), [tuple(row.values()) for row in batch])
        count += len(batch)
    return count


def _pour(connection: Connection, table: Table, names: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Hand rows to the driver as they are: the values are plain, and there are hundreds of thousands."""
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    if connection.dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" for _ in names)
    # Names come from the table's own definition, values are bound.
    connection.exec_driver_sql(f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({marks})", rows)  # noqa: S608  # nosec B608


def _rows(table: Table, path: Path) -> Iterator[Values]:
    """Rows of a shipped table as values of the columns' types; a blank cell is None."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        columns = [table.c[name] for name in next(reader)]
        readers = [(column.name, _reader(column)) for column in columns]
        for cells in reader:
            yield {name: read(cell) for (name, read), cell in zip(readers, cells, strict=True)}


def _reader(column: Column[Any]) -> Callable[[str], Any]:
    """How to read a cell of this column."""
    if isinstance(column.type, Boolean):
        return lambda cell: cell == "1"
    kind = int if isinstance(column.type, Integer) else float if isinstance(column.type, Float) else str
    return lambda cell: kind(cell) if cell else None


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def _batches(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(items, size)):
        yield batch
