"""Rows for voluntary answers; values are sealed, and a missing answer is its own status."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.kit.base import Base, Row, UtcDateTime, enum_column, hub_key, key
from matcher.kit.crypto import Sealed


class AnswerStatus(StrEnum):
    """What is known: unknown is not no."""

    ANSWERED = "answered"
    PREFER_NOT = "prefer_not_to_say"
    NOT_ASKED = "not_asked"


class Question(StrEnum):
    """What is asked."""

    RACE = "race_ethnicity"
    GENDER = "gender"
    INCOME = "income_band"
    VETERAN = "veteran"
    DISABILITY = "disability"
    FIRST_GENERATION = "first_generation"
    JUSTICE = "justice_involved"
    LANGUAGE = "language"


class DemographicAnswer(Row, Base):
    """One person's standing answer to one question; the trail says when it changed, never to what."""

    __tablename__ = "demographic_answers"
    __table_args__ = (UniqueConstraint("candidate_id", "question"),)

    hub_id: Mapped[str] = hub_key()
    candidate_id: Mapped[str] = key("candidates.id")
    question: Mapped[Question] = mapped_column(enum_column(Question))
    status: Mapped[AnswerStatus] = mapped_column(enum_column(AnswerStatus))
    value_sealed: Mapped[str | None] = mapped_column(String(600))
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    value = Sealed("value_sealed", optional=True)
