"""Rows for applications, interviews and offers."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.applications.lifecycle import APPLICATION, INTERVIEW, OFFER
from matcher.candidates.models import Candidate
from matcher.kit.base import Base, Json, Row, UtcDateTime, enum_column, hub_key, key
from matcher.kit.lifecycle import Living
from matcher.roles.models import PayPeriod, Posting


class Sender(StrEnum):
    """Who sent the application; frozen when it is sent."""

    SELF = "self"
    PROVIDER = "provider"
    WORKFORCE = "workforce"


class Application(Living, Row, Base):
    """A candidate's application to a posting, with the profile as it was when sent."""

    __tablename__ = "applications"
    __table_args__ = (
        Index("uq_applications_open", "candidate_id", "posting_id", unique=True,
              sqlite_where=text("is_open"), postgresql_where=text("is_open")),
        Index("ix_applications_org_state", "organization_id", "state", "submitted_at"),
    )
    __life__ = APPLICATION

    hub_id: Mapped[str] = hub_key()
    posting_id: Mapped[str] = key("postings.id")
    candidate_id: Mapped[str] = key("candidates.id")
    organization_id: Mapped[str] = key("organizations.id", index=False)
    sender: Mapped[Sender] = mapped_column(enum_column(Sender))
    sender_organization_id: Mapped[str | None] = key("organizations.id", null=True)
    is_open: Mapped[bool] = mapped_column(Boolean, default=True)
    words: Mapped[str] = mapped_column(Text, default="")
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(Json)
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_due_on: Mapped[date | None] = mapped_column(index=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_code: Mapped[str | None] = mapped_column(String(32))
    answer_words: Mapped[str] = mapped_column(Text, default="")
    answer_next: Mapped[str] = mapped_column(Text, default="")
    internal_words: Mapped[str] = mapped_column(Text, default="")

    posting: Mapped[Posting] = relationship()
    candidate: Mapped[Candidate] = relationship()
    interviews: Mapped[list["Interview"]] = relationship(
        back_populates="application", order_by="Interview.created_at"
    )
    offers: Mapped[list["Offer"]] = relationship(back_populates="application", order_by="Offer.created_at")

    @property
    def parties(self) -> dict[str, str | None]:
        """The employer, the candidate and the hub's operators."""
        return {"employer": self.organization_id, "candidate": self.candidate_id, "operator": self.hub_id}


class Interview(Living, Row, Base):
    """A talk between employer and candidate: up to three times offered, one chosen."""

    __tablename__ = "interviews"
    __life__ = INTERVIEW

    hub_id: Mapped[str] = hub_key()
    application_id: Mapped[str] = key("applications.id")
    organization_id: Mapped[str] = key("organizations.id")
    candidate_id: Mapped[str] = key("candidates.id")
    options: Mapped[list[str]] = mapped_column(Json)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    minutes: Mapped[int] = mapped_column(default=45)
    place: Mapped[str] = mapped_column(String(300), default="")
    internal_words: Mapped[str] = mapped_column(Text, default="")

    application: Mapped[Application] = relationship(back_populates="interviews")

    @property
    def parties(self) -> dict[str, str | None]:
        """The employer and the candidate."""
        return {"employer": self.organization_id, "candidate": self.candidate_id, "operator": self.hub_id}


class Offer(Living, Row, Base):
    """The terms of an offer; new terms are a new offer."""

    __tablename__ = "offers"
    __life__ = OFFER

    hub_id: Mapped[str] = hub_key()
    application_id: Mapped[str] = key("applications.id")
    organization_id: Mapped[str] = key("organizations.id")
    candidate_id: Mapped[str] = key("candidates.id")
    pay_cents: Mapped[int]
    pay_period: Mapped[PayPeriod] = mapped_column(enum_column(PayPeriod))
    starts_on: Mapped[date]
    answer_by: Mapped[date]
    terms: Mapped[str] = mapped_column(Text, default="")

    application: Mapped[Application] = relationship(back_populates="offers")

    @property
    def parties(self) -> dict[str, str | None]:
        """The employer and the candidate."""
        return {"employer": self.organization_id, "candidate": self.candidate_id, "operator": self.hub_id}
