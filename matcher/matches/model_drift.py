"""Whether the pairs that are ranked now still look like those of the months before: a stability index by column."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.matches import facts
from matcher.matches.models import MatchRun
from matcher.matches.training_data import Version, documents_of, versions_in
from matcher.ranking import features
from matcher.ranking.features import COLUMNS, Pair
from matcher.ranking.logistics import Floats
from matcher.ranking.similarity import Similarity

BINS = 5
LEAST = 30  # pairs in a month; with fewer there is nothing to say
RUNS, PAIRS, LINES = 60, 200, 10
STEADY, CHANGED = 0.1, 0.25
REFERENCE_MONTHS = 3


def psi(expected: Floats, seen: Floats, bins: int = BINS) -> float:
    """Population stability index: sum (s - e) ln(s / e) over bins that split `expected` evenly (Siddiqi 2006).

    Half a pair is added to each bin, so that an empty one does not make it endless.
    """
    edges = np.unique(np.quantile(expected, np.linspace(0.0, 1.0, bins + 1)[1:-1]))
    one, other = (np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1) + 0.5
                  for values in (expected, seen))
    a, b = one / one.sum(), other / other.sum()
    return float(((b - a) * np.log(b / a)).sum())


def by_month(session: Session, hub_id: str, similarity: Similarity, until: date) -> list[dict[str, Any]]:
    """For each month: pairs looked at and the index of each column against the first months; None when too few."""
    months = _pairs(session, hub_id, until)
    columns = {month: features.pair_matrix(pairs, similarity) for month, pairs in sorted(months.items()) if pairs}
    enough = [month for month, matrix in columns.items() if matrix.shape[1] >= LEAST]
    if len(enough) < 2:
        return []
    first = enough[:min(REFERENCE_MONTHS, len(enough) - 1)]
    reference = np.concatenate([columns[month] for month in first], axis=1)
    return [_row(month, matrix, reference, month in first) for month, matrix in columns.items()]


def _row(month: str, matrix: Floats, reference: Floats, is_reference: bool) -> dict[str, Any]:
    few = matrix.shape[1] < LEAST
    found = {name: None if few or is_reference else round(psi(reference[at], matrix[at]), 4)
             for at, name in enumerate(COLUMNS)}
    return {"month": month, "pairs": int(matrix.shape[1]), "reference": is_reference, "psi": found}


def worst(rows: Sequence[Mapping[str, Any]]) -> tuple[str, str, float] | None:
    """(month, column, index) of the largest move in the newest month with figures."""
    for row in reversed(rows):
        known = [(value, name) for name, value in row["psi"].items() if value is not None]
        if known:
            value, name = max(known)
            return str(row["month"]), str(name), float(value)
    return None


def _pairs(session: Session, hub_id: str, until: date) -> dict[str, list[Pair]]:
    """Up to PAIRS pairs a month from lists that were shown, evenly over the month's lists."""
    runs = session.execute(
        select(MatchRun.id, MatchRun.day).where(MatchRun.hub_id == hub_id, MatchRun.day <= until)
        .order_by(MatchRun.created_at, MatchRun.id)
    ).all()
    monthly: defaultdict[str, list[str]] = defaultdict(list)
    for name, day in runs:
        monthly[f"{day:%Y-%m}"].append(name)
    chosen = {name: month for month, names in list(monthly.items())[-12:] for name in names[::-(-len(names) // RUNS)]}
    seen: list[tuple[str, Version, Version, date]] = []
    known = versions_in(session, hub_id)
    ids = list(chosen)
    for start in range(0, len(ids), facts.CHUNK):
        for run in session.execute(
            select(MatchRun.id, MatchRun.direction, MatchRun.subject_id, MatchRun.subject_version,
                   MatchRun.pool_version, MatchRun.day, MatchRun.lines)
            .where(MatchRun.id.in_(ids[start:start + facts.CHUNK])).order_by(MatchRun.created_at, MatchRun.id)
        ):
            subject = (run.subject_id, run.subject_version)
            for line in run.lines[:LINES]:
                other = known.newest(line[0], run.pool_version)
                if other is not None:
                    role, person = (subject, other) if run.direction == "candidates" else (other, subject)
                    seen.append((chosen[run.id], role, person, run.day))
    return _read(session, seen)


def _read(session: Session, seen: list[tuple[str, Version, Version, date]]) -> dict[str, list[Pair]]:
    monthly: defaultdict[str, list[tuple[Version, Version, date]]] = defaultdict(list)
    for month, role, person, day in seen:
        monthly[month].append((role, person, day))
    thin = {month: rows[::-(-len(rows) // PAIRS)] for month, rows in monthly.items()}
    documents = documents_of(session, {version for rows in thin.values() for row in rows for version in row[:2]})

    def pair(role: Version, person: Version, day: date) -> Pair:
        return (facts.role_facts(role[0], documents[role], day),
                facts.candidate_facts(person[0], documents[person], day))

    return {month: [pair(*row) for row in rows if row[0] in documents and row[1] in documents]
            for month, rows in thin.items()}
