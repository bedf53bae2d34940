"""Rows for a hub's goals, the figures it published and the fairness audits it keeps."""

from datetime import date
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.kit.base import Base, Json, Row, hub_key


class Goal(Row, Base):
    """A target for one metric by a date."""

    __tablename__ = "goals"

    hub_id: Mapped[str] = hub_key()
    metric: Mapped[str] = mapped_column(String(40))
    starts_on: Mapped[date]
    target_on: Mapped[date]
    target: Mapped[int]


class MetricSnapshot(Row, Base):
    """A published figure with its definition's version, so that it can be made again."""

    __tablename__ = "metric_snapshots"
    __table_args__ = (UniqueConstraint("hub_id", "metric", "definition", "as_of"),)

    hub_id: Mapped[str] = hub_key()
    metric: Mapped[str] = mapped_column(String(40))
    definition: Mapped[str] = mapped_column(String(40))
    as_of: Mapped[date]
    numerator: Mapped[int]
    denominator: Mapped[int]
    unknown: Mapped[int]
    detail: Mapped[dict[str, Any] | None] = mapped_column(Json)


class AuditRun(Row, Base):
    """One fairness audit of a hub as it was shown: small cells hidden, no person in it. Appended, never changed.

    `verdict` is the gravest word of any stage; `result` is a FairnessReport (matcher.outcomes.fairness_report).
    """

    __tablename__ = "audit_runs"
    __table_args__ = (UniqueConstraint("hub_id", "definition", "as_of"),)

    hub_id: Mapped[str] = hub_key()
    definition: Mapped[str] = mapped_column(String(40))
    starts_on: Mapped[date]
    as_of: Mapped[date]
    model_hash: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[str] = mapped_column(String(16))
    result: Mapped[dict[str, Any]] = mapped_column(Json)
