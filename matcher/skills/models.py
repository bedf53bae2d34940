"""Rows of the taxonomy: skills, occupations, facts about the labor market, and what a hub decided about them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, Float, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.kit.base import Base, Row, UtcDateTime, enum_column, hub_key


class SkillKind(StrEnum):
    """Where a skill's name comes from."""

    TECHNOLOGY = "technology"  # O*NET technology skill: software, languages, platforms
    SKILL = "skill"  # O*NET skill element, such as active listening
    KNOWLEDGE = "knowledge"  # O*NET knowledge element, such as customer and personal service
    OWN = "own"  # our own small table of things people really say they can do
    HUB = "hub"  # accepted by one hub from a proposal


class AreaType(StrEnum):
    """How large the area is that a labor-market fact speaks of."""

    NATION = "nation"
    STATE = "state"
    METRO = "metro"


class ProposalKind(StrEnum):
    """What a person proposed to add."""

    SKILL = "skill"
    OCCUPATION = "occupation"
    PROGRAM = "program"


class ProposalState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class DecisionBasis(StrEnum):
    """Whether a hub's occupation list was computed or decided by a person."""

    DEFAULT_RULE = "default_rule"
    HUB_DECISION = "hub_decision"


class TaxonomyVersion(Base):
    """One load of the shipped tables; the newest row is the taxonomy in use."""

    __tablename__ = "taxonomy_versions"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    label: Mapped[str] = mapped_column(String(80))
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Skill(Base):
    """One thing a person can do or know, under a code that stays the same between versions.

    Codes are readable: `tech:postgresql`, `onet:2.C.1.e`, `own:help-desk-support`, `hub:<id>`.
    A skill that a newer taxonomy no longer lists stays, with `retired` set, so that no profile loses it.
    """

    __tablename__ = "skills"
    __table_args__ = (Index("ix_skills_hub_id_kind", "hub_id", "kind"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[SkillKind] = mapped_column(enum_column(SkillKind))
    name: Mapped[str] = mapped_column(String(160))
    hot: Mapped[bool] = mapped_column(Boolean, default=False)
    in_demand: Mapped[bool] = mapped_column(Boolean, default=False)
    commodity_code: Mapped[str | None] = mapped_column(String(8))
    commodity: Mapped[str | None] = mapped_column(String(120))
    uses: Mapped[int] = mapped_column(Integer, default=0)
    """In how many occupations the source lists it: how common it is."""
    hub_id: Mapped[str | None] = mapped_column(String(16), ForeignKey("hubs.id"))
    retired: Mapped[bool] = mapped_column(Boolean, default=False)
    name_es: Mapped[str | None] = mapped_column(String(160))
    """How it is called in Spanish; None for what has one name everywhere, such as a product."""

    aliases: Mapped[list[SkillAlias]] = relationship(back_populates="skill")

    def name_in(self, language: str) -> str:
        """The name for a reader of a language (`en`, `es`)."""
        return self.name_es if language == "es" and self.name_es else self.name


class SkillAlias(Base):
    """Another shipped name for a skill; names that a hub accepted are its proposals."""

    __tablename__ = "skill_aliases"

    skill_id: Mapped[str] = mapped_column(String(64), ForeignKey("skills.id"), primary_key=True)
    alias: Mapped[str] = mapped_column(String(160), primary_key=True)
    source: Mapped[str] = mapped_column(String(20))

    skill: Mapped[Skill] = relationship(back_populates="aliases")


class SkillNeighbor(Base):
    """How near one skill is to another, 0 < similarity <= 1; the nearest dozen are kept."""

    __tablename__ = "skill_neighbors"
    __table_args__ = (CheckConstraint("similarity > 0 AND similarity <= 1", name="similarity_range"),)

    skill_id: Mapped[str] = mapped_column(String(64), ForeignKey("skills.id"), primary_key=True)
    neighbor_id: Mapped[str] = mapped_column(String(64), ForeignKey("skills.id"), primary_key=True)
    similarity: Mapped[float] = mapped_column(Float)


class Occupation(Base):
    """One O*NET-SOC occupation."""

    __tablename__ = "occupations"
    __table_args__ = (Index("ix_occupations_soc", "soc"),)

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    title: Mapped[str] = mapped_column(String(160))
    soc: Mapped[str] = mapped_column(String(7))
    """The 2018 SOC code that wages and projections are published for."""
    job_zone: Mapped[int | None] = mapped_column(Integer)
    below_bachelor_percent: Mapped[float | None] = mapped_column(Float)
    """Share of people asked about this occupation who say it requires less than a bachelor's degree (O*NET survey)."""
    short_experience_percent: Mapped[float | None] = mapped_column(Float)
    """Share who say that it requires two years of related work experience or less."""
    retired: Mapped[bool] = mapped_column(Boolean, default=False)

    title_es: Mapped[str | None] = mapped_column(String(160))
    """Its title in Spanish; None where the shipped tables have none."""

    titles: Mapped[list[OccupationTitle]] = relationship(back_populates="occupation")
    skills: Mapped[list[OccupationSkill]] = relationship(back_populates="occupation")

    def title_in(self, language: str) -> str:
        """The title for a reader of a language (`en`, `es`)."""
        return self.title_es if language == "es" and self.title_es else self.title


class OccupationTitle(Base):
    """Another title that people of this occupation carry."""

    __tablename__ = "occupation_titles"

    occupation_code: Mapped[str] = mapped_column(String(10), ForeignKey("occupations.code"), primary_key=True)
    title: Mapped[str] = mapped_column(String(200), primary_key=True)
    reported: Mapped[bool] = mapped_column(Boolean, default=False)
    """True where workers themselves reported the title."""
    language: Mapped[str] = mapped_column(String(2), default="en")

    occupation: Mapped[Occupation] = relationship(back_populates="titles")


class OccupationSkill(Base):
    """A skill that an occupation typically uses: importance 1-5, level on our ladder 1-4.

    Technology has no importance at the source; it then carries None, and the hot and in-demand flags.
    """

    __tablename__ = "occupation_skills"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 4", name="level_range"),
        Index("ix_occupation_skills_skill_id", "skill_id"),
    )

    occupation_code: Mapped[str] = mapped_column(String(10), ForeignKey("occupations.code"), primary_key=True)
    skill_id: Mapped[str] = mapped_column(String(64), ForeignKey("skills.id"), primary_key=True)
    importance: Mapped[float | None] = mapped_column(Float)
    level: Mapped[int | None] = mapped_column(Integer)
    hot: Mapped[bool] = mapped_column(Boolean, default=False)
    in_demand: Mapped[bool] = mapped_column(Boolean, default=False)

    occupation: Mapped[Occupation] = relationship(back_populates="skills")
    skill: Mapped[Skill] = relationship()


class RelatedOccupation(Base):
    """An occupation that O*NET relates to another; index 1 is the nearest of twenty."""

    __tablename__ = "related_occupations"

    occupation_code: Mapped[str] = mapped_column(String(10), ForeignKey("occupations.code"), primary_key=True)
    related_code: Mapped[str] = mapped_column(String(10), ForeignKey("occupations.code"), primary_key=True)
    tier: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(Integer)


class LaborMarketFact(Base):
    """What a public source published for one SOC code, area and period. Money in cents; None is *not published*.

    `soc` is a detailed code, or `00-0000` for all occupations.
    """

    __tablename__ = "labor_market_facts"
    __table_args__ = (Index("ix_labor_market_facts_soc", "soc"),)

    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    period: Mapped[str] = mapped_column(String(12), primary_key=True)
    area_type: Mapped[AreaType] = mapped_column(enum_column(AreaType), primary_key=True)
    area: Mapped[str] = mapped_column(String(120), primary_key=True)
    soc: Mapped[str] = mapped_column(String(7), primary_key=True)
    employment: Mapped[int | None] = mapped_column(Integer)
    employment_projected: Mapped[int | None] = mapped_column(Integer)
    change_percent: Mapped[float | None] = mapped_column(Float)
    annual_openings: Mapped[int | None] = mapped_column(Integer)
    median_hourly_cents: Mapped[int | None] = mapped_column(Integer)
    median_annual_cents: Mapped[int | None] = mapped_column(Integer)
    p10_annual_cents: Mapped[int | None] = mapped_column(Integer)
    p90_annual_cents: Mapped[int | None] = mapped_column(Integer)
    entry_education: Mapped[str | None] = mapped_column(String(40))
    work_experience: Mapped[str | None] = mapped_column(String(40))
    on_the_job_training: Mapped[str | None] = mapped_column(String(60))


class CipSoc(Base):
    """Which field of study (CIP 2020) prepares for which occupation (SOC 2018)."""

    __tablename__ = "cip_soc"
    __table_args__ = (Index("ix_cip_soc_soc", "soc"),)

    cip: Mapped[str] = mapped_column(String(7), primary_key=True)
    soc: Mapped[str] = mapped_column(String(7), primary_key=True)
    cip_title: Mapped[str] = mapped_column(String(160))


class HubOccupation(Row, Base):
    """What one hub holds about one occupation now; earlier decisions are in the audit trail."""

    __tablename__ = "hub_occupations"
    __table_args__ = (UniqueConstraint("hub_id", "occupation_code"),)

    hub_id: Mapped[str] = hub_key()
    occupation_code: Mapped[str] = mapped_column(String(10), ForeignKey("occupations.code"))
    in_demand: Mapped[bool] = mapped_column(Boolean)
    entry_level: Mapped[bool] = mapped_column(Boolean)
    career_path: Mapped[bool] = mapped_column(Boolean)
    basis: Mapped[DecisionBasis] = mapped_column(enum_column(DecisionBasis))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(16), ForeignKey("persons.id"))

    occupation: Mapped[Occupation] = relationship()

    @property
    def counts(self) -> bool:
        """Whether a placement in this occupation can count in the hub's headline."""
        return self.in_demand and self.entry_level and self.career_path


