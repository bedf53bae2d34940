"""Moves sealed values to the newest key in small steps, while people go on using the site."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from matcher.kit import crypto


def rotate(session: Session, *, limit: int = 200) -> int:
    """Seal up to `limit` values that are under an older key again; returns how many were found, 0 when all is done.

    Each value changes only if it is still the one that was read, so a person who edits it at the same moment wins.
    The caller commits between calls: no lock is held for longer than one small step.
    """
    found = 0
    for model, _, field in crypto.sealed_columns():
        if found < limit:
            found += _rotate_column(session, model, field, limit - found)
    return found


def _rotate_column(session: Session, model: type[Any], field: crypto.Sealed[Any], limit: int) -> int:
    column = getattr(model, field.column)
    newest = f"{crypto.VERSION}.{crypto.box().key_id}."
    old = (
        select(model.id, column)
        .where(column.is_not(None), func.substr(column, 1, len(newest)) != newest)
        .order_by(model.id)
        .limit(limit)
    )
    rows = session.execute(old).all()
    for row_id, sealed in rows:
        text = crypto.open_sealed(model.__tablename__, row_id, field.column, sealed)
        session.execute(
            update(model)
            .where(model.id == row_id, column == sealed)
            .values({field.column: crypto.seal(model.__tablename__, row_id, field.column, text)})
            .execution_options(synchronize_session=False)
        )
    return len(rows)


def keys_in_use(session: Session) -> Counter[str]:
    """Number of stored values under each known key; a key with none may be taken out of the settings.

    Values under a key that is no longer configured are counted as `unknown`.
    """
    used: Counter[str] = Counter(dict.fromkeys(crypto.box().key_ids, 0))
    for model, _, field in crypto.sealed_columns():
        column = getattr(model, field.column)
        unknown = session.scalar(select(func.count(column))) or 0
        for key_id in crypto.box().key_ids:
            head = f"{crypto.VERSION}.{key_id}."
            count = session.scalar(select(func.count()).where(func.substr(column, 1, len(head)) == head)) or 0
            used[key_id] += count
            unknown -= count
        used["unknown"] += unknown
    return +used


def rewrite_indexes(session: Session) -> int:
    """Write every blind index again after the index key was changed; returns how many. Stop the site for this."""
    written = 0
    for model, _, field in crypto.sealed_columns():
        if not field.index:
            continue
        column = getattr(model, field.column)
        for row_id, sealed in session.execute(select(model.id, column).where(column.is_not(None))).all():
            text = crypto.open_sealed(model.__tablename__, row_id, field.column, sealed)
            index = crypto.blind_index(field.purpose(model), text)
            session.execute(update(model).where(model.id == row_id).values({field.index: index}))
            written += 1
    return written
