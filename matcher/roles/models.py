"""Rows for postings, the skills they require, and their reviews."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.kit.base import Base, Json, Row, UtcDateTime, enum_column, hub_key, key
from matcher.kit.lifecycle import Living
from matcher.organizations.models import Hub, Organization
from matcher.roles.lifecycle import POSTING


class PayPeriod(StrEnum):
    """What pay is stated per."""

    HOUR = "hour"
    YEAR = "year"


class DegreeDemand(StrEnum):
    """What a posting says about degrees."""

    NONE = "none"
    OR_EQUIVALENT = "or_equivalent"
    REQUIRED = "required"


class EmploymentType(StrEnum):
    """The kind of employment (schema.org JobPosting employmentType, in lower case)."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    APPRENTICESHIP = "apprenticeship"
    INTERNSHIP = "intern"
    CONTRACT = "contractor"


class Workplace(StrEnum):
    """Where the work is done."""

    ONSITE = "onsite"
    HYBRID = "hybrid"
    REMOTE = "remote"


SCHEDULES = ("days", "evenings", "nights", "weekends", "rotating", "flexible")


class Posting(Living, Row, Base):
    """A role that an employer opens in a hub."""

    __tablename__ = "postings"
    __table_args__ = (
        CheckConstraint("pay_min_cents IS NULL OR pay_max_cents >= pay_min_cents", "pay_order"),
        CheckConstraint("filled >= 0 AND filled <= positions", "seats"),
        CheckConstraint(
            "NOT open_nontraditional OR (degree != 'required' AND pay_min_cents IS NOT NULL"
            " AND pay_max_cents IS NOT NULL AND length(progression) > 0)", "open_flag",
        ),
        Index("ix_postings_pool", "hub_id", "facts_version"),
        Index("ix_postings_hub_state", "hub_id", "state", "live_at"),
    )
    __life__ = POSTING

    hub_id: Mapped[str] = hub_key(index=False)
    organization_id: Mapped[str] = key("organizations.id")
    title: Mapped[str] = mapped_column(String(160))
    occupation_code: Mapped[str | None] = mapped_column(String(10), index=True)
    summary: Mapped[str] = mapped_column(Text, default="")
    positions: Mapped[int] = mapped_column(default=1)
    filled: Mapped[int] = mapped_column(default=0)
    pay_min_cents: Mapped[int | None]
    pay_max_cents: Mapped[int | None]
    pay_period: Mapped[PayPeriod] = mapped_column(enum_column(PayPeriod))
    employment_type: Mapped[EmploymentType] = mapped_column(enum_column(EmploymentType))
    schedules: Mapped[list[str] | None] = mapped_column(Json)
    workplace: Mapped[Workplace] = mapped_column(enum_column(Workplace))
    place_label: Mapped[str] = mapped_column(String(160), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    progression: Mapped[str] = mapped_column(String(200), default="")
    progression_code: Mapped[str | None] = mapped_column(String(10))
    degree: Mapped[DegreeDemand] = mapped_column(enum_column(DegreeDemand))
    open_nontraditional: Mapped[bool] = mapped_column(Boolean, default=False)
    open_fell_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    open_fell_reason: Mapped[str] = mapped_column(String(300), default="")
    starts_on: Mapped[date | None]
    closes_on: Mapped[date | None] = mapped_column(index=True)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    live_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    facts_version: Mapped[int] = mapped_column(default=0)

    organization: Mapped[Organization] = relationship()
    hub: Mapped[Hub] = relationship()
    requirements: Mapped[list["RequiredSkill"]] = relationship(
        back_populates="posting", order_by="RequiredSkill.position", cascade="all, delete-orphan"
    )
    reviews: Mapped[list["PostingReview"]] = relationship(back_populates="posting", order_by="PostingReview.created_at")

    @property
    def parties(self) -> dict[str, str | None]:
        """The employer and the hub's operators."""
        return {"employer": self.organization_id, "operator": self.hub_id}


class RequiredSkill(Row, Base):
    """A skill at a level from 1 to 4 that the role needs (must) or likes (nice), with a weight from 1 to 3."""

    __tablename__ = "required_skills"
    __table_args__ = (
        UniqueConstraint("posting_id", "skill_id"),
        CheckConstraint("level BETWEEN 1 AND 4", "level"), CheckConstraint("weight BETWEEN 1 AND 3", "weight"),
    )

    posting_id: Mapped[str] = key("postings.id")
    skill_id: Mapped[str] = mapped_column(String(64), index=True)
    level: Mapped[int]
    must: Mapped[bool] = mapped_column(Boolean)
    weight: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)

    posting: Mapped[Posting] = relationship(back_populates="requirements")


class PostingReview(Row, Base):
    """What the hub said about a posting, field by field; appended, never changed."""

    __tablename__ = "posting_reviews"

    posting_id: Mapped[str] = key("postings.id")
    reviewer_id: Mapped[str] = key("persons.id")
    decision: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    by_field: Mapped[dict[str, Any] | None] = mapped_column(Json)

    posting: Mapped[Posting] = relationship(back_populates="reviews")
