"""Rows that let a shown list be made again, and the roles a candidate keeps."""

from datetime import date
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.kit.base import Base, Json, Row, hub_key, key


class FactsVersion(Base):
    """The facts of one profile or posting as a list has used them; appended, so that the list can be made again."""

    __tablename__ = "facts_versions"

    subject_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hub_id: Mapped[str] = hub_key()
    kind: Mapped[str] = mapped_column(String(12))
    ranked: Mapped[bool]
    facts: Mapped[dict[str, Any]] = mapped_column(Json)


class MatchRun(Row, Base):
    """A journal line for one list as it was shown: everything that is needed to make it again exactly.

    `direction` is "candidates" (subject: a posting) or "roles" (subject: a candidate); `pool_version` is the newest
    version in the pool then; `lines` holds [id, score, rank, near-tie group, propensity] of what was shown.
    """

    __tablename__ = "match_runs"
    __table_args__ = (Index("ix_match_runs_subject", "direction", "subject_id", "created_at"),)

    hub_id: Mapped[str] = hub_key()
    direction: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[str] = mapped_column(String(16))
    subject_version: Mapped[int]
    viewer_id: Mapped[str | None] = mapped_column(String(16), index=True)
    pool_version: Mapped[int]
    pool_size: Mapped[int]
    model_hash: Mapped[str] = mapped_column(String(64))
    feature_schema: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]
    seed: Mapped[int]
    top: Mapped[int]
    filters: Mapped[dict[str, Any] | None] = mapped_column(Json)
    hits: Mapped[dict[str, Any] | None] = mapped_column(Json)
    lines: Mapped[list[Any]] = mapped_column(Json)
    fingerprint: Mapped[str] = mapped_column(String(64))


class SavedPosting(Row, Base):
    """A role that a candidate keeps for later."""

    __tablename__ = "saved_postings"
    __table_args__ = (UniqueConstraint("candidate_id", "posting_id"),)

    hub_id: Mapped[str] = hub_key()
    candidate_id: Mapped[str] = key("candidates.id")
    posting_id: Mapped[str] = key("postings.id")
