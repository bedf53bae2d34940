"""Rows for work that must still be done and for what people are told."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from matcher.kit.base import Base, Json, Row, UtcDateTime, enum_column, hub_key, key
from matcher.kit.crypto import Sealed


class JobState(StrEnum):
    """Where a job stands. A leased job whose lease runs out is waiting again."""

    WAITING = "waiting"
    LEASED = "leased"
    DONE = "done"
    DEAD = "dead"


class OutboxJob(Row, Base):
    """One piece of work, written in the same transaction as the change that asks for it."""

    __tablename__ = "outbox_jobs"
    __table_args__ = (Index("ix_outbox_jobs_state_due_at", "state", "due_at"),)

    hub_id: Mapped[str | None] = hub_key()
    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[JobState] = mapped_column(enum_column(JobState), default=JobState.WAITING)
    urgent: Mapped[bool] = mapped_column(default=False)
    lease_seconds: Mapped[int | None] = mapped_column(Integer)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Notice(Row, Base):
    """Something one person is told: shown on their notices page and sent by mail.

    `params` holds ids and plain facts only; names and contact details are read when the notice is shown.
    """

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_person_id_at", "person_id", "at"),)

    person_id: Mapped[str | None] = key("persons.id", index=False, null=True)
    address_sealed: Mapped[str | None] = mapped_column(Text)
    locale: Mapped[str | None] = mapped_column(String(5))
    kind: Mapped[str] = mapped_column(String(64), index=True)
    params: Mapped[dict[str, Any]] = mapped_column(Json)
    hub_id: Mapped[str | None] = hub_key()
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    key: Mapped[str] = mapped_column(String(255), unique=True)

    address = Sealed("address_sealed", optional=True)
