"""Rows for programs, what they teach, cohorts, enrollments and endorsements."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.kit.base import Base, Row, UtcDateTime, enum_column, hub_key, key
from matcher.kit.lifecycle import Living
from matcher.organizations.models import Organization
from matcher.training.lifecycle import ENDORSEMENT, ENROLLMENT, PROGRAM


class EtplStatus(StrEnum):
    """Standing on the state's Eligible Training Provider List (WIOA)."""

    LISTED = "listed"
    NOT_LISTED = "not_listed"
    UNKNOWN = "unknown"


class Delivery(StrEnum):
    """How a program is taught."""

    IN_PERSON = "in_person"
    HYBRID = "hybrid"
    ONLINE = "online"


class Program(Living, Row, Base):
    """A course of training with the skills it teaches."""

    __tablename__ = "programs"
    __life__ = PROGRAM

    hub_id: Mapped[str] = hub_key()
    organization_id: Mapped[str] = key("organizations.id")
    name: Mapped[str] = mapped_column(String(160))
    about: Mapped[str] = mapped_column(Text, default="")
    cip_code: Mapped[str | None] = mapped_column(String(7))
    occupation_code: Mapped[str | None] = mapped_column(String(10), index=True)
    weeks: Mapped[int]
    hours_per_week: Mapped[int | None]
    cost_cents: Mapped[int]
    funding: Mapped[str] = mapped_column(String(200), default="")
    delivery: Mapped[Delivery] = mapped_column(enum_column(Delivery))
    place_label: Mapped[str] = mapped_column(String(160), default="")
    etpl_status: Mapped[EtplStatus] = mapped_column(enum_column(EtplStatus))

    organization: Mapped[Organization] = relationship()
    skills: Mapped[list["ProgramSkill"]] = relationship(
        back_populates="program", order_by="ProgramSkill.position", cascade="all, delete-orphan"
    )
    cohorts: Mapped[list["Cohort"]] = relationship(back_populates="program", order_by="Cohort.starts_on")

    @property
    def parties(self) -> dict[str, str | None]:
        """The provider and the hub's operators."""
        return {"provider": self.organization_id, "operator": self.hub_id}


class ProgramSkill(Row, Base):
    """A skill that a program teaches, up to a level."""

    __tablename__ = "program_skills"
    __table_args__ = (UniqueConstraint("program_id", "skill_id"), CheckConstraint("level BETWEEN 1 AND 4", "level"))

    program_id: Mapped[str] = key("programs.id")
    skill_id: Mapped[str] = mapped_column(String(64), index=True)
    level: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)

    program: Mapped[Program] = relationship(back_populates="skills")


class Cohort(Row, Base):
    """A group that goes through a program together."""

    __tablename__ = "cohorts"

    hub_id: Mapped[str] = hub_key()
    program_id: Mapped[str] = key("programs.id")
    name: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    seats: Mapped[int]

    program: Mapped[Program] = relationship(back_populates="cohorts")
    enrollments: Mapped[list["Enrollment"]] = relationship(back_populates="cohort")

    @property
    def organization_id(self) -> str:
        """The provider behind the program."""
        return self.program.organization_id


class Enrollment(Living, Row, Base):
    """A candidate's way through a cohort."""

    __tablename__ = "enrollments"
    __table_args__ = (UniqueConstraint("cohort_id", "candidate_id"),)
    __life__ = ENROLLMENT

    hub_id: Mapped[str] = hub_key()
    cohort_id: Mapped[str] = key("cohorts.id")
    candidate_id: Mapped[str] = key("candidates.id")
    organization_id: Mapped[str] = key("organizations.id")
    completed_on: Mapped[date | None]
    confirmed_by: Mapped[str | None] = key("persons.id", null=True)

    cohort: Mapped[Cohort] = relationship(back_populates="enrollments")

    @property
    def parties(self) -> dict[str, str | None]:
        """The provider, the candidate and the hub's operators."""
        return {"provider": self.organization_id, "candidate": self.candidate_id, "operator": self.hub_id}


class EndorsementBasis(StrEnum):
    """Why the provider may say so."""

    TAUGHT = "taught"
    ASSESSED = "assessed"


class Endorsement(Living, Row, Base):
    """A provider's word for one skill at one level, until it expires or is taken back."""

    __tablename__ = "endorsements"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 4", "level"),
        Index("uq_endorsements_active", "candidate_id", "skill_id", "organization_id", unique=True,
              sqlite_where=text("state = 'active'"), postgresql_where=text("state = 'active'")),
    )
    __life__ = ENDORSEMENT

    hub_id: Mapped[str] = hub_key()
    candidate_id: Mapped[str] = key("candidates.id")
    organization_id: Mapped[str] = key("organizations.id")
    enrollment_id: Mapped[str] = key("enrollments.id")
    skill_id: Mapped[str] = mapped_column(String(64), index=True)
    level: Mapped[int]
    basis: Mapped[EndorsementBasis] = mapped_column(enum_column(EndorsementBasis))
    words: Mapped[str] = mapped_column(Text, default="")
    endorsed_by: Mapped[str] = key("persons.id")
    expires_on: Mapped[date]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organization: Mapped[Organization] = relationship()

    @property
    def parties(self) -> dict[str, str | None]:
        """The provider, the candidate and the hub's operators."""
        return {"provider": self.organization_id, "candidate": self.candidate_id, "operator": self.hub_id}
