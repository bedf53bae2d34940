"""Rows for placements, retention checks, their answers and the feedback in them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.candidates.models import Candidate
from matcher.kit.base import Base, Row, UtcDateTime, enum_column, hub_key, key
from matcher.kit.lifecycle import Living
from matcher.organizations.models import Organization
from matcher.placements.lifecycle import CHECK, PLACEMENT
from matcher.roles.models import PayPeriod

CHECK_DAYS = (30, 90, 180, 365)


class Confirmation(StrEnum):
    """Who confirmed the placement, weakest first."""

    SELF_REPORTED = "self_reported"
    PROVIDER_REPORTED = "provider_reported"
    EMPLOYER_CONFIRMED = "employer_confirmed"
    WAGE_RECORD = "wage_record"


class StillThere(StrEnum):
    """Whether the person still works there; unknown is not no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Placement(Living, Row, Base):
    """A hire: who, where, as what, for what pay, from when, and who confirmed it."""

    __tablename__ = "placements"
    __table_args__ = (Index("ix_placements_hub_start", "hub_id", "starts_on"), UniqueConstraint("application_id"))
    __life__ = PLACEMENT

    hub_id: Mapped[str] = hub_key(index=False)
    application_id: Mapped[str | None] = key("applications.id", index=False, null=True)
    candidate_id: Mapped[str] = key("candidates.id")
    organization_id: Mapped[str] = key("organizations.id")
    posting_id: Mapped[str | None] = key("postings.id", null=True)
    occupation_code: Mapped[str | None] = mapped_column(String(10), index=True)
    title: Mapped[str] = mapped_column(String(160))
    pay_cents: Mapped[int]
    pay_period: Mapped[PayPeriod] = mapped_column(enum_column(PayPeriod))
    starts_on: Mapped[date]
    program_id: Mapped[str | None] = key("programs.id", null=True)
    confirmation: Mapped[Confirmation] = mapped_column(enum_column(Confirmation))
    confirmed_by: Mapped[str | None] = key("persons.id", null=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")

    candidate: Mapped[Candidate] = relationship()
    organization: Mapped[Organization] = relationship()
    checks: Mapped[list["RetentionCheck"]] = relationship(back_populates="placement", order_by="RetentionCheck.day")

    @property
    def parties(self) -> dict[str, str | None]:
        """The employer, the candidate and the hub's operators."""
        return {"employer": self.organization_id, "candidate": self.candidate_id, "operator": self.hub_id}


class RetentionCheck(Living, Row, Base):
    """A question to be asked a set number of days after the start."""

    __tablename__ = "retention_checks"
    __table_args__ = (UniqueConstraint("placement_id", "day"),)
    __life__ = CHECK

    hub_id: Mapped[str] = hub_key()
    placement_id: Mapped[str] = key("placements.id")
    organization_id: Mapped[str] = key("organizations.id")
    candidate_id: Mapped[str] = key("candidates.id")
    day: Mapped[int]
    due_on: Mapped[date] = mapped_column(index=True)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    placement: Mapped[Placement] = relationship(back_populates="checks")
    answers: Mapped[list["RetentionAnswer"]] = relationship(
        back_populates="check", order_by="RetentionAnswer.created_at"
    )

    @property
    def parties(self) -> dict[str, str | None]:
        """The employer, the candidate and the hub's operators."""
        return {"employer": self.organization_id, "candidate": self.candidate_id, "operator": self.hub_id}


class RetentionAnswer(Row, Base):
    """One answer to a check, from one side; appended, never overwritten."""

    __tablename__ = "retention_answers"

    hub_id: Mapped[str] = hub_key()
    check_id: Mapped[str] = key("retention_checks.id")
    side: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[str | None] = key("persons.id", null=True)
    still_there: Mapped[StillThere] = mapped_column(enum_column(StillThere))
    pay_cents: Mapped[int | None]
    words: Mapped[str] = mapped_column(Text, default="")

    check: Mapped[RetentionCheck] = relationship(back_populates="answers")


class PlacementFeedback(Row, Base):
    """What an employer says about a hire: for the hub and the training provider only."""

    __tablename__ = "placement_feedback"

    hub_id: Mapped[str] = hub_key()
    placement_id: Mapped[str] = key("placements.id")
    answer_id: Mapped[str | None] = key("retention_answers.id", null=True)
    would_hire_again: Mapped[StillThere] = mapped_column(enum_column(StillThere))
    words: Mapped[str] = mapped_column(Text, default="")

    skills: Mapped[list["FeedbackSkill"]] = relationship(back_populates="feedback")


class FeedbackSkill(Row, Base):
    """A skill that the hire was strong in, or missed."""

    __tablename__ = "feedback_skills"
    __table_args__ = (CheckConstraint("verdict IN ('strong', 'missing')", "verdict"),)

    feedback_id: Mapped[str] = key("placement_feedback.id")
    skill_id: Mapped[str] = mapped_column(String(64), index=True)
    verdict: Mapped[str] = mapped_column(String(10))

    feedback: Mapped[PlacementFeedback] = relationship(back_populates="skills")