class SkillProposal(Row, Base):
    """A word somebody typed that we did not know, sent to the hub to be taken in or turned down."""

    __tablename__ = "skill_proposals"
    __table_args__ = (Index("ix_skill_proposals_hub_id_state", "hub_id", "state"),)

    hub_id: Mapped[str] = hub_key()
    text: Mapped[str] = mapped_column(String(160))
    kind: Mapped[ProposalKind] = mapped_column(enum_column(ProposalKind))
    proposed_by: Mapped[str | None] = mapped_column(String(16), ForeignKey("persons.id"))
    state: Mapped[ProposalState] = mapped_column(enum_column(ProposalState), default=ProposalState.OPEN)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[str | None] = mapped_column(String(16), ForeignKey("persons.id"))
    skill_id: Mapped[str | None] = mapped_column(String(64), ForeignKey("skills.id"))
    """The skill it became or turned out to be: from then on this text is one of its names in this hub."""
    occupation_code: Mapped[str | None] = mapped_column(String(10), ForeignKey("occupations.code"))
    """The occupation that it turned out to be another title of."""

    @property
    def at(self) -> datetime:
        """When it was proposed."""
        return self.created_at


class WordAnswer(Row, Base):
    """One person's answer to "which one do you mean?": nobody can read from it who typed what.

    `word` and `voter` are blind indexes; a voter has one answer for each word of a hub.
    """

    __tablename__ = "word_answers"
    __table_args__ = (Index("ix_word_answers_word", "hub_id", "kind", "word"),)

    hub_id: Mapped[str] = hub_key()
    kind: Mapped[ProposalKind] = mapped_column(enum_column(ProposalKind))
    word: Mapped[str] = mapped_column(String(43))
    voter: Mapped[str] = mapped_column(String(43), unique=True)
    means: Mapped[str] = mapped_column(String(64))
