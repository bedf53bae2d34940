"""Rows for candidate profiles and all that a person says or proves about their skills."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.candidates.lifecycle import CANDIDATE
from matcher.kit.base import Base, Json, Row, UtcDateTime, enum_column, hub_key, key
from matcher.kit.lifecycle import Living
from matcher.people.models import Person


class ExperienceKind(StrEnum):
    """Where something was learned."""

    WORK = "work"
    MILITARY = "military"
    CARE = "care"
    COMMUNITY = "community"
    SELF_TAUGHT = "self_taught"
    PROJECT = "project"


class EvidenceTier(StrEnum):
    """How well a skill is backed, weakest first."""

    CLAIM = "claim"
    EXPERIENCE = "experience"
    ARTIFACT = "artifact"
    CREDENTIAL = "credential"
    ENDORSEMENT = "endorsement"
    EMPLOYER_CONFIRMED = "employer_confirmed"


class SkillSource(StrEnum):
    """How a skill came into the profile."""

    SELF = "self"
    PROGRAM = "program"


class RemoteWish(StrEnum):
    """Whether a person wants to work from home."""

    ANY = "any"
    ONSITE = "onsite"
    HYBRID = "hybrid"
    REMOTE = "remote"


class Candidate(Living, Row, Base):
    """A person's profile in one hub. `code` is the name employers see before shortlist."""

    __tablename__ = "candidates"
    __table_args__ = (
        UniqueConstraint("hub_id", "person_id"), UniqueConstraint("hub_id", "code"),
        Index("ix_candidates_pool", "hub_id", "facts_version"),
    )
    __life__ = CANDIDATE

    hub_id: Mapped[str] = hub_key(index=False)
    person_id: Mapped[str] = key("persons.id")
    code: Mapped[str] = mapped_column(String(8))
    headline: Mapped[str] = mapped_column(String(160), default="")
    story: Mapped[str] = mapped_column(Text, default="")
    facts_version: Mapped[int] = mapped_column(default=0)
    referred_by: Mapped[str | None] = key("organizations.id", null=True)

    person: Mapped[Person] = relationship()
    skills: Mapped[list["CandidateSkill"]] = relationship(back_populates="candidate", order_by="CandidateSkill.id")
    experiences: Mapped[list["Experience"]] = relationship(
        back_populates="candidate", order_by="Experience.starts_on.desc()"
    )
    preferences: Mapped["Preferences | None"] = relationship(back_populates="candidate")

    @property
    def parties(self) -> dict[str, str | None]:
        """The person alone."""
        return {"candidate": self.id}


class Experience(Row, Base):
    """Something the person did: work, service, care, community, learning, a project."""

    __tablename__ = "experiences"

    hub_id: Mapped[str] = hub_key()
    candidate_id: Mapped[str] = key("candidates.id")
    kind: Mapped[ExperienceKind] = mapped_column(enum_column(ExperienceKind))
    title: Mapped[str] = mapped_column(String(160))
    place: Mapped[str] = mapped_column(String(160), default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(Text, default="")

    candidate: Mapped[Candidate] = relationship(back_populates="experiences")


class CandidateSkill(Row, Base):
    """A skill at a level from 1 to 4, with evidence rows beneath it."""

    __tablename__ = "candidate_skills"
    __table_args__ = (UniqueConstraint("candidate_id", "skill_id"), CheckConstraint("level BETWEEN 1 AND 4", "level"))

    hub_id: Mapped[str] = hub_key()
    candidate_id: Mapped[str] = key("candidates.id")
    skill_id: Mapped[str] = mapped_column(String(64), index=True)
    level: Mapped[int]
    last_used_on: Mapped[date | None]
    source: Mapped[SkillSource] = mapped_column(enum_column(SkillSource))

    candidate: Mapped[Candidate] = relationship(back_populates="skills")
    evidence: Mapped[list["SkillEvidence"]] = relationship(
        back_populates="skill", order_by="SkillEvidence.given_on", cascade="all, delete-orphan"
    )


class SkillEvidence(Row, Base):
    """One piece of evidence for a skill at a level; it counts up to that level while it stands."""

    __tablename__ = "skill_evidence"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 4", "level"),)

    hub_id: Mapped[str] = hub_key()
    candidate_skill_id: Mapped[str] = key("candidate_skills.id")
    tier: Mapped[EvidenceTier] = mapped_column(enum_column(EvidenceTier))
    level: Mapped[int]
    title: Mapped[str] = mapped_column(String(200), default="")
    url: Mapped[str] = mapped_column(String(500), default="")
    given_on: Mapped[date]
    experience_id: Mapped[str | None] = key("experiences.id", null=True)
    endorsement_id: Mapped[str | None] = key("endorsements.id", null=True)
    enrollment_id: Mapped[str | None] = key("enrollments.id", null=True)
    placement_id: Mapped[str | None] = mapped_column(String(16), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    skill: Mapped[CandidateSkill] = relationship(back_populates="evidence")


class Preferences(Row, Base):
    """What the person asks of a job; an empty field asks nothing."""

    __tablename__ = "preferences"
    __table_args__ = (UniqueConstraint("candidate_id"),)

    hub_id: Mapped[str] = hub_key()
    candidate_id: Mapped[str] = key("candidates.id")
    place_label: Mapped[str] = mapped_column(String(160), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    max_km: Mapped[int | None]
    remote: Mapped[RemoteWish] = mapped_column(enum_column(RemoteWish))
    schedules: Mapped[list[str] | None] = mapped_column(Json)
    pay_floor_cents: Mapped[int | None]
    pay_period: Mapped[str] = mapped_column(String(8), default="hour")
    available_on: Mapped[date | None]
    occupations: Mapped[list[str] | None] = mapped_column(Json)

    candidate: Mapped[Candidate] = relationship(back_populates="preferences")


class ConsentPurpose(StrEnum):
    """What a person agreed to."""

    SHARE_PROFILE = "share_profile"
    COUNT_IN_GROUPS = "count_in_groups"
    SUPPORT = "support"
    REFER = "refer"


class Consent(Row, Base):
    """A permission for one audience and one purpose; withdrawn, never deleted."""

    __tablename__ = "consents"

    hub_id: Mapped[str] = hub_key()
    candidate_id: Mapped[str] = key("candidates.id")
    organization_id: Mapped[str | None] = key("organizations.id", null=True)
    purpose: Mapped[ConsentPurpose] = mapped_column(enum_column(ConsentPurpose))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ExcludedOrganization(Row, Base):
    """An organization that must never see the profile, not even in a count."""

    __tablename__ = "excluded_organizations"
    __table_args__ = (UniqueConstraint("candidate_id", "organization_id"),)

    hub_id: Mapped[str] = hub_key()
    candidate_id: Mapped[str] = key("candidates.id")
    organization_id: Mapped[str] = key("organizations.id")


class ProfileView(Row, Base):
    """A journal line: which organization looked at the profile, and when (`created_at`)."""

    __tablename__ = "profile_views"

    hub_id: Mapped[str] = hub_key()
    candidate_id: Mapped[str] = key("candidates.id")
    organization_id: Mapped[str] = key("organizations.id")
    person_id: Mapped[str] = key("persons.id")
    posting_id: Mapped[str | None] = mapped_column(String(16))
    named: Mapped[bool] = mapped_column(Boolean, default=False)
