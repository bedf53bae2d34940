"""Rows that let a shown list be made again, and the roles a candidate keeps."""

from typing import Any

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.kit.base import Base, Json, Row, hub_key, key


class MatchRun(Row, Base):
    """A journal line for one list as it was shown: everything that is needed to make it again exactly."""

    __tablename__ = "match_runs"
    __table_args__ = (Index("ix_match_runs_subject", "direction", "subject_id", "created_at"),)

    hub_id: Mapped[str] = hub_key()
    direction: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[str] = mapped_column(String(16))
    viewer_id: Mapped[str | None] = mapped_column(String(16), index=True)
    subject_version: Mapped[int]
    model_hash: Mapped[str] = mapped_column(String(64))
    feature_schema: Mapped[str] = mapped_column(String(32))
    pool_size: Mapped[int]
    shown: Mapped[int]
    filters: Mapped[dict[str, Any] | None] = mapped_column(Json)
    fingerprint: Mapped[str] = mapped_column(String(64))
    record: Mapped[bytes] = mapped_column(LargeBinary)


class SavedPosting(Row, Base):
    """A role that a candidate keeps for later."""

    __tablename__ = "saved_postings"
    __table_args__ = (UniqueConstraint("candidate_id", "posting_id"),)

    hub_id: Mapped[str] = hub_key()
    candidate_id: Mapped[str] = key("candidates.id")
    posting_id: Mapped[str] = key("postings.id")
