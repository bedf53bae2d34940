"""Rows for hubs, organizations, memberships, invitations, partnerships and commitments."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.kit.base import Base, Json, Row, UtcDateTime, enum_column, hub_key, key
from matcher.kit.crypto import Sealed
from matcher.kit.lifecycle import Living
from matcher.organizations.lifecycle import COMMITMENT, PARTNERSHIP


class OrganizationKind(StrEnum):
    """What kind of partner an organization is."""

    EMPLOYER = "employer"
    PROVIDER = "training_provider"
    WORKFORCE = "workforce_organization"
    CIVIC = "civic"
    FUNDER = "funder"


ROLE_OF_KIND: Mapping[str, str] = {
    "employer": "employer", "training_provider": "provider", "workforce_organization": "workforce",
    "civic": "workforce", "funder": "workforce",
}


class MemberRole(StrEnum):
    """What a member may do in an organization."""

    MEMBER = "member"
    OWNER = "owner"


class HubRoleKind(StrEnum):
    """What a person does for a hub."""

    OPERATOR = "operator"
    BOARD = "board"
    ASSESSOR = "assessor"


class CommitmentKind(StrEnum):
    """What an employer commits to."""

    CONSIDER = "consider"
    PAID_INTERNSHIP = "paid_internship"
    FULL_TIME_HIRES = "full_time_hires"
    FEEDBACK = "feedback"


class Hub(Row, Base):
    """One local partnership: the tenant that candidates, programs, postings and figures belong to."""

    __tablename__ = "hubs"

    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    place_label: Mapped[str] = mapped_column(String(120))
    latitude: Mapped[float]
    longitude: Mapped[float]
    wage_area: Mapped[str] = mapped_column(String(120))
    time_zone: Mapped[str] = mapped_column(String(40), default="America/Chicago")
    answer_days: Mapped[int] = mapped_column(default=60)
    invented: Mapped[bool] = mapped_column(Boolean, default=False)
    position: Mapped[int] = mapped_column(default=0)


class FactsClock(Base):
    """One counter per hub, raised with every change of a fact that ranking may know."""

    __tablename__ = "facts_clocks"

    hub_id: Mapped[str] = mapped_column(String(16), ForeignKey("hubs.id"), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)


class HubRole(Row, Base):
    """A person's role for a hub, from a day until it is ended."""

    __tablename__ = "hub_roles"

    hub_id: Mapped[str] = hub_key()
    person_id: Mapped[str] = key("persons.id")
    role: Mapped[HubRoleKind] = mapped_column(enum_column(HubRoleKind))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Organization(Row, Base):
    """An employer, training provider, workforce organization, civic body or funder."""

    __tablename__ = "organizations"

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[OrganizationKind] = mapped_column(enum_column(OrganizationKind))
    name: Mapped[str] = mapped_column(String(160))
    about: Mapped[str] = mapped_column(Text, default="")
    website: Mapped[str] = mapped_column(String(200), default="")
    place_label: Mapped[str] = mapped_column(String(160), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]

    partnerships: Mapped[list["Partnership"]] = relationship(back_populates="organization")
    memberships: Mapped[list["Membership"]] = relationship(back_populates="organization")

    @property
    def role(self) -> str:
        """The role its members play: employer, provider or workforce."""
        return ROLE_OF_KIND[str(self.kind)]


class Membership(Row, Base):
    """A person's place in an organization; ended, never deleted."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index("uq_memberships_current", "person_id", "organization_id", unique=True,
              sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
    )

    person_id: Mapped[str] = key("persons.id")
    organization_id: Mapped[str] = key("organizations.id")
    role: Mapped[MemberRole] = mapped_column(enum_column(MemberRole))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organization: Mapped[Organization] = relationship(back_populates="memberships")


class Invitation(Row, Base):
    """An invitation by mail: to an organization as member, or to a hub as candidate (perhaps with a cohort)."""

    __tablename__ = "invitations"

    hub_id: Mapped[str | None] = mapped_column(String(16), index=True)
    organization_id: Mapped[str] = key("organizations.id")
    invited_by: Mapped[str] = key("persons.id")
    purpose: Mapped[str] = mapped_column(String(16))
    role: Mapped[str] = mapped_column(String(16), default="member")
    cohort_id: Mapped[str | None] = mapped_column(String(16), index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    email_sealed: Mapped[str] = mapped_column(String(600))
    email_index: Mapped[str] = mapped_column(String(64), index=True)
    locale: Mapped[str] = mapped_column(String(5), default="en")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by: Mapped[str | None] = key("persons.id", null=True)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    email = Sealed("email_sealed", index="email_index")


class Partnership(Living, Row, Base):
    """An organization's standing in one hub, with what it said when it joined."""

    __tablename__ = "partnerships"
    __table_args__ = (UniqueConstraint("hub_id", "organization_id"),)
    __life__ = PARTNERSHIP

    hub_id: Mapped[str] = hub_key()
    organization_id: Mapped[str] = key("organizations.id")
    families: Mapped[list[str] | None] = mapped_column(Json)
    screens: Mapped[list[str] | None] = mapped_column(Json)
    hires_planned: Mapped[int | None]
    words: Mapped[str] = mapped_column(Text, default="")

    organization: Mapped[Organization] = relationship(back_populates="partnerships")
    hub: Mapped[Hub] = relationship()

    @property
    def parties(self) -> dict[str, str | None]:
        """The organization in its own role, and the hub's operators."""
        return {self.organization.role: self.organization_id, "operator": self.hub_id}


class Commitment(Living, Row, Base):
    """What an employer promised a hub: signed by a person, on a day, until a day."""

    __tablename__ = "commitments"
    __table_args__ = (Index("ix_commitments_standing", "hub_id", "organization_id", "kind", "state"),)
    __life__ = COMMITMENT

    hub_id: Mapped[str] = hub_key()
    organization_id: Mapped[str] = key("organizations.id")
    kind: Mapped[CommitmentKind] = mapped_column(enum_column(CommitmentKind))
    promised: Mapped[int] = mapped_column(default=0)
    answer_days: Mapped[int] = mapped_column(default=14)
    feedback_how: Mapped[str] = mapped_column(Text, default="")
    signed_by: Mapped[str | None] = key("persons.id", null=True)
    signed_name: Mapped[str] = mapped_column(String(120), default="")
    signed_title: Mapped[str] = mapped_column(String(120), default="")
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    starts_on: Mapped[date | None]
    expires_on: Mapped[date | None] = mapped_column(index=True)
    renews_id: Mapped[str | None] = key("commitments.id", null=True)

    organization: Mapped[Organization] = relationship()
    hub: Mapped[Hub] = relationship()

    @property
    def parties(self) -> dict[str, str | None]:
        """The employer and the hub's operators."""
        return {"employer": self.organization_id, "operator": self.hub_id}


def standing(row: Any) -> bool:
    """Is a commitment in force (active or at risk)."""
    return str(row.state) in {"active", "at_risk"}
